"""Say how to write a figure that is plain to people and no number as typed."""

from __future__ import annotations

import re

from sourcing.case.reading.numerals import read_ratio, split_numeral, value_numeral

_NOTHING = re.compile(
    r"[-–—.…?]+|n\.?\s?/?\s?[ad]\.?|k\.?\s?a\.?|tb[acd]\.?|unknown|none|null|nil|nan|open|pending|missing|x+",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:[~≈±<>≤≥]|ca\.?|circa|c\.|approx\.?|about|around|up to|max\.?|min\.?)\s*=?\s*(\S.*)|(.*\S)\s*\+", re.IGNORECASE
)
_RANGE = re.compile(r"[\d.,' ]*\d\s*(?:-|–|—|\.{2,}|…|to|bis)\s*\d[\d.,' ]*", re.IGNORECASE)
_SCALES = {
    "k": (1e3,), "tsd": (1e3,), "thousand": (1e3,), "m": (1e6, 1e3), "mm": (1e6,), "mn": (1e6,), "mio": (1e6,),
    "million": (1e6,), "millions": (1e6,), "bn": (1e9,), "mrd": (1e9,), "billion": (1e9,), "billions": (1e9,),
    "lac": (1e5,), "lakh": (1e5,), "lakhs": (1e5,), "cr": (1e7,), "crore": (1e7,), "crores": (1e7,),
}  # fmt: skip
_SCALED = re.compile(rf"(.*\d[.,]?)\s*({'|'.join(sorted(_SCALES, key=len, reverse=True))})\b\.?(.*)", re.IGNORECASE)


def advise_figure(text: str) -> str:
    """Say how to write a text that is meant as a number and cannot be read as one; "" where nothing is known of it.

    Examples
    --------
    >>> advise_figure("250k"), advise_figure("1.5M"), advise_figure("~500")
    ('write it in full: 250000', 'write it in full: 1500000 or 1500', 'write the likely figure alone: 500')
    >>> advise_figure("TBD")
    'leave the cell empty where the figure is not known; write 0 where there is none'
    >>> advise_figure("10-12"), advise_figure("1/5")
    ('write one likely figure; a range is no number', 'write 0.2')
    """
    text = text.strip()[:60]
    if _NOTHING.fullmatch(text):
        return "leave the cell empty where the figure is not known; write 0 where there is none"
    if _RANGE.fullmatch(text):
        return "write one likely figure; a range is no number"
    if (ratio := read_ratio(text)) is not None:
        return f"write {ratio:.6g}"
    if about := _ABOUT.fullmatch(text):
        return f"write the likely figure alone: {about[1] or about[2]}"
    scaled = _SCALED.fullmatch(text)
    numeral = split_numeral(scaled[1] + scaled[3]) if scaled else None
    if scaled is None or numeral is None or numeral.sign == "%":
        return ""
    marks = ".," if numeral.unclear else numeral.mark or "."
    values = [value_numeral(numeral, mark) * scale for mark in marks for scale in _SCALES[scaled[2].lower()]]
    return "write it in full: " + " or ".join(f"{value:.15g}" for value in values)
