"""What waiting a wave before moving costs, and what could be learned in the meantime is worth at most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import share_of
from sourcing.errors import InfeasiblePlanError
from sourcing.plan import answer, choose_again

if TYPE_CHECKING:
    from sourcing.uncertainty.robustness import Hindsight

COLUMNS = ["process", "wave", "delay", "known", "net"]


def price_waiting(hindsight: Hindsight, *, time_limit: float = 600.0) -> pd.DataFrame:
    """Price waiting: the moves of the plan's first wave may start in a later one only.

    delay = objective of the best such plan less that of the plan: what coming later costs if nothing is learned.
    known = mean over the futures solved again of (cost of that plan - cost of the best such plan in this future): what
    choosing later is worth at most, for by then every figure would have to be known. net = known - delay; waiting can
    pay only where it is above 0. Of one process: delay and known over its own alternatives, all else as planned and
    no rule considered, so that both are the least.

    Returns
    -------
    DataFrame
        The whole plan first (process ""), then each process that moves in the first wave, by net: process, wave,
        delay (inf where no plan that waits keeps every rule), known (NaN there), net. Empty where the unit has no
        waves or nothing moves. Money in the plan's objective.
    """
    futures = hindsight.futures
    decision = futures.decision
    table, own = decision.alternatives, share_of(decision, decision.plan)
    moving = decision.plan.choices[~decision.plan.choices["is_as_is"].astype(bool)]
    if "wave" not in table or moving.empty:
        return pd.DataFrame(columns=COLUMNS)
    first = moving["wave"].min()
    waits = ~((table["wave"] == first) & ~table["is_as_is"].astype(bool)).to_numpy()
    resolved = len(hindsight.regret)
    moved = futures.cash[:resolved].astype(float) - table["cash_cost"].to_numpy(float)
    whole = _price_whole(hindsight, waits, moved, time_limit)
    rows = [{"process": "", "wave": first, **whole}]
    cost = table["cost"].to_numpy(float)
    for process in moving.loc[moving["wave"] == first, "process"].unique():
        mine = (table["process"] == process).to_numpy()
        later = np.flatnonzero(mine & waits & (table["barred_by"] == "").to_numpy())
        if len(later):
            delayed = later[cost[later].argmin()]
            known = float((moved[:, delayed] - (moved[:, later] + cost[later] - cost[delayed]).min(axis=1)).mean())
            rows.append({"process": process, "wave": first, "known": known,
                         "delay": float(cost[delayed] - own[mine] @ cost[mine])})  # fmt: skip
    priced = pd.DataFrame(rows)
    priced = priced.assign(net=priced["known"] - priced["delay"])[COLUMNS]
    processes = priced.iloc[1:].sort_values(["net", "process"], ascending=[False, True])
    return pd.concat([priced.iloc[:1], processes], ignore_index=True)


def _price_whole(hindsight: Hindsight, waits: np.ndarray, moved: np.ndarray, time_limit: float) -> dict[str, float]:
    """Price waiting with every move of the first wave."""
    plan, table = hindsight.futures.decision.plan, hindsight.futures.decision.alternatives
    barred = table.loc[~waits, ["process", "option", "wave"]].assign(kind="bar")
    structure = dict(plan.question.structure or {})
    locks = pd.concat([structure.get("locks", barred.iloc[:0]), barred], ignore_index=True)
    try:
        delayed = answer(replace(plan.question, structure=structure | {"locks": locks}))
    except InfeasiblePlanError:
        return {"delay": np.inf, "known": np.nan}
    best = choose_again(delayed, table["cost"].to_numpy(float) + moved, time_limit=time_limit)
    shares = share_of(hindsight.futures.decision, delayed)
    at_best = np.einsum("fa,fa->f", best.shares, table["cost"].to_numpy(float) + moved) + best.fixed
    known = float((delayed.objective + moved @ shares - at_best).mean())
    return {"delay": delayed.objective - plan.objective, "known": known}
