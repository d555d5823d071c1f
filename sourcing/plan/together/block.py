"""A block: a question of its own whose answer counts in rules that it shares with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import scipy

from sourcing.errors import FilterError, InputError, hint_near
from sourcing.plan.model import (
    build_problem,
    name_schedule,
    plain_label,
    read_numbers,
    read_rules,
    split_processes,
)
from sourcing.where import match_where

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan.model import Instance, Problem
    from sourcing.plan.question import Question

AMOUNT, BASE, VOLUME, USE = "amount", "base", "volume", "use"
"""Kinds of quantities: what a limit counts, the total that a share is of, what a schedule counts, whether used."""
DISTINCT = "distinct_"
"""Begins a measure that counts how many different values of the column that follows are in use."""
Key: TypeAlias = tuple[str, str, Any]
"""Kind, rule or schedule, and the value of `for_each` or the label in use; None where there is none."""


@dataclass(frozen=True, eq=False)
class Block:
    """A question that shares rules with others.

    Attributes
    ----------
    name : str
    question : Question
        It minimizes cost; its own rules, locks and structure stay its own.
    scales : mapping of str to float
        What one unit of a measure of this block counts in the joint rules, and of `cost` in the joint objective, such
        as an exchange rate; 1 where a measure is not named.
    """

    name: str
    question: Question
    scales: Mapping[str, float] = field(default_factory=dict)

    def find_scale(self, measure: str) -> float:
        """Give what one unit of a measure counts for all blocks together."""
        return float(self.scales.get(measure, 1.0))


@dataclass(frozen=True, eq=False)
class ReadBlock:
    """A block as arrays.

    Attributes
    ----------
    instance : Instance
    problem : Problem
        The block's own problem, with a column per label that joint rules count once it is in use.
    scale : float
        Of its cost.
    keys : list of Key
        Its quantities.
    amounts : scipy.sparse.csr_array, shape (quantities, columns)
        What one unit of each column adds to each quantity.
    own : scipy.sparse.csr_array, shape (quantities, alternatives)
        What alternatives add, the shared money that counts in totals aside.
    weights : mapping of str to ndarray, shape (quantities,)
        How much of each line of shared money counts in each quantity.
    uses : mapping of Key to ndarray of int
        Positions of the alternatives that put each label in use.
    """

    instance: Instance
    problem: Problem
    scale: float
    keys: list[Key]
    amounts: scipy.sparse.csr_array
    own: scipy.sparse.csr_array
    weights: Mapping[str, np.ndarray]
    uses: Mapping[Key, np.ndarray]

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but choices under rules and locks: no columns but its alternatives, all whole."""
        has_only_choices = len(self.problem.cost) == len(self.instance.alternatives.cost)
        return (
            has_only_choices
            and bool(self.problem.integer.all())
            and len(self.problem.rows) == len(self.instance.alternatives.processes) + len(self.instance.limits)
        )


def read_block(block: Block, rules: pd.DataFrame | None, tiers: pd.DataFrame | None) -> ReadBlock:
    """Read what a block adds to the joint rules.

    Parameters
    ----------
    block : Block
    rules : DataFrame or None
        As for `choose`; `measure` may be `distinct_` and a column: how many of its values are in use.
    tiers : DataFrame or None
        As in `structure` of `choose`.

    Raises
    ------
    InputError, FilterError
        As for `choose`, of the joint rules on the block's alternatives.
    """
    instance = block.question.instance
    if block.question.objective not in (None, "cost"):
        raise InputError(
            f"a block must minimize its cost; got {block.question.objective!r} at block {block.name!r}. "
            "Hint: leave the objective out."
        )
    try:
        terms = _read_limits(block, rules) | _read_volumes(block, tiers)
        labels = _list_uses(instance, rules)
        problem, uses = _add_uses(instance, build_problem(instance), labels)
    except (InputError, FilterError) as fault:
        raise type(fault)(f"block {block.name!r}: {fault}") from None
    keys, width, count = [*terms, *uses], len(problem.cost), len(instance.alternatives.cost)
    own = _stack([(term.rows, term.amounts) for term in terms.values()], len(keys), count)
    weights = {
        line: np.array([term.scale if line in term.lines else 0.0 for term in terms.values()] + [0.0] * len(uses))
        for line in sorted(frozenset[str]().union(*(term.lines for term in terms.values())))
        if line in problem.lines
    }
    shared = [
        [(problem.lines[line][0], weight[k] * problem.lines[line][1]) for line, weight in weights.items()]
        for k in range(len(keys))
    ]
    parts = [(term.rows, term.amounts) for term in terms.values()]
    parts += [(np.array([place]), np.ones(1)) for place in uses.values()]
    joined = [
        tuple(np.concatenate(each) for each in zip(part, *beside, strict=True))
        for part, beside in zip(parts, shared, strict=True)
    ]
    amounts = _stack(joined, len(keys), width)
    return ReadBlock(instance, problem, block.find_scale("cost"), keys, amounts, own, weights, labels)


def _stack(rows: Sequence[tuple[np.ndarray, ...]], height: int, width: int) -> scipy.sparse.csr_array:
    """Stack rows, each given as places and amounts; the last ones are empty where there are fewer than asked for."""
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *(np.full(len(row[0]), k) for k, row in enumerate(rows))])
    places = np.concatenate([np.zeros(0, dtype=np.int64), *(row[0] for row in rows)])
    amounts = np.concatenate([np.zeros(0), *(row[1] for row in rows)])
    return scipy.sparse.csr_array((amounts, (numbers, places)), shape=(height, width))


def pick_rules(rules: pd.DataFrame | None, distinct: bool) -> pd.DataFrame | None:
    """Give the joint rules that count labels in use, or all others."""
    if rules is None:
        return None
    counts_labels = rules["measure"].astype(str).str.startswith(DISTINCT)
    return rules[counts_labels if distinct else ~counts_labels]


@dataclass(frozen=True, eq=False)
class Term:
    """What alternatives add to a quantity, at the block's scale, and the lines of shared money that count in it."""

    rows: np.ndarray
    amounts: np.ndarray
    lines: frozenset[str]
    scale: float


Terms: TypeAlias = dict[Key, Term]


def _read_limits(block: Block, rules: pd.DataFrame | None) -> Terms:
    plain = pick_rules(rules, distinct=False)
    if plain is None or plain.empty:
        return {}
    instance = block.question.instance
    frame, limits = read_rules(plain, instance.alternatives)
    terms: Terms = {}
    for limit in limits:
        scale = block.find_scale(str(frame["measure"].iloc[limit.source]))
        lines = instance.list_counted(limit.measure)
        terms[AMOUNT, limit.rule, limit.value] = Term(limit.rows, limit.amounts * scale, lines, scale)
    for rule, (measure, amounts) in _read_bases(frame, instance).items():
        scale, lines = block.find_scale(measure), instance.list_counted(measure)
        terms[BASE, rule, None] = Term(np.arange(len(amounts)), amounts * scale, lines, scale)
    return terms


def _read_bases(frame: pd.DataFrame, instance: Instance) -> dict[str, tuple[str, np.ndarray]]:
    """Read the totals that shares are of, also where no alternative of the block counts in the rule itself."""
    table = instance.alternatives.table
    wanted = {str(row["rule"]): plain_label(row.get("relative_to")) or None for row in frame.to_dict("records")}
    return {
        rule: (measure, np.ones(len(table)) if measure == "count" else read_numbers(table, measure, "alternatives"))
        for rule, measure in wanted.items()
        if measure is not None
    }


def _read_volumes(block: Block, tiers: pd.DataFrame | None) -> Terms:
    terms: Terms = {}
    table = block.question.instance.alternatives.table
    for row in [] if tiers is None else tiers.to_dict("records"):
        for name in ("column", "measure"):
            if row[name] not in table and row[name] != "count":
                raise InputError(
                    f"{name} must be a column of the alternatives; got {row[name]!r} at tiers. "
                    f"{hint_near(str(row[name]), table.columns)}"
                )
        key = (VOLUME, name_schedule(row["measure"], row["column"], row["value"]), None)
        mask = (table[row["column"]] == row["value"]).to_numpy(dtype=bool)
        rows = np.flatnonzero(mask)
        is_count = row["measure"] == "count"
        amounts = np.ones(len(rows)) if is_count else read_numbers(table, row["measure"], "alternatives", mask)[rows]
        if (amounts < 0).any():
            raise InputError(
                f"{row['measure']} must be at least 0 where tiers count it; got {amounts.min():g} at tiers. "
                "Hint: count what is bought, not what is saved."
            )
        scale = block.find_scale(row["measure"])
        terms[key] = Term(rows, amounts * scale, frozenset(), scale)
    return terms


def _list_uses(instance: Instance, rules: pd.DataFrame | None) -> dict[Key, np.ndarray]:
    """List the alternatives that put each label of each counting rule in use."""
    uses: dict[Key, np.ndarray] = {}
    counting, table = pick_rules(rules, distinct=True), instance.alternatives.table
    for row in [] if counting is None else counting.to_dict("records"):
        column = str(row["measure"]).removeprefix(DISTINCT)
        if column not in table:
            raise InputError(
                f"measure must be {DISTINCT} and a column of the alternatives; got {row['measure']!r} at rule "
                f"{row['rule']!r}. {hint_near(column, table.columns)}"
            )
        if row["sense"] != "<=":
            raise InputError(
                f"a rule that counts labels in use must have the sense <=; got {row['sense']!r} at rule "
                f"{row['rule']!r}. Hint: count what there may be at most."
            )
        mask = match_where(row.get("where"), table)
        labels = table[column].map(plain_label)
        for label in sorted({label for label in labels[mask] if label is not None}, key=str):
            uses[USE, str(row["rule"]), label] = np.flatnonzero(mask & (labels == label).to_numpy(dtype=bool))
    return uses


def _add_uses(instance: Instance, problem: Problem, uses: Mapping[Key, np.ndarray]) -> tuple[Problem, dict[Key, int]]:
    """Add a column per label, at least what each process takes of it: `Σ_{a of i with the label} x_a <= y`."""
    if not uses:
        return problem, {}
    width, process_of = len(problem.cost), instance.alternatives.process_of
    parts = [(k, part) for k, rows in enumerate(uses.values()) for part in split_processes(rows, process_of)]
    sizes = [len(part) + 1 for _, part in parts]
    places = np.concatenate([np.append(part, width + k) for k, part in parts])
    weights = np.concatenate([np.append(np.ones(len(part)), -1.0) for _, part in parts])
    added = scipy.sparse.csr_array(
        (weights, (np.repeat(np.arange(len(parts)), sizes), places)), shape=(len(parts), width + len(uses))
    )
    names = [f"in use: {label} of {rule}" for _, rule, label in uses]
    old = scipy.sparse.csr_array(problem.matrix)
    old.resize((old.shape[0], width + len(uses)))
    extended = replace(
        problem,
        cost=np.append(problem.cost, np.zeros(len(uses))),
        lower=np.append(problem.lower, np.zeros(len(uses))),
        upper=np.append(problem.upper, np.ones(len(uses))),
        integer=np.append(problem.integer, np.zeros(len(uses), dtype=bool)),
        columns=[*problem.columns, *names],
        matrix=scipy.sparse.csr_array(scipy.sparse.vstack([old, added])),
        row_lower=np.append(problem.row_lower, np.full(len(parts), -np.inf)),
        row_upper=np.append(problem.row_upper, np.zeros(len(parts))),
        rows=[*problem.rows, *(f"{names[k]} by {process_of[part[0]]}" for k, part in parts)],
        row_scale=np.append(problem.row_scale, np.ones(len(parts))),
    )
    return extended, {key: width + k for k, key in enumerate(uses)}
