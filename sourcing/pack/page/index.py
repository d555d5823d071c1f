"""The page of all units: what each decided, what it costs, and where its pack is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sourcing.pack.direction import isolate
from sourcing.pack.page.page import TEMPLATES, make_policy
from sourcing.pack.theme import FONT, TONES
from sourcing.pack.wording import say_money, say_number, say_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

STATES = {
    "optimal": ("Planned", "proven best within the gap"),
    "feasible": ("Planned", "not proven best"),
    "done": ("Done", ""),
    "infeasible": ("No plan", "none keeps every rule"),
    "out of time": ("No plan", "none found in the time given"),
    "failed": ("Failed", ""),
    "waiting": ("Waiting", ""),
    "running": ("Running", ""),
    "not run": ("Not run", "the run was stopped"),
}
"""Status of a unit, or how far the run is -> its words and a note, in the order in which states are sorted."""
MATERIALITY = {
    "material": ("Material", ""),
    "unsure": ("Not material", "within its own uncertainty"),
    "small": ("Not material", "below {share} of today's cash"),
}
"""Verdict of `weigh_materiality` -> its words and note, in the order in which they are sorted."""


CHANGES = {
    "case": "the case was another",
    "parameters": "other settings",
    "notebook": "another notebook",
    "suite": "another version of the suite",
}
"""What a run may have had otherwise than the latest -> its words."""


class Head(NamedTuple):
    """A column of the index: its name, its words, whether it is set in figures, and whether it is money."""

    name: str
    words: str
    is_number: bool = True
    is_money: bool = False


HEADS = (
    Head("unit", "Business unit", is_number=False),
    Head("state", "State", is_number=False),
    Head("saving", "Saving over as-is, cash", is_money=True),
    Head("share", "Share of today"),
    Head("materiality", "Materiality", is_number=False),
    Head("one_off", "One-off spending", is_money=True),
    Head("risk", "Change in expected loss", is_money=True),
    Head("people", "People moved"),
    Head("moves", "Processes that move"),
    Head("gap", "Proven gap"),
)
"""Columns, left out where no unit fills them: a gap of 0 fills none."""
SUMMED = ("saving", "one_off", "risk", "people", "moves")
LOOK = {"font": Markup(FONT), **TONES}
LINKS = {
    "pack.html": "decision pack",
    "no_plan.html": "why, and the way out",
    "pack.xlsx": "workbook",
    "plan.csv": "plan",
    "rules.csv": "rules",
    "cash.xlsx": "cash flows",
    "reviews.ics": "calendar of reviews",
    "flips.csv": "flips",
    "questions.csv": "questions",
    "scenarios.csv": "scenarios",
    "roadmap.csv": "road map",
    "conflicts.csv": "conflicts",
    "repairs.csv": "repairs",
    "ways.csv": "other ways to repair",
    "repaired_plan.csv": "plan if repaired",
    "inputs": "inputs",
    "summary.json": "summary",
    "notebook.ipynb": "notebook",
    "traceback.txt": "traceback",
}


def render_index(manifest: Mapping[str, Any], summaries: Mapping[str, Mapping[str, Any]]) -> str:
    """Render the page of all units of a run as one self-contained HTML file.

    Its one script sorts the table by the column whose head is pressed; without it the table stands in the order of the
    run. Money of several currencies is sorted currency by currency and not summed.

    Parameters
    ----------
    manifest : mapping
        As `manifest.json` holds it: suite, started, case, notebook, parameters, one entry per unit, and the runs that
        made some of them before.
    summaries : mapping of str to mapping
        Business unit to the summary of its decision, as `collect` makes it; what is missing is left empty.

    Returns
    -------
    str
        Every text escaped; the page may load nothing.
    """
    units = manifest["units"]
    rows = [_make_row(unit, summaries.get(unit["business_unit"], {}), _say_run(unit, manifest)) for unit in units]
    _rank_money(rows)
    heads = [head for head in HEADS if any(row["cells"][head.name].text for row in rows)]
    marks, script = [row["mark"] for row in rows], _read_script()
    return _template().render(
        run=manifest,
        rows=rows,
        heads=heads,
        totals=_sum_rows(rows),
        done=marks.count("done"),
        failed=marks.count("failed"),
        unsettled=marks.count("open"),
        script=Markup(script),
        policy=Markup(make_policy([script])),
        **LOOK,
    )


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text, a note below it, and what it is sorted by; None goes last."""

    text: str = ""
    note: str = ""
    key: float | str | None = None


def _say_run(unit: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """Say which run made a unit's pack and what it had otherwise; "" where the latest did, or none."""
    made = unit.get("run") or manifest["started"]
    if made == manifest["started"]:
        return ""
    run: Mapping[str, Any] = next((each for each in manifest.get("earlier", ()) if each["started"] == made), {})
    changed = [words for part, words in CHANGES.items() if part in run and run[part] != manifest[part]]
    return "; ".join([f"from the run of {made[:10]} {made[11:16]} UTC", *changed])


def _make_row(unit: Mapping[str, Any], summary: Mapping[str, Any], made: str) -> dict[str, Any]:
    currency = str(summary.get("currency") or "")
    answer = summary.get("answer") or [""]
    return {
        "name": unit["name"],
        "business_unit": unit["business_unit"],
        "error": unit["error"],
        "mark": "failed" if unit["error"] else "done" if unit["status"] else "open",
        "answer": answer if isinstance(answer, str) else answer[0],
        "currency": currency,
        "cells": _make_cells(unit, summary, currency, made),
        "amounts": _list_amounts(summary) if not unit["error"] else {},
        "links": [
            (f"{quote(unit['folder'])}/{quote(file)}", LINKS.get(file, file))
            for file in sorted(unit["files"], key=lambda file: (list(LINKS).index(file) if file in LINKS else 99, file))
        ],
    }


def _list_amounts(summary: Mapping[str, Any]) -> dict[str, float]:
    """List what can be summed over units; only what the summary has."""
    loss, today = summary.get("expected_loss"), summary.get("as_is_expected_loss")
    known = {
        "saving": summary.get("saving"),
        "one_off": summary.get("one_off_cost"),
        "risk": None if loss is None or today is None else loss - today,
        "people": summary.get("moved_fte"),
        "moves": summary.get("moves"),
    }
    return {name: float(amount) for name, amount in known.items() if amount is not None}


def _make_cells(unit: Mapping[str, Any], summary: Mapping[str, Any], currency: str, made: str) -> dict[str, Cell]:
    amounts, status, gap = _list_amounts(summary), unit["status"] or unit["progress"], unit["gap"]
    spread = summary.get("uncertainty", {}).get("saving", {}).get("loss", {})
    share, verdict = summary.get("saving_share"), str(summary.get("materiality") or "")
    least = say_share(summary.get("material_share") or 0.0)
    people, (worth, why) = amounts.get("people"), MATERIALITY.get(verdict, (verdict, ""))
    money = {name: say_money(amounts[name], currency) for name in ("saving", "one_off", "risk") if name in amounts}
    ranges = {
        "saving": (summary.get("saving_low"), summary.get("saving_high")),
        "risk": (0.0 - spread["high"], 0.0 - spread["low"]) if spread else None,
    }
    state, proof = STATES.get(status, (status, ""))
    said = [
        ("unit", Cell(unit["name"], key=str(unit["name"]).casefold())),
        ("state", Cell(state, "; ".join(filter(None, [proof, made])), _place(status, STATES))),
        *((name, Cell(text, _say_range(ranges.get(name), currency))) for name, text in money.items()),
        ("share", Cell() if share is None else Cell(say_share(share), key=float(share))),
        ("materiality", Cell(worth, why.format(share=least), _place(verdict, MATERIALITY))),
        ("people", Cell() if people is None else Cell(say_number(round(people)), key=people)),
        ("moves", _count_moves(summary)),
        ("gap", Cell(f"{gap:.2%}", key=float(gap)) if gap else Cell()),
    ]
    return {head.name: Cell() for head in HEADS} | dict(said)


def _count_moves(summary: Mapping[str, Any]) -> Cell:
    if "moves" not in summary:
        return Cell()
    return Cell(f"{summary['moves']} of {summary['processes']}", key=float(summary["moves"]))


def _place(name: str, order: Mapping[str, Any]) -> float | None:
    return float(list(order).index(name)) if name in order else None


def _say_range(ends: tuple[float | None, float | None] | None, currency: str) -> str:
    """Say a range, "" where an end is not known or both are one."""
    low, high = ends or (None, None)
    if low is None or high is None or low == high:
        return ""
    ends_said = say_money(low, currency), say_money(high, currency)
    return " to ".join(ends_said) if low < 0.0 else f"{ends_said[0]} to {ends_said[1].removeprefix(f'{currency} ')}"


def _rank_money(rows: list[dict[str, Any]]) -> None:
    """Give each cell of money its rank as what it is sorted by: currency by currency, amount by amount."""
    for name in (head.name for head in HEADS if head.is_money):
        known = sorted({(row["currency"], row["amounts"][name]) for row in rows if name in row["amounts"]})
        for row in rows:
            if name in row["amounts"]:
                key = float(known.index((row["currency"], row["amounts"][name])))
                row["cells"][name] = replace(row["cells"][name], key=key)


def _sum_rows(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Sum what units with a plan add up to: name of a column to its total; money only in one currency."""
    planned = [row for row in rows if row["amounts"]]
    if len(planned) < 2:
        return {}
    currencies = {row["currency"] for row in planned}
    shared = currencies.pop() if len(currencies) == 1 else ""
    totals = {}
    for head in HEADS:
        amounts = [row["amounts"][head.name] for row in planned if head.name in row["amounts"]]
        if head.name in SUMMED and len(amounts) == len(planned) and (shared or not head.is_money):
            total = math.fsum(amounts)
            totals[head.name] = say_money(total, shared) if head.is_money else say_number(round(total))
    return totals


@cache
def _template() -> Template:
    rooms = Environment(
        loader=PackageLoader("sourcing.pack.page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=isolate,
    )  # fmt: skip
    return rooms.get_template("index.html.j2")


@cache
def _read_script() -> str:
    return (TEMPLATES / "index.js").read_text(encoding="utf-8")
