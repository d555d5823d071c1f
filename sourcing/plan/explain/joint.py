"""What rules and bans cost together: in pairs, and the fewest to lift for a saving."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.explain.bans import list_bans
from sourcing.plan.explain.reoptimizer import Answer, show_progress
from sourcing.plan.model import add_column, add_most, bound_shared, measure_limit
from sourcing.plan.tolerance import EQUAL, KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.explain.reoptimizer import Reoptimizer
    from sourcing.plan.model import Problem

PAIR_COLUMNS = (
    "lifted", "kinds", "drop_saving", "drop_saving_lower", "drop_saving_upper", "beyond", "exact", "moves", "owners",
)  # fmt: skip
FEWEST_COLUMNS = ("count", "lifted", "saving", "saving_lower", "saving_upper", "exact", "moves", "owners")


@dataclass(frozen=True)
class Member:
    """A rule or ban that can be lifted.

    Attributes
    ----------
    name, kind, owner : str
        Kind is rule or ban.
    limits : tuple of int
        Its limits among all; of a ban none.
    gives_way : bool
        False for a rule of priority 0, which is priced but never lifted to save.
    """

    name: str
    kind: str
    owner: str
    limits: tuple[int, ...] = ()
    gives_way: bool = True


class Lifting:
    """Answers what the plan would cost without some rules and bans; what was asked once is kept."""

    def __init__(self, reoptimizer: Reoptimizer) -> None:
        self.reoptimizer = reoptimizer
        instance = reoptimizer.instance
        self._barred_by = {ban.name: ban.barred for ban in list_bans(reoptimizer)}
        owners = instance.rules.set_index("rule")["owner"] if "owner" in instance.rules else {}
        members = [
            Member(name, "rule", str(owners.get(name) or ""),
                   tuple(k for k, limit in enumerate(instance.limits) if limit.rule == name),
                   next(limit.priority for limit in instance.limits if limit.rule == name) != 0)
            for name in dict.fromkeys(limit.rule for limit in instance.limits)
        ]  # fmt: skip
        bans = [ban for ban in list_bans(reoptimizer) if ban.is_for_sale]
        members += [Member(ban.name, "ban", ban.owner) for ban in bans]
        self._answers: dict[frozenset[Member], Answer] = {frozenset(): reoptimizer.best}
        self.members = self._list_binding(members)

    def _list_binding(self, members: list[Member]) -> list[Member]:
        """List what may bind: lifted alone it saves, or its limit is used up, or the plan without any of all breaks it.

        At most `joint_members`, those that save most by themselves first.
        """
        reoptimizer, everything = self.reoptimizer, self.ask(members)
        if everything.lower >= reoptimizer.best.upper or everything.values is None:
            return []
        alone = {member: reoptimizer.best.upper - self.ask([member]).upper for member in members}
        shares = reoptimizer.read_shares(everything.values)
        limits = reoptimizer.instance.limits

        def binds(member: Member) -> bool:
            if member.kind == "ban":
                return bool(shares[self._barred_by[member.name]].any())
            slacks = [
                (measure_limit(reoptimizer.instance, limits[k], taken)[1], KEPT * max(1.0, abs(limits[k].limit)))
                for k in member.limits
                for taken in (shares, reoptimizer.best_shares)
            ]
            return any(slack <= near for slack, near in slacks)

        binding = [member for member in members if alone[member] > self.rounding or binds(member)]
        ranked = sorted(binding, key=lambda member: (-alone[member], member.name))
        return ranked[: reoptimizer.effort.joint_members]

    @property
    def rounding(self) -> float:
        """Two objectives this near to each other differ by rounding alone."""
        return EQUAL * max(abs(self.reoptimizer.best.upper), 1.0)

    def ask(self, lifted: Sequence[Member]) -> Answer:
        """Ask for the least objective without some rules and bans."""
        key = frozenset(lifted)
        if key not in self._answers:
            self._answers[key] = self._ask(key)
        return self._answers[key]

    def _ask(self, lifted: frozenset[Member]) -> Answer:
        """Look at what is known of fewer and of more first: lifting more never costs more."""
        fewer = [answer for other, answer in self._answers.items() if other < lifted]
        more = [answer for other, answer in self._answers.items() if lifted < other]
        known = min(fewer, key=lambda answer: answer.upper)
        lower = max((answer.lower for answer in more), default=-np.inf)
        if lower >= known.upper:
            return Answer(known.upper, known.upper, known.values)
        reoptimizer = self.reoptimizer
        with reoptimizer.session as session:
            for member in lifted:
                for k in member.limits:
                    session.set_row(reoptimizer.instance.find_row(k), -np.inf, np.inf)
            for k in np.flatnonzero(self.find_freed([member.name for member in lifted])).tolist():
                session.free(k)
            return reoptimizer.ask(known=Answer(lower, known.upper, known.values))

    def find_freed(self, names: Sequence[str]) -> np.ndarray:
        """Tell which alternatives are barred by nothing but some bans, shape (n,)."""
        kept = [barred for name, barred in self._barred_by.items() if name not in names]
        return self.reoptimizer.barred & ~np.logical_or.reduce([*kept, np.zeros_like(self.reoptimizer.barred)])

    def ask_best(self, count: int, lower: float) -> tuple[Answer, list[Member]]:
        """Ask which so many save most: of few sets each is asked, for a limit widened at will makes a weak bound."""
        soft = [member for member in self.members if member.gives_way]
        if comb(len(soft), count) > self.reoptimizer.effort.joint_sets:
            return self.ask_fewest(count, lower)
        sets = list(combinations(soft, count))
        answers = [self.ask(members) for members in sets]
        place = min(range(len(sets)), key=lambda k: answers[k].upper)
        least = max(lower, min(answer.lower for answer in answers))
        return Answer(min(least, answers[place].upper), answers[place].upper, answers[place].values), list(sets[place])

    def ask_fewest(self, count: int, lower: float) -> tuple[Answer, list[Member]]:
        """Ask which so many rules and bans save most when lifted.

        Parameters
        ----------
        count : int
        lower : float
            What any plan costs at least, whatever is lifted.

        Returns
        -------
        answer : Answer
        lifted : list of Member

        Notes
        -----
        Formula: minimize the objective with one binary z per rule and ban, `Σ z <= count`, each limit's row widened
        by `M z` with M what any choice can use beyond it, and per ban and process `Σ barred x <= z`.
        """
        reoptimizer, soft = self.reoptimizer, [member for member in self.members if member.gives_way]
        problem, first = self._write(soft, count), len(reoptimizer.problem.cost)
        session = reoptimizer.open(problem)
        for k in np.flatnonzero(self.find_freed([m.name for m in soft if m.kind == "ban"])).tolist():
            session.free(k)
        within = [each for each in self._answers.items() if len(each[0]) <= count and each[0] <= set(soft)]
        fewer, known = min(within, key=lambda each: each[1].upper)
        start = np.zeros(len(problem.cost))
        start[:first] = known.values
        start[first : first + len(soft)] = [member in fewer for member in soft]
        is_start = not any(reoptimizer.instance.limits[k].sense == "==" for member in fewer for k in member.limits)
        found = reoptimizer.ask(
            session, Answer(lower, known.upper, start) if is_start else reoptimizer.known_in(problem)
        )
        if found.values is None:
            return Answer(lower, known.upper, known.values), list(fewer)
        lifted = [member for member, z in zip(soft, found.values[first : first + len(soft)], strict=True) if z > 0.5]
        return Answer(found.lower, found.upper, found.values[:first]), lifted

    def _write(self, soft: list[Member], count: int) -> Problem:
        instance, problem = self.reoptimizer.instance, self.reoptimizer.problem
        first, rows = len(problem.cost), problem.matrix.shape[0]
        for number, member in enumerate(soft):
            amounts = np.zeros(rows)
            for k in member.limits:
                limit = instance.limits[k]
                if limit.sense != "==":
                    amounts[instance.find_row(k)] = (1.0 if limit.sense == ">=" else -1.0) * self._find_excess(k)
            problem = add_column(problem, f"lift {number}", 0.0, amounts, 1.0, integer=True)
        for number, member in enumerate(soft):
            for k in member.limits:
                if instance.limits[k].sense == "==":
                    problem = self._free_both_ways(problem, k, first + number)
        for number, member in enumerate(soft):
            if member.kind == "ban":
                barred, process_of = self._barred_by[member.name], instance.alternatives.process_of
                for process in np.unique(process_of[barred]).tolist():
                    own = np.append(np.flatnonzero(barred & (process_of == process)), first + number)
                    amounts = np.append(np.ones(len(own) - 1), -1.0)
                    problem = add_most(problem, f"barred {number} {process}", own, amounts, 0.0)
        places = first + np.arange(len(soft))
        return add_most(problem, "lifted", places, np.ones(len(soft)), float(count))

    def _free_both_ways(self, problem: Problem, at: int, place: int) -> Problem:
        row, most = self.reoptimizer.instance.find_row(at), self._find_excess(at)
        for sign in (1.0, -1.0):
            amounts = np.zeros(problem.matrix.shape[0])
            amounts[row] = sign
            problem = add_column(problem, f"freed {at} {sign:+g}", 0.0, amounts, most)
            own = np.array([len(problem.cost) - 1, place])
            problem = add_most(problem, f"freed {at} {sign:+g}", own, np.array([1.0, -most]), 0.0)
        return problem

    def _find_excess(self, at: int) -> float:
        """Give by how much any choice can miss a limit."""
        instance, limit = self.reoptimizer.instance, self.reoptimizer.instance.limits[at]
        use, right = np.zeros(len(instance.alternatives.cost)), limit.find_right_side()
        rows, amounts = limit.find_coefficients(len(use))
        use[rows] = amounts
        starts = instance.find_starts()
        least, most = bound_shared(instance, instance.weigh_lines(limit))
        above = float(np.maximum.reduceat(use, starts).sum()) + most - right
        below = right - float(np.minimum.reduceat(use, starts).sum()) - least
        return max(above if limit.sense != ">=" else 0.0, below if limit.sense != "<=" else 0.0, 0.0)


def price_pairs(lifting: Lifting) -> pd.DataFrame:
    """Price every two of the rules and bans that may bind, lifted together; see `price_together`."""
    reoptimizer = lifting.reoptimizer
    pairs = list(combinations(lifting.members, 2))
    records = []
    for pair in show_progress(pairs, "Pricing pairs"):
        answer, alone = lifting.ask(pair), [lifting.ask([member]) for member in pair]
        record = _record(lifting, pair, answer, "drop_saving")
        sum_alone = sum(0.0 - reoptimizer.measure(each.upper, reoptimizer.best.upper) for each in alone)
        record["beyond"] = record["drop_saving"] - sum_alone
        record["exact"] &= all(each.is_exact for each in alone)
        records.append(record | {"kinds": tuple(member.kind for member in pair)})
    records.sort(key=lambda record: (-record["drop_saving"], record["lifted"]))
    return pd.DataFrame(records, columns=list(PAIR_COLUMNS))


def price_fewest(lifting: Lifting) -> pd.DataFrame:
    """Find for each number of rules and bans those that save most when lifted; see `price_savings`."""
    reoptimizer = lifting.reoptimizer
    soft = [member for member in lifting.members if member.gives_way]
    if not soft:
        return pd.DataFrame(columns=list(FEWEST_COLUMNS))
    most, best = lifting.ask(soft), reoptimizer.best.upper
    records: list[dict[str, Any]] = []
    for count in range(1, min(len(soft), reoptimizer.effort.most_lifted) + 1):
        answer, lifted = lifting.ask_best(count, most.lower)
        if lifted and answer.upper < best - lifting.rounding:
            best = answer.upper
            records.append(_record(lifting, lifted, answer, "saving") | {"count": len(lifted)})
        if best <= most.lower + lifting.rounding:
            break
    return pd.DataFrame(records, columns=list(FEWEST_COLUMNS))


def _record(lifting: Lifting, lifted: Sequence[Member], answer: Answer, name: str) -> dict[str, Any]:
    reoptimizer = lifting.reoptimizer
    ends = [0.0 - reoptimizer.measure(end, reoptimizer.best.upper) for end in (answer.upper, answer.lower)]
    return {
        "lifted": tuple(member.name for member in lifted),
        name: ends[0],
        f"{name}_lower": ends[0],
        f"{name}_upper": ends[1],
        "exact": answer.is_exact and reoptimizer.best.is_exact,
        "moves": reoptimizer.find_moves(answer.values),
        "owners": tuple(dict.fromkeys(member.owner for member in lifted if member.owner)),
    }
