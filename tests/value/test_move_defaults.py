"""What a move costs in people where a case says nothing, worked by hand on the tiny case with the defaults switched on.

Months of severance in the United States: 0.345 a year x 5 years / 1.2818 (all workers) = 1.34577 months of labor cost.
"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import pack
from sourcing.case import Policy, fill_moves, fill_options, load_by_country
from sourcing.errors import CaseError
from tests.conftest import examples

ON = {"move_defaults": "yes"}
MONTHS = 0.345 * 5 / 1.2818
PAYROLL = {"process": "payroll", "option": "shared"}


def find_lines(bench, case, option: str, **levers: object) -> dict[str, float]:
    """Return what the defaults add to an option of a process, by line."""
    return bench.lines_moved(bench.price(case), bench.price(case, **ON | levers)).get(option, {})


WORKED = [
    # ten people at 50,000: half follow to the center, half of the others' jobs end but for a quarter redeployed; five
    # are hired at 0.063 of 40,000; a month of 400,000 a year
    (
        "payroll-shared",
        {"severance": 10 * 0.5 * 0.75 * 50_000 * MONTHS / 12, "recruitment": 5 * 2_520, "parallel": 400_000 / 12},
    ),
    # all ten jobs end but for a quarter; the provider hires in its price; a month of 300,000 a year
    ("payroll-provider", {"severance": 10 * 0.75 * 50_000 * MONTHS / 12, "parallel": 25_000}),
]  # fmt: skip


@pytest.mark.parametrize(("option", "wanted"), WORKED)
def test_ending_own_jobs_and_opening_others_costs_what_the_country_asks(bench, alpha, option, wanted):
    assert find_lines(bench, alpha, option) == pytest.approx(wanted)


def test_bringing_work_in_hires_its_people_and_severs_none(bench, beta):
    # four people at 0.063 of 45,000; a month of 180,000 a year
    assert find_lines(bench, beta, "billing-in_house") == pytest.approx({"recruitment": 4 * 2_835, "parallel": 15_000})


def test_people_whom_the_law_passes_over_get_no_severance(bench, beta):
    # collections goes to a provider in Germany on the first day: all pass over, nothing runs in parallel
    assert find_lines(bench, beta, "collections-provider") == {}


def test_today_pays_none_of_it(bench, alpha):
    assert not {"payroll-stay", "help_desk-stay", "research-stay"} & set(
        bench.lines_moved(bench.price(alpha), bench.price(alpha, **ON))
    )


def test_improving_in_place_severs_only_whom_it_releases(bench, alpha):
    improve = alpha.options.query("process == 'payroll' and option == 'stay'").iloc[0].to_dict()
    better = alpha.replace(
        options=pd.concat([alpha.options, pd.DataFrame([improve | {"option": "improve", "productivity": 1.25}])])
    )
    # two of ten released, a quarter of them redeployed
    assert find_lines(bench, better, "payroll-improve") == pytest.approx({"severance": 1.5 * 50_000 * MONTHS / 12})


@pytest.mark.parametrize(
    ("levers", "share"),
    [({"redeployed_share": 1}, 0.0), ({"redeployed_share": 0}, 1 / 0.75), ({"service_years": 10}, 2.0)],
)
def test_severance_follows_the_two_levers(bench, alpha, levers, share):
    plain = find_lines(bench, alpha, "payroll-provider")["severance"]
    assert find_lines(bench, alpha, "payroll-provider", **levers).get("severance", 0.0) == pytest.approx(share * plain)


CELLS = {"severance": "severance_months", "recruitment": "recruitment_cost_per_head", "parallel": "parallel_months"}


@pytest.mark.parametrize("line", CELLS)
def test_a_cell_that_is_filled_stays_zero_included(bench, alpha, line):
    told = bench.add(alpha, "transitions", {**PAYROLL, CELLS[line]: 0.0})
    lines = bench.lines_moved(bench.price(alpha, **ON), bench.price(told, **ON))
    assert list(lines) == ["payroll-shared"]
    assert list(lines["payroll-shared"]) == [line]
    assert bench.price(told, **ON).set_index(["process", "option"]).at[("payroll", "shared"), f"cost_{line}"] == 0.0


def test_a_stated_share_of_people_wins_over_the_default(bench, alpha):
    told = bench.add(alpha, "transitions", {**PAYROLL, "severed_share": 1.0, "recruited_share": 0.0})
    row = bench.price(told, **ON).set_index(["process", "option"]).loc[("payroll", "shared")]
    assert row["cost_severance"] == pytest.approx(10 * 50_000 * MONTHS / 12)
    assert row["cost_recruitment"] == 0.0


def test_the_one_sum_and_the_causes_it_does_not_hold_stand_side_by_side(bench, alpha):
    told = bench.add(alpha, "transitions", {**PAYROLL, "severance_months": 6.0})
    assert bench.lines_moved(bench.price(alpha), bench.price(told)) == {"payroll-shared": {"severance": 250_000.0}}
    with pytest.raises(CaseError):
        bench.add(alpha, "transitions", {**PAYROLL, "severance_months": 6.0, "set_up_cost": 1.0})


def test_a_generated_option_keeps_its_assumed_transition_beside_a_stated_severance(bench, alpha):
    options = alpha.options.assign(
        is_generated=(alpha.options["process"] == "payroll") & (alpha.options["option"] == "shared")
    ).replace({"option": {"shared": "onshore"}})
    made = alpha.replace(options=options)
    made = bench.change(made, "options", {"process": "payroll", "option": "onshore"}, transition_cost=float("nan"))
    told = bench.add(made, "transitions", {"process": "payroll", "option": "onshore", "severance_months": 1.0})
    filled = fill_options(told)[0].set_index(["process", "option"])
    assert filled.at[("payroll", "onshore"), "transition_cost"] == pytest.approx(0.15 * 500_000)


@pytest.mark.parametrize(("country", "excess"), [("PHL", 0.45 - 0.19), ("ZAF", 0.25 - 0.19), ("IND", 0.0)])
def test_own_staff_abroad_leave_beyond_the_ordinary(bench, beta, country, excess):
    moved = bench.change(beta, "options", {"process": "billing", "option": "captive"}, location=country)
    offers = bench.offer(moved, **ON).set_index(["process", "option"])
    assert offers.at[("billing", "captive"), "attrition_share"] == pytest.approx(excess)
    assert offers.drop(index=("billing", "captive"))["attrition_share"].eq(0).all()
    assert bench.offer(moved)["attrition_share"].eq(0).all()


def test_hiring_follows_the_wage_when_a_wage_is_asked_about(bench, alpha):
    dearer = bench.change(alpha, "options", PAYROLL, labor_cost_per_fte=44_000.0)
    before, after = (bench.price(case, **ON)["cost_recruitment"].sum() for case in (alpha, dearer))
    assert after - before == pytest.approx(5 * 0.063 * 4_000)


def test_every_default_of_a_move_is_listed_with_its_source(decide, alpha):
    on = alpha.replace(policy=alpha.policy[alpha.policy["name"] != "move_defaults"])
    figures = pack.list_figures(decide(on))
    cells = figures[figures["option"].eq("shared") & figures["process"].eq("payroll")].set_index("column")
    assert {
        "severed_share",
        "severance_months",
        "recruited_share",
        "recruitment_cost_per_head",
        "parallel_months",
    } <= set(cells.index)
    assert "severance of USA" in set(cells.at["severance_months", "figure"])
    assert (figures[["source", "year", "licence"]] != "").all(axis=None)
    assert "0.345 months of pay per year of service" in cells["bridge"].loc["severance_months"].iloc[0]
    quiet = pack.list_figures(decide(alpha))
    assert not set(quiet["column"]) & set(cells.index) - {"location_risk"}


@examples(60)
@given(
    productivity=st.floats(0.3, 3), redeployed=st.floats(0, 1), country=st.sampled_from(["USA", "DEU", "MEX", "PHL"]),
    model=st.sampled_from(["in_house", "onshore"]),
)  # fmt: skip
def test_shares_of_people_are_shares_and_nobody_is_both_kept_and_severed(
    alpha, productivity, redeployed, country, model
):
    options = alpha.options.assign(
        productivity=alpha.options["productivity"].where(alpha.options["option"] != "shared", productivity),
        delivery_model=alpha.options["delivery_model"].where(alpha.options["option"] != "shared", model),
        location=alpha.options["location"].where(alpha.options["option"] != "shared", country),
    )
    moves = fill_moves(alpha, options, Policy(redeployed_share=redeployed))[0]
    assert moves[["severed_share", "recruited_share"]].stack().between(0, 1).all()
    assert (moves[["severance_months", "parallel_months"]] >= 0).all(axis=None)
    row = moves.set_index(["process", "option"]).loc[("payroll", "shared")]
    kept = 10 / productivity * (1 - row["recruited_share"])
    assert row["severed_share"] * 10 + kept <= 10 + 1e-9


def test_severance_lies_within_what_its_sources_print():
    table = load_by_country().astype({"value": float, "low": float, "high": float})
    assert table["value"].between(table["low"], table["high"]).all()
    assert table.groupby("figure")["country"].agg(lambda names: names.is_unique).all()
    assert len(table[table["figure"] == "severance"]) >= 39
    assert (table[["source", "licence", "remark"]] != "").all(axis=None)
