"""Named stresses and figures at their bad ends: what each adds to the cost of every alternative."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.value.cash import RUN
from sourcing.value.deals import find_means, list_ranges, weigh_outcomes
from sourcing.value.exposure import list_events
from sourcing.value.futures import spread_lines
from sourcing.value.volume import price_volume

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.case import Case, Outlook, Policy


class Stress(NamedTuple):
    """One thing that goes badly wrong: its name, whom it strikes, what happens, and what each alternative adds."""

    stress: str
    struck: str
    meaning: str
    added: np.ndarray


@cache
def load_stresses() -> pd.DataFrame:
    """Return the documented stresses.

    Returns
    -------
    DataFrame
        Columns stress, kind (figure, volume, abroad, event, everywhere), of (figure or cause), size (the figure's value
        as a ratio, or how many events), meaning, source.
    """
    return pd.read_csv(Path(__file__).with_name("stresses.csv"), keep_default_na=False)


def list_stresses(case: Case) -> pd.DataFrame:
    """List the stresses of a unit: the documented ones, with those of the case's table `stresses` beside them.

    A stress of the same name takes the place of the documented one. Columns as those of `load_stresses`.
    """
    documented, own = load_stresses(), case.stresses.drop(columns="business_unit")
    kept = documented[~documented["stress"].isin(own["stress"])]
    return pd.concat([kept, own], ignore_index=True)[["stress", "kind", "of", "size", "meaning", "source"]]


def price_stresses(
    case: Case,
    alternatives: pd.DataFrame,
    offers: pd.DataFrame,
    policy: Policy,
    outlook: Outlook,
    met: np.ndarray | None = None,
) -> list[Stress]:
    """Price each stress: what it adds to the cost of each alternative, net present value.

    A figure takes the stress's value in place of its mean; volume moves own cost and what contracts pay for it (see
    `price_volume`). An event strikes as often as the stress says in place of its expected number, for each outside
    owner and each country abroad; work that is with the owner or in the country for part of the time is struck in
    proportion.

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        From `build_alternatives`.
    offers : DataFrame
        From `list_offers`.
    policy : Policy
    outlook : Outlook
    met : ndarray of bool, shape (alternatives,), optional
        Alternatives whose owners and countries can be struck one by one; those that are not barred if None.
    """
    return list(_give_stresses(case, alternatives, offers, policy, outlook, met))


def _give_stresses(
    case: Case,
    table: pd.DataFrame,
    offers: pd.DataFrame,
    policy: Policy,
    outlook: Outlook,
    met: np.ndarray | None,
) -> Iterator[Stress]:
    ranges = list_ranges(case, use_ranges=policy.use_ranges)
    means = find_means(ranges[ranges["acts_on"] == "cash"])
    spread = spread_lines(table, means.index)
    listed = list_events(offers, case.unit, outlook)
    is_met = (table["barred_by"] == "").to_numpy() if met is None else met
    for row in list_stresses(case).to_dict("records"):
        name, meaning, size = row["stress"], row["meaning"], float(row["size"])
        if row["kind"] == "figure":
            mean = float(means[row["of"]])
            ratio = size / mean - 1 if mean else 0.0
            yield Stress(name, "", meaning, ratio * spread[means.index.get_loc(row["of"])])
        elif row["kind"] == "volume":
            yield Stress(name, "", meaning, price_volume(table, offers, case, size))
        elif row["kind"] == "abroad":
            paid = table[[f"cost_{line}" for line in RUN]].sum(axis=1).where(table["is_abroad"], 0.0)
            if paid.any():
                yield Stress(name, "", meaning, (size - 1) * paid.to_numpy(float))
        else:
            of_cause = listed[listed["cause"] == row["of"]]
            home = str(case.unit["home_country"])
            one_by_one = sorted(set(of_cause.loc[is_met[of_cause["row"]], "struck"]) - {home})
            for each in one_by_one if row["kind"] == "event" else [""]:
                struck = of_cause[of_cause["struck"] == each] if each else of_cause
                yield Stress(name, each, meaning, _strike(struck, size, len(table)))


def _strike(events: pd.DataFrame, size: float, alternatives: int) -> np.ndarray:
    """Let events strike so often in place of their expected number, at their own average loss.

    What is exposed for part of the time only is struck in proportion: events / the most that any alternative of whom
    it strikes expects.
    """
    most = events.groupby("struck")["events"].transform("max")
    added = events["loss"] * (size / most - 1)
    return np.bincount(events["row"].to_numpy(), weights=added.to_numpy(float), minlength=alternatives)


def list_ends(case: Case, alternatives: pd.DataFrame, policy: Policy) -> tuple[list[str], np.ndarray]:
    """List what the low and the high end of each uncertain figure of cash adds to the cost of each alternative.

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        From `build_alternatives`.
    policy : Policy

    Returns
    -------
    list of str
        The figures that have a range.
    ndarray, shape (figures, 2, alternatives)
        Added at the low and at the high end of the range, all other figures at their means.
    """
    ranges = list_ranges(case, alternatives[["process", "option"]], use_ranges=policy.use_ranges)
    means = find_means(ranges)
    of_cash = ranges.index[ranges["acts_on"] == "cash"]
    names = [name for name in of_cash if float(ranges.at[name, "high"]) > float(ranges.at[name, "low"])]
    spread = spread_lines(alternatives, weigh_outcomes(ranges, means.to_frame().T).columns)[:-1]
    ends = np.zeros((len(names), 2, len(alternatives)))
    for place, name in enumerate(names):
        for end, side in enumerate(("low", "high")):
            drawn = means.copy()
            drawn[name] = float(ranges.at[name, side])
            weights = weigh_outcomes(ranges, drawn.to_frame().T).to_numpy(float)[0]
            ends[place, end] = (weights - 1.0) @ spread
    return names, ends
