"""What each rule and each ban costs: the plan without it, one step tighter and one step looser, solved again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.explain.bans import Ban, list_bans
from sourcing.plan.explain.memory import archive_answer, open_study, read_plan
from sourcing.plan.explain.progress import show_progress
from sourcing.plan.explain.ranges import find_range
from sourcing.plan.explain.study import IMPOSSIBLE, Answer, Search
from sourcing.plan.model import TOLERANCE, measure_limit

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Study
    from sourcing.plan.model import Limit
    from sourcing.plan.plan import Plan

STEP_SHARE = 0.01
_PATIENCE = 0.5
_SEARCHES = 4
COLUMNS = (
    "rule", "kind", "measure", "where", "sense", "limit", "relative_to", "for_each", "used", "slack", "step",
    "drop_saving", "tighter_cost", "looser_saving", "exact",
    "drop_saving_lower", "drop_saving_upper", "tighter_cost_lower", "tighter_cost_upper",
    "looser_saving_lower", "looser_saving_upper",
    "tighter_from", "tighter_to", "looser_from", "looser_to",
    "drop_moves", "tighter_moves", "looser_moves", "for_sale", "priority", "owner", "reason",
)  # fmt: skip


def price_rules(plan: Plan, *, gap: float | None = None, time_limit: float = 60.0) -> pd.DataFrame:
    """Price every rule and every ban of a plan by solving again, from the plan at hand.

    Parameters
    ----------
    plan : Plan
        From `choose`, or a decision that has one.
    gap : float, optional
        How wide an interval may be, as a share of the objective. None: exact up to 60 processes, twice the plan's gap
        beyond.
    time_limit : float
        Seconds for all of them; what is open then comes as a proven interval.

    Returns
    -------
    DataFrame
        One row per rule, then one per ban (name in the locks, or `lock: process`), each part ranked by drop_saving:
        rule, kind (rule or ban), what the rule says, used and slack (of its tightest limit), step (the rule's own,
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
    plan = read_plan(plan)
    return archive_answer(plan, ("prices", gap, time_limit), lambda: _price_all(plan, gap, time_limit)).copy()


def _price_all(plan: Plan, gap: float | None, time_limit: float) -> pd.DataFrame:
    study = open_study(plan, gap, time_limit)
    names = list(dict.fromkeys(limit.rule for limit in study.statement.limits))
    priced = [
        _price_rule(study, name, _PATIENCE * study.left / (len(names) - done))
        for done, name in enumerate(show_progress(names, "Pricing rules"))
    ]
    banned = [_price_ban(study, ban) for ban in show_progress(list_bans(study), "Pricing bans")]
    for done, name in enumerate(show_progress(names, "Finding ranges")):
        priced[done] |= _find_ranges(study, name, priced[done].pop("shifts"), study.left / (len(names) - done))
    records = [record for part in (priced, banned) for record in sorted(part, key=_rank)]
    return pd.DataFrame(records, columns=list(COLUMNS))


def _rank(record: dict[str, Any]) -> tuple[float, float, str]:
    dropped, looser = (np.nan_to_num(record[name], nan=-np.inf) for name in ("drop_saving", "looser_saving"))
    return -dropped, -looser, record["rule"]


@dataclass(frozen=True)
class Shift:
    """A rule whose limits all stand at another place, and the least objective there."""

    limit: float
    answer: Answer


def _price_rule(study: Study, rule: str, patience: float) -> dict[str, Any]:
    limits = [(k, limit) for k, limit in enumerate(study.statement.limits) if limit.rule == rule]
    first = limits[0][1]
    step = find_step(study, [limit for _, limit in limits])
    toward = -1.0 if first.sense == ">=" else 1.0
    dropped = ask_dropped(study, [k for k, _ in limits], patience)
    places = (first.limit - toward * step, first.limit + toward * step)
    tighter = Shift(places[0], ask_shifted(study, rule, places[0], patience))
    if first.sense != "==" and dropped.upper >= study.best.upper:
        looser = Shift(places[1], dropped)
    else:
        looser = Shift(places[1], ask_shifted(study, rule, places[1], patience))
    used, slack = min(
        (measure_limit(limit, study.best_shares) for _, limit in limits), key=lambda measured: measured[1]
    )
    given = study.statement.rules.iloc[first.source]
    record = {name: given.get(name) for name in COLUMNS if name in given.index}
    record |= {"rule": rule, "kind": "rule", "limit": first.limit, "used": used, "slack": slack, "step": step}
    record |= {"priority": first.priority, "for_sale": True, "sense": first.sense}
    record |= _spell("drop_saving", study, dropped) | _spell("looser_saving", study, looser.answer)
    record |= _spell("tighter_cost", study, tighter.answer)
    record["exact"] = all(answer.is_exact for answer in (study.best, dropped, tighter.answer, looser.answer))
    for name, shift in (("tighter", tighter), ("looser", looser)):
        record[f"{name}_moves"] = study.find_moves(shift.answer.values)
    return record | {"drop_moves": study.find_moves(dropped.values), "shifts": (tighter, looser)}


def _find_ranges(study: Study, rule: str, shifts: tuple[Shift, Shift], patience: float) -> dict[str, float]:
    limits = [(k, limit) for k, limit in enumerate(study.statement.limits) if limit.rule == rule]
    ends = [find_range(study, limits, shift.limit, shift.answer, patience / _SEARCHES) for shift in shifts]
    names = ("tighter_from", "tighter_to", "looser_from", "looser_to")
    return dict(zip(names, (end for pair in ends for end in pair), strict=True))


def _price_ban(study: Study, ban: Ban) -> dict[str, Any]:
    record: dict[str, Any] = {name: np.nan for name in COLUMNS if name.split("_")[0] in ("drop", "tighter", "looser")}
    record |= {"rule": ban.name, "kind": "ban", "for_sale": ban.is_for_sale, "owner": ban.owner, "reason": ban.reason}
    record |= {"exact": True, "drop_moves": (), "tighter_moves": (), "looser_moves": ()}
    if not ban.is_for_sale:
        return record
    with study.session as session:
        for k in ban.alone.tolist():
            session.free(k)
        answer = study.ask(known=study.known) if len(ban.alone) else study.best
    record |= _spell("drop_saving", study, answer)
    return record | {"exact": answer.is_exact and study.best.is_exact, "drop_moves": study.find_moves(answer.values)}


def _spell(name: str, study: Study, answer: Answer) -> dict[str, float]:
    """Give a price and its ends, as a saving or as a cost."""
    base = study.best.upper
    ends = [study.measure(end, base) for end in (answer.lower, answer.upper)]
    if name.endswith("saving"):
        return {name: 0.0 - ends[1], f"{name}_lower": 0.0 - ends[1], f"{name}_upper": 0.0 - ends[0]}
    return {name: ends[1], f"{name}_lower": ends[0], f"{name}_upper": ends[1]}


def find_step(study: Study, limits: list[Limit]) -> float:
    """Give the step of a rule: its own, else 1 % of its limit, else 1 % of the largest amount it counts, else 1."""
    given = study.statement.rules.iloc[limits[0].source].get("step", np.nan)
    if given is not None and given == given and float(given) > 0.0:
        return float(given)
    size = abs(limits[0].limit) or max(float(np.abs(limit.amounts).max(initial=0.0)) for limit in limits)
    return STEP_SHARE * size or 1.0


def ask_dropped(study: Study, places: list[int], time_limit: float) -> Answer:
    """Ask for the least objective without some limits."""
    first = len(study.statement.alternatives.processes)
    with study.session as session:
        for k in places:
            session.set_row(first + k, -np.inf, np.inf)
        return study.ask(known=study.known, search=Search(time_limit=time_limit))


def ask_shifted(study: Study, rule: str, place: float, time_limit: float) -> Answer:
    """Ask for the least objective with all limits of a rule at another place."""
    limits = [replace(limit, limit=place) if limit.rule == rule else limit for limit in study.statement.limits]
    own = [limit for limit in limits if limit.rule == rule]
    is_kept = all(measure_limit(limit, study.best_shares)[1] >= -TOLERANCE * max(1.0, abs(place)) for limit in own)
    today = next(limit.limit for limit in study.statement.limits if limit.rule == rule)
    is_tighter = own[0].sense != "==" and (place < today) == (own[0].sense == "<=")
    if is_kept and is_tighter:
        return study.best
    known, search = study.known if is_kept else IMPOSSIBLE, Search(time_limit=time_limit)
    first = len(study.statement.alternatives.processes)
    if any(limit.base is not None for limit in own):
        return study.ask(study.open(study.write(replace(study.statement, limits=limits))), known, search)
    with study.session as session:
        for k, limit in enumerate(limits):
            if limit.rule == rule:
                low, high = -np.inf if limit.sense == "<=" else place, np.inf if limit.sense == ">=" else place
                session.set_row(first + k, low, high)
        return study.ask(known=known, search=search)
