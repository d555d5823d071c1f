"""Judging and pricing in bulk; the reference is the least arithmetic that arrays of the same size ask of numpy."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd

from sourcing import Case, Policy, load_case, settle
from sourcing.assess import map_postures, sample_postures, score_indices
from sourcing.value import (
    CASH_LINES,
    build_alternatives,
    draw_outcomes,
    list_offers,
    list_ranges,
    price_cash,
    price_flows,
    spread_lines,
    weigh_outcomes,
)

TINY = Path(__file__).parents[1] / "data" / "tiny"
EXAMPLE = TINY.with_name("example")
ALTERNATIVES, YEARS, TIMES = 10_000, 10, 5
FEW_DRAWS = 1000
PROCESSES, CRITERIA, DRAWS = 5_000, 20, 10_000


def run_consequences() -> pd.DataFrame:
    """Price and judge, each against its reference; seconds of processor time, all threads together."""
    return pd.DataFrame([run_pricing(), run_drawing(), run_judging()])


def run_pricing() -> dict:
    """Ten thousand alternatives over forty quarters, against one multiplication and one sum for each line."""
    case = load_case(TINY, "alpha")
    case = Case({**case.tables, "units": case.tables["units"].assign(horizon_years=YEARS, vat_rate=0.2)})
    policy = settle(case)[0]
    few = list_offers(case, map_postures(score_indices(case), policy), policy)
    offers = pd.concat([few] * (ALTERNATIVES // len(few) + 1), ignore_index=True).head(ALTERNATIVES)
    yearly, growth = np.ones((ALTERNATIVES, 1)), np.ones((ALTERNATIVES, 4 * YEARS))

    def multiply() -> None:
        for _ in CASH_LINES:
            (yearly * growth).sum(axis=1)

    return _compare(
        f"{ALTERNATIVES} alternatives, {4 * YEARS} quarters, {len(CASH_LINES)} lines",
        time_median(lambda: price_flows(offers, case.unit, policy)), time_median(multiply),
    )  # fmt: skip


def run_drawing() -> dict:
    """A unit priced over a thousand draws, against one multiplication and one sum for each line and draw."""
    case = load_case(EXAMPLE, "telecom")
    policy, outlook = settle(case)
    table = build_alternatives(case, map_postures(score_indices(case), policy), policy, outlook)
    ranges = list_ranges(case, table[["process", "option"]])
    weights = weigh_outcomes(ranges, draw_outcomes(ranges, FEW_DRAWS))
    amounts = table[[f"cost_{line}" for line in CASH_LINES]].to_numpy()

    def multiply() -> None:
        for amount in amounts.T:
            np.multiply.outer(weights["wages"].to_numpy(), amount).sum(axis=0)

    processes = table["process"].nunique()
    return _compare(
        f"{FEW_DRAWS} draws of {len(table)} alternatives of {processes} processes",
        time_median(lambda: price_cash(weights, spread_lines(table, weights.columns))), time_median(multiply),
    )  # fmt: skip


def run_judging() -> dict:
    """Ten thousand draws of five thousand processes, against one matrix product of that size."""
    case, random = make_judged(), np.random.default_rng(5)
    sample_postures(load_case(TINY, "alpha"), Policy(judgment_draws=500))
    weights, points = random.random((DRAWS, CRITERIA)), random.random((CRITERIA, PROCESSES))
    seconds = time_median(lambda: sample_postures(case, Policy(judgment_draws=DRAWS)), 1)
    name = f"{DRAWS} draws of {PROCESSES} processes on {CRITERIA} criteria"
    return _compare(name, seconds, time_median(lambda: weights @ points))


def make_judged() -> Case:
    """A case of five thousand processes scored once on each of twenty criteria."""
    alpha, random = load_case(TINY, "alpha"), np.random.default_rng(5)
    names = [f"p{k:04d}" for k in range(PROCESSES)]
    indices = ("commoditization", "core_competency", "own_capability")
    criteria = pd.DataFrame(
        [{"criterion": f"c{k:02d}", "index": indices[min(k // 8, 2)], "name": f"c{k:02d}", "weight": 1.0,
          "direction": "up"} for k in range(CRITERIA)]
    )  # fmt: skip
    keys = pd.MultiIndex.from_product([names, criteria["criterion"]], names=["process", "criterion"])
    scores = keys.to_frame(index=False).assign(
        business_unit="alpha", assessor="it", score=random.integers(1, 6, len(keys)).astype(float)
    )
    stay = alpha.options.query("process == 'payroll' and option == 'stay'")
    processes = pd.concat([alpha.processes.iloc[[0]]] * PROCESSES, ignore_index=True)
    return Case({
        "units": alpha.units, "locations": alpha.locations, "criteria": criteria, "scores": scores,
        "processes": processes.assign(process=names, name=names, as_is_option="stay"),
        "options": pd.concat([stay] * PROCESSES, ignore_index=True).assign(process=names),
    })  # fmt: skip


def time_median(run, times: int = TIMES) -> float:
    """Give the median processor time of a call, in seconds."""
    spent = []
    for _ in range(times):
        begin = time.process_time()
        run()
        spent.append(time.process_time() - begin)
    return float(np.median(spent))


def _compare(name: str, seconds: float, reference: float) -> dict:
    return {"instance": name, "seconds": seconds, "numpy_seconds": reference, "times_numpy": seconds / reference}


if __name__ == "__main__":
    print(run_consequences().to_string(index=False))
