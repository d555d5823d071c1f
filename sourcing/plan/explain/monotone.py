"""What must hold of answers about a plan whatever the input: a broken one is a fault of the suite, never a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import CertificateError
from sourcing.plan.model import find_least_total
from sourcing.plan.tolerance import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.plan.plan import Plan


def require_monotone(kind: str, found: Any, plan: Plan) -> None:
    """Require that no answer contradicts that the plan is the best known.

    Parameters
    ----------
    kind : str
        prices, pairs, savings, flips or others: see the methods of `Explanation`.
    found : DataFrame or list of Plan
    plan : Plan

    Raises
    ------
    CertificateError
        If forcing an option gains, or the chosen one costs; if a tighter rule gains, a looser one or one less costs, or
        dropping it saves less than loosening it; if lifting two costs; if lifting more saves less; if a near-optimal
        plan beats the plan.
    """
    near = KEPT * max(1.0, abs(plan.objective))
    for claim, values in _list_claims(kind, found, plan):
        worst = float(np.min(np.nan_to_num(np.asarray(values, dtype=float), nan=0.0), initial=0.0))
        if worst < -near:
            raise CertificateError(f"{claim}; got {worst:g} at {kind}. Hint: please report the input.")


def _list_claims(kind: str, found: Any, plan: Plan) -> Iterable[tuple[str, Any]]:
    if kind == "flips":
        whole = plan.choices.groupby("process")["share"].max() > 1.0 - KEPT
        own = found[found["chosen"] & found["process"].map(whole).astype(bool) & ~found["is_barred"]]
        yield "forcing an option that is not barred must not gain", found.loc[~found["is_barred"], "forcing_cost"]
        yield "forcing the chosen option must not cost", -own["forcing_cost"]
        yield "the ends of an interval must be in order", _subtract(found["upper"], found["lower"])
    elif kind == "prices":
        one_sided = found[(found["sense"] != "==") & ~found["rule"].isin(_list_unordered(plan))]
        yield "dropping a rule or ban must not cost", found["drop_saving"]
        yield "tightening a rule must not gain", one_sided["tighter_cost"]
        yield "loosening a rule must not cost", one_sided["looser_saving"]
        exact = one_sided[one_sided["exact"].astype(bool)]
        yield (
            "dropping a rule must save what loosening it does",
            _subtract(exact["drop_saving"], exact["looser_saving"]),
        )
    elif kind == "pairs":
        yield "lifting two must not cost", found["drop_saving"]
    elif kind == "savings":
        yield "lifting more must save more", found["saving"].diff().fillna(0.0)
    elif kind == "others":
        yield "a near-optimal plan must not beat the plan", [other.objective - plan.objective for other in found]


def _list_unordered(plan: Plan) -> list[str]:
    """List the rules relative to a total that may be 0 or less: a looser limit of theirs is not a wider one."""
    instance = plan.question.instance
    relative = [limit for limit in instance.limits if limit.base is not None]
    return [limit.rule for limit in relative if find_least_total(limit, instance) <= 0.0]


def _subtract(one: pd.Series, other: pd.Series) -> np.ndarray:
    """Subtract, where equal infinite ends differ by nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(one.to_numpy() == other.to_numpy(), 0.0, one.to_numpy(float) - other.to_numpy(float))
