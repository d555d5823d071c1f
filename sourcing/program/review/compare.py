"""Compare two decisions of a unit: what changed in data, levers, decisions and money, and which change caused which."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.errors import InfeasiblePlanError, InputError, NoPlanFoundError
from sourcing.plan import tell_difference, what_if
from sourcing.program.review.causes import (
    CAUSE_COLUMNS,
    EXACT,
    NO_MONEY,
    NO_ORDER,
    NOTHING,
    SAMPLED,
    Effort,
    count_refused,
    find_flip,
    read_feasibility,
    share_money,
    solve_mixtures,
    tabulate_causes,
)
from sourcing.program.review.changes import list_changes, list_filled_changes, list_lever_changes
from sourcing.program.review.groups import group_changes
from sourcing.program.review.mixtures import MEASURES, Answer, Mixtures, Side, read_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.decide import Decision
    from sourcing.program.review.causes import Flip
    from sourcing.program.review.groups import Group
    from sourcing.program.review.mixtures import Choice

SOLVES = 256
"""Mixtures that are solved at most: every one of up to eight groups."""
DECISION_COLUMNS = (
    "process", "name", "change", "before", "after", "before_name", "after_name", "wave_before", "wave_after",
    "cash_before", "cash_after", "loss_before", "loss_after", "causes", "other_causes", "needed", "is_smallest",
    "keeping_cost",
)  # fmt: skip
MONEY_COLUMNS = ("line", "kind", "before", "after", "change")
DRIFT_COLUMNS = ("run", "measure", "recorded", "solved")
OTHERWISE, SAME, ADDED, REMOVED = "decided otherwise", "same decision", "added", "removed"
MEASURE, LINE = "measure", "line"
CENT = 0.005


@dataclass(frozen=True)
class Comparison:
    """What changed between two decisions of one unit, and why.

    Attributes
    ----------
    business_unit, name, currency : str
        As afterwards.
    status_before, status_after : str
        `plan`, `infeasible` or `out of time`.
    is_comparable : bool
        Whether both amounts are in one currency; if not, none is subtracted.
    changes : DataFrame
        What differs in the tables given: table, key, change, column, before, after.
    filled : DataFrame
        What the reference filled in, where it differs: process, option, column, before, after, sources.
    levers : DataFrame
        Levers that differ: name, before, after.
    decisions : DataFrame
        One row per process that is decided otherwise, was added or removed, or costs something else: before and after
        (option; parts with their shares where split) with their names, waves, cash and loss of the process itself;
        causes (names of the groups of the first smallest set that alone decides it so), other_causes (further sets as
        small, each names joined by " + "), needed (groups without which it is not decided so), is_smallest (whether no
        smaller set does is proven), keeping_cost (what staying with the option of before would cost more now: inf where
        it cannot be).
    money : DataFrame
        line, kind (measure or line), before, after, change; the lines add up to the objective.
    causes : DataFrame
        One row per group of changes with its share of each measure; see `tabulate_causes`.
    feasibility : tuple of tuple of str
        Where one side has a plan and the other none: the smallest sets of groups that make it so.
    effort : Effort
        How the causes were found.
    drift : DataFrame
        Where a run's record differs from what its inputs give now: run (before or after), measure, recorded, solved.
    """

    business_unit: str
    name: str
    currency: str
    status_before: str
    status_after: str
    is_comparable: bool
    changes: pd.DataFrame
    filled: pd.DataFrame
    levers: pd.DataFrame
    decisions: pd.DataFrame
    money: pd.DataFrame
    causes: pd.DataFrame
    feasibility: tuple[tuple[str, ...], ...]
    effort: Effort
    drift: pd.DataFrame

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing differs: neither data nor levers, decisions, money or records."""
        tables = (self.changes, self.levers, self.decisions, self.drift)
        same = self.status_before == self.status_after and self.is_comparable
        return same and not any(map(len, tables)) and not self.money["change"].abs().gt(CENT).any()


def compare_decisions(before: Decision, after: Decision, *, solves: int = SOLVES) -> Comparison:
    """Compare two decisions of one unit, such as those of two notebooks.

    Parameters
    ----------
    before, after : Decision
    solves : int
        Mixtures of the two cases to solve at most. Up to log2(solves) changes are shared exactly, more by a sample of
        orders with its error.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        The decisions are of two units.

    Examples
    --------
    >>> from sourcing import load_case
    >>> from sourcing.decide import decide_unit
    >>> case = load_case("data/tiny", "alpha")
    >>> looser = case.replace(rules=case.rules.assign(limit=[30.0, 200_000.0]))
    >>> found = compare_decisions(decide_unit(case), decide_unit(looser))
    >>> found.changes[["column", "before", "after"]].values.tolist()
    [['limit', '20', '30']]
    >>> found.decisions[["process", "before", "after", "causes"]].values.tolist()
    [['payroll', 'shared', 'provider', ('rules: no more than 20 people move to outside owners',)]]
    >>> found.causes["objective"].tolist()
    [-57500.0]
    """
    return compare_sides(take_side(before), take_side(after), solves=solves)


def take_side(decision: Decision) -> Side:
    """Take a decision as a side of a comparison."""
    levers = asdict(decision.policy) | asdict(decision.outlook)
    return Side(decision.case, levers, decision.question, decision.plan)


def compare_sides(before: Side, after: Side, *, solves: int = SOLVES, drift: pd.DataFrame | None = None) -> Comparison:
    """Compare two sides; see `compare_decisions`."""
    units = [side.case.unit for side in (before, after)]
    if units[0]["business_unit"] != units[1]["business_unit"]:
        raise InputError(
            f"Two runs must be of one business unit to be compared; got {units[0]['business_unit']!r} and "
            f"{units[1]['business_unit']!r}. Hint: name two runs of the same unit, or two folders of packs."
        )
    if solves < 2:
        raise InputError(f"solves must be at least 2, both sides; got {solves}. Hint: leave it out.")
    levers = list_lever_changes(before.levers, after.levers)
    every = group_changes(before.case, after.case, levers)
    groups = [group for group in every if not group.is_words]
    words = [group for group in every if group.is_words]
    is_comparable = bool(units[0]["currency"] == units[1]["currency"])
    mixtures = Mixtures(before, after, groups)
    orders = solve_mixtures(mixtures, len(groups), solves) if groups else []
    has_both = before.plan is not None and after.plan is not None
    shares = share_money(mixtures, groups, orders) if groups and has_both and is_comparable else None
    flips = _find_flips(mixtures, len(groups)) if groups and has_both else {}
    refused = count_refused(mixtures)
    method = (
        NOTHING
        if not groups
        else NO_MONEY
        if not (has_both and is_comparable)
        else NO_ORDER
        if shares is None
        else SAMPLED
        if orders
        else EXACT
    )
    feasibility: tuple[tuple[str, ...], ...] = ()
    if groups and read_feasibility(read_answer(before)) != read_feasibility(read_answer(after)):
        found = find_flip(mixtures, len(groups), read_feasibility)
        feasibility = tuple(_name(part, groups) for part in found.sets)
    return Comparison(
        business_unit=str(units[1]["business_unit"]),
        name=str(units[1]["name"]),
        currency=str(units[1]["currency"]),
        status_before=before.status,
        status_after=after.status,
        is_comparable=is_comparable,
        changes=list_changes(before.case, after.case),
        filled=list_filled_changes(before.case, after.case),
        levers=levers,
        decisions=_list_decisions(before, after, flips, groups),
        money=_list_money(before, after, is_comparable),
        causes=tabulate_causes(mixtures, groups, words, shares, flips)
        if every
        else pd.DataFrame(columns=list(CAUSE_COLUMNS)),
        feasibility=feasibility,
        effort=Effort(method, len(orders), len(mixtures.known), refused),
        drift=pd.DataFrame(columns=list(DRIFT_COLUMNS)) if drift is None else drift,
    )


def _find_flips(mixtures: Mixtures, count: int) -> dict[str, Flip]:
    """Find what flipped each process that both sides have and that is decided otherwise."""
    old, new = mixtures.known[0].choices, mixtures.known[mixtures.whole].choices

    def read(process: str) -> Any:
        return lambda answer: answer.choices.get(process)

    return {
        process: find_flip(mixtures, count, read(process))
        for process in sorted(old.keys() & new.keys())
        if old[process] != new[process]
    }


def _name(part: Sequence[int], groups: Sequence[Group]) -> tuple[str, ...]:
    return tuple(groups[one].name for one in part)


def _list_decisions(before: Side, after: Side, flips: Mapping[str, Flip], groups: Sequence[Group]) -> pd.DataFrame:
    if before.plan is None or after.plan is None:
        return pd.DataFrame(columns=list(DECISION_COLUMNS))
    names = {
        str(process): str(name)
        for side in (before, after)
        for process, name in zip(side.case.processes["process"], side.case.processes["name"], strict=True)
    }
    old, new = read_answer(before), read_answer(after)
    money = [_sum_processes(side) for side in (before, after)]
    rows = []
    for process in sorted(old.choices.keys() | new.choices.keys()):
        own = {
            f"{measure}_{when}": table.get(process, {}).get(column, math.nan)
            for when, table in zip(("before", "after"), money, strict=True)
            for measure, column in (("cash", "cash_cost"), ("loss", "expected_loss"))
        }
        change = _name_change(process, old, new)
        if change == SAME and all(
            abs(own[f"{measure}_after"] - own[f"{measure}_before"]) <= CENT for measure in ("cash", "loss")
        ):
            continue
        flip = flips.get(process)
        sets = [_name(part, groups) for part in flip.sets] if flip else []
        choice = [answer.choices.get(process, ()) for answer in (old, new)]
        rows.append(
            {
                "process": process, "name": names.get(process, process), "change": change,
                "before": _write_choice(choice[0], {}), "after": _write_choice(choice[1], {}),
                "before_name": _write_choice(choice[0], _name_options(before, process)),
                "after_name": _write_choice(choice[1], _name_options(after, process)),
                "wave_before": _read_wave(choice[0]), "wave_after": _read_wave(choice[1]), **own,
                "causes": sets[0] if sets else (), "other_causes": tuple(" + ".join(each) for each in sets[1:]),
                "needed": _name(flip.needed, groups) if flip else (),
                "is_smallest": flip.is_smallest if flip else True,
                "keeping_cost": _price_keeping(after, process, choice[0]) if flip else math.nan,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(DECISION_COLUMNS))
    order = table["change"].map({OTHERWISE: 0, ADDED: 1, REMOVED: 2, SAME: 3})
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _name_change(process: str, old: Answer, new: Answer) -> str:
    if process not in old.choices:
        return ADDED
    if process not in new.choices:
        return REMOVED
    return SAME if old.choices[process] == new.choices[process] else OTHERWISE


def _write_choice(choice: Choice, names: Mapping[str, str]) -> str:
    """Write what is decided: the option, or each part with its share."""
    if len(choice) == 1:
        return names.get(choice[0][0], choice[0][0])
    return " + ".join(f"{share:.0%} {names.get(option, option)}" for option, _, share in choice)


def _name_options(side: Side, process: str) -> dict[str, str]:
    rows = side.question.alternatives
    own = rows[rows["process"] == process].drop_duplicates("option")
    return {str(option): str(name) for option, name in zip(own["option"], own["name"], strict=True)}


def _read_wave(choice: Choice) -> float:
    waves = {wave for _, wave, _ in choice}
    return waves.pop() if len(waves) == 1 and min(waves) >= 0 else math.nan


def _sum_processes(side: Side) -> dict[str, dict[str, float]]:
    if side.plan is None:
        return {}
    rows = side.plan.choices
    amounts = rows[["cash_cost", "expected_loss"]].mul(rows["share"], axis=0).groupby(rows["process"]).sum()
    return {
        str(process): {str(k): float(v) for k, v in row.items()} for process, row in amounts.to_dict("index").items()
    }


def _price_keeping(after: Side, process: str, choice: Choice) -> float:
    """Give what staying with the option of before would cost more now; NaN where that is not one option of today's."""
    options = {option for option, _, _ in choice}
    if after.plan is None or len(options) != 1 or options == {part[0] for part in read_answer(after).choices[process]}:
        return math.nan
    option, alternatives = options.pop(), after.question.alternatives
    own = alternatives[(alternatives["process"] == process) & (alternatives["option"] == option)]
    if own.empty or (own["barred_by"] != "").all():
        return math.inf
    try:
        return what_if(after.plan, {"lock": {process: option}}).change
    except InfeasiblePlanError:
        return math.inf
    except NoPlanFoundError:
        return math.nan


def _list_money(before: Side, after: Side, is_comparable: bool) -> pd.DataFrame:
    old, new = (read_answer(side).amounts for side in (before, after))
    rows: list[tuple[str, str, float, float]] = [
        (measure, MEASURE, old.get(measure, math.nan), new.get(measure, math.nan)) for measure in MEASURES
    ]
    if before.plan is not None and after.plan is not None:
        lines = tell_difference(before.plan, after.plan, {}).lines
        told = lines[(lines[["now", "then"]].abs() > CENT).any(axis=1)]
        rows += [
            (str(line), LINE, float(now), float(then))
            for line, now, then in zip(told.index, told["now"], told["then"], strict=True)
        ]
    table = pd.DataFrame(rows, columns=["line", "kind", "before", "after"])
    change = table["after"] - table["before"] if is_comparable else math.nan
    return table.assign(change=change)[list(MONEY_COLUMNS)]
