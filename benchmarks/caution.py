"""Plans under a limit on their worst tenth of futures, against HiGHS given the whole linear program at once."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from benchmarks.instances import make_waves
from benchmarks.reference import solve_by_highs
from sourcing import load_case
from sourcing.decide import decide_unit
from sourcing.plan import Risk, WorstTail, ask, choose_from, measure_of, open_master
from sourcing.plan.model import build_problem
from sourcing.uncertainty import draw_futures

if TYPE_CHECKING:
    from sourcing.plan import Question

EXAMPLE = Path(__file__).parents[1] / "data" / "example"
ALPHA, FUTURES, FACTORS = 0.9, 500, 12
PARTS = (0.5, 0.9)
"""How far from the worst tenth of the plain plan to the least possible one the limit stands."""


def run_caution(seeds: list[int], limit: float = 60.0) -> pd.DataFrame:
    """Limit the worst tenth of seeded units of 60 processes to 0.5 %, and of shipped units as closely as packs do."""
    rows = [row for seed in seeds for row in _run_seeded(seed, limit)]
    return pd.DataFrame([*rows, *(row for unit in ("bank", "telecom") for row in _run_shipped(unit, limit))])


def make_futures(question: Question, seed: int) -> np.ndarray:
    """Draw futures of a question: each alternative moves with its owner, its place, two of all and its own."""
    random = np.random.default_rng(seed + 1000)
    table = question.alternatives
    loads = random.uniform(0.0, 0.12, (FACTORS, len(table)))
    owners, places = pd.factorize(table["owner"])[0], pd.factorize(table["place"])[0]
    for factor in range(FACTORS - 2):
        of = owners if factor % 2 else places
        loads[factor] *= of == factor // 2
    moved = 1.0 + random.standard_normal((FUTURES, FACTORS)) @ loads
    moved += random.standard_normal((FUTURES, len(table))) * 0.05
    return table["cost"].to_numpy() * (moved - moved.mean(axis=0) + 1.0)


def _run_seeded(seed: int, limit: float) -> list[dict]:
    question = ask(*make_waves(seed), gap=0.005, time_limit=limit)
    return _limit_parts(f"60 processes, {FUTURES} futures, seed {seed}", question, make_futures(question, seed), 0.005,
                        limit)  # fmt: skip


def _run_shipped(unit: str, limit: float) -> list[dict]:
    decision = decide_unit(load_case(EXAMPLE, unit))
    drawn = draw_futures(decision)
    question = replace(decision.plan.question, time_limit=limit)
    return _limit_parts(f"{unit}, {len(drawn.cash)} futures", question, drawn.cash + drawn.loss, None, limit)


def _limit_parts(name: str, question: Question, costs: np.ndarray, gap: float | None, limit: float) -> list[dict]:
    tail = WorstTail(costs, ALPHA, "worst tenth")
    master = open_master(question, tail)
    plain = choose_from(master, Risk(tail, weight=0.0), gap=gap)
    least = choose_from(master, Risk(tail), gap=gap)
    rows = []
    for part in PARTS:
        most = plain.value - part * (plain.value - least.value)
        start, used = time.perf_counter(), time.process_time()
        found = choose_from(open_master(question, tail), Risk(tail, limit=most), gap=gap)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        reference = solve_by_highs(_write_whole(question, costs, most), gap or 1e-5, limit)
        rows.append({"instance": f"{name}, {part:.0%} of the way", "seconds": seconds,
                     "processor_seconds": used, "gap": found.gap,
                     "kept": measure_of(found.plan, tail) <= most * (1 + 1e-6), "rounds": found.rounds[1],
                     "whole_program_seconds": reference.seconds, "whole_program_gap": reference.gap,
                     "better_by": reference.objective / found.plan.objective - 1.0})  # fmt: skip
    return rows


def _write_whole(question: Question, costs: np.ndarray, most: float):  # a Problem
    """Write the program of Rockafellar and Uryasev: z + sum u_s / ((1 - alpha) S) <= most, u_s >= cost_s - z."""
    master = open_master(question, WorstTail(costs, ALPHA))
    problem = build_problem(master.instance)
    size, futures = len(problem.cost), len(costs)
    rows = np.tile(master.beside, (futures, 1))
    np.add.at(rows, (slice(None), master.at), costs)
    scenario = sparse.hstack([sparse.csr_array(rows), -np.ones((futures, 1)), -sparse.eye_array(futures)])
    tail = np.concatenate([np.zeros(size), [1.0], np.full(futures, 1.0 / ((1.0 - ALPHA) * futures))])
    wide = sparse.hstack([problem.matrix, sparse.csr_array((problem.matrix.shape[0], futures + 1))])
    matrix = sparse.csr_array(sparse.vstack([wide, scenario, tail[None, :]]))
    return replace(
        problem,
        cost=np.append(problem.cost, np.zeros(futures + 1)),
        lower=np.concatenate([problem.lower, [-1e12], np.zeros(futures)]),
        upper=np.append(problem.upper, np.full(futures + 1, np.inf)),
        integer=np.append(problem.integer, np.zeros(futures + 1, dtype=bool)),
        matrix=matrix,
        row_lower=np.append(problem.row_lower, np.full(futures + 1, -np.inf)),
        row_upper=np.concatenate([problem.row_upper, np.zeros(futures), [most]]),
        rows=[],
        columns=[],
    )


if __name__ == "__main__":
    print(run_caution([0, 1]).to_string(index=False))
