"""What it would cost to decide otherwise, option by option, everything else free to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.explain.bans import list_bans
from sourcing.plan.explain.blocking import name_blocks
from sourcing.plan.explain.forced import Forcing
from sourcing.plan.explain.memory import archive_answer, open_study, read_plan

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Answer, Study
    from sourcing.plan.plan import Plan


def flip_decisions(
    plan: Plan, *, gap: float | None = None, time_limit: float = 60.0, every: bool = True
) -> pd.DataFrame:
    """Find what forcing each option of each process would cost, by solving again with everything else free.

    Parameters
    ----------
    plan : Plan
        From `choose`, or a decision that has one.
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
    plan = read_plan(plan)
    question = ("flips", gap, every, time_limit)
    return archive_answer(plan, question, lambda: _flip_all(plan, gap, time_limit, every)).copy()


def _flip_all(plan: Plan, gap: float | None, time_limit: float, every: bool) -> pd.DataFrame:
    study = open_study(plan, gap, time_limit)
    options = study.list_options()
    answers = Forcing(study).ask_all([rows for _, _, rows in options], every)
    bans = [(ban.name, ban.barred) for ban in list_bans(study)]
    records = []
    for (process, option, rows), answer in zip(options, answers, strict=True):
        ends = [study.measure(end, study.best.upper) for end in (answer.lower, answer.upper)]
        is_barred = bool(study.barred[rows].all())
        record = {
            "process": process,
            "option": option,
            "chosen": bool(study.taken[rows].sum() > 0.0),
            "runner_up": False,
        }
        record |= {"forcing_cost": ends[1], "lower": ends[0], "upper": ends[1]}
        record |= {"exact": answer.is_exact and study.best.is_exact, "wave": _find_wave(study, rows, answer)}
        record |= {"moves": tuple(each for each in study.find_moves(answer.values) if each != process)}
        record |= {"is_barred": is_barred}
        record["barred_by"] = tuple(name for name, barred in bans if is_barred and barred[rows].any())
        record["blocked_by"] = name_blocks(study, rows) if answer.values is None and np.isinf(answer.lower) else ()
        records.append(record)
    table = _mark_runners_up(pd.DataFrame(records))
    table.attrs["objective"] = study.best.upper
    return table if "wave" in plan.alternatives else table.drop(columns="wave")


def _mark_runners_up(table: pd.DataFrame) -> pd.DataFrame:
    others = table[~table["chosen"] & ~table["is_barred"] & np.isfinite(table["forcing_cost"])]
    nearest = others.sort_values(["process", "forcing_cost", "option"], kind="stable").drop_duplicates("process")
    table.loc[nearest.index, "runner_up"] = True
    return table


def _find_wave(study: Study, rows: np.ndarray, answer: Answer) -> Any:
    if answer.values is None or "wave" not in study.statement.alternatives.table:
        return None
    taken = rows[study.read_shares(answer.values)[rows] > 0.0]
    return study.statement.alternatives.keys[int(taken[0])][2] if len(taken) else None
