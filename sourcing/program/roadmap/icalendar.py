"""A dated list as iCalendar text that every calendar program reads (RFC 5545)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_OCTETS = 75
"""Longest line without its end (RFC 5545, 3.1)."""
PRODUCT = "-//sourcing//program//EN"
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\r\n": "\\n", "\n": "\\n", "\r": "\\n"}


def write_icalendar(entries: pd.DataFrame, name: str, stamp: pd.Timestamp) -> str:
    r"""Write entries of whole days as an iCalendar object; the same entries give the same bytes.

    Parameters
    ----------
    entries : DataFrame
        Columns uid (unique; the same entry keeps its own over exports, so that a calendar program updates it), day,
        title, description.
    name : str
        Name of the calendar.
    stamp : Timestamp
        When the entries were made: the valuation date, so that no clock is read.

    Returns
    -------
    str
        Lines end in CRLF and are folded at 75 octets; text is escaped.

    Examples
    --------
    >>> day = pd.Timestamp("2026-01-05")
    >>> table = pd.DataFrame({"uid": ["a@b"], "day": [day], "title": ["Go, live"], "description": [""]})
    >>> print(write_icalendar(table, "Program", day).replace(chr(13), ""))
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//sourcing//program//EN
    CALSCALE:GREGORIAN
    X-WR-CALNAME:Program
    BEGIN:VEVENT
    UID:a@b
    DTSTAMP:20260105T000000Z
    DTSTART;VALUE=DATE:20260105
    DTEND;VALUE=DATE:20260106
    SUMMARY:Go\, live
    TRANSP:TRANSPARENT
    END:VEVENT
    END:VCALENDAR
    <BLANKLINE>
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{escape_text(name)}")
    for entry in entries.to_dict("records"):
        day = entry["day"]
        lines += ["BEGIN:VEVENT", f"UID:{entry['uid']}", f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"]
        lines += [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + pd.Timedelta(days=1):%Y%m%d}"]
        lines.append(f"SUMMARY:{escape_text(entry['title'])}")
        if entry["description"]:
            lines.append(f"DESCRIPTION:{escape_text(entry['description'])}")
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in fold_line(line))


def escape_text(text: str) -> str:
    r"""Escape a text value (RFC 5545, 3.3.11); signs that no text may hold are left out.

    Examples
    --------
    >>> escape_text("one; two, three\nfour\\five")
    'one\\; two\\, three\\nfour\\\\five'
    """
    for plain, escaped in ESCAPED.items():
        text = text.replace(plain, escaped)
    return "".join(sign for sign in text if sign >= " " or sign == "\t")


def fold_line(line: str) -> Iterator[str]:
    """Fold a line into parts of at most 75 octets, never within a character; those after the first begin with a blank.

    Examples
    --------
    >>> [len(part.encode()) for part in fold_line("x" * 70 + "é" * 40)]
    [74, 75, 3]
    """
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > MOST_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
