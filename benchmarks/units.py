"""The shipped units exactly: the plan and everything that a pack asks about it, against HiGHS asked from scratch."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.reference import solve_by_highs
from sourcing import load_case
from sourcing.decide import Decision, decide_unit
from sourcing.plan import answer
from sourcing.plan.model import build_problem

ROOT = Path(__file__).parents[1] / "data"
CASES = ("example", "us_federal_2015")
SAMPLE, LIMIT, SECONDS = 8, 60.0, 3600.0


def run_shipped_units() -> pd.DataFrame:
    """Plan and explain each shipped unit to the end, in processor seconds; the frontier by steps, as a pack has it.

    `ratio` is of what HiGHS, given the whole forced problem in bulk, would take for every option not barred, from a
    sample of eight, and what the suite takes for forcing every option.
    """
    records = []
    for name in CASES:
        case = load_case(ROOT / name)
        records += [_run_unit(decide_unit(case.select(unit))) for unit in case.units["business_unit"]]
    return pd.DataFrame(records)


def _run_unit(decision: Decision) -> dict[str, Any]:
    explanation, question = decision.explanation, replace(decision.plan.question)
    problem = build_problem(question.instance)
    start = time.process_time()
    plan = answer(question)
    solved = time.process_time() - start
    reference = solve_by_highs(problem, 0.0, LIMIT)
    flips, forced = _clock(lambda: explanation.flip_decisions(time_limit=SECONDS))
    prices, priced = _clock(lambda: explanation.price_rules(time_limit=SECONDS))
    _, together = _clock(lambda: (explanation.price_together(time_limit=SECONDS),
                                  explanation.price_savings(time_limit=SECONDS)))  # fmt: skip
    numbers, flipped = _clock(lambda: explanation.flip_numbers(time_limit=SECONDS))
    _, others = _clock(lambda: explanation.find_near_optimal_plans(0.02, 2, time_limit=SECONDS))
    scratch, asked = _sample_highs(decision, flips)
    return {
        "instance": decision.case.unit["business_unit"],
        "plan_seconds": solved,
        "plan_highs": reference.seconds,
        "gap": plan.gap,
        "options": forced,
        "rules": priced,
        "joint": together,
        "numbers": flipped,
        "others": others,
        "seconds": forced + priced + together + flipped + others,
        "exact": float(np.mean([*flips["exact"], *prices["exact"]])),
        "exact_numbers": float(numbers["exact"].mean()),
        "scratch_highs": scratch * asked,
        "ratio": scratch * asked / forced,
    }


def _clock(ask: Any) -> tuple[Any, float]:
    start = time.process_time()
    found = ask()
    return found, time.process_time() - start


def _sample_highs(decision: Decision, flips: pd.DataFrame) -> tuple[float, int]:
    """Give the mean seconds of HiGHS with one option forced, and of how many options that would have to be asked."""
    question = decision.plan.question
    asked = flips[~flips["chosen"] & ~flips["is_barred"]]
    picked = asked.sample(min(SAMPLE, len(asked)), random_state=1)
    read, seconds = question.instance.alternatives, 0.0
    keys = np.array([str(key[:2]) for key in read.keys])
    processes = np.array([str(key[0]) for key in read.keys])
    for row in picked.to_dict("records"):
        problem = build_problem(question.instance)
        own = keys == str((row["process"], row["option"]))
        problem.upper[: len(own)][(processes == str(row["process"])) & ~own] = 0.0
        seconds += solve_by_highs(problem, 0.0, LIMIT).seconds
    return seconds / max(len(picked), 1), len(asked)
