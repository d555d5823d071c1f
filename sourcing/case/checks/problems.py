"""Every fault of every table, found at once, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.alike import JOINS, names_are_spelled_one_way
from sourcing.case.checks.checks import ALSO_READ, CHECKS, EACH_ALONE
from sourcing.case.checks.keys import references_are_known
from sourcing.case.checks.scenarios import READ, scenarios_leave_a_sound_case
from sourcing.case.checks.units import signs_agree
from sourcing.case.dictionary import load_dictionary
from sourcing.case.filling import complete_tables
from sourcing.case.problem import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    Tables = Mapping[str, pd.DataFrame]

BASIS = frozenset({"units", "processes", "options", "locations", "improvements"})
"""Tables from which options are generated."""


def complete_sound(tables: Tables, complete: Collection[str]) -> dict[str, pd.DataFrame]:
    """Return the tables with generated options, where the tables they come from lack no column."""
    return complete_tables(tables) if set(complete) >= BASIS else dict(tables)


def find_problems(
    tables: Tables,
    signs: Mapping[str, Mapping[tuple[int, str], str]],
    complete: Collection[str],
    changed: Collection[str] | None = None,
) -> list[Problem]:
    """Find the faults that show only when rows and tables are held together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every table of the dictionary, conformed; the index is the spreadsheet row.
    signs : mapping of str to mapping
        Table -> (row, column) -> per cent or currency sign typed with the figure.
    complete : collection of str
        Tables that lack neither rows nor columns they must have. A check runs where its tables do, so that
        one missing column does not show as a hundred dangling names.
    changed : collection of str, optional
        Tables that were not yet found sound together with the others: only checks that read one of them run.
        All checks if None.
    """
    sound = {name: frame for name, frame in tables.items() if name in complete}
    fresh = {name: frame for name, frame in sound.items() if changed is None or name in changed}
    found = [problem for check in EACH_ALONE for problem in check(fresh)]
    found += references_are_known(sound, fresh)
    for check, needs in CHECKS:
        if needs <= sound.keys() and not fresh.keys().isdisjoint(needs | ALSO_READ.get(check, frozenset())):
            found += check(sound)
    if not fresh.keys().isdisjoint(name for columns in JOINS.values() for name, _ in columns):
        found += names_are_spelled_one_way(sound)
    if "units" in sound:
        found += signs_agree(sound, signs)
    is_asked = len(tables["scenarios"]) and sound.keys() >= READ and not fresh.keys().isdisjoint(READ)
    if is_asked and not any(each.severity == ERROR for each in found):
        found += scenarios_leave_a_sound_case(sound, lambda those, read: find_problems(those, {}, complete, read))
    return found


def frame_problems(problems: list[Problem]) -> pd.DataFrame:
    """Return problems as a table in a fixed order: table, row, column, rule, value, hint, severity, place."""
    order = {name: place for place, name in enumerate(load_dictionary())}
    listed = sorted(set(problems), key=lambda p: (order.get(p.table, 99), p.table, p.row or 0, p.column, p.rule, p))
    frame = pd.DataFrame(listed, columns=pd.Index(Problem._fields))
    texts = {name: "str" for name in Problem._fields if name != "row"}
    return frame.astype({"row": "Int64", **texts})
