"""Changes in groups that can be applied apart: a row, rows that need each other, a lever, a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case import spell_table, supplied_tables
from sourcing.errors import CaseError
from sourcing.program.review.changes import ADDED, CHANGED, REMOVED, UNIT, call_key, list_keys, list_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sourcing.case import Case
    from sourcing.program.review.changes import Key

    Anchor = tuple[str, ...]
    Spelled = tuple[dict[Key, dict[str, str]], dict[Key, dict[str, str]]]

MOST_GROUPS = 24
"""So many groups are told apart; beyond it the rows of one table after the other count as one."""
LEVERS = "levers"
RULES = "rules"
POLICY = "policy"
"""The table whose rows are levers: it changes nothing else."""
WORDS = frozenset({"reason", "evidence", "source"})
"""Columns that people read and no calculation does, in every table but `FIGURED`."""
FIGURED = frozenset({"criteria"})
NAMED = 3


@dataclass(frozen=True)
class Group:
    """Changes that are applied together.

    Attributes
    ----------
    name : str
        Table and key of each row, or name of the lever, as `table: key; table: key`.
    rows : tuple of (str, tuple of str)
        Table and key of each row that takes the place of what was there.
    levers : tuple of str
    is_words : bool
        Whether nothing but texts changed that no calculation reads, so that it can have no effect.
    details : tuple of str
        Each changed cell as `column: before → after`, each row added or removed as such.
    """

    name: str
    rows: tuple[tuple[str, Key], ...] = ()
    levers: tuple[str, ...] = ()
    is_words: bool = False
    details: tuple[str, ...] = ()

    @property
    def is_rules(self) -> bool:
        """Whether it changes limits only, and no consequence of any alternative."""
        return not self.levers and all(table == RULES for table, _ in self.rows)


def group_changes(before: Case, after: Case, levers: pd.DataFrame, most: int = MOST_GROUPS) -> list[Group]:
    """Group what changed: each row and each lever apart, rows that cannot stand without each other together.

    An added or removed row holds together with every changed row that names it: a process with its options and scores,
    an option with its quote. Where a case with one group alone, or with all but it, is unsound, groups are joined until
    it is not. Beyond `most` groups all of one table are one, the table with most groups first.

    Parameters
    ----------
    before, after : Case
        Of the same unit.
    levers : DataFrame
        From `list_lever_changes`.
    most : int

    Returns
    -------
    list of Group
        In the order of the dictionary, levers last.
    """
    changed = [row for row in list_rows(before, after) if row[0] != POLICY]
    sets = _join_related(before, after, changed)
    spelled = {table: (_spell(before, table), _spell(after, table)) for table in {table for table, _, _ in changed}}
    words: list[list[tuple[str, Key]]] = []
    rest: list[list[tuple[str, Key]]] = []
    for rows in sets:
        is_words = all(kind == CHANGED and _is_words(table, key, *spelled[table]) for table, key, kind in rows)
        (words if is_words else rest).append([(table, key) for table, key, _ in rows])
    told = _join_unsound(before, after, _merge_tables(rest, max(most - len(levers), 1)))
    groups = [_make(rows, spelled) for rows in told]
    own = [
        Group(f"lever: {name}", levers=(name,), details=(f"{old} → {new}",))
        for name, old, new in levers.itertuples(index=False, name=None)
    ]
    if len(groups) + len(own) > most:
        details = tuple(f"{group.levers[0]}: {group.details[0]}" for group in own)
        own = [Group(LEVERS, levers=tuple(levers["name"]), details=details)]
    return groups + own + [_make(rows, spelled, is_words=True) for rows in words]


def mix_cases(before: Case, after: Case, rows: Collection[tuple[str, Key]]) -> Case:
    """Give a case with some rows as they are afterwards, and all others as they were.

    Raises
    ------
    CaseError
        The mixture is unsound.
    """
    tables = {}
    for table in sorted({table for table, _ in rows}):
        keys = {key for of, key in rows if of == table}
        old, new = before.tables[table], after.tables[table]
        kept = old[[key not in keys for key in list_keys(before, table)]]
        put = new[[key in keys for key in list_keys(after, table)]]
        parts = [part for part in (kept, put) if len(part)]
        tables[table] = pd.concat(parts, ignore_index=True) if parts else old.iloc[:0]
    return before.replace(**tables) if tables else before


def _join_related(before: Case, after: Case, changed: list[tuple[str, Key, str]]) -> list[list[tuple[str, Key, str]]]:
    """Join rows that name an added or removed one."""
    cells = {
        (table, key): [side.get(key, {}) for side in (_spell(before, table), _spell(after, table))]
        for table, key, _ in changed
    }
    made: dict[Anchor, list[int]] = {}
    for place, (table, key, kind) in enumerate(changed):
        if kind != CHANGED:
            for anchor in _list_made(table, next(filter(None, cells[table, key]))):
                made.setdefault(anchor, []).append(place)
    root = list(range(len(changed)))

    def find(place: int) -> int:
        while root[place] != place:
            place = root[place]
        return place

    for place, (table, key, _) in enumerate(changed):
        for named in (anchor for side in cells[table, key] if side for anchor in _list_named(table, side)):
            for other in made.get(named, ()):
                first, second = sorted((find(place), find(other)))
                root[second] = first
    sets: dict[int, list[tuple[str, Key, str]]] = {}
    for place, row in enumerate(changed):
        sets.setdefault(find(place), []).append(row)
    return list(sets.values())


def _list_made(table: str, row: dict[str, str]) -> list[Anchor]:
    """List what a row brings into being that other rows may name."""
    if table == "options":
        return [("options", row["process"], row["option"])]
    return [(f"{table}.{name}", row[name]) for name in supplied_tables()[table].keys if name != UNIT]


def _list_named(table: str, row: dict[str, str]) -> list[Anchor]:
    """List what a row names: by the references of the dictionary, an option by its process too."""
    columns = supplied_tables()[table].columns
    named: list[Anchor] = []
    for name, column in columns.items():
        if column.refers_to and row[name]:
            named.append((column.refers_to, row[name]))
    if table != "options" and {"process", "option"} <= columns.keys() and row["option"]:
        named.append(("options", row["process"], row["option"]))
    if table == "processes":
        named.append(("options", row["process"], row["as_is_option"]))
    return named


def _join_unsound(before: Case, after: Case, sets: list[list[tuple[str, Key]]]) -> list[list[tuple[str, Key]]]:
    """Join sets of which one alone, or all but one, make no sound case."""
    while len(sets) > 1:
        loose = [place for place in range(len(sets)) if not _stands(before, after, sets, {place})]
        if not loose:
            return sets
        partners = (
            {first, other}
            for first in loose
            for other in range(len(sets))
            if other != first and _stands(before, after, sets, {first, other})
        )
        joined = next(partners, set(loose))
        if len(joined) < 2:
            return sets
        kept = [rows for place, rows in enumerate(sets) if place not in joined]
        sets = [*kept, [row for place in sorted(joined) for row in sets[place]]]
        order = {table: place for place, table in enumerate(supplied_tables())}
        sets.sort(key=lambda rows: (order[rows[0][0]], rows[0][1]))
    return sets


def _stands(before: Case, after: Case, sets: Sequence[Sequence[tuple[str, Key]]], chosen: set[int]) -> bool:
    """Whether some sets alone make a sound case, and all others do without them."""
    alone = [row for place in chosen for row in sets[place]]
    others = [row for place, rows in enumerate(sets) if place not in chosen for row in rows]
    return _is_sound(before, after, alone) and _is_sound(before, after, others)


def _is_sound(before: Case, after: Case, rows: Collection[tuple[str, Key]]) -> bool:
    try:
        mix_cases(before, after, rows)
    except CaseError:
        return False
    return True


def _merge_tables(sets: list[list[tuple[str, Key]]], most: int) -> list[list[tuple[str, Key]]]:
    """Join the sets of one table after the other, that with most sets first, until few enough are left."""
    while len(sets) > most:
        table, count = Counter(rows[0][0] for rows in sets).most_common(1)[0]
        joined = range(2) if count == 1 else [place for place, rows in enumerate(sets) if rows[0][0] == table]
        first = min(joined)
        whole = [row for place in joined for row in sets[place]]
        sets = [
            whole if place == first else rows
            for place, rows in enumerate(sets)
            if place == first or place not in joined
        ]
    return sets


def _make(rows: Sequence[tuple[str, Key]], spelled: Mapping[str, Spelled], *, is_words: bool = False) -> Group:
    details = [detail for table, key in rows for detail in _list_details(key, *spelled[table])]
    return Group(_call(rows), tuple(rows), is_words=is_words, details=tuple(details))


def _list_details(key: Key, old: dict[Key, dict[str, str]], new: dict[Key, dict[str, str]]) -> list[str]:
    if key not in old or key not in new:
        return [ADDED if key in new else REMOVED]
    return [f"{name}: {old[key][name]} → {text}" for name, text in new[key].items() if old[key][name] != text]


def _call(rows: Iterable[tuple[str, Key]]) -> str:
    """Call a group by its rows; by its tables and how many rows of each where there are many."""
    names = [f"{table}: {call_key(table, key)}" for table, key in rows]
    if len(names) <= NAMED:
        return "; ".join(names)
    counted = Counter(table for table, _ in rows)
    return "; ".join(f"{table} ({count})" for table, count in counted.items())


def _is_words(table: str, key: Key, old: dict[Key, dict[str, str]], new: dict[Key, dict[str, str]]) -> bool:
    """Whether a changed row differs in nothing but words."""
    return table not in FIGURED and all(name in WORDS for name, text in new[key].items() if old[key][name] != text)


def _spell(case: Case, table: str) -> dict[Key, dict[str, str]]:
    return dict(zip(list_keys(case, table), spell_table(case.tables[table]).to_dict("records"), strict=True))
