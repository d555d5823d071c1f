"""Write the page of every lever from Policy and Outlook: `python -m sourcing.case.writing.levers docs/levers.md`."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcing.case.policy import INF, LEVERS, Outlook, Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADS = ("lever", "what it does", "unit", "default", "range or choices", "source")
KINDS = {Policy: "Policy: what the unit chooses", Outlook: "Outlook: what may befall the unit"}
TOP = """\
# Levers

A lever is a number or a choice that stands in no other table of the case. A lever left alone is at its default; the
table [policy](tables/policy.md) sets it for a unit, with the reason; what a run is given wins over both:

- `sourcing plan` and `sourcing packs` take `--set name=value`, as often as needed;
- a notebook takes those that its question turns on in its parameter cell, and any other in `levers`, as in
  `levers: dict = {"core_threshold": 0.6}`;
- in Python, `decide_unit(case, core_threshold=0.6)`.

A name that is no lever's is refused with the nearest one. Every pack lists each lever with its value and who set it.
"""
FOOT = (
    "*Made from `Policy` and `Outlook` in `sourcing/case/policy.py` by `python -m sourcing.case.writing.levers "
    "docs/levers.md`; change it there.*"
)


def write_page() -> str:
    """Write the page in Markdown: how a lever is set, then a table of Policy and one of Outlook."""
    lines = [TOP]
    for kind, title in KINDS.items():
        lines += [f"## {title}", "", f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}"]
        lines += [f"| {' | '.join(_describe(each.name))} |" for each in fields(kind)]
        lines.append("")
    return "\n".join([*lines, FOOT, ""])


def _describe(name: str) -> tuple[str, ...]:
    about, default = LEVERS[name].metadata, _spell(LEVERS[name].default)
    return (f"`{name}`", about["meaning"], about["unit"], f"`{default}`", describe_range(name), about["source"])


def describe_range(name: str) -> str:
    """Describe what a lever may be: its choices, yes or no, text, or a range of numbers.

    Examples
    --------
    >>> describe_range("rival_conflict"), describe_range("core_threshold"), describe_range("hurdle_sum")
    ('`bar` or `price`', '0 to 1', '0 or more')
    """
    about = LEVERS[name].metadata
    if about["choices"]:
        *most, last = (f"`{choice}`" for choice in about["choices"])
        return f"{', '.join(most)} or {last}"
    if isinstance(LEVERS[name].default, bool):
        return "`yes` or `no`"
    if isinstance(LEVERS[name].default, str):
        return "text"
    low, high = _spell(about["low"]), _spell(about["high"])
    return f"{low} or more" if about["high"] == INF else f"{low} to {high}"


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, int | float) else value


def main(arguments: Sequence[str]) -> int:
    """Write the page into the file that is named."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m sourcing.case.writing.levers docs/levers.md\n")
        return 2
    Path(arguments[0]).write_text(write_page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
