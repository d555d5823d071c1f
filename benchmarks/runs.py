"""The runs of the benchmark; each gives a table of one row per instance."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.instances import make_choices, make_knapsack, make_waves
from benchmarks.reference import hand_over_by_pulp, solve_by_highs, solve_by_pulp_afresh
from sourcing.plan import choose
from sourcing.plan.model.instance import read_instance
from sourcing.plan.model.problem import build_problem
from sourcing.plan.model.writer import Problem
from sourcing.plan.solve.session import Session
from sourcing.plan.solve.solver import solve

GAP = 1e-3


def build(alternatives, rules, links=None, handoff_costs=None) -> Problem:
    """Build the bulk description of an instance."""
    return build_problem(read_instance(alternatives, rules, links, handoff_costs, None))


def compare(name: str, problem: Problem, time_limit: float) -> dict:
    """Solve a problem by the suite and by HiGHS, one after the other."""
    start = time.perf_counter()
    outcome = solve(problem, GAP, time_limit)
    seconds = time.perf_counter() - start
    value = float(problem.cost @ outcome.values) if outcome.values is not None else np.nan
    reference = solve_by_highs(problem, GAP, time_limit)
    return {
        "instance": name,
        "seconds": seconds,
        "gap": (value - outcome.bound) / abs(value),
        "highs_seconds": reference.seconds,
        "highs_gap": reference.gap,
        "ratio": reference.seconds / seconds,
        "better_by": (reference.objective - value) / abs(value),
    }


def run_units(seeds: list[int], time_limit: float) -> pd.DataFrame:
    """Two hundred processes."""
    return pd.DataFrame([compare(f"200, seed {seed}", build(*make_choices(200, seed)), time_limit) for seed in seeds])


def run_groups(sizes: list[int], seeds: list[int], time_limit: float) -> pd.DataFrame:
    """One thousand and five thousand processes."""
    pairs = [(size, seed) for size in sizes for seed in seeds]
    return pd.DataFrame([compare(f"{n}, seed {s}", build(*make_choices(n, s)), time_limit) for n, s in pairs])


def run_waves(seeds: list[int], time_limit: float) -> pd.DataFrame:
    """Sixty processes in eight waves, linked."""
    return pd.DataFrame([compare(f"waves, seed {seed}", build(*make_waves(seed)), time_limit) for seed in seeds])


def run_knapsacks(sizes: list[int], time_limit: float) -> pd.DataFrame:
    """Knapsacks in Khan's form with ten items a group and ten resources."""
    return pd.DataFrame(
        [
            compare(f"knapsack {groups} x 10 x 10", build(*make_knapsack(groups, 10, 10, 1)), time_limit)
            for groups in sizes
        ]
    )


def run_whole_answer(processes: int) -> pd.DataFrame:
    """The whole of `choose`, tables in and plan out, in a fresh process, against PuLP's build and hand-over alone."""
    seconds, memory, gap = measure_answer(processes)
    reference = hand_over_by_pulp(build(*make_choices(processes, 1)))
    return pd.DataFrame(
        [
            {
                "instance": f"{processes}, whole answer",
                "seconds": seconds,
                "memory_mb": memory,
                "gap": gap,
                "pulp_hand_over_seconds": reference,
                "ratio": reference / seconds,
            }
        ]
    )


def measure_answer(processes: int) -> tuple[float, float, float]:
    """Give seconds, peak memory in MB and gap of one `choose` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.runs", str(processes)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(printed[0]), float(printed[1]), float(printed[2])


def run_changes(processes: int, changes: int) -> pd.DataFrame:
    """One limit after the other changed a little: a session against a fresh PuLP build and stock solve."""
    problem = build(*make_choices(processes, 11))
    rng = np.random.default_rng(0)
    session = Session(problem)
    session.solve(1e-2)
    records = []
    for k in range(changes):
        row = processes + int(rng.integers(len(problem.rows) - processes))
        limit = problem.row_upper[row] * rng.uniform(0.99, 1.02)
        with session:
            start = time.perf_counter()
            session.set_row(row, -np.inf, limit)
            updated = time.perf_counter()
            session.solve(1e-2)
            solved = time.perf_counter()
            reference = solve_by_pulp_afresh(session.problem, 1e-2)
        seconds = solved - start
        records.append(
            {
                "instance": f"change {k}",
                "seconds": seconds,
                "update_ms": 1e3 * (updated - start),
                "pulp_seconds": reference,
                "ratio": reference / seconds,
            }
        )
    return pd.DataFrame(records)


def run_growth(sizes: list[int]) -> pd.DataFrame:
    """Time and memory of the whole answer by size, each in a process of its own."""
    records = [(size, *measure_answer(size)) for size in sizes]
    return pd.DataFrame(records, columns=["processes", "seconds", "memory_mb", "gap"])


def read_peak() -> float:
    """Give the peak memory of this process in MB; `ru_maxrss` alone would count that of the process that forked it."""
    status = Path("/proc/self/status")
    if status.exists():
        return float(re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    tables = make_choices(int(sys.argv[1]), 1)
    begin = time.perf_counter()
    plan = choose(*tables, gap=GAP)
    spent = time.perf_counter() - begin
    print(spent, read_peak(), plan.gap)
