"""Hundreds of units under group rules: decomposition against HiGHS given the whole problem at once."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.reference import solve_by_highs
from sourcing.plan import Block, ask, choose_together
from sourcing.plan.together.joint import join_quantities
from sourcing.plan.together.pricing import Pricer
from sourcing.plan.together.whole import build_whole

if TYPE_CHECKING:
    from sourcing.plan.model.writer import Problem

GAP = 5e-3
PROVIDERS, QUARTERS = 8, 8
COLUMNS = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each"]


def make_units(
    units: int, processes: int = 100, options: int = 6, seed: int = 0
) -> tuple[dict[str, tuple[pd.DataFrame, pd.DataFrame]], pd.DataFrame]:
    """Draw units under three rules of their own and twenty of the group.

    Formula: sizes of processes lognormal (0.8) times one of the unit (0.5); today's delivery costs 1,000 a size, others
    0.65-1.1 of it, a tenth less abroad (45 %); a fifth of them own, the others with one of eight providers; losses
    20-100 a size today, 50-250 else and 50 more abroad; hours 20-100 and spend 50-250 a size in one of eight quarters.
    A unit's outside owners take at most 45 % (every other one: 20 %) of its cash, work abroad 30 % (12 %) of its
    people, losses 1.5 times today's. Of the group each provider takes at most 3 % of the cash, work abroad 20 % of the
    people and customer contact abroad 2 %, losses at most 1.25 times today's, spend 0.35 of a mean move's, and in each
    quarter hours half a mean move's eighth.
    """
    rng = np.random.default_rng(seed)
    tables = {}
    for unit in range(units):
        tables[f"u{unit:03d}"] = _make_unit(rng, unit, processes, options)
    today = pd.concat([table[table["option"] == "o0"] for table, _ in tables.values()])
    mean = {
        name: sum(table.groupby("process")[name].mean().sum() for table, _ in tables.values())
        for name in ("transfer_hours", "transition_spend")
    }
    rows = [
        ("concentration", "cash_cost", "owner != 'own'", "<=", 0.03, "cash_cost", "owner"),
        ("abroad", "fte", "is_abroad == True", "<=", 0.2, "fte", None),
        ("loss", "expected_loss", "", "<=", 1.25 * today["expected_loss"].sum(), None, None),
        ("spend", "transition_spend", "", "<=", 0.35 * mean["transition_spend"], None, None),
        ("contact", "fte", "contact == True and is_abroad == True", "<=", 0.02, "fte", None),
        (
            "hours",
            "transfer_hours",
            "quarter != 'none'",
            "<=",
            0.5 * mean["transfer_hours"] / QUARTERS,
            None,
            "quarter",
        ),
    ]
    return tables, pd.DataFrame(rows, columns=COLUMNS)


def _make_unit(rng: np.random.Generator, unit: int, processes: int, options: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    count = processes * options
    size = np.repeat(rng.lognormal(0.0, 0.8, processes) * rng.lognormal(0.0, 0.5), options)
    stays = np.tile(np.arange(options) == 0, processes)
    owner = np.where(
        stays, "own", np.array([f"provider {k}" for k in range(PROVIDERS)])[rng.integers(0, PROVIDERS, count)]
    )
    abroad = ~stays & (rng.uniform(size=count) < 0.45)
    owner = np.where(~stays & (rng.uniform(size=count) < 0.2), "own", owner)
    cash = size * 1000.0 * np.where(stays, 1.0, rng.uniform(0.65, 1.1, count) - 0.1 * abroad)
    loss = size * 100.0 * np.where(stays, rng.uniform(0.2, 1.0, count), rng.uniform(0.5, 2.5, count) + 0.5 * abroad)
    table = pd.DataFrame(
        {
            "process": np.repeat([f"p{k:03d}" for k in range(processes)], options),
            "option": np.tile([f"o{k}" for k in range(options)], processes),
            "cost": cash + loss,
            "cash_cost": cash,
            "expected_loss": loss,
            "fte": 10.0 * size,
            "transfer_hours": np.where(stays, 0.0, size * rng.uniform(20.0, 100.0, count)),
            "transition_spend": np.where(stays, 0.0, size * rng.uniform(50.0, 250.0, count)),
            "owner": owner,
            "is_abroad": abroad,
            "quarter": np.where(
                stays, "none", np.array([f"q{k}" for k in range(QUARTERS)])[rng.integers(0, QUARTERS, count)]
            ),
            "contact": np.repeat(rng.uniform(size=processes) < 0.2, options),
        }
    )
    today = float(table.loc[stays, "expected_loss"].sum())
    rows = [
        ("outside owners", "cash_cost", "owner != 'own'", "<=", (0.45, 0.2)[unit % 2], "cash_cost", None),
        ("abroad", "fte", "is_abroad == True", "<=", (0.3, 0.12)[unit % 2], "fte", None),
        ("loss", "expected_loss", "", "<=", 1.5 * today, None, None),
    ]
    return table, pd.DataFrame(rows, columns=COLUMNS)


def write_whole(blocks: list[Block], rules: pd.DataFrame) -> Problem:
    """Write everything as one problem."""
    described = [Pricer(block, rules, None).describe()[:3] for block in blocks]
    return build_whole(blocks, rules, None, join_quantities(described, rules, None, ()), []).problem


def run_together(units: list[int], limit: float) -> pd.DataFrame:
    """Choose for so many units together to a proven 0.5 %, tables in and certified plan out, on two processes.

    HiGHS gets the written problem; its time does not hold the reading of tables, that of the suite does.
    """
    records = []
    for number in units:
        tables, rules = make_units(number)
        blocks = [Block(name, ask(table, own, gap=0.0)) for name, (table, own) in tables.items()]
        start = time.perf_counter()
        plan = choose_together(blocks, rules, gap=GAP, workers=2)
        seconds = time.perf_counter() - start
        start = time.process_time()
        choose_together(blocks, rules, gap=GAP)
        spent = time.process_time() - start
        problem = write_whole(blocks, rules)
        start = time.process_time()
        reference = solve_by_highs(problem, GAP, limit)
        records.append(
            {
                "instance": f"{number} units x 100 x 6, {len(plan.rules)} group limits",
                "seconds": seconds,
                "processor_seconds": spent,
                "memory_mb": measure_memory(number),
                "gap": plan.gap,
                "certified_gap": plan.certified_gap,
                "highs_seconds": reference.seconds,
                "highs_processor_seconds": time.process_time() - start,
                "highs_gap": reference.gap,
                "ratio": reference.seconds / seconds,
                "better_by": (reference.objective - plan.objective) / abs(plan.objective),
            }
        )
    return pd.DataFrame(records)


def measure_memory(units: int) -> float:
    """Give the peak memory in MB of choosing for so many units in one process of its own, which holds everything."""
    import subprocess

    command = [sys.executable, "-m", "benchmarks.together", str(units)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    from benchmarks.runs import read_peak

    drawn, joint = make_units(int(sys.argv[1]))
    choose_together([Block(name, ask(table, own, gap=0.0)) for name, (table, own) in drawn.items()], joint, gap=GAP)
    print(read_peak())
