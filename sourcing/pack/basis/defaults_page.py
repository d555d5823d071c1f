"""Write the page of every default figure: `python -m sourcing.pack.basis.defaults_page docs/defaults.md`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.pack.basis.defaults import PARTS, list_defaults

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP = """\
# Defaults

What the suite takes where a case says nothing. A figure of the case always wins, 0 included; a pack lists those that it
used. Levers have a page of their own, [levers](levers.md). A source is a paper, official guidance, a law or a survey
with its year; where nothing usable was published it reads *house rule*, with its reason. The range is what sources
print, or what is plausible: the place to begin when a figure is doubted.

What a move costs in people is worked from these figures for each option that does not say so itself, in the tables
[transitions](tables/transitions.md) and [options](tables/options.md):
"""
CELLS = {
    "severed_share": "people who do not go on with the work, less the redeployed (lever `redeployed_share`). None go "
    "on where it passes to another owner or country; `coming_along_share` of them do at another own site in the "
    "country; at the same site only those whom higher productivity releases do not",
    "severance_months": "months of pay per year of service in the country where today's people work × lever "
    "`service_years` / load factor, since the suite's months are months of labor cost",
    "recruited_share": "own people of the option who do not come from today's; an outside owner hires in its price",
    "recruitment_cost_per_head": "`hiring_cost_share` × a year's labor cost of the option",
    "parallel_months": "`parallel_months` where the work goes to another team",
    "attrition_share": "attrition of the country less `ordinary_attrition`, of own staff abroad; what is ordinary is "
    "in labor cost, overhead and output already",
}
"""Cell of the tables transitions and options -> its default in words."""
NOTE = """
`options.transition_cost` holds knowledge transfer, travel, training and set-up in one sum, nothing of the above. The
lever `move_defaults` set to no makes an empty cell 0; the table [policy](tables/policy.md) keeps the reason.
"""
FOOT = (
    "*Made by `python -m sourcing.pack.basis.defaults_page docs/defaults.md` from the files named; "
    "change a figure there.*"
)


def write_page() -> str:
    """Write the page in Markdown: what the defaults are for, then a table of each part."""
    table, lines = list_defaults(), [TOP, "| cell | default |", "|---|---|"]
    lines += [*(f"| `{cell}` | {words} |" for cell, words in CELLS.items()), NOTE]
    for part, file in PARTS.items():
        lines += [f"## {part.capitalize()}", "", f"From `{file}`.", ""]
        lines += ["| figure | of | value | range | unit | source |", f"|{'---|' * 6}"]
        rows = table[table["part"] == part].drop(columns="part")
        lines += [f"| {' | '.join(row)} |" for row in rows.itertuples(index=False, name=None)]
        lines.append("")
    return "\n".join([*lines, FOOT, ""])


def main(arguments: Sequence[str]) -> int:
    """Write the page into the file that is named."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m sourcing.pack.basis.defaults_page docs/defaults.md\n")
        return 2
    Path(arguments[0]).write_text(write_page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
