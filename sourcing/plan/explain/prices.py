"""What each rule and each ban costs: the plan without it, one step tighter and one step looser, solved again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.explain.bans import Ban, group_bans, list_bans
from sourcing.plan.explain.ranges import find_range
from sourcing.plan.explain.reoptimizer import IMPOSSIBLE, Answer, Search, show_progress
from sourcing.plan.model import measure_limit
from sourcing.plan.tolerance import KEPT

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Reoptimizer
    from sourcing.plan.model import Limit

STEP_SHARE = 0.01
"""A rule without a step of its own is moved by this share of its limit."""
COLUMNS = (
    "rule", "kind", "measure", "where", "sense", "limit", "relative_to", "for_each", "used", "slack", "step",
    "drop_saving", "tighter_cost", "looser_saving", "exact",
    "drop_saving_lower", "drop_saving_upper", "tighter_cost_lower", "tighter_cost_upper",
    "looser_saving_lower", "looser_saving_upper",
    "tighter_from", "tighter_to", "looser_from", "looser_to",
    "drop_moves", "tighter_moves", "looser_moves", "for_sale", "priority", "owner", "reason",
)  # fmt: skip


def price_all(reoptimizer: Reoptimizer) -> pd.DataFrame:
    """Price every rule, then every ban; see `price_rules`."""
    names = list(dict.fromkeys(limit.rule for limit in reoptimizer.instance.limits))
    priced = [
        _price_rule(reoptimizer, name, reoptimizer.allot(reoptimizer.effort.price_patience, len(names) - done))
        for done, name in enumerate(show_progress(names, "Pricing rules"))
    ]
    bans = list_bans(reoptimizer)
    banned = [_price_ban(reoptimizer, ban, "ban") for ban in show_progress(bans, "Pricing bans")]
    banned += [_price_ban(reoptimizer, ban, "bans") for ban in show_progress(group_bans(bans), "Pricing groups")]
    for done, name in enumerate(show_progress(names, "Finding ranges")):
        priced[done] |= _find_ranges(
            reoptimizer,
            name,
            priced[done].pop("shifts"),
            priced[done].pop("dropped"),
            reoptimizer.allot(1.0, len(names) - done),
        )
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


def _price_rule(reoptimizer: Reoptimizer, rule: str, patience: float) -> dict[str, Any]:
    limits = [(k, limit) for k, limit in enumerate(reoptimizer.instance.limits) if limit.rule == rule]
    first = limits[0][1]
    step = find_step(reoptimizer, [limit for _, limit in limits])
    toward = -1.0 if first.sense == ">=" else 1.0
    dropped = ask_dropped(reoptimizer, [k for k, _ in limits], patience)
    places = (first.limit - toward * step, first.limit + toward * step)
    tighter = Shift(places[0], ask_shifted(reoptimizer, rule, places[0], patience))
    if first.sense != "==" and dropped.upper >= reoptimizer.best.upper:
        looser = Shift(places[1], dropped)
    else:
        looser = Shift(places[1], ask_shifted(reoptimizer, rule, places[1], patience))
    used, slack = min(
        (measure_limit(reoptimizer.instance, limit, reoptimizer.best_shares) for _, limit in limits),
        key=lambda measured: measured[1],
    )
    given = reoptimizer.instance.rules.iloc[first.source]
    record = {name: given.get(name) for name in COLUMNS if name in given.index}
    record |= {"rule": rule, "kind": "rule", "limit": first.limit, "used": used, "slack": slack, "step": step}
    record |= {"priority": first.priority, "for_sale": True, "sense": first.sense}
    record |= _spell("drop_saving", reoptimizer, dropped) | _spell("looser_saving", reoptimizer, looser.answer)
    record |= _spell("tighter_cost", reoptimizer, tighter.answer)
    record["exact"] = all(answer.is_exact for answer in (reoptimizer.best, dropped, tighter.answer, looser.answer))
    for name, shift in (("tighter", tighter), ("looser", looser)):
        record[f"{name}_moves"] = reoptimizer.find_moves(shift.answer.values)
    return record | {
        "drop_moves": reoptimizer.find_moves(dropped.values),
        "shifts": (tighter, looser),
        "dropped": dropped,
    }


def _find_ranges(
    reoptimizer: Reoptimizer, rule: str, shifts: tuple[Shift, Shift], dropped: Answer, patience: float
) -> dict[str, float]:
    limits = [(k, limit) for k, limit in enumerate(reoptimizer.instance.limits) if limit.rule == rule]
    ends = [
        find_range(
            reoptimizer, limits, shift.limit, shift.answer, dropped, patience / reoptimizer.effort.range_searches
        )
        for shift in shifts
    ]
    names = ("tighter_from", "tighter_to", "looser_from", "looser_to")
    return dict(zip(names, (end for pair in ends for end in pair), strict=True))


def _price_ban(reoptimizer: Reoptimizer, ban: Ban, kind: str) -> dict[str, Any]:
    record: dict[str, Any] = {name: np.nan for name in COLUMNS if name.split("_")[0] in ("drop", "tighter", "looser")}
    record |= {"rule": ban.name, "kind": kind, "for_sale": ban.is_for_sale, "owner": ban.owner, "reason": ban.reason}
    record |= {"exact": True, "drop_moves": (), "tighter_moves": (), "looser_moves": ()}
    if not ban.is_for_sale:
        return record
    with reoptimizer.session as session:
        for k in ban.alone.tolist():
            session.free(k)
        answer = reoptimizer.ask(known=reoptimizer.known) if len(ban.alone) else reoptimizer.best
    record |= _spell("drop_saving", reoptimizer, answer)
    return record | {
        "exact": answer.is_exact and reoptimizer.best.is_exact,
        "drop_moves": reoptimizer.find_moves(answer.values),
    }


def _spell(name: str, reoptimizer: Reoptimizer, answer: Answer) -> dict[str, float]:
    """Give a price and its ends, as a saving or as a cost."""
    base = reoptimizer.best.upper
    ends = [reoptimizer.measure(end, base) for end in (answer.lower, answer.upper)]
    if name.endswith("saving"):
        return {name: 0.0 - ends[1], f"{name}_lower": 0.0 - ends[1], f"{name}_upper": 0.0 - ends[0]}
    return {name: ends[1], f"{name}_lower": ends[0], f"{name}_upper": ends[1]}


def find_step(reoptimizer: Reoptimizer, limits: list[Limit]) -> float:
    """Give the step of a rule: its own, else 1 % of its limit, else 1 % of the largest amount it counts, else 1."""
    given = reoptimizer.instance.rules.iloc[limits[0].source].get("step", np.nan)
    if given is not None and given == given and float(given) > 0.0:
        return float(given)
    size = abs(limits[0].limit) or max(float(np.abs(limit.amounts).max(initial=0.0)) for limit in limits)
    return STEP_SHARE * size or 1.0


def ask_dropped(reoptimizer: Reoptimizer, places: list[int], time_limit: float) -> Answer:
    """Ask for the least objective without some limits."""
    with reoptimizer.session as session:
        for k in places:
            session.set_row(reoptimizer.instance.find_row(k), -np.inf, np.inf)
        return reoptimizer.ask(known=reoptimizer.known, search=Search(time_limit=time_limit))


def ask_shifted(reoptimizer: Reoptimizer, rule: str, place: float, time_limit: float) -> Answer:
    """Ask for the least objective with all limits of a rule at another place."""
    limits = [replace(limit, limit=place) if limit.rule == rule else limit for limit in reoptimizer.instance.limits]
    own = [limit for limit in limits if limit.rule == rule]
    slacks = [measure_limit(reoptimizer.instance, limit, reoptimizer.best_shares)[1] for limit in own]
    is_kept = all(slack >= -KEPT * max(1.0, abs(place)) for slack in slacks)
    today = next(limit.limit for limit in reoptimizer.instance.limits if limit.rule == rule)
    is_tighter = own[0].sense != "==" and (place < today) == (own[0].sense == "<=")
    if is_kept and is_tighter:
        return reoptimizer.best
    known, search = reoptimizer.known if is_kept else IMPOSSIBLE, Search(time_limit=time_limit)
    if any(limit.base is not None for limit in own):
        return reoptimizer.ask(
            reoptimizer.open(reoptimizer.write(replace(reoptimizer.instance, limits=limits))), known, search
        )
    with reoptimizer.session as session:
        for k, limit in enumerate(limits):
            if limit.rule == rule:
                low, high = -np.inf if limit.sense == "<=" else place, np.inf if limit.sense == ">=" else place
                session.set_row(reoptimizer.instance.find_row(k), low, high)
        return reoptimizer.ask(known=known, search=search)
