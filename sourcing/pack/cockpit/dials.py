"""Which levers and limits a cockpit lets move, between which values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import BUDGET_RULE, LEVERS, RISK_RULE
from sourcing.pack.cockpit.changes import LEVER, RULE
from sourcing.pack.wording import say_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.decide import Decision

MOST_RULES = 6
"""Rules with a dial; the tightest first."""
STEPS = 10
"""Steps of a rule to either side of its limit."""
PRICES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Prices of a point of fit to try, as shares of what a head of today's work costs in a year."""
TIGHT = 0.05
"""A rule with less slack than this share of its limit is worth a dial (house rule)."""


@dataclass(frozen=True)
class Dial:
    """A lever or limit that can be moved.

    Attributes
    ----------
    kind : str
        lever or rule.
    name : str
        Of the lever or rule.
    title, told : str
        Its words, and what it means with its unit.
    values : tuple of float
        What it may be moved to, rising; infinity lifts the limit.
    base : float
        Where it stands in the base plan; one of the values.
    """

    kind: str
    name: str
    title: str
    told: str
    values: tuple[float, ...]
    base: float

    @property
    def labels(self) -> tuple[str, ...]:
        """The values as they are shown."""
        return tuple(_say(value) for value in self.values)


def list_dials(decision: Decision) -> tuple[Dial, ...]:
    """List the dials of a decision: the main levers, then the limits that bind or nearly do.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    tuple of Dial
        Levers in the order of `Policy`; rules by how little slack they leave.
    """
    return (*_list_levers(decision), *_list_limits(decision))


def _list_levers(decision: Decision) -> list[Dial]:
    shares, indices = np.arange(0.5, 1.55, 0.05), np.arange(0.0, 1.05, 0.1)
    grids: dict[str, Iterable[float]] = {
        "budget_share": [*np.arange(0.7, 1.26, 0.025), math.inf],
        "risk_cap_share": [*shares, 2.0, 3.0, math.inf],
        "price_of_fit": _list_prices(decision),
        "commoditization_threshold": indices,
        "core_threshold": indices,
    }
    dials = []
    for name, grid in grids.items():
        about, base = LEVERS[name].metadata, float(getattr(decision.policy, name))
        title = name.replace("_", " ").capitalize()
        dials.append(Dial(LEVER, name, title, f"{about['unit']}: {about['meaning']}", _order(grid, base), base))
    return dials


def _list_prices(decision: Decision) -> list[float]:
    today = decision.as_is.choices
    heads = float(decision.case.processes["headcount_fte"].sum())
    per_head = float(today["run_cost_per_year"].sum()) / heads if heads > 0 else 0.0
    return [_round(share * per_head) for share in PRICES]


def _list_limits(decision: Decision) -> list[Dial]:
    rules = decision.question.rules
    used = decision.plan.rules
    size = used["limit"].abs().where(used["limit"] != 0.0, 1.0)
    tight = used.assign(share=used["slack"].abs() / size)
    tight = tight[(tight["share"] <= TIGHT) & ~tight["belongs_to"].isin([BUDGET_RULE, RISK_RULE])]
    names = tight.sort_values(["share", "belongs_to"], kind="stable")["belongs_to"].drop_duplicates().head(MOST_RULES)
    dials = []
    for name in names:
        rule = rules[rules["rule"] == name].iloc[0]
        limit, given = float(rule["limit"]), rule["step"]
        step = float(given) if pd.notna(given) and given > 0 else _round(0.1 * abs(limit)) or 1.0
        grid = [limit + k * step for k in range(-STEPS, STEPS + 1) if limit + k * step >= 0 or limit < 0]
        told = f"{rule['measure']} {rule['sense']} limit{' x ' + rule['relative_to'] if rule['relative_to'] else ''}"
        dials.append(Dial(RULE, str(name), str(name), told, _order([*grid, math.inf], limit), limit))
    return dials


def _order(grid: Iterable[float], base: float) -> tuple[float, ...]:
    return tuple(sorted({*(float(f"{value:.10g}") for value in grid), base}))


def _round(amount: float) -> float:
    """Round to two significant digits."""
    return float(f"{amount:.2g}")


def _say(value: float) -> str:
    if math.isinf(value):
        return "no limit"
    return say_number(value) if abs(value) >= 100 else f"{value:.4g}"
