"""Everything that is asked about how far a unit's plan can be trusted, studied once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.card import Card, Carded
from sourcing.decide import list_cash_limits
from sourcing.uncertainty.caution import trace_caution
from sourcing.uncertainty.conditions import FailureRule, find_failure_rule
from sourcing.uncertainty.futures import Futures, draw_futures
from sourcing.uncertainty.gaps import list_expectation_gaps
from sourcing.uncertainty.reference_class import place_case
from sourcing.uncertainty.robustness import RESOLVED, Hindsight, choose_in_futures, price_information, rate_decisions
from sourcing.uncertainty.sensitivity import measure_sensitivity
from sourcing.uncertainty.standing import (
    TENTH,
    count_lost_days,
    describe_saving,
    find_chance_within,
    rank_causes,
    save_in_futures,
)
from sourcing.uncertainty.stresses import stress_plan
from sourcing.uncertainty.waiting import price_waiting
from sourcing.value import FUTURES

if TYPE_CHECKING:
    from sourcing.decide import Decision

OFTEN = 0.02
"""Share of futures from which losing money is what is called failing; below it the worst tenth is (house rule)."""


@dataclass(frozen=True, repr=False)
class Study(Carded):
    """What the futures say of a unit's plan.

    Attributes
    ----------
    futures : Futures
    saving : DataFrame
        From `describe_saving`.
    causes : DataFrame
        From `rank_causes`.
    chances : DataFrame
        Rules on all cash with the share of futures that keep each: rule, limit, chance.
    hindsight : Hindsight
        The plans that would have been best, had the figures been known.
    decisions : DataFrame
        From `rate_decisions`.
    flips : Series
        Part of the variance of how many decisions would have been others that goes with each figure.
    worth : float
        What knowing all figures before deciding would be worth.
    information : DataFrame
        From `price_information`.
    waiting : DataFrame
        From `price_waiting`.
    stresses : DataFrame
        From `stress_plan`.
    failure : FailureRule
    fails_by_losing : bool
        Whether failing means that cash and losses together are worse than today; else it is the worst tenth.
    placed : DataFrame
        From `place_case`.
    caution : DataFrame
        From `trace_caution`.
    gaps : DataFrame
        From `list_expectation_gaps`.
    days : DataFrame
        From `count_lost_days`.
    """

    futures: Futures
    saving: pd.DataFrame
    causes: pd.DataFrame
    chances: pd.DataFrame
    hindsight: Hindsight
    decisions: pd.DataFrame
    flips: pd.Series
    worth: float
    information: pd.DataFrame
    waiting: pd.DataFrame
    stresses: pd.DataFrame
    failure: FailureRule
    fails_by_losing: bool
    placed: pd.DataFrame
    caution: pd.DataFrame
    gaps: pd.DataFrame
    days: pd.DataFrame

    @property
    def decision(self) -> Decision:
        """The decision that was studied."""
        return self.futures.decision

    def _card(self) -> Card:
        return Card(
            "Study",
            {
                "business unit": self.decision.case.unit["name"],
                "futures": len(self.futures.cash),
                "figures and events that move the saving": len(self.causes),
                "decisions rated": len(self.decisions),
            },
            "pack.show_chances(study)",
        )


def study_unit(decision: Decision, futures: int = FUTURES, resolved: int = RESOLVED) -> Study:
    """Study a decision: how sure it is, how bad it may get, what would change it and what to find out first.

    Parameters
    ----------
    decision : Decision
    futures : int
        How many futures are drawn.
    resolved : int
        In how many of them the plan is chosen again.
    """
    drawn = draw_futures(decision, futures)
    causes = rank_causes(drawn)
    hindsight = choose_in_futures(drawn, min(resolved, futures))
    worth, information = price_information(hindsight)
    saved = save_in_futures(drawn)["total"].to_numpy(float)
    loses = saved < 0
    fails_by_losing = bool(loses.mean() >= OFTEN)
    fails = loses if fails_by_losing else saved <= np.quantile(saved, TENTH)
    return Study(
        futures=drawn,
        saving=describe_saving(drawn),
        causes=causes,
        chances=_list_chances(drawn),
        hindsight=hindsight,
        decisions=rate_decisions(hindsight),
        flips=measure_sensitivity(_count_flips(hindsight), drawn.figures.iloc[: len(hindsight.regret)]),
        worth=worth,
        information=information,
        waiting=price_waiting(hindsight),
        stresses=stress_plan(decision),
        failure=find_failure_rule(_join_causes(drawn, causes), fails),
        fails_by_losing=fails_by_losing,
        placed=place_case(drawn),
        caution=trace_caution(drawn),
        gaps=list_expectation_gaps(decision),
        days=count_lost_days(drawn),
    )


def _list_chances(futures: Futures) -> pd.DataFrame:
    """List the rules that limit all cash, with the chance that the plan keeps each."""
    limits = list_cash_limits(futures.decision.plan.question.rules)
    return limits.assign(chance=[find_chance_within(futures, "cash", limit) for limit in limits["limit"]])


def _count_flips(hindsight: Hindsight) -> np.ndarray:
    """Count in each future that was solved again the processes that would have been decided otherwise."""
    process_of, _ = pd.factorize(hindsight.futures.decision.alternatives["process"])
    away = np.abs(hindsight.best.shares - hindsight.pool[0]) > 1e-6
    return np.array([len(np.unique(process_of[row])) for row in away], dtype=float)


def _join_causes(futures: Futures, causes: pd.DataFrame) -> pd.DataFrame:
    """Put figures that move the saving and events side by side, an event named by its cause and whom it strikes."""
    events = futures.events.set_axis([join_event(cause, struck) for cause, struck in futures.events], axis=1)
    moving = causes.loc[causes["kind"] == "figure", "cause"]
    return pd.concat([futures.figures[sorted(moving)], events], axis=1)


def join_event(cause: str, struck: str) -> str:
    """Name an event in one word: cause and whom it strikes."""
    return f"{cause}: {struck}"
