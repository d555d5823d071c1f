"""One-off spending of a move, cause by cause, in the quarter in which it is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.case import read_assumed
from sourcing.value.cash.prices import find_first_end, read_column
from sourcing.value.cash.quarters import Quarters, mark_quarter, share_live, spread_between
from sourcing.value.cash.running import OWN_RUN, RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

UNTIL_GO_LIVE = ("knowledge_transfer", "travel", "training", "set_up")
"""Causes with a sum of their own, spread from the start of the move to go-live."""


def price_moves(offers: pd.DataFrame, quarters: int) -> dict[str, Quarters]:
    """Price the one-off spending of each move, in price-year money (exit in contract money).

    All but exit at the mean of one-off spending against the plan (`mean_one_off`). Formulas, per move; heads are
    today's own people, wage their labor cost:

    - transition: `transition_cost` x stretch; knowledge_transfer, travel, training, set_up: as given x stretch; all
      spread evenly from start to go-live.
    - recruitment: people of the option x share recruited x cost per head, likewise; an empty cost per head is
      `hiring_cost_share` x the option's labor cost.
    - parallel: the option's steady running cost over the parallel months before go-live.
    - severance: heads x (1 - share transferred) x share severed x wage x months / 12, at go-live.
    - staff_transfer: heads x share transferred x cost per head, at go-live.
    - service_dip: share of output lost x today's running cost over the months of the dip, from go-live.
    - investment: in the quarter of the start. tender: at the start and at each re-tender inside the horizon.
    - exit: leaving today's deal and cleaning up, at go-live; handing back at each end of the terms.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters)
    """
    start, go_live = offers["start_months"].to_numpy(float), offers["go_live_months"].to_numpy(float)
    moved = ~offers["is_as_is"].to_numpy(bool)[:, None]
    stretch, waiting = read_column(offers, "stretch"), spread_between(start, go_live, quarters)
    first, at_go_live = mark_quarter(start, quarters), mark_quarter(go_live, quarters)
    flows = {"transition": np.where(moved, read_column(offers, "transition_cost") * stretch * waiting, 0)}
    for cause in UNTIL_GO_LIVE:
        flows[cause] = np.where(moved, read_column(offers, f"{cause}_cost") * stretch * waiting, 0)
    by_wage = read_assumed("hiring_cost_share").value * offers["labor_cost_per_fte"]
    hired = offers["fte"] * offers["recruited_share"] * offers["recruitment_cost_per_head"].fillna(by_wage)
    flows["recruitment"] = np.where(moved, hired.to_numpy(float)[:, None] * waiting, 0)
    monthly = sum(read_column(offers, line) for line in RUN) / 12
    months = np.minimum(offers["parallel_months"].to_numpy(float), go_live - start)
    both = monthly * months[:, None] * spread_between(go_live - months, go_live, quarters)
    flows["parallel"] = np.where(moved, both, 0)
    leaving, passing = count_leavers(offers), count_transferred(offers)
    paid = leaving * offers["today_labor_per_head"] * offers["severance_months"] / 12
    flows["severance"] = np.where(moved, paid.to_numpy(float)[:, None] * at_go_live, 0)
    handed = passing * offers["transfer_cost_per_head"]
    flows["staff_transfer"] = np.where(moved, handed.to_numpy(float)[:, None] * at_go_live, 0)
    flows["service_dip"] = np.where(moved, _price_dip(offers, quarters), 0)
    flows["investment"] = read_column(offers, "investment") * first
    ends = mark_ends(offers, quarters)
    flows["tender"] = read_column(offers, "tender_cost") * (np.where(moved, first, 0) + ends)
    leave = price_exit(offers, go_live) + offers["clean_up_cost"].to_numpy(float)
    hand_back = read_column(offers, "hand_back_cost") * ends
    mean = read_column(offers, "mean_one_off")
    flows = {cause: mean * flow for cause, flow in flows.items()}
    flows["exit"] = np.where(moved, leave[:, None] * at_go_live, 0) + hand_back
    return flows


def count_transferred(offers: pd.DataFrame) -> pd.Series:
    """Count today's own people who pass to the new owner with their terms."""
    own = (offers["today_owner_type"] == "own").astype(float)
    return offers["headcount_fte"] * own * offers["transferred_share"]


def count_leavers(offers: pd.DataFrame) -> pd.Series:
    """Count today's own people who lose their job: neither transferred nor redeployed."""
    own = offers["headcount_fte"] * (offers["today_owner_type"] == "own").astype(float)
    return (own - count_transferred(offers)) * offers["severed_share"]


def _price_dip(offers: pd.DataFrame, quarters: int) -> Quarters:
    go_live = offers["go_live_months"].to_numpy(float)
    until = go_live + offers["service_dip_months"].to_numpy(float)
    today = sum(read_column(offers, f"today_{line}") for line in RUN) / 4
    dipped = share_live(go_live, quarters) - share_live(until, quarters)
    return read_column(offers, "service_dip_share") * today * dipped


def mark_ends(offers: pd.DataFrame, quarters: int) -> Quarters:
    """Mark the quarters in which the terms of an option end inside the horizon and it is tendered again.

    The first end is that of `find_first_end`; the following ones come a term, and its renewals, later.
    """
    marks = np.zeros((len(offers), quarters))
    ends, again = find_first_end(offers), offers["term_months"].to_numpy(float) * (1 + offers["renewals"].to_numpy())
    rows = np.flatnonzero(ends < 3 * quarters)
    while len(rows):
        marks[rows, (ends[rows] // 3).astype(int)] += 1
        ends = ends + again
        rows = rows[ends[rows] < 3 * quarters]
    return marks


def price_stranded(offers: pd.DataFrame, today: Mapping[str, Quarters], live: Quarters) -> Quarters:
    """Price the part of today's own running cost that does not end with the move (what a contract owes is exit).

    stranded = (1 - avoidable share) x released share x today's own running cost, from go-live. What moves away releases
    all of it; what is improved at today's own site only what it saves there in a steady year, max(0, 1 - the option's /
    today's).

    Parameters
    ----------
    offers : DataFrame
    today : mapping of line to ndarray
        From `go_on`.
    live : ndarray
    """
    staying = 1 - read_column(offers, "avoidable_share")
    before, after = (sum(read_column(offers, f"{side}{line}") for line in OWN_RUN) for side in ("today_", ""))
    saved = np.maximum(1 - after / np.where(before > 0, before, np.inf), 0)
    released = np.where(improves_in_place(offers).to_numpy()[:, None], saved, 1)
    moved = ~offers["is_as_is"].to_numpy(bool)[:, None]
    return np.where(moved, staying * released * sum(today[line] for line in OWN_RUN) * live, 0)


def improves_in_place(offers: pd.DataFrame) -> pd.Series:
    """Tell which options change the work of today's own people at today's own site."""
    own = (offers["owner_type"] == "own") & (offers["today_owner_type"] == "own")
    return own & (offers["location"] == offers["today_location"])


def price_exit(offers: pd.DataFrame, go_live_months: np.ndarray) -> np.ndarray:
    """Return what leaving today's deal at go-live costs, shape (alternatives,).

    The smaller of the break fee and the minimum payments still owed, minimum_per_year x months left / 12. An empty
    cell is no term of the deal and not an amount of 0: with one of the two empty the other is owed, with both empty
    nothing; a minimum of 0 owes nothing, so leaving is free. Nothing after the deal's end. House rule: the buyer takes
    the cheaper of what the terms allow.

    Examples
    --------
    >>> import pandas as pd
    >>> nan = float("nan")
    >>> offers = pd.DataFrame({"months_left": [12.0] * 5, "break_fee": [50.0, 50.0, 50.0, nan, nan],
    ...                        "minimum_per_year": [120.0, 0.0, nan, 120.0, nan]})
    >>> price_exit(offers, np.full(5, 0.0)), price_exit(offers, np.full(5, 9.0)), price_exit(offers, np.full(5, 12.0))
    (array([ 50.,   0.,  50., 120.,   0.]), array([30.,  0., 50., 30.,  0.]), array([0., 0., 0., 0., 0.]))
    """
    remaining = np.maximum(offers["months_left"].fillna(0).to_numpy(float) - go_live_months, 0)
    owed = offers["minimum_per_year"].to_numpy(float) * remaining / 12
    cheaper = np.fmin(offers["break_fee"].to_numpy(float), owed)
    return np.where((remaining > 0) & ~np.isnan(cheaper), cheaper, 0.0)
