"""All of a unit's judgment at once: weights, indices, postures and how sure they are, and whether it is ready."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess.acceptability import Acceptability, sample_postures
from sourcing.assess.contradictions import find_contradictions
from sourcing.assess.indices import combine_scores, score_indices
from sourcing.assess.posture import map_postures
from sourcing.assess.readiness import Situation, assess_situation
from sourcing.assess.weights import Weights, settle_weights
from sourcing.card import Card, Carded
from sourcing.case import Case, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, repr=False)
class Judgment(Carded):
    """A unit's judgment; what takes time is worked out when it is first asked for.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy
    """

    case: Case
    policy: Policy

    def under(self, policy: Policy) -> Judgment:
        """Give the judgment under a policy with other thresholds, limits and prices: indices stand as worked out."""
        then = replace(self, policy=policy)
        vars(then).update({name: vars(self)[name] for name in ("weights", "indices") if name in vars(self)})
        return then

    @cached_property
    def weights(self) -> Weights:
        """Weights in use, by assessor, and the comparisons to revisit."""
        return settle_weights(self.case, self.policy)

    @cached_property
    def indices(self) -> pd.DataFrame:
        """Every index of every process (see `score_indices`)."""
        return score_indices(self.case, self.policy)

    @cached_property
    def postures(self) -> pd.DataFrame:
        """Posture of every process (see `map_postures`)."""
        return map_postures(self.indices, self.policy)

    @cached_property
    def acceptability(self) -> Acceptability:
        """How often drawn weights and scores give each posture."""
        return sample_postures(self.case, self.policy)

    @cached_property
    def contradictions(self) -> pd.DataFrame:
        """Answers that do not go together, as questions."""
        return find_contradictions(self.case, self.indices, self.policy)

    @cached_property
    def situation(self) -> Situation:
        """The situational assessment of the unit."""
        return assess_situation(self.case, self.policy)

    def _card(self) -> Card:
        scores = self.case.scores
        return Card(
            "Judgment",
            {
                "business unit": self.case.unit["name"],
                "processes": len(self.case.processes),
                "criteria": len(self.case.criteria),
                "scores": len(scores),
                "assessors": scores["assessor"].nunique(),
            },
            "judgment.postures",
        )


def list_reversals(case: Case, policy: Policy) -> pd.DataFrame:
    """List pairs of processes whose order on an index turns when a third process is left out.

    Each index is a mean over a process's own scores on fixed scales, so no order may depend on what else is scored;
    methods that scale by the best process present do turn. This rescoring without each process in turn shows it.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy

    Returns
    -------
    DataFrame
        Columns index, left_out, first, second; empty where no order turns.
    """
    criteria, scores, weights = case.criteria, case.scores, settle_weights(case, policy).weights
    processes = case.processes["process"]
    whole, rows = _spread(combine_scores(scores, criteria, weights, processes)), []
    for left_out in sorted(processes) if len(processes) > 2 else ():
        others = processes[processes != left_out]
        rest = _spread(combine_scores(scores[scores["process"] != left_out], criteria, weights, others))
        rows += [(index, left_out, *pair) for index, *pair in _compare(whole.drop(index=left_out), rest)]
    return pd.DataFrame(rows, columns=pd.Index(["index", "left_out", "first", "second"]))


def _spread(indices: pd.DataFrame) -> pd.DataFrame:
    return indices.pivot(index="process", columns="index", values="value")


def _compare(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Go through the neighbors in the order before that stand the other way round after."""
    for index in before.columns:
        order = before[index].dropna().sort_values(kind="stable")
        steps = pd.DataFrame({"before": order.diff(), "after": after[index].reindex(order.index).diff()})
        turned = (steps["before"] > 1e-9) & (steps["after"] < -1e-9)
        names = order.index.to_list()
        for place in turned.to_numpy().nonzero()[0]:
            yield str(index), names[place - 1], names[place]
