"""Moves of a plan with their days, and the waves in which they start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan import share_amounts
from sourcing.program.roadmap.dates import date_each
from sourcing.value import count_leavers, count_transferred, list_waves

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision

MONTHS_A_QUARTER = 3
OF_OFFERS = ["parallel_months", "ramp_months"]
PEOPLE = ["transferred", "leavers", "redeployed", "hired"]
MOVE_COLUMNS = [
    "process", "process_name", "wave", "option", "name", "delivery_model", "from_owner", "from_location",
    "from_country", "owner", "owner_type", "location", "country", "changes_owner", "changes_place", "share", "start",
    "parallel_start", "go_live", "steady", "start_months", "go_live_months", "parallel_months", "ramp_months",
    "people", "fte", *PEOPLE, "knowledge_transfer_hours", "one_off_cost", "cash_cost", "from_cash_cost", "saving",
    "expected_loss", "from_expected_loss", "customer_contact_share", "waits_for",
]  # fmt: skip
WAVE_COLUMNS = [
    "wave", "start", "last_go_live", "blackout", "moves", "people", "knowledge_transfer_hours", "capacity_hours",
    "transition_spend", "budget", "one_off_cost", "saving", "expected_loss", "from_expected_loss", "loss_of_moving",
    "most_at_risk",
]  # fmt: skip


def list_moves(decision: Decision) -> pd.DataFrame:
    """List what moves, in the order in which it starts.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    DataFrame
        One row per move, or part of a split one; columns MOVE_COLUMNS. wave: of the calendar, else as `number_waves`
        says. start: knowledge transfer begins; parallel_start: the new delivery runs, and is paid, beside today's from
        then to go_live; steady: its ramp is over. people: today's whose work moves; fte: who do it then. transferred,
        leavers (severed), redeployed: today's own people; hired: the new delivery's. saving: as-is less planned cash,
        present value; waits_for: processes that an order lets start first, joined by "; ".
    """
    chosen, today = share_amounts(decision.plan), decision.as_is.choices.set_index("process")
    moves = chosen[~chosen["is_as_is"].astype(bool)].copy()
    keys = [name for name in ("process", "option", "wave") if name in decision.offers]
    beside = decision.offers.set_index(keys).loc[pd.MultiIndex.from_frame(moves[keys])]
    counts = count_people(beside)
    for name in OF_OFFERS:
        moves[name] = beside[name].to_numpy(float)
    for name in PEOPLE:
        moves[name] = counts[name].to_numpy(float) * moves["share"].astype(float)
    for name in ("owner", "location", "country"):
        moves[f"from_{name}"] = moves["process"].map(today[name])
    for name in ("cash_cost", "expected_loss"):
        moves[f"from_{name}"] = moves["process"].map(today[name]).astype(float) * moves["share"].astype(float)
    moves["wave"] = number_waves(moves)
    months = moves["go_live_months"]
    moves["parallel_months"] = np.minimum(moves["parallel_months"], months - moves["start_months"])
    unit = decision.case.unit
    moves["start"], moves["go_live"] = date_each(unit, moves["start_months"]), date_each(unit, months)
    moves["parallel_start"] = date_each(unit, months - moves["parallel_months"])
    moves["steady"] = date_each(unit, months + moves["ramp_months"])
    moves["changes_owner"] = moves["owner"] != moves["from_owner"]
    moves["changes_place"] = moves["location"] != moves["from_location"]
    moves["people"], moves["saving"] = moves["changed_fte"], moves["from_cash_cost"] - moves["cash_cost"]
    before = _list_before(decision.case)
    moves["waits_for"] = [before.get(process, "") for process in moves["process"]]
    return moves.sort_values(["start_months", "wave", "go_live_months", "process"], ignore_index=True)[MOVE_COLUMNS]


def count_people(offers: pd.DataFrame) -> pd.DataFrame:
    """Count whom each move touches, for a whole process: columns PEOPLE.

    own = today's own people; leavers = (own - transferred) x share severed; redeployed = the rest of them; hired = the
    new delivery's people x share recruited.
    """
    own = offers["headcount_fte"] * (offers["today_owner_type"] == "own").astype(float)
    transferred, leavers = count_transferred(offers), count_leavers(offers)
    hired = offers["fte"] * offers["recruited_share"]
    table = {"transferred": transferred, "leavers": leavers, "redeployed": own - transferred - leavers, "hired": hired}
    return pd.DataFrame(table)


def number_waves(moves: pd.DataFrame) -> pd.Series:
    """Number the waves: those of the calendar, else the quarters in which something goes live, the first being 1.

    Examples
    --------
    >>> number_waves(pd.DataFrame({"go_live_months": [6.0, 3.0, 5.0, 3.0]})).tolist()
    [2, 1, 1, 1]
    """
    if "wave" in moves:
        return moves["wave"].astype(int)
    quarters = moves["go_live_months"] // MONTHS_A_QUARTER
    places = {quarter: place for place, quarter in enumerate(sorted(quarters.unique()), start=1)}
    return quarters.map(places).astype(int)


def _list_before(case: Case) -> dict[str, str]:
    waiting = case.orders[case.orders["kind"] == "not_before"]
    return waiting.groupby("process_a")["process_b"].agg(lambda names: "; ".join(sorted(set(names)))).to_dict()


def list_program_waves(decision: Decision, moves: pd.DataFrame) -> pd.DataFrame:
    """List the waves with what each carries, limits and risk beside it.

    Parameters
    ----------
    decision : Decision
    moves : DataFrame
        From `list_moves`.

    Returns
    -------
    DataFrame
        One row per wave of the calendar, else of `number_waves`; columns WAVE_COLUMNS. capacity_hours and budget: NaN
        where there is no limit. transition_spend: what the budget pays, price-year money. expected_loss: of the moves
        of the wave, over the horizon; from_expected_loss: of the same work as it is today; loss_of_moving: the part of
        it that is the move itself failing; most_at_risk: the process whose move may lose most.
    """
    chosen = share_amounts(decision.plan)
    keys = ["process", "option"]
    spent = chosen.set_index(keys)[["transition_spend", "loss_move"]]
    moves = moves.join(spent.groupby(keys).sum(), on=keys)
    sums = ["people", "knowledge_transfer_hours", "transition_spend", "one_off_cost", "saving", "expected_loss",
            "from_expected_loss"]  # fmt: skip
    grouped = moves.groupby("wave")
    table = grouped[sums].sum().assign(
        moves=grouped["process"].nunique(), loss_of_moving=grouped["loss_move"].sum(), start=grouped["start"].min(),
        last_go_live=grouped["go_live"].max(), blackout=False, capacity_hours=np.nan, budget=np.nan,
    )  # fmt: skip
    if len(decision.case.calendar):
        calendar = list_waves(decision.case).set_index("wave")
        table = table.reindex(calendar.index)
        table[[*sums, "moves", "loss_of_moving"]] = table[[*sums, "moves", "loss_of_moving"]].fillna(0.0)
        table["start"], table["blackout"] = calendar["start"], calendar["blackout"].astype(bool)
        table["capacity_hours"] = calendar["knowledge_transfer_hours"].astype(float)
        table["budget"] = calendar["transition_budget"].astype(float)
    most = moves.sort_values(["expected_loss", "process"], ascending=[False, True]).drop_duplicates("wave")
    named = dict(zip(most["wave"], most["process"], strict=True))
    table["most_at_risk"] = [named.get(wave, "") for wave in table.index]
    return table.astype({"moves": int}).rename_axis("wave").reset_index()[WAVE_COLUMNS]
