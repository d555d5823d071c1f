"""The page of all units: what each decided, what it costs, and where its pack is."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sourcing.pack.direction import isolate
from sourcing.pack.theme import FONT, TONES
from sourcing.pack.wording import say_money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

STATUS_WORDS = {
    "optimal": "Plan, proven best within the gap",
    "feasible": "Plan, not proven best",
    "done": "Done",
    "infeasible": "No plan keeps every rule",
    "out of time": "No plan in the time given",
    "failed": "Failed",
}
COLUMNS = ("moves", "cash_cost", "saving", "objective", "gap")
"""Columns left out where no unit fills them."""
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
    """Render the page of all units of a run as one self-contained HTML file without scripts.

    Parameters
    ----------
    manifest : mapping
        As `manifest.json` holds it: suite, started, case, notebook, parameters and one entry per unit.
    summaries : mapping of str to mapping
        Business unit to the summary of its decision; of it `answer`, `currency`, `cash_cost`, `saving`,
        `processes` and `moves` are shown where present.

    Returns
    -------
    str
        Every text escaped; the page may load nothing.
    """
    rows = [_make_row(unit, summaries.get(unit["business_unit"], {})) for unit in manifest["units"]]
    shown = {name for name in COLUMNS if any(row[name] for row in rows)}
    failed = sum(bool(row["error"]) for row in rows)
    return _template().render(run=manifest, rows=rows, shown=shown, done=len(rows) - failed, failed=failed, **LOOK)


def _say(amount: float | None, currency: str) -> str:
    return "" if amount is None else say_money(amount, currency).strip()


@cache
def _template() -> Template:
    rooms = Environment(
        loader=PackageLoader("sourcing.pack.page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=isolate,
    )  # fmt: skip
    return rooms.get_template("index.html.j2")


def _make_row(unit: Mapping[str, Any], summary: Mapping[str, Any]) -> dict[str, Any]:
    currency = str(summary.get("currency") or "")
    answer = summary.get("answer") or [""]
    gap = unit["gap"]
    return {
        "name": unit["name"],
        "business_unit": unit["business_unit"],
        "status": unit["status"],
        "said": STATUS_WORDS.get(unit["status"], unit["status"]),
        "error": unit["error"],
        "answer": answer if isinstance(answer, str) else answer[0],
        "moves": f"{summary['moves']} of {summary['processes']}" if "moves" in summary else "",
        "cash_cost": _say(summary.get("cash_cost"), currency),
        "saving": _say(summary.get("saving"), currency),
        "objective": _say(unit["objective"], currency),
        "gap": "" if gap is None else f"{gap:.2%}",
        "seconds": f"{unit['seconds']:.1f} s",
        "links": [
            (f"{quote(unit['folder'])}/{quote(file)}", LINKS.get(file, file))
            for file in sorted(unit["files"], key=lambda file: (list(LINKS).index(file) if file in LINKS else 99, file))
        ],
    }
