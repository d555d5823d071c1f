"""Answers about a plan: one object that asks, and keeps what it was told, behind a function per question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from sourcing.errors import InputError, NoPlanFoundError
from sourcing.plan.explain.around import mark_chosen
from sourcing.plan.explain.differences import ask_differently
from sourcing.plan.explain.flips import flip_options
from sourcing.plan.explain.frontier import leave_untraced, trace_frontier
from sourcing.plan.explain.joint import Lifting, price_fewest, price_pairs
from sourcing.plan.explain.monotone import require_monotone
from sourcing.plan.explain.near_optimal import find_plans, list_stable
from sourcing.plan.explain.prices import price_all
from sourcing.plan.explain.reoptimizer import Reoptimizer
from sourcing.plan.explain.thresholds import find_thresholds, read_drivers
from sourcing.plan.tolerance import EQUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from sourcing.plan.explain.cache import AnswerCache
    from sourcing.plan.explain.differences import Difference
    from sourcing.plan.plan import Plan
    from sourcing.plan.question import Drivers

    Find: TypeAlias = Callable[[Reoptimizer], Any]

CASH_AND_LOSS = ("cash_cost", "expected_loss")


class _CheaperPlanError(Exception):
    """A search for an answer met a cheaper plan than the one it was asked about."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.plan = plan


class Explanation:
    """Everything that can be asked about a plan. What is found is kept with the plan, so that it is found once.

    Where a search meets a cheaper plan, which only a plan left with a gap allows, that one takes its place as `plan`,
    and the question is asked again: every answer is one about the plan that is `plan` then.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    drivers : DataFrame, function that gives one, or None
        The numbers behind the alternatives; those of the plan's question if None.
    cache : AnswerCache, optional
        Keeps answers for later runs too, those that no driver counts for.
    """

    def __init__(self, plan: Plan, drivers: Drivers = None, cache: AnswerCache | None = None) -> None:
        self.plan, self.drivers, self.cache = plan, drivers, cache

    def price_rules(self, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
        """Price every rule and ban; see the function `price_rules`."""
        return self._ask(("prices", gap, time_limit), price_all).copy()

    def price_together(self, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
        """Price every two rules and bans lifted together; see the function `price_together`."""
        return self._ask(("pairs", gap, time_limit), lambda opened: price_pairs(self._lift(opened))).copy()

    def price_savings(self, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
        """Find the fewest rules and bans to lift for a saving; see the function `price_savings`."""
        return self._ask(("savings", gap, time_limit), lambda opened: price_fewest(self._lift(opened))).copy()

    def flip_decisions(self, *, gap: float | None = None, time_limit: float = 60.0, every: bool = True) -> pd.DataFrame:
        """Find what forcing each option costs; see the function `flip_decisions`."""
        return self._ask(("flips", gap, time_limit, every), lambda opened: flip_options(opened, every)).copy()

    def flip_numbers(self, *, gap: float | None = None, time_limit: float = 60.0, every: bool = True) -> pd.DataFrame:
        """Find the change of each number that flips a decision; see the function `flip_numbers`."""
        flips = self.flip_decisions(gap=gap, time_limit=time_limit, every=every)

        def find() -> pd.DataFrame:
            return find_thresholds(self.plan, self._read_drivers(), flips)

        if self.drivers is not None:
            return find()
        return self._keep(("numbers", gap, every, time_limit), find).copy()

    def find_near_optimal_plans(self, slack: float = 0.02, count: int = 5, *, time_limit: float = 60.0) -> list[Plan]:
        """Find plans nearly as good and different; see the function `find_near_optimal_plans`."""
        if not slack >= 0.0 or count < 1:
            raise InputError(
                f"slack must be at least 0 and count at least 1; got {slack!r} and {count!r} at "
                "find_near_optimal_plans. Hint: slack=0.02 allows 2 %."
            )
        key = ("others", None, time_limit, slack, count)
        return list(self._ask(key, lambda opened: find_plans(opened, slack, count)))

    def list_core(
        self,
        others: list[Plan],
        slack: float = 0.02,
        *,
        gap: float | None = None,
        time_limit: float = 60.0,
        every: bool = True,
    ) -> pd.DataFrame:
        """List which decisions stand in all near-optimal plans; see the function `list_core`."""
        flips = self.flip_decisions(gap=gap, time_limit=time_limit, every=every)
        return list_stable(self.plan, others, flips, slack)

    def trace_around(
        self,
        measures: Sequence[str] = CASH_AND_LOSS,
        *,
        steps: Mapping[str, float] | None = None,
        time_limit: float = 60.0,
    ) -> pd.DataFrame:
        """Find the efficient plans of the plan's own question; see the function `trace_around`."""
        asked = self.plan.question

        def trace() -> pd.DataFrame:
            try:
                frontier = trace_frontier(
                    asked.alternatives, asked.rules, measures, steps=steps, cache=self.cache, links=asked.links,
                    handoff_costs=asked.handoff_costs, structure=asked.structure, solver=asked.solver,
                    effort=asked.effort, time_limit=time_limit,
                )  # fmt: skip
            except NoPlanFoundError:
                frontier = leave_untraced(measures)
            return mark_chosen(frontier, self.plan)

        return self._keep(("around", tuple(measures), repr(steps), time_limit), trace).copy()

    def what_if(self, changes: Mapping[str, Mapping[Any, Any]]) -> Difference:
        """Answer the plan's question with something changed; see the function `what_if`."""
        return ask_differently(self.plan, changes, self._read_drivers)

    def _read_drivers(self) -> pd.DataFrame:
        """Read the drivers, those of the plan's question once."""
        if self.drivers is not None:
            return read_drivers(self.plan.question, self.drivers)
        return self._keep(("drivers",), lambda: read_drivers(self.plan.question))

    def _ask(self, key: tuple[Hashable, float | None, float, *tuple[Hashable, ...]], find: Find) -> Any:
        """Give what was found for a kind of answer, gap, seconds and more before, or find it, for later runs too."""
        while True:
            try:
                return self._keep(key, lambda: self._recall(key, find))
            except _CheaperPlanError as met:
                self.plan = met.plan

    def _recall(self, key: tuple[Any, ...], find: Find) -> Any:
        def find_now() -> Any:
            opened = self._open(*key[1:3])
            found = find(opened)
            if opened.best.upper < self.plan.objective - EQUAL * max(1.0, abs(self.plan.objective)):
                raise _CheaperPlanError(opened.state_plan(opened.best.values))
            require_monotone(key[0], found, self.plan)
            return found

        if self.cache is None:
            return find_now()
        return self.cache.recall_or_find(key, self.plan.question, find_now, _state(self.plan))

    def _open(self, gap: float | None, time_limit: float) -> Reoptimizer:
        """Open the plan's question, or take it up where it is open, with the best plan known."""
        reoptimizer = self._keep(("reoptimizer", gap), lambda: Reoptimizer(self.plan, gap, time_limit))
        reoptimizer.allow(time_limit)
        return reoptimizer

    def _lift(self, opened: Reoptimizer) -> Lifting:
        """Open the questions of what lifting rules and bans saves, or take them up where they are open."""
        return self._keep(("lifting", opened), lambda: Lifting(opened))

    def _keep(self, key: tuple[Hashable, ...], find: Callable[[], Any]) -> Any:
        """Give what was found for a key before, or find it now; the key holds all that the answer depends on."""
        if key not in self.plan.findings:
            self.plan.findings[key] = find()
        return self.plan.findings[key]


def _state(plan: Plan) -> tuple[Any, ...]:
    """Give what of a plan an answer about it depends on, beside its question."""
    keys = [name for name in ("process", "option", "wave", "share") if name in plan.choices]
    prices = plan.multipliers
    return plan.choices[keys], plan.levels, None if prices is None else prices.to_dict()


def explain(plan: Plan, *, drivers: Drivers = None, cache: AnswerCache | None = None) -> Explanation:
    """Open the questions about a plan; see `Explanation`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": ["payroll"] * 2, "option": ["stay", "move"], "cost": [9.0, 7.0]})
    >>> explain(choose(offers)).flip_decisions()["forcing_cost"].tolist()
    [0.0, 2.0]
    """
    return Explanation(plan, drivers, cache)


def price_rules(plan: Plan, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
    """Price every rule and every ban of a plan by solving again, from the plan at hand.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    gap : float, optional
        How wide an interval may be, as a share of the objective. None: exact up to 60 processes, twice the plan's gap
        beyond.
    time_limit : float
        Seconds for all of them; what is open then comes as a proven interval.

    Returns
    -------
    DataFrame
        One row per rule, then one per ban (name in the locks, or `lock: process`) and one per set of bans that bar the
        same options ("one + other"), each part ranked by drop_saving: rule, kind (rule, ban or bans), what the rule
        says, used and slack (of its tightest limit), step (the rule's own,
        else 1 % of its limit);
        drop_saving: what the objective would fall by without it; NaN where the ban is not for sale;
        tighter_cost: what it would rise by one step tighter (inf if that leaves no plan; of `==` one step lower);
        looser_saving: what it would fall by one step looser (of `==` one step higher, possibly negative);
        each with `_lower` and `_upper`, its proven ends; exact (bool): all ends meet; the figure itself is
        always that of a plan at hand, never a bound;
        tighter_from … tighter_to, looser_from … looser_to: limits between which that price holds, see `find_range`;
        drop_moves, tighter_moves, looser_moves (tuple of processes that would be delivered otherwise); for_sale,
        priority, owner, reason.

    Notes
    -----
    Formula: with v(r) the least objective at limit r, `drop_saving = v(limit) - v(no limit)`, `tighter_cost =
    v(limit - step) - v(limit)`, `looser_saving = v(limit) - v(limit + step)` for `<=`, mirrored for `>=`. All limits
    of a rule with `for_each` move together. Where dropping a rule saves nothing, loosening it saves nothing either.
    Where a search stops with a gap, ends are proven bounds.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": list("aabb"), "option": ["stay", "move"] * 2, "cost": [9, 5, 8, 7.0]})
    >>> cap = pd.DataFrame({"rule": ["cap"], "measure": "count", "where": "option == 'move'", "sense": "<=",
    ...                     "limit": 1, "step": 1})
    >>> prices = price_rules(choose(offers, cap)).set_index("rule")
    >>> prices.loc["cap", ["drop_saving", "tighter_cost", "looser_saving"]].tolist()
    [1.0, 4.0, 1.0]
    """
    return explain(plan).price_rules(gap=gap, time_limit=time_limit)


def price_together(plan: Plan, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
    """Price every two rules and bans lifted together, of those that may bind.

    Parameters
    ----------
    plan, gap, time_limit
        As for `price_rules`.

    Returns
    -------
    DataFrame
        One row per pair, what saves most first: lifted (tuple of two names), kinds (tuple of rule or ban),
        drop_saving (what the objective would fall by without both) with `_lower` and `_upper`, beyond (what that is
        more than the two savings of each alone: below 0 where either of them is enough, above 0 where both stand in
        the way of the same), exact, moves (tuple of processes that would be delivered otherwise), owners (tuple).
        No row where nothing is saved without any of them.

    Notes
    -----
    Formula: `v(all) - v(without both)`. May bind: what saves alone, whose limit is used up, or what the plan without
    any rule or ban breaks or uses; at most 12, those that save most alone first.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": ["a", "a"], "option": ["stay", "move"], "cost": [9.0, 5.0], "n": [0, 2]})
    >>> caps = pd.DataFrame({"rule": ["one", "two"], "measure": "n", "where": "", "sense": "<=", "limit": 1.0})
    >>> price_together(choose(offers, caps))[["lifted", "drop_saving", "beyond"]].values.tolist()
    [[('one', 'two'), 4.0, 4.0]]
    """
    return explain(plan).price_together(gap=gap, time_limit=time_limit)


def price_savings(plan: Plan, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
    """Find for each number of rules and bans which of them save most when lifted: what it takes to save so much.

    Parameters
    ----------
    plan, gap, time_limit
        As for `price_rules`.

    Returns
    -------
    DataFrame
        One row per number that saves more than fewer do: count, lifted (tuple of names), saving with `_lower` and
        `_upper`, exact, moves, owners. To save an amount takes at least as many as the first row with a saving of at
        least that amount; up to six are lifted (see `ExplainEffort`). A rule of priority 0 and a ban that is not for
        sale are never lifted.

    Notes
    -----
    Formula: for n = 1, 2, … the least objective over all sets of at most n rules and bans, set and plan chosen at
    once; among those that may bind, see `price_together`.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": ["a", "a"], "option": ["stay", "move"], "cost": [9.0, 5.0], "n": [0, 2]})
    >>> caps = pd.DataFrame({"rule": ["one", "two"], "measure": "n", "where": "", "sense": "<=", "limit": 1.0})
    >>> price_savings(choose(offers, caps))[["count", "lifted", "saving"]].values.tolist()
    [[2, ('one', 'two'), 4.0]]
    """
    return explain(plan).price_savings(gap=gap, time_limit=time_limit)


def flip_decisions(
    plan: Plan, *, gap: float | None = None, time_limit: float = 60.0, every: bool = True
) -> pd.DataFrame:
    """Find what forcing each option of each process would cost, by solving again with everything else free.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    gap : float, optional
        How wide an interval may be, as a share of the objective. None: exact up to 60 processes, twice the plan's gap
        beyond.
    time_limit : float
        Seconds for all of them; what is open then comes as a proven interval.
    every : bool
        False searches to the end only for the nearest rival of each process; the other options come with the ends
        that the relaxation and plans close by prove.

    Returns
    -------
    DataFrame
        One row per (process, option), sorted: process, option, chosen, runner_up (the cheapest other option that is
        not barred), forcing_cost (best plan with this option less the best plan known; inf if there is none),
        lower, upper (its proven ends), exact (they meet), wave (that the option would take, where there are waves),
        moves (tuple of the other processes that would be delivered otherwise), is_barred, barred_by (tuple of bans,
        all set aside for this question), blocked_by (tuple of what keeps it out where it is impossible).
        `attrs["objective"]` is that of the best plan known: a forced plan cheaper than the plan takes its place.

    Notes
    -----
    Formula: `forcing_cost = min {objective : process i takes option o} - objective`. A process that is split gives all
    of itself to the option. Where a search stops with a gap, forcing_cost is that of the plan found.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": ["payroll"] * 2, "option": ["stay", "move"], "cost": [9.0, 7.0]})
    >>> flip_decisions(choose(offers))[["option", "chosen", "forcing_cost"]].values.tolist()
    [['move', True, 0.0], ['stay', False, 2.0]]
    """
    return explain(plan).flip_decisions(gap=gap, time_limit=time_limit, every=every)


def flip_numbers(
    plan: Plan, *, gap: float | None = None, time_limit: float = 60.0, every: bool = True, drivers: Drivers = None
) -> pd.DataFrame:
    """Find, for each number behind a process, the smallest change of it alone that makes another option the choice.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    gap, time_limit, every
        As for `flip_decisions`.
    drivers : DataFrame, function that gives one, or None
        In place of those of the question; see `read_drivers`.

    Returns
    -------
    DataFrame
        One row per process, driver and `of` (the option whose number it is; "" where it is the process's), sorted:
        to_option (what the decision flips to), today, needed (the value at which it surely has flipped), needed_sooner
        (no value nearer to today's flips it), change (needed - today), change_share (of today's value), exact (both
        are the same), flips (False: no value of it does; the rest is NaN then), held (tuple of the rules that count an
        amount which the number moves too: the answer takes those amounts as they are today).

    Notes
    -----
    Formula: forcing option o instead of c costs F; a number that moves their costs by r_o and r_c per unit flips the
    choice at a change of `F / (r_c - r_o)`, for the wave in which the difference is least or most where they
    differ; where the costs jump beside, stretch by stretch. Not linear: for each stretch of values the change of both
    costs is compared with F, and an option barred there, or no longer barred, counts as such. A process that is split
    is left out.
    """
    return explain(plan, drivers=drivers).flip_numbers(gap=gap, time_limit=time_limit, every=every)


def find_near_optimal_plans(plan: Plan, slack: float = 0.02, count: int = 5, *, time_limit: float = 60.0) -> list[Plan]:
    """Find plans within a slack of the best, each as different as possible from all before it.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    slack : float
        Share of the objective that a plan may be worse than the best known, at least 0.
    count : int
        At most so many.
    time_limit : float
        Seconds for all of them.

    Returns
    -------
    list of Plan
        Each decides at least two processes otherwise than the plan and than every other of them; fewer than `count`
        where there are no more. With more than 20 processes the farthest is found within a fifth of the processes.

    Raises
    ------
    InputError
        If slack is negative or count is below 1.

    Notes
    -----
    Formula: maximize d with `d <= number of processes whose option is another` for each plan so far and `objective <=
    best + slack |best|`; then, with that d held, lower the objective to within a thousandth of the least. Another
    wave of one option is no other decision.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": list("aabb"), "option": ["stay", "move"] * 2, "cost": [9, 9.1, 8, 8.1]})
    >>> [other.choices["option"].tolist() for other in find_near_optimal_plans(choose(offers))]
    [['move', 'move']]
    """
    return explain(plan).find_near_optimal_plans(slack, count, time_limit=time_limit)


find_alternatives = find_near_optimal_plans
"""The name by which scheduled jobs may still call `find_near_optimal_plans`."""


def list_core(
    plan: Plan,
    others: list[Plan],
    slack: float = 0.02,
    *,
    gap: float | None = None,
    time_limit: float = 60.0,
    every: bool = True,
) -> pd.DataFrame:
    """List which decisions stand in all of some plans, and which are free.

    Parameters
    ----------
    plan : Plan
    others : list of Plan
        From `find_near_optimal_plans` with the same slack.
    slack : float
    gap, time_limit, every
        As for `flip_decisions`, whose forcing costs prove what no plan within the slack decides otherwise.

    Returns
    -------
    DataFrame
        One row per process, sorted: process, option (the plan's; several of a split process joined by " + "), stands
        (bool: the same in all), proven (bool: every other option that is not barred costs more than the slack to
        force, so that it stands in every plan within the slack, found or not), options (tuple of those met).
    """
    return explain(plan).list_core(others, slack, gap=gap, time_limit=time_limit, every=every)


def trace_around(
    plan: Plan,
    measures: Sequence[str] = CASH_AND_LOSS,
    *,
    steps: Mapping[str, float] | None = None,
    time_limit: float = 60.0,
) -> pd.DataFrame:
    """Find the efficient plans of a plan's own question, with the plan itself marked among them.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    measures, steps
        As for `trace_frontier`.
    time_limit : float
        Seconds for the whole frontier.

    Returns
    -------
    DataFrame
        From `trace_frontier`, marked by `mark_chosen`.
    """
    return explain(plan).trace_around(measures, steps=steps, time_limit=time_limit)


def what_if(plan: Plan, changes: Mapping[str, Mapping[Any, Any]], drivers: Drivers = None) -> Difference:
    """Answer a plan's question with something changed.

    Parameters
    ----------
    plan : Plan
        From `choose`.
    changes : mapping
        `rule`: {name: new limit, or None to drop it}; `lock`: {process: option}; `cost`: {(process, option): new cost
        of all its waves}; or the name of a driver of the plan, such as `quote`: {(process, option): new value}, the
        option being the one whose number it is ("" for a score). Without such a driver `quote` means the cost.
        Several may change at once. A cost or a number changes what is paid: a rule on `cost`, and a `where` that reads
        it, counts the new cost; other amounts that rules count stay as they are.
    drivers : DataFrame, function that gives one, or None
        In place of those of the question.

    Returns
    -------
    Difference

    Raises
    ------
    InputError
        If a change names nothing that there is.
    InfeasiblePlanError, NoPlanFoundError
        As for `choose`, of the changed question; with what clashes, but without repairs, which take many times as long.

    Examples
    --------
    >>> offers = pd.DataFrame({"process": ["payroll"] * 2, "option": ["stay", "move"], "cost": [9.0, 7.0]})
    >>> from sourcing.plan import choose
    >>> answer = what_if(choose(offers), {"cost": {("payroll", "move"): 10.0}})
    >>> answer.moves[["option", "option_then"]].values.tolist(), answer.change
    ([['move', 'stay']], 2.0)
    """
    return explain(plan, drivers=drivers).what_if(changes)
