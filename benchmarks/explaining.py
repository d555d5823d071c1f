"""Explanation at size: the priced rulebook and every flip card, against solving each question from scratch."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.instances import make_choices
from benchmarks.reference import solve_by_highs
from benchmarks.runs import build
from sourcing.plan import choose, flip_decisions, price_rules
from sourcing.plan.plan import Plan

RULES = 12
SAMPLE = 20
HIGHS_SAMPLE, HIGHS_LIMIT = 5, 20.0


def make_unit(processes: int, seed: int, options: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a unit as sourcing has it: six options a process, cheaper ones riskier, twelve rules, some of them tight.

    Formula: size log-normal; the first option stays as it is; the others save up to 40 % of its cost, carry risk that
    grows with the saving, and cost up to 10 % once; two in five are abroad; four owners. Limits: risk at 0.8, one-off
    spending at 0.5 and people moved at 0.6 of what the cheapest plan without rules uses; work abroad at a quarter of
    the people; each of four owners at 1.3 times its even part; the other four at twice what a plan uses on average.
    """
    rng = np.random.default_rng(seed)
    people = np.repeat(rng.lognormal(3.0, 0.7, processes).round() + 1.0, options)
    stays = np.tile(np.arange(options) == 0, processes)
    saving = np.where(stays, 0.0, rng.uniform(0.0, 0.4, len(people)))
    table = pd.DataFrame(
        {
            "process": np.repeat([f"p{k:04d}" for k in range(processes)], options),
            "option": np.tile([f"o{k}" for k in range(options)], processes),
            "cost": (people * 60.0 * (1.0 - saving) + np.where(stays, 0.0, people * rng.uniform(0, 6, len(people)))),
            "risk": people * (0.5 + 6.0 * saving * rng.uniform(0.5, 1.5, len(people))),
            "once": np.where(stays, 0.0, people * rng.uniform(1.0, 6.0, len(people))),
            "moved": np.where(stays, 0.0, people),
            "abroad": np.where(stays | (rng.random(len(people)) > 0.4), 0.0, people),
            "owner": np.where(stays, "own", rng.choice([f"owner {k}" for k in range(4)], len(people))),
        }
    )
    cheapest = table.loc[table.groupby("process")["cost"].idxmin()]
    mean = table.groupby("process")[["risk", "once", "moved", "abroad"]].mean().sum()
    limits = [("risk", "", 0.8 * cheapest["risk"].sum()), ("once", "", 0.5 * cheapest["once"].sum())]
    limits += [("moved", "", 0.6 * cheapest["moved"].sum()), ("abroad", "", 0.25 * people.sum() / options)]
    limits += [("moved", f"owner == 'owner {k}'", 1.3 * cheapest["moved"].sum() / 4) for k in range(4)]
    limits += [(name, "moved > 20", 2.0 * mean[name]) for name in ("risk", "once", "moved", "abroad")]
    rules = [(f"rule {k:02d}", measure, where, "<=", limit) for k, (measure, where, limit) in enumerate(limits)]
    return table, pd.DataFrame(rules[:RULES], columns=["rule", "measure", "where", "sense", "limit"])


def run_explaining(seeds: list[int], time_limit: float = 60.0) -> pd.DataFrame:
    """Two hundred processes in intervals, and sixty exactly, each against solving every question from scratch."""
    records = []
    for seed in seeds:
        table, rules = make_choices(200, seed)
        hard = (table, rules.iloc[:RULES])
        records.append(explain(f"200 x 6 x 12, tight on all, seed {seed}", *hard, 1e-3, time_limit))
        records.append(explain(f"200 x 6 x 12, unit, seed {seed}", *make_unit(200, seed), 1e-3, time_limit))
        records.append(explain(f"60 x 6 x 12, unit, exact, seed {seed}", *make_unit(60, seed), 0.0, time_limit))
    return pd.DataFrame(records)


def explain(name: str, table: pd.DataFrame, rules: pd.DataFrame, gap: float, time_limit: float) -> dict[str, Any]:
    """Explain one plan and estimate what asking each question from scratch would take, from a sample of pairs.

    `width` is the widest interval as a share of the objective, `allowed` twice the plan's gap. From scratch is
    measured twice, on a sample: by the suite's own `choose`, and by HiGHS given the whole problem in bulk.
    """
    plan = choose(table, rules, gap=gap, time_limit=time_limit)
    start = time.perf_counter()
    prices = price_rules(plan, time_limit=time_limit / 4)
    flips = flip_decisions(plan, time_limit=time_limit - (time.perf_counter() - start))
    seconds = time.perf_counter() - start
    questions = len(flips) + 3 * len(rules)
    scratch = questions * sample_scratch(plan, flips, gap, time_limit)
    by_highs = questions * sample_highs(plan, flips, gap)
    widths = [flips["upper"] - flips["lower"]]
    widths += [
        prices[f"{price}_upper"] - prices[f"{price}_lower"]
        for price in ("drop_saving", "tighter_cost", "looser_saving")
    ]
    finite = pd.concat(widths)
    return {
        "instance": name,
        "questions": questions,
        "seconds": seconds,
        "exact": float(np.mean([*flips["exact"], *prices["exact"]])),
        "width": float(finite[np.isfinite(finite)].max() / abs(plan.objective)),
        "allowed": 2.0 * plan.gap,
        "scratch_seconds": scratch,
        "ratio": scratch / seconds,
        "highs_seconds": by_highs,
        "highs_ratio": by_highs / seconds,
    }


def sample_scratch(plan: Plan, flips: pd.DataFrame, gap: float, time_limit: float) -> float:
    """Give the mean seconds of `choose` with one pair of process and option locked, over twenty pairs."""
    possible = flips[np.isfinite(flips["upper"])]
    picked = possible.sample(min(SAMPLE, len(possible)), random_state=1)
    start = time.perf_counter()
    for row in picked.to_dict("records"):
        lock = pd.DataFrame([{"process": row["process"], "option": row["option"], "kind": "take"}])
        choose(
            plan.question.alternatives, plan.question.rules, structure={"locks": lock}, gap=gap, time_limit=time_limit
        )
    return (time.perf_counter() - start) / len(picked)


def sample_highs(plan: Plan, flips: pd.DataFrame, gap: float) -> float:
    """Give the mean seconds of HiGHS with one pair of process and option forced, over five pairs, 20 s at most each."""
    possible = flips[np.isfinite(flips["upper"])]
    picked = possible.sample(min(HIGHS_SAMPLE, len(possible)), random_state=1)
    table, seconds = plan.question.alternatives, 0.0
    for row in picked.to_dict("records"):
        kept = (table["process"] != row["process"]) | (table["option"] == row["option"])
        start = time.perf_counter()
        solve_by_highs(build(table[kept], plan.question.rules), gap, HIGHS_LIMIT)
        seconds += time.perf_counter() - start
    return seconds / len(picked)
