"""The road map of a decision: everything that its moves ask for and bring, over time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.card import Card, Carded
from sourcing.decide import spread_states
from sourcing.program.roadmap.load import list_load, list_places, list_retained
from sourcing.program.roadmap.money import DRAWS, Curve, draw_curve
from sourcing.program.roadmap.moves import list_moves, list_program_waves
from sourcing.program.roadmap.orders import price_orders
from sourcing.program.roadmap.signoffs import find_blocked, list_signoffs
from sourcing.program.roadmap.states import list_flows

if TYPE_CHECKING:
    from sourcing.decide import Decision


@dataclass(frozen=True, repr=False)
class Roadmap(Carded):
    """A decision's moves over time.

    Attributes
    ----------
    decision : Decision
    moves : DataFrame
        From `list_moves`.
    waves : DataFrame
        From `list_program_waves`.
    load : DataFrame
        From `list_load`.
    places : DataFrame
        From `list_places`.
    retained : DataFrame
        From `list_retained`.
    curve : Curve
        From `draw_curve`.
    signoffs : DataFrame
        From `list_signoffs`.
    flows : DataFrame
        From `list_flows`.
    """

    decision: Decision
    moves: pd.DataFrame
    waves: pd.DataFrame
    load: pd.DataFrame
    places: pd.DataFrame
    retained: pd.DataFrame
    curve: Curve
    signoffs: pd.DataFrame
    flows: pd.DataFrame

    @property
    def has_calendar(self) -> bool:
        """Whether waves are those of a calendar, or told from go-live dates."""
        return bool(len(self.decision.case.calendar))

    @property
    def blocked(self) -> pd.DataFrame:
        """The waves that wait for a sign-off, from `find_blocked`."""
        return find_blocked(self.signoffs)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """What other orders of the same moves would cost, from `price_orders`; solved when first asked for."""
        return price_orders(self.decision)

    @property
    def quarters(self) -> pd.DataFrame:
        """Load, people and cash side by side: one row per quarter."""
        keys = ["quarter", "start", "name"]
        table = self.load.merge(self.retained, on=keys).merge(self.curve.quarters, on=keys)
        people = self.places.groupby(["quarter", "is_abroad"])["fte"].sum().unstack(fill_value=0.0)
        people = people.reindex(columns=[False, True], fill_value=0.0).set_axis(["fte_home", "fte_abroad"], axis=1)
        return table.merge(people, left_on="quarter", right_index=True, how="left").fillna(
            {"fte_home": 0.0, "fte_abroad": 0.0}
        )

    def _card(self) -> Card:
        return Card(
            "Road map",
            {
                "business unit": self.decision.case.unit["name"],
                "moves": len(self.moves),
                "waves": len(self.waves),
                "waves that wait for a sign-off": len(self.blocked),
            },
            "pack.draw_gantt(roadmap)",
        )


def draw_roadmap(decision: Decision, draws: int = DRAWS) -> Roadmap:
    """Draw the road map of a decision.

    Cash is that of the business case (`decide.spread_states`), hours, people and losses are the plan's own columns: no
    figure is made anew, only placed in time.

    Parameters
    ----------
    decision : Decision
    draws : int
        Outcomes behind the range of the curve of cash.
    """
    moves = list_moves(decision)
    return Roadmap(
        decision=decision,
        moves=moves,
        waves=list_program_waves(decision, moves),
        load=list_load(decision, moves),
        places=list_places(decision, moves),
        retained=list_retained(decision, moves),
        curve=draw_curve(decision, spread_states(decision), draws),
        signoffs=list_signoffs(decision, moves),
        flows=list_flows(decision),
    )
