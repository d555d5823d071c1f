"""Futures of a decision: what may come, and what its plan and today's delivery then pay and lose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.decide import Decision, share_of
from sourcing.plan import sum_beside
from sourcing.value import FUTURES, SEED, Consequences, draw_consequences

if TYPE_CHECKING:
    from sourcing.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Futures(Consequences):
    """What may come, and what each alternative then pays and loses; see `Consequences`.

    Attributes
    ----------
    decision : Decision
    """

    decision: Decision

    def measure(self, plan: Plan) -> pd.DataFrame:
        """Measure a plan of the unit in every future.

        Returns
        -------
        DataFrame
            One row per future; cash, loss and total (their sum), what processes share included as stated.
        """
        shares = share_of(self.decision, plan)
        cash, loss = self.cash @ shares + sum_beside(plan), self.loss @ shares
        return pd.DataFrame({"cash": cash, "loss": loss, "total": cash + loss})


def draw_futures(decision: Decision, futures: int = FUTURES, seed: int = SEED) -> Futures:
    """Draw futures of a decided unit, as `draw_consequences` draws them."""
    drawn = draw_consequences(
        decision.case, decision.alternatives, decision.offers, decision.policy, decision.outlook,
        futures, seed,
    )  # fmt: skip
    return Futures(**vars(drawn), decision=decision)
