"""How a plan stands against today over all futures: what it saves, how surely, and which causes move most money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import share_of
from sourcing.errors import InputError
from sourcing.plan import sum_measure
from sourcing.uncertainty.risk import cvar, cvar_error, mean_error
from sourcing.value import (
    count_days,
    find_means,
    find_moving_countries,
    price_assumptions,
    spread_lines,
    weigh_outcomes,
)

if TYPE_CHECKING:
    from sourcing.plan import Plan
    from sourcing.uncertainty.futures import Futures

TENTH = 0.1
NOTHING = 1e-6
"""Money that counts as none."""
NOISE = 3.0
"""Standard errors within which a difference between two sets of futures says nothing (house rule)."""
CAUSE_COLUMNS = ["cause", "kind", "struck", "low", "high", "at_low", "at_high", "share", "error"]
STANDINGS = {"cash": "saved in cash", "loss": "saved in losses", "total": "saved in all"}


def save_in_futures(futures: Futures) -> pd.DataFrame:
    """Return what the plan saves against today in each future: columns cash, loss and total, a loss negative."""
    decision = futures.decision
    return futures.measure(decision.as_is) - futures.measure(decision.plan)


def range_plan(futures: Futures, plan: Plan) -> tuple[float, float]:
    """Range what another plan of the unit saves in cash against today: tenth and ninetieth of a hundred futures."""
    decision = futures.decision
    saved = futures.measure(decision.as_is)["cash"] - futures.measure(plan)["cash"]
    low, high = np.quantile(saved.to_numpy(float), [TENTH, 1 - TENTH])
    return float(low), float(high)


def range_moves(futures: Futures) -> pd.DataFrame:
    """Range what the decision on each process saves in cash by itself, in the same futures as the plan.

    Returns
    -------
    DataFrame
        Index process; columns low and high (tenth and ninetieth of a hundred futures). Money that several processes
        share is none of theirs.
    """
    decision = futures.decision
    moved = share_of(decision, decision.as_is) - share_of(decision, decision.plan)
    rows = pd.Series(np.arange(len(moved)), decision.alternatives["process"].to_numpy()).groupby(level=0)
    ends = {
        process: np.quantile(futures.cash[:, places] @ moved[places], [TENTH, 1 - TENTH])
        for process, places in ((name, group.to_numpy()) for name, group in rows)
    }
    return pd.DataFrame.from_dict(ends, orient="index", columns=["low", "high"]).rename_axis("process")


def describe_saving(futures: Futures) -> pd.DataFrame:
    """Describe what the plan saves against today, both in the same futures.

    Returns
    -------
    DataFrame
        Index cash, loss, total; columns mean (exactly: the plan's own), drawn (mean of the futures), low, middle,
        high (tenth, fiftieth, ninetieth of a hundred), worst_tenth (mean of the worst tenth, as `cvar` of the
        negative), chance (that it is above 0), and the standard errors mean_error (of drawn), worst_tenth_error,
        chance_error, as if draws were random: they are stratified, so the errors are smaller than that. Money in the
        unit's currency, net present value.
    """
    saved, decision = save_in_futures(futures), futures.decision
    means = {
        name: sum_measure(decision.as_is, measure) - sum_measure(decision.plan, measure)
        for name, measure in (("cash", "cash_cost"), ("loss", "expected_loss"))
    }
    means["total"] = sum(means.values())
    rows = {}
    for name, column in saved.items():
        values = column.to_numpy(float)
        low, middle, high = np.quantile(values, [TENTH, 0.5, 1 - TENTH])
        chance = float((values > 0).mean())
        rows[name] = {
            "mean": means[name], "drawn": values.mean(), "low": low, "middle": middle, "high": high,
            "worst_tenth": 0.0 - cvar(-values, 1 - TENTH), "chance": chance,
            "mean_error": mean_error(values), "worst_tenth_error": cvar_error(-values, 1 - TENTH),
            "chance_error": float(np.sqrt(chance * (1 - chance) / len(values))),
        }  # fmt: skip
    return pd.DataFrame(rows).T


def count_lost_days(futures: Futures) -> pd.DataFrame:
    """Count the days that work is not done over the horizon, summed over processes, for today and the plan.

    Days of each event as `list_events` lists them x its size in that future.

    Returns
    -------
    DataFrame
        Index today, plan; columns mean, worst_tenth (mean of the tenth of futures with most of them), error (of that).

    Raises
    ------
    InputError
        The futures do not say what strikes in them.
    """
    if futures.strikes is None:
        raise InputError(
            "Futures must carry their events for days to be counted; got none. Hint: draw them by draw_futures."
        )
    decision, rows = futures.decision, {}
    for name, plan in (("today", decision.as_is), ("plan", decision.plan)):
        days = count_days(futures.strikes, share_of(decision, plan))
        rows[name] = {"mean": days.mean(), "worst_tenth": cvar(days, 1 - TENTH), "error": cvar_error(days, 1 - TENTH)}
    return pd.DataFrame(rows).T


def find_chance_within(futures: Futures, measure: str, limit: float) -> float:
    """Return the share of futures in which the plan keeps a limit on cash, loss or total."""
    return float((futures.measure(futures.decision.plan)[measure] <= limit).mean())


def move_alone(futures: Futures) -> pd.DataFrame:
    """Move one figure at a time and see what the plan saves more or less, all else as expected.

    At the tenth and the ninetieth of a hundred of its draws: the plan's and today's cash that moves with it x (drawn /
    mean - 1), today's less the plan's; of an assumption the repriced cash and loss towards that end, in proportion.

    Returns
    -------
    DataFrame
        Index figure; at_low, at_high: change of the saving, net present value.
    """
    decision, names = futures.decision, list(futures.figures)
    table, ranges = decision.alternatives, decision.figures
    means = find_means(ranges)
    ends = futures.figures.quantile([TENTH, 1 - TENTH]).to_numpy()
    outcomes = pd.DataFrame(np.tile(means.to_numpy(float), (2 * len(names), 1)), columns=means.index)
    for place, name in enumerate(names):
        outcomes.loc[[2 * place, 2 * place + 1], name] = ends[:, place]
    weights = weigh_outcomes(ranges, outcomes)
    less = share_of(decision, decision.as_is) - share_of(decision, decision.plan)
    spread = spread_lines(table, weights.columns, find_moving_countries(decision.case, table))
    moved = ((weights.to_numpy(float) - 1) @ (spread @ less)[:-1]).reshape(len(names), 2)
    found = pd.DataFrame(moved, index=pd.Index(names, name="figure"), columns=["at_low", "at_high"])
    assumed = price_assumptions(decision.offers, decision.case, decision.policy, decision.outlook)
    if assumed is None:
        return found
    for place, (name, row) in enumerate(assumed.ranges.iterrows()):
        if name in found.index:
            towards = (assumed.cash + assumed.loss)[2 * place : 2 * place + 2] @ less
            width = np.array([row["mean"] - row["low"], row["high"] - row["mean"]], dtype=float)
            away = np.array([row["mean"], -row["mean"]]) + ends[:, names.index(str(name))] * np.array([-1, 1])
            found.loc[str(name)] = np.divide(away, width, out=np.zeros(2), where=width > 0) * towards
    return found


def rank_causes(futures: Futures) -> pd.DataFrame:
    """Rank figures and events by how much of the spread of what the plan saves in all goes with them.

    Figures that move nothing of the saving by themselves are left out, though others that move it may move with them;
    so are events whose difference lies within NOISE of its standard errors.
    share = squared correlation of the saving with the cause. Of a figure: mean saving in the tenth of futures in which
    it is lowest, and highest. Of an event: mean saving where it does not strike, and where it does.

    Returns
    -------
    DataFrame
        Columns cause, kind (figure, event), struck ("" of a figure), low, high, at_low, at_high (values of the
        cause, then mean saving), share, error (of at_low - at_high); sorted by share.
    """
    saved = save_in_futures(futures)["total"].to_numpy(float)
    rows, alone = [], move_alone(futures).abs().max(axis=1)
    for name in alone.index[alone > NOTHING]:
        column = futures.figures[name]
        values = column.to_numpy(float)
        low, high = np.quantile(values, [TENTH, 1 - TENTH])
        rows.append({"cause": name, "kind": "figure", "struck": "", "low": low, "high": high}
                    | _compare(saved, values <= low, values >= high, values))  # fmt: skip
    for (cause, struck), column in futures.events.items():
        values = column.to_numpy(float)
        if values.any():
            rows.append({"cause": cause, "kind": "event", "struck": struck, "low": 0.0, "high": 1.0}
                        | _compare(saved, values == 0, values > 0, values))  # fmt: skip
    table = pd.DataFrame(rows, columns=CAUSE_COLUMNS)
    is_noise = (table["at_low"] - table["at_high"]).abs() <= NOISE * table["error"]
    table = table[(table["kind"] == "figure") | ~is_noise]
    return table.sort_values(["share", "cause", "struck"], ascending=[False, True, True], ignore_index=True)


def _compare(saved: np.ndarray, at_low: np.ndarray, at_high: np.ndarray, values: np.ndarray) -> dict[str, float]:
    ends = [saved[rows].mean() if rows.any() else np.nan for rows in (at_low, at_high)]
    error = np.hypot(mean_error(saved[at_low]), mean_error(saved[at_high]))
    spread = values.std() * saved.std()
    together = float(np.mean((values - values.mean()) * (saved - saved.mean())) / spread) if spread > 0 else 0.0
    return {"at_low": ends[0], "at_high": ends[1], "share": together**2, "error": float(error)}
