"""Which group of changes caused what: shares of the money, and the smallest sets that flip a decision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.program.review.mixtures import INFEASIBLE, MEASURES, PLAN, Answer
from sourcing.program.review.shares import draw_orders, list_members, share_by_orders, share_exactly, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sourcing.program.review.groups import Group
    from sourcing.program.review.mixtures import Mixtures
    from sourcing.program.review.shares import Share

NOTHING, EXACT, SAMPLED, NO_ORDER, NO_MONEY = "nothing", "exact", "sampled", "no order", "no money"
CAUSE_COLUMNS = (
    "cause", "details", "rows", "levers", "is_words", *MEASURES, "objective_lower", "objective_upper", "error",
    "alone", "last", "flips",
)  # fmt: skip


@dataclass(frozen=True)
class Effort:
    """How causes were looked for.

    Attributes
    ----------
    method : str
        `exact` (every mixture solved), `sampled` (some orders of the changes), `nothing` (nothing that a calculation
        reads changed), `no order` (no order of the changes has a plan at every step, so that money cannot be shared),
        `no money` (a side has no plan, or the currencies differ).
    orders : int
        Orders drawn; 0 unless sampled.
    solved : int
        Mixtures looked at, both sides included.
    refused : mapping of str to int
        Mixtures without a plan by why: infeasible, unsound, out of time.
    """

    method: str
    orders: int
    solved: int
    refused: Mapping[str, int]


@dataclass(frozen=True)
class Flip:
    """What made something turn out otherwise.

    Attributes
    ----------
    sets : tuple of tuple of int
        The smallest sets of groups that, applied alone, turn it out as it did: places in the list of groups.
    needed : tuple of int
        Groups without which, all others applied, it does not turn out so.
    is_smallest : bool
        Whether it is proven that no smaller set does.
    """

    sets: tuple[tuple[int, ...], ...]
    needed: tuple[int, ...]
    is_smallest: bool


def find_flip(mixtures: Mixtures, count: int, read: Callable[[Answer], Any]) -> Flip:
    """Find what made something turn out as it did, among the mixtures solved so far.

    Parameters
    ----------
    mixtures : Mixtures
    count : int
        Number of groups.
    read : callable
        Answer to what is looked at; None where the answer does not tell.
    """
    outcome = read(mixtures.known[mixtures.whole])
    hits = [part for part, answer in mixtures.known.items() if part and read(answer) == outcome]
    size = min(part.bit_count() for part in hits)
    smallest = sorted(tuple(list_members(part)) for part in hits if part.bit_count() == size)
    tried = sum(1 for part in mixtures.known if 0 < part.bit_count() < size)
    every = sum(math.comb(count, smaller) for smaller in range(1, size))
    needed = [
        one
        for one in range(count)
        if (known := mixtures.known.get(mixtures.whole ^ (1 << one))) is not None
        and (told := read(known)) is not None
        and told != outcome
    ]
    return Flip(tuple(smallest), tuple(needed), tried == every)


def read_feasibility(answer: Answer) -> bool | None:
    """Tell whether there is a plan; None where that is not known."""
    return {PLAN: True, INFEASIBLE: False}.get(answer.status)


def solve_mixtures(mixtures: Mixtures, count: int, solves: int) -> list[tuple[int, ...]]:
    """Solve every mixture if `solves` suffice; else each group alone, all but each, and orders as far as they go.

    Returns
    -------
    list of tuple of int
        The orders drawn; none where every mixture was solved.
    """
    if 1 << count <= solves:
        for part in range(mixtures.whole + 1):
            mixtures.answer(part)
        return []
    for one in range(count):
        mixtures.answer(1 << one)
        mixtures.answer(mixtures.whole ^ (1 << one))
    orders: list[tuple[int, ...]] = []
    drawn = draw_orders(count)
    for _ in range(max(solves // 2, 1)):
        pair = list(islice(drawn, 2))
        new = {part for order in pair for part in walk(order)} - mixtures.known.keys()
        if orders and len(mixtures.known) + len(new) > solves:
            break
        for part in sorted(new):
            mixtures.answer(part)
        orders += pair
    return orders


def share_money(
    mixtures: Mixtures, groups: Sequence[Group], orders: Sequence[Sequence[int]]
) -> dict[str, list[Share]] | None:
    """Share each measure over the groups; None where no order of them has a plan at every step."""
    shares = {}
    for measure in MEASURES:

        def worth(part: int, measure: str = measure) -> tuple[float, float] | None:
            return mixtures.worth(part, measure)

        found = share_by_orders(len(groups), orders, worth) if orders else share_exactly(len(groups), worth)
        if found is None:
            return None
        shares[measure] = found
    return shares


def tabulate_causes(
    mixtures: Mixtures,
    groups: Sequence[Group],
    words: Sequence[Group],
    shares: Mapping[str, Sequence[Share]] | None,
    flips: Mapping[str, Flip],
) -> pd.DataFrame:
    """Tabulate the groups with their shares, what each changes first and last, and what it flips alone.

    Returns
    -------
    DataFrame
        Columns CAUSE_COLUMNS: cause (name of the group), details (each cell that changed), rows and levers (how many),
        is_words; the share of each of MEASURES (NaN where money could not be shared); bounds of the objective's share,
        and its error where orders were sampled; alone and last: change of the objective with this group only, and with
        it last (NaN without a plan); flips: the processes that this group alone decides as they are decided with all.
        The largest share first.
    """
    rows = []
    for one, group in enumerate(groups):
        own = {measure: shares[measure][one].amount if shares else math.nan for measure in MEASURES}
        share = shares["objective"][one] if shares else None
        rows.append(
            {
                "cause": group.name, "details": group.details, "rows": len(group.rows),
                "levers": len(group.levers), "is_words": False, **own,
                "objective_lower": share.lower if share else math.nan,
                "objective_upper": share.upper if share else math.nan,
                "error": share.error if share else math.nan,
                "alone": _measure_step(mixtures, 0, 1 << one),
                "last": _measure_step(mixtures, mixtures.whole ^ (1 << one), mixtures.whole),
                "flips": tuple(process for process, flip in flips.items() if (one,) in flip.sets),
            }
        )  # fmt: skip
    nothing = dict.fromkeys([*MEASURES, "objective_lower", "objective_upper", "error", "alone", "last"], 0.0)
    rows += [
        {
            "cause": group.name,
            "details": group.details,
            "rows": len(group.rows),
            "levers": 0,
            "is_words": True,
            **nothing,
            "flips": (),
        }
        for group in words
    ]
    table = pd.DataFrame(rows, columns=list(CAUSE_COLUMNS))
    order = table["objective"].astype(float).abs().sort_values(ascending=False, kind="stable", na_position="last")
    return table.loc[order.index].reset_index(drop=True)


def _measure_step(mixtures: Mixtures, before: int, after: int) -> float:
    first, then = (mixtures.known.get(part) for part in (before, after))
    if first is None or then is None or first.status != PLAN or then.status != PLAN:
        return math.nan
    return then.amounts["objective"] - first.amounts["objective"]


def count_refused(mixtures: Mixtures) -> dict[str, int]:
    """Count the mixtures without a plan by why."""
    counts: dict[str, int] = {}
    for answer in mixtures.known.values():
        if answer.status != PLAN:
            counts[answer.status] = counts.get(answer.status, 0) + 1
    return counts
