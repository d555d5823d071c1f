"""Manpower planning: whom to hire, retrain and let go as the people that are needed change.

Source: Williams, Model Building in Mathematical Programming, 5th edition (2013), section 12.5, Manpower planning.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sourcing.errors import InputError

REDUNDANCY, COST = "redundancy", "cost"
SKILL_DEFAULTS = {
    "today": 0.0, "leave_share": 0.0, "leave_first_share": 0.0, "most_hired": np.inf, "redundancy_cost": 0.0,
    "over_cost": 0.0, "most_short_time": 0.0, "short_time_cost": 0.0,
}  # fmt: skip
PATH_DEFAULTS = {"most_people": np.inf, "most_share": np.inf, "kept_share": 1.0, "cost": 0.0}
KEPT = 1e-7
"""By so much the least redundancy may be exceeded while the cost of reaching it is minimized."""


@dataclass(frozen=True)
class Workforce:
    """A plan of people.

    Attributes
    ----------
    people : DataFrame
        One row per period and skill: period, skill, people (at its end), needed, hired, redundant, over, short_time.
    retrained : DataFrame
        One row per period and path in use: period, from_skill, skill, people (who leave the first).
    redundant : float
        All redundancies.
    cost : float
        Of redundancy, retraining, overmanning and short time.
    """

    people: pd.DataFrame
    retrained: pd.DataFrame
    redundant: float
    cost: float


def plan_workforce(
    skills: pd.DataFrame,
    needs: pd.DataFrame,
    paths: pd.DataFrame | None = None,
    *,
    minimize: str = REDUNDANCY,
    most_over: float = 0.0,
) -> Workforce:
    """Plan hiring, retraining and redundancy over periods by a linear program.

    people(t, s) = (1 - leave) people(t - 1, s) + (1 - leave in the first period) hired + sum of kept share x retrained
    into s - sum of retrained out of s - redundant; people - over - short_time / 2 = needed. Hired at most most_hired,
    short time at most most_short_time, over at most most_over over all skills; retrained on a path at most most_people
    and most_share of the people of its skill then.

    Parameters
    ----------
    skills : DataFrame
        Index skill; columns of SKILL_DEFAULTS, each with its default where left out: people today, shares who leave in
        a period by themselves, most hired in a period, costs a head and period.
    needs : DataFrame
        Index period in order, a column per skill: people needed.
    paths : DataFrame, optional
        Columns from_skill, skill and those of PATH_DEFAULTS: kept_share is the part of those who leave the first skill
        that arrives in the second.
    minimize : str
        redundancy (then the cheapest way to so few) or cost.
    most_over : float

    Raises
    ------
    InputError
        A skill of needs or paths is none of `skills`, minimize is neither, or what is needed cannot be reached.

    Examples
    --------
    Ten are needed of twelve, and one more in another skill: one of the two is retrained.

    >>> skills = pd.DataFrame({"today": [12.0, 0.0], "most_hired": 0.0}, index=["desk", "lead"])
    >>> needs = pd.DataFrame({"desk": [10.0], "lead": [1.0]}, index=[1])
    >>> path = pd.DataFrame({"from_skill": ["desk"], "skill": ["lead"]})
    >>> plan_workforce(skills, needs, path).redundant
    1.0
    """
    if minimize not in (REDUNDANCY, COST):
        raise InputError(f"minimize must be {REDUNDANCY} or {COST}; got {minimize!r}. Hint: name one of the two.")
    table = skills.assign(**{name: skills.get(name, value) for name, value in SKILL_DEFAULTS.items()}).astype(float)
    ways = pd.DataFrame(columns=["from_skill", "skill"]) if paths is None else paths.reset_index(drop=True)
    ways = ways.assign(**{name: ways.get(name, value) for name, value in PATH_DEFAULTS.items()})
    for name in [*needs.columns, *ways["from_skill"], *ways["skill"]]:
        if name not in table.index:
            raise InputError(f"a skill must be a row of skills; got {name!r}. Hint: add it, with its people today.")
    model = _Model(table, needs.reindex(columns=table.index, fill_value=0.0), ways, most_over)
    costs = model.list_costs()
    if minimize == COST:
        return model.read(model.solve(costs))
    redundant = model.mark(model.REDUNDANT)
    first = model.solve(redundant)
    least = float(redundant @ first)
    return model.read(model.solve(costs, (redundant, least + KEPT * max(1.0, least))))


class _Model:
    """Columns by kind, period and place of the skill; five kinds of skills, then retraining by path."""

    PEOPLE, HIRED, REDUNDANT, OVER, SHORT = range(5)

    def __init__(self, skills: pd.DataFrame, needs: pd.DataFrame, paths: pd.DataFrame, most_over: float) -> None:
        self.skills, self.needs, self.paths, self.most_over = skills, needs, paths, most_over
        self.needed = needs.to_numpy(float)
        self.periods, self.number = len(needs), len(skills)
        self.size = 5 * self.periods * self.number + self.periods * len(paths)

    def place(self, kind: int, period: int, skill: int) -> int:
        return (kind * self.periods + period) * self.number + skill

    def place_path(self, period: int, path: int) -> int:
        return 5 * self.periods * self.number + period * len(self.paths) + path

    def mark(self, kind: int) -> np.ndarray:
        first = self.place(kind, 0, 0)
        marks = np.zeros(self.size)
        marks[first : first + self.periods * self.number] = 1.0
        return marks

    def list_costs(self) -> np.ndarray:
        costs = np.zeros(self.size)
        named = ((self.REDUNDANT, "redundancy_cost"), (self.OVER, "over_cost"), (self.SHORT, "short_time_cost"))
        for period in range(self.periods):
            for kind, name in named:
                costs[self.place(kind, period, 0) : self.place(kind, period, self.number)] = self.skills[name]
            for path, cost in enumerate(self.paths["cost"]):
                costs[self.place_path(period, path)] = cost
        return costs

    def solve(self, objective: np.ndarray, held: tuple[np.ndarray, float] | None = None) -> np.ndarray:
        from scipy.optimize import linprog

        equal, sides = self._balance()
        most, limits = self._limit()
        if held is not None:
            most, limits = [*most, held[0]], [*limits, held[1]]
        found = linprog(
            objective, A_ub=np.array(most), b_ub=limits, A_eq=np.array(equal), b_eq=sides, bounds=self._bounds(),
            method="highs",
        )  # fmt: skip
        if not found.success:
            raise InputError(
                "the people needed must be within reach; got no way to hire, retrain and keep them. Hint: raise "
                "most_hired, or add a path of retraining."
            )
        return np.asarray(found.x)

    def _balance(self) -> tuple[list[np.ndarray], list[float]]:
        rows, sides = [], []
        places = {skill: place for place, skill in enumerate(self.skills.index)}
        for period in range(self.periods):
            for skill, terms in enumerate(self.skills.itertuples()):
                row = np.zeros(self.size)
                row[self.place(self.PEOPLE, period, skill)] = 1.0
                row[self.place(self.HIRED, period, skill)] = -(1 - terms.leave_first_share)
                row[self.place(self.REDUNDANT, period, skill)] = 1.0
                if period:
                    row[self.place(self.PEOPLE, period - 1, skill)] = -(1 - terms.leave_share)
                for number, path in enumerate(self.paths.itertuples()):
                    column = self.place_path(period, number)
                    row[column] += float(places[path.from_skill] == skill)
                    row[column] -= float(path.kept_share) * (places[path.skill] == skill)
                rows.append(row)
                sides.append(0.0 if period else (1 - terms.leave_share) * terms.today)
                row = np.zeros(self.size)
                row[self.place(self.PEOPLE, period, skill)] = 1.0
                row[self.place(self.OVER, period, skill)] = -1.0
                row[self.place(self.SHORT, period, skill)] = -0.5
                rows.append(row)
                sides.append(self.needed[period, skill])
        return rows, sides

    def _limit(self) -> tuple[list[np.ndarray], list[float]]:
        rows, limits = [], []
        places = {skill: place for place, skill in enumerate(self.skills.index)}
        for period in range(self.periods):
            row = np.zeros(self.size)
            row[self.place(self.OVER, period, 0) : self.place(self.OVER, period, self.number)] = 1.0
            rows.append(row)
            limits.append(self.most_over)
            for number, path in enumerate(self.paths.itertuples()):
                if np.isfinite(path.most_share):
                    row = np.zeros(self.size)
                    row[self.place_path(period, number)] = 1.0
                    row[self.place(self.PEOPLE, period, places[path.skill])] = -path.most_share
                    rows.append(row)
                    limits.append(0.0)
        return rows, limits

    def _bounds(self) -> np.ndarray:
        most = np.full(self.size, np.inf)
        for period in range(self.periods):
            for kind, name in ((self.HIRED, "most_hired"), (self.SHORT, "most_short_time")):
                most[self.place(kind, period, 0) : self.place(kind, period, self.number)] = self.skills[name]
            for path, people in enumerate(self.paths["most_people"]):
                most[self.place_path(period, path)] = people
        return np.column_stack([np.zeros(self.size), most])

    def read(self, values: np.ndarray) -> Workforce:
        clean = np.where(np.abs(values) < 1e-6, 0.0, values)
        names = {"people": self.PEOPLE, "hired": self.HIRED, "redundant": self.REDUNDANT, "over": self.OVER,
                 "short_time": self.SHORT}  # fmt: skip
        rows = [
            {"period": period, "skill": skill, "needed": self.needed[place, number]}
            | {name: clean[self.place(kind, place, number)] for name, kind in names.items()}
            for place, period in enumerate(self.needs.index)
            for number, skill in enumerate(self.skills.index)
        ]
        moved = [
            {"period": period, "from_skill": path.from_skill, "skill": path.skill,
             "people": clean[self.place_path(place, number)]}
            for place, period in enumerate(self.needs.index)
            for number, path in enumerate(self.paths.itertuples())
            if clean[self.place_path(place, number)] > 0
        ]  # fmt: skip
        people = pd.DataFrame(rows)[["period", "skill", "people", "needed", "hired", "redundant", "over", "short_time"]]
        retrained = pd.DataFrame(moved, columns=["period", "from_skill", "skill", "people"])
        return Workforce(people, retrained, float(people["redundant"].sum()), float(self.list_costs() @ clean))
