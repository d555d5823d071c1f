"""Write one page per table from the dictionary: `python -m sourcing.case.writing.pages docs/tables`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.case.dictionary import load_dictionary
from sourcing.case.writing.examples import load_examples
from sourcing.case.writing.template import BASIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.case.dictionary import Column, Table

HEADS = ("column", "a cell holds", "unit", "needed", "empty means", "meaning", "buys")
COMMAND = "python -m sourcing.case.writing.pages docs/tables"
FOOT = f"*Made from `sourcing/case/dictionary.csv` by `{COMMAND}`; change it there.*"


def write_page(table: Table) -> str:
    """Write the page of a table in Markdown: what a row is, its keys, and each column."""
    kind = "made by the suite" if table.is_made else "needed" if table.is_required else "optional"
    lines = [f"# {table.name}", "", f"A row is {table.meaning}. This table is {kind}."]
    lines += [f"It buys: {table.buys}."] if table.buys else []
    lines += [f"A row is known by: {', '.join(f'`{key}`' for key in table.keys)}."] if table.keys else []
    if table.name in BASIC:
        lines.append(f"In a basic workbook: {', '.join(f'`{name}`' for name in BASIC[table.name])}.")
    if table.name == "rules":
        lines.append("Twenty rules that are often asked for: [rules by example](../rules.md).")
    if table.name == "policy":
        lines.append("All levers with unit, default and range: [levers](../levers.md).")
    lines += ["", f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}"]
    lines += [f"| {' | '.join(map(_escape, _describe(column)))} |" for column in table.columns.values()]
    lines += [] if table.is_made else ["", "Two rows, for example:", "", *_show_examples(table.name)]
    return "\n".join([*lines, "", FOOT, ""])


def _show_examples(table: str) -> list[str]:
    """Show the example rows of a table with the columns that any of them fills."""
    rows = load_examples()[table]
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"| {' | '.join(f'`{name}`' for name in names)} |", f"|{'---|' * len(names)}"]
    return lines + [f"| {' | '.join(_escape(row.get(name, '')) for name in names)} |" for row in rows]


def _describe(column: Column) -> tuple[str, ...]:
    wanted = column.wanted
    if column.refers_to:
        other = column.refers_to.partition(".")[0]
        wanted += ", of the reference countries" if other == "countries" else f", of [{other}]({other}.md)"
    needed = "key" if column.is_key and column.is_required else "yes" if column.is_required else ""
    return (f"`{column.name}`", wanted, column.unit, needed, column.default, column.meaning, column.buys)


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def write_index() -> str:
    """Write the page that lists the tables."""
    lines = [
        "# Tables of a case",
        "",
        "`units`, `processes` and `scores` are needed; `options` can be generated; each other table buys a feature.",
        "How files, names, figures and days are read: [reading](../reading.md).",
        "",
    ]
    lines += ["| table | a row is | buys |", "|---|---|---|"]
    lines += [
        f"| [{name}]({name}.md) | {_escape(table.meaning)} | {_escape(table.buys)} |"
        for name, table in load_dictionary().items()
    ]
    return "\n".join([*lines, "", FOOT, ""])


def write_pages(folder: Path) -> list[Path]:
    """Write the page of every table and their index; pages of tables that are no more are removed.

    Returns
    -------
    list of Path
        The pages, sorted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"README": write_index(), **{name: write_page(table) for name, table in load_dictionary().items()}}
    for old in folder.glob("*.md"):
        if old.stem not in pages and COMMAND in old.read_text(encoding="utf-8"):
            old.unlink()
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")
    return sorted(folder / f"{name}.md" for name in pages)


def main(arguments: Sequence[str]) -> int:
    """Write the pages into the folder that is named."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m sourcing.case.writing.pages docs/tables\n")
        return 2
    write_pages(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
