"""All money of a plan, whichever way it is added up: lines, years, processes and what they share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import Case
from sourcing.decide import STATES, build_business_case, decide_unit
from sourcing.errors import InfeasiblePlanError
from sourcing.plan import sum_measure, sum_shared
from sourcing.value import CASH_LINES, ONE_OFF, SHARED, SHARED_LINES, SHARED_ONE_OFF, discount_fixed
from tests.conftest import seeds

UNITS = ("retail", "bank", "telecom", "utility", "health", "manufacturing")


def require_conserved(decision) -> None:
    """Require that money adds up by line, by year, and by process and what they share, in both states."""
    business = build_business_case(decision, draws=10)
    factor = discount_fixed(decision.case.unit)
    for state, plan in zip(STATES, (decision.as_is, decision.plan), strict=True):
        cash = business.cash[business.cash["state"] == state]
        worth = cash.assign(value=cash["amount"] * factor[cash["quarter"].astype(int) - 1])
        whole = sum_measure(plan, "cash_cost")
        assert set(worth["line"]) <= {*CASH_LINES, *SHARED_LINES}
        assert (worth["process"] == SHARED).eq(worth["line"].isin(SHARED_LINES)).all()
        assert worth["value"].sum() == pytest.approx(whole, rel=1e-9)
        years = worth.groupby((worth["quarter"] - 1) // 4)["value"].sum()
        assert years.sum() == pytest.approx(whole, rel=1e-9)
        lines = worth.groupby("line")["value"].sum()
        for line in CASH_LINES:
            assert lines.get(line, 0.0) == pytest.approx(plan.lines[f"cost_{line}"], rel=1e-9, abs=1e-3)
        for line in SHARED_LINES:
            assert lines.get(line, 0.0) == pytest.approx(plan.lines.get(line, 0.0), rel=1e-9, abs=1e-3)
        own = (plan.choices["cash_cost"] * plan.choices["share"]).groupby(plan.choices["process"]).sum()
        by_process = worth.groupby("process")["value"].sum()
        assert by_process.drop(SHARED, errors="ignore").to_dict() == pytest.approx(own.to_dict(), rel=1e-9, abs=1e-3)
        shared = float(sum_shared(plan, "cash_cost").sum())
        assert by_process.get(SHARED, 0.0) == pytest.approx(shared, rel=1e-9, abs=1e-3)
        once = worth.loc[worth["line"].isin((*ONE_OFF, *SHARED_ONE_OFF)), "value"].sum()
        assert once == pytest.approx(sum_measure(plan, "one_off_cost"), rel=1e-9, abs=1e-3)
    saving = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    parts = business.moves["npv"].drop("all").sum()
    assert business.moves.at["all", "npv"] == pytest.approx(saving, rel=1e-7, abs=1e-2)
    assert parts == pytest.approx(saving, rel=1e-7, abs=1e-2)


@pytest.mark.parametrize("unit", UNITS)
def test_money_of_the_shipped_units_is_conserved(unit, shipped):
    require_conserved(shipped(unit))


def draw_case(seed: int, alpha: Case) -> Case:
    """Give the small unit shared money of every kind, at rates that tell quarters apart."""
    rng = np.random.default_rng(seed)

    def rows(*records: dict) -> pd.DataFrame:
        return pd.DataFrame([{"business_unit": "alpha"} | record for record in records])

    def draw(most: float) -> float:
        return float(np.round(rng.uniform(0, most) * (rng.random() < 0.7), 2))

    first = alpha.unit["price_year"]
    owners, kind = ("PayCo", "DeskCo", "LabCo"), str(rng.choice(["all_units", "incremental"]))
    processes = alpha.processes.assign(
        cost_pool=[str(rng.choice(["", "tools"])) for _ in alpha.processes.index],
        divisible=rng.random(len(alpha.processes)) < 0.4,
        min_share=0.2,
    )
    tables: dict[str, pd.DataFrame] = {
        "units": alpha.units.assign(discount_rate=float(rng.choice([0.0, 0.07])), inflation_rate=0.03),
        "processes": processes,
        "providers": rows(
            *({"provider": o, "fixed_cost_per_year": draw(9_000), "tender_cost": draw(9_000)} for o in owners)
        ),
        "locations": alpha.locations.assign(fixed_cost_per_year=[draw(9_000) for _ in alpha.locations.index]),
        "cost_pools": rows({"pool": "tools", "cost_per_year": draw(50_000) + 1.0,
                            "ends_with": str(rng.choice(["owner", "site", "any_move"]))}),
        "price_tiers": rows(*({"provider": o, "threshold": float(rng.choice([0.0, 300_000.0])), "kind": kind,
                               "discount_share": 0.05 + draw(0.1)} for o in owners)),
        "links": rows({"process_a": "payroll", "process_b": "help_desk", "traffic": draw(900.0)}),
    }  # fmt: skip
    places = ["own@head_office", "own@center", "PayCo@USA", "DeskCo@USA"]
    tables["handoff_costs"] = pd.DataFrame(
        [(a, b, draw(30.0)) for k, a in enumerate(places) for b in places[k + 1 :]],
        columns=["place_a", "place_b", "cost"],
    )
    if rng.random() < 0.7:
        waves = [{"wave": k + 1, "start": f"{first}-{1 + 3 * k:02d}-01"} for k in range(3)]
        tables["calendar"] = rows(*waves)
    tables["rules"] = alpha.rules.iloc[1:] if rng.random() < 0.5 else alpha.rules
    if processes["divisible"].iloc[0]:
        where = "process == 'payroll' and option == 'shared'"
        half = {"rule": "half stays near", "measure": "count", "where": where, "sense": "==", "limit": 0.5}
        tables["rules"] = pd.concat([tables["rules"], rows(half)], ignore_index=True)
    return alpha.replace(**tables)


@pytest.mark.parametrize("seed", seeds(30, 4))
def test_money_of_random_units_is_conserved(seed, alpha):
    try:
        decision = decide_unit(draw_case(seed, alpha))
    except InfeasiblePlanError:
        return
    require_conserved(decision)
