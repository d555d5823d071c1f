"""Benefits: how far each has come, who answers for it, and where it will end; service beside satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import read_assumed
from sourcing.program.ledger.alignment import MONTH, Alignment
from sourcing.program.ledger.charges import count_points
from sourcing.program.ledger.invoices import find_target
from sourcing.value import SHARED

if TYPE_CHECKING:
    from sourcing.program.ledger.baseline import Baseline

RECENT = 3
"""Last months reported of a process from which its causes are carried on, and its service is judged (house rule)."""
OURS_NOT = ("volume", "exchange_rate")
"""Causes that the owner of a benefit does not answer for."""
ONCE = ("delay", "one_off")
"""Causes that are not carried on month by month."""
STATUSES = ("not due", "late", "ahead", "on track", "at risk", "off track")
AHEAD, ON_TRACK, AT_RISK = 1.05, 0.95, 0.75
"""Realized over promised from which a benefit is ahead, on track, at risk (house rule)."""


def rate_benefits(
    aligned: Alignment, leakage: pd.DataFrame, forecast: pd.DataFrame, baseline: Baseline
) -> pd.DataFrame:
    """Rate the benefit of each process that moves: to date, and forecast to completion.

    benefit = what today's delivery would have cost (as promised) less cost. Realized like for like leaves out volume
    and exchange rate, for which nobody answers.

    Parameters
    ----------
    aligned : Alignment
    leakage, forecast : DataFrame
        From `split_leakage` and `forecast_costs`.
    baseline : Baseline

    Returns
    -------
    DataFrame
        process, process_name, option_name, owner (who delivers), benefit_owner ("" where nobody), months (reported),
        goes_live (promised day), went_live (first month in which the option delivered; NaT if not yet), promised and
        realized (benefit to date), like_for_like, leakage (to date), promised_total, forecast_total (over the
        horizon), status (one of STATUSES), worst_cause and worst_amount (what cost most beyond the promise).
    """
    moves = baseline.commitments[baseline.commitments["is_moved_to"]]
    months, rows = aligned.months, aligned.rows
    last = months["month"].max()
    causes = leakage.pivot_table(index="process", columns="cause", values="amount", aggfunc="sum")
    totals = baseline.promise.groupby("process")[["cost", "suggestions", "as_is"]].sum()
    to_come = forecast.groupby("process")["forecast"].sum()
    found = []
    for process, own in moves.groupby("process"):
        paid = months[months["process"] == process]
        if paid.empty:
            continue
        leading = own.sort_values(["share", "option"], ascending=[False, True]).iloc[0]
        live = rows[(rows["process"] == process) & rows["option"].isin(own["option"]) & (rows["live_a"] > 0)]
        of_cause = causes.loc[process]
        promised = float((paid["as_is"] - paid["promised"]).sum())
        realized = float((paid["as_is"] - paid["actual"]).sum())
        alike = realized + float(of_cause[list(OURS_NOT)].sum())
        total, whole = totals.loc[process], float(to_come[process])
        worst = str(of_cause.idxmax())
        found.append(
            {
                **{name: leading[name] for name in ("process", "process_name", "option_name", "owner", "benefit_owner",
                                                    "goes_live")},
                "months": len(paid),
                "went_live": live["month"].min() if len(live) else pd.NaT,
                "promised": promised,
                "realized": realized,
                "like_for_like": alike,
                "leakage": float(of_cause.sum()),
                "promised_total": float(total["as_is"] - total["cost"] - total["suggestions"]),
                "forecast_total": float(total["as_is"]) - whole,
                "status": _judge(promised, alike, leading["goes_live"], last, is_live=len(live) > 0),
                "worst_cause": worst if of_cause[worst] > 0 else "",
                "worst_amount": max(float(of_cause[worst]), 0.0),
            }
        )  # fmt: skip
    columns = ["process", "process_name", "option_name", "owner", "benefit_owner", "goes_live", "months", "went_live",
               "promised", "realized", "like_for_like", "leakage", "promised_total", "forecast_total", "status",
               "worst_cause", "worst_amount"]  # fmt: skip
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(["leakage", "process"], ascending=[False, True], ignore_index=True)


def _judge(promised: float, alike: float, due: pd.Timestamp, last: pd.Timestamp, *, is_live: bool) -> str:
    """Judge a benefit; while spending still outweighs saving, by the difference over the spending promised."""
    ended = last + pd.DateOffset(months=1)
    if not is_live:
        return STATUSES[0] if due >= ended else STATUSES[1]
    ratio = 1 + (alike - promised) / abs(promised) if promised else (1.0 if alike >= 0 else 0.0)
    if ratio >= AHEAD:
        return STATUSES[2]
    return STATUSES[3] if ratio >= ON_TRACK else STATUSES[4] if ratio >= AT_RISK else STATUSES[5]


def forecast_costs(aligned: Alignment, leakage: pd.DataFrame, baseline: Baseline) -> pd.DataFrame:
    """Forecast what every process costs to the end of the horizon.

    The months to come cost what was promised, plus the causes of the last `RECENT` months at their average; a delay
    that goes on costs what it cost in the last month for as many months as it has lasted, as nothing better is known;
    one-off spending held back by it is still to come. House rule.

    Returns
    -------
    DataFrame
        process, month, promised, actual (empty where none was reported), forecast (actual where there is one), as_is;
        all processes of the baseline, `(shared)` and silent ones as promised.
    """
    table = baseline.promise.assign(promised=baseline.promise["cost"] + baseline.promise["suggestions"])
    table = table.groupby(MONTH)[["promised", "as_is"]].sum().reset_index()
    table = table.merge(aligned.months[[*MONTH, "actual"]], on=MONTH, how="left")
    table["forecast"] = table["actual"].fillna(table["promised"])
    by_cause = leakage.pivot_table(index=MONTH, columns="cause", values="amount", aggfunc="sum")
    for process, own in table[table["process"] != SHARED].groupby("process"):
        reported = own.loc[own["actual"].notna(), "month"]
        if reported.empty:
            continue
        last, causes = reported.max(), by_cause.loc[process]
        coming = own.index[own["month"] > last]
        lasting = causes.drop(columns=list(ONCE)).sort_index().tail(RECENT).sum(axis=1).mean()
        table.loc[coming, "forecast"] += lasting
        late = _count_late(aligned, str(process), last)
        table.loc[coming[:late], "forecast"] += float(causes["delay"].loc[last]) if late else 0.0
        held_back = -float(causes["one_off"].sum()) if late else 0.0
        if len(coming) and held_back > 0:
            table.loc[coming[min(late, len(coming) - 1)], "forecast"] += held_back
    return table


def _count_late(aligned: Alignment, process: str, last: pd.Timestamp) -> int:
    """Count the months for which the last month's delay has gone on; 0 where there is none."""
    rows = aligned.rows[aligned.rows["process"] == process]
    behind = (rows["live_a"] < rows["live_p"] - 1e-9).groupby(rows["month"]).any().sort_index(ascending=False)
    if not len(behind) or behind.index[0] != last:
        return 0
    return int(behind.cumprod().sum())


def compare_service(aligned: Alignment, baseline: Baseline) -> pd.DataFrame:
    """Compare the service that is measured with what its users say of it.

    Over the last `RECENT` months reported: service is green where it meets its target on average, else red;
    satisfaction is green from `satisfaction_green` up, red below `satisfaction_red`, else amber.

    Returns
    -------
    DataFrame
        process, process_name, option, owner, measure, level, target, points (over the target), satisfaction, service
        and satisfied (green, amber, red; "" where not reported), is_watermelon: green outside, red inside.
    """
    terms = baseline.commitments.set_index(["process", "option"])
    low, high = (read_assumed(f"satisfaction_{color}").value for color in ("red", "green"))
    seen, found = aligned.rows[aligned.rows["is_reported"]], []
    for process, own in seen.groupby("process"):
        recent = own[own["month"].isin(sorted(own["month"].unique())[-RECENT:])].sort_values("month")
        latest = recent.iloc[-1].to_dict()
        kept = recent[(recent["option"] == latest["option"]) & recent["service_measure"].eq(latest["service_measure"])]
        own_terms = terms.loc[(process, latest["option"])]
        level, target = float(kept["service"].mean()), find_target(latest, own_terms)
        satisfied = float(recent["satisfaction"].mean())
        if level != level and satisfied != satisfied:
            continue
        is_known = level == level and target == target
        points = count_points(str(latest["service_measure"]), level, target) if is_known else np.nan
        service = "" if points != points else "green" if points >= -1e-9 else "red"
        mood = "" if satisfied != satisfied else "red" if satisfied < low else "green" if satisfied >= high else "amber"
        found.append((process, own_terms["process_name"], latest["option"], own_terms["owner"],
                      latest["service_measure"], level, target, points, satisfied, service, mood,
                      service == "green" and mood == "red"))  # fmt: skip
    columns = ["process", "process_name", "option", "owner", "measure", "level", "target", "points", "satisfaction",
               "service", "satisfied", "is_watermelon"]  # fmt: skip
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(["is_watermelon", "process"], ascending=[False, True], ignore_index=True)
