"""What may come, in bulk; the reference is the least arithmetic of that size, or each plan solved from scratch."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.consequences import time_median
from sourcing import load_case
from sourcing.decide import decide_unit
from sourcing.plan import choose
from sourcing.uncertainty import choose_in_futures, draw_futures, rate_decisions, weigh_figures
from sourcing.value import draw_strikes, load_event_sizes, price_cash, price_strikes

EXAMPLE = Path(__file__).parents[1] / "data" / "example"
FUTURES, ALTERNATIVES, FIGURES, CAUSES = 10_000, 5_000, 40, 5
RESOLVED, SOLVED = 500, 5
PLANS = 30


def run_futures() -> pd.DataFrame:
    """Price futures, choose again in them and weigh figures, each against its reference; processor time."""
    return pd.DataFrame([run_pricing(), *map(run_choosing, ("retail", "bank")), run_weighing()])


def run_pricing() -> dict:
    """Ten thousand futures of five thousand alternatives, against the two products of matrices that this needs."""
    random = np.random.default_rng(1)
    names = [f"figure {k}" for k in range(FIGURES)]
    weights = pd.DataFrame(random.uniform(0.9, 1.2, (FUTURES, FIGURES)), columns=names)
    spread = random.uniform(0, 1e6, (FIGURES + 1, ALTERNATIVES))
    rows = np.repeat(np.arange(ALTERNATIVES), CAUSES)
    listed = pd.DataFrame(
        {"row": rows, "cause": np.tile(load_event_sizes().index[:CAUSES], ALTERNATIVES),
         "struck": [f"owner {row % 60}" for row in rows], "events": np.round(random.uniform(0.05, 0.5, len(rows)), 2),
         "loss": random.uniform(0, 1e5, len(rows)), "days": 3.0}
    )  # fmt: skip

    def price() -> None:
        price_cash(weights, spread)
        price_strikes(draw_strikes(listed, FUTURES), ALTERNATIVES)

    plain = weights.to_numpy()

    def multiply() -> None:
        for _ in range(2):
            plain @ spread[:-1]

    seconds = time_median(price, 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"{FUTURES} futures of {ALTERNATIVES} alternatives, {len(listed)} exposures"
    return {"instance": name, "seconds": seconds, "reference_seconds": time_median(multiply, 3), "memory_mb": peak}


def run_choosing(unit: str) -> dict:
    """Every decision of a shipped unit rated over five hundred futures, against a few of them solved from scratch."""
    decision = decide_unit(load_case(EXAMPLE, unit))
    futures = draw_futures(decision)
    seconds = time_median(lambda: rate_decisions(choose_in_futures(futures, RESOLVED)), 1)
    asked, table = decision.plan.question, decision.alternatives
    moved = futures.cash.astype(float) - table["cash_cost"].to_numpy(float)

    def solve() -> None:
        for number in range(SOLVED):
            own = asked.alternatives
            own = own.assign(cost=own["cost"] + moved[number], cost_hurdle=own["cost_hurdle"] + moved[number])
            choose(own, asked.rules, asked.links, asked.handoff_costs, structure=asked.structure, gap=0.0)

    reference = time_median(solve, 1) * RESOLVED / SOLVED
    return {"instance": f"{unit} chosen again in {RESOLVED} futures", "seconds": seconds,
            "reference_seconds": reference, "memory_mb": np.nan}  # fmt: skip


def run_weighing() -> dict:
    """What each of forty figures is worth to know, against one least-squares fit of the same size for each."""
    random = np.random.default_rng(2)
    figures = random.uniform(0.9, 1.2, (FUTURES, FIGURES))
    costs = figures @ random.uniform(0, 1e5, (FIGURES, PLANS))
    design = np.column_stack([figures[:, 0] ** power for power in range(4)])

    def fit() -> None:
        for _ in range(FIGURES):
            np.linalg.lstsq(design, costs, rcond=None)

    seconds = time_median(lambda: [weigh_figures(costs, figures[:, [k]]) for k in range(FIGURES)], 1)
    return {"instance": f"{FIGURES} figures weighed over {PLANS} plans", "seconds": seconds,
            "reference_seconds": time_median(fit, 1), "memory_mb": np.nan}  # fmt: skip


if __name__ == "__main__":
    print(run_futures().to_string(index=False))
