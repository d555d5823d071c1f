"""The business case as a pack shows it: sums that agree, sentences that are true, a workbook that reckons alike."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from sourcing import pack
from sourcing.decide import (
    build_business_case,
    list_cash_ranges,
    list_contract_ranges,
    list_ladder,
    list_leans,
)
from sourcing.errors import InputError
from sourcing.plan import sum_measure
from sourcing.value import SHARED, list_offers, spread_cash


@pytest.fixture(scope="module")
def alpha_business(alpha, decide):
    return build_business_case(decide(alpha))


@pytest.fixture(scope="module")
def retail(shipped):
    """The unit of the fictional group with the further tables filled."""
    return shipped("retail")


@pytest.fixture(scope="module")
def retail_business(retail):
    return build_business_case(retail)


def test_cash_of_both_states_is_that_of_the_plans(alpha_business):
    sums = alpha_business.cash.groupby("state")["amount"].sum()
    decision = alpha_business.decision
    assert sums["As-Is"] == pytest.approx(decision.as_is.choices["cash_cost"].sum())
    assert sums["To-Be"] == pytest.approx(decision.plan.choices["cash_cost"].sum())


def test_stated_years_of_the_ranges_are_what_the_chosen_alternatives_pay(retail, retail_business):
    """Taken from the cash of all alternatives by another way than the business case goes."""
    ranges = list_cash_ranges(retail_business).set_index(["state", "year"])["stated"]
    offers = list_offers(retail.case, retail.judgment.postures, retail.policy)
    paid = spread_cash(offers, retail.case.unit, retail.policy)
    keys = [name for name in ("process", "option", "wave") if name in paid]
    for state, plan in (("As-Is", retail.as_is), ("To-Be", retail.plan)):
        chosen = paid.merge(plan.choices[[*keys, "share"]], on=keys)
        years = (chosen["amount"] * chosen["share"]).groupby((chosen["quarter"] - 1) // 4 + 1).sum()
        cash = retail_business.cash
        shared = cash[(cash["state"] == state) & (cash["process"] == SHARED)]
        years = years.add(shared["amount"].groupby((shared["quarter"] - 1) // 4 + 1).sum(), fill_value=0.0)
        assert ranges[state].to_dict() == pytest.approx(years.to_dict())


def test_the_waterfall_adds_up_exactly(retail):
    bridge = pack.list_bridge(retail)
    steps = bridge[bridge["kind"] != "total"]["amount"].sum()
    assert bridge["amount"].iloc[0] + steps == pytest.approx(bridge["amount"].iloc[-1], abs=1e-4)


def test_the_deal_looked_at_is_the_largest_of_the_plan_or_the_one_asked_for(alpha, alpha_business):
    assert alpha_business.deal["process"] == "help_desk"
    asked = build_business_case(alpha_business.decision, "payroll")
    assert asked.deal["process"] == "payroll"
    with pytest.raises(InputError, match="payroll"):
        build_business_case(alpha_business.decision, "payrol")


def test_a_starved_deal_is_said_and_nothing_is_called_win_win(alpha_business):
    assert "1 deal of the plan would starve the provider (Help desk)" in pack.show_providers(alpha_business).words
    assert not alpha_business.contracts["is_win_win"].any()
    assert "the provider walks away whatever" in pack.show_zone_edges(alpha_business).words


def test_a_margin_that_cannot_be_judged_is_not_called_earned(alpha_business):
    def show(**cells):
        return pack.show_providers(replace(alpha_business, providers=alpha_business.providers.assign(**cells)))

    block = show(verdict="not comparable", is_like_with_like=False)
    assert "The margin of 1 deal cannot be judged (Help desk)" in block.words
    assert "not comparable: the non-labor cost in the price is not known" in block.html
    assert "leaves out something that the price pays for" in show(verdict="not comparable", is_like_with_like=True).html
    assert "earns its margin" not in block.html
    assert "1 deal would overpay it (Help desk): more than the 25" in show(verdict="overpaid").words


def test_each_form_is_shown_at_the_price_at_which_it_is_signed(retail_business):
    table, block = retail_business.contracts, pack.show_contracts(retail_business)
    assert "at the price at which the provider would sign it" in block.words
    assert "Signed at, a year" in block.html and "of it for the risk moved" in block.html
    own = table.set_index("contract_form").loc[retail_business.deal["contract_form"]]
    assert own["price"] == pytest.approx(retail_business.deal["price_per_year"])
    best = table[table["is_win_win"]].sort_values("buyer_cost").iloc[0]
    said = pack.say_contracts(retail_business)
    assert said.startswith(f"{best['form_name']} costs the buyer least")
    assert ("for the risk it takes over" in said) == (best["risk_premium"] > 1e-3 * best["price"])


def test_the_closing_names_worth_payback_and_the_weakest_figure(alpha_business, retail_business):
    said = pack.say_business(alpha_business)
    assert "are worth USD 305,000 in present value" in said
    assert "USD 90,000 of one-off spending" in said
    assert "Ranges are switched off" in said and not list_leans(alpha_business)["spread"].any()
    leans = list_leans(retail_business)
    assert leans["spread"].is_monotonic_decreasing and leans["spread"].iloc[0] > 0
    assert leans["meaning"].iloc[0] in pack.say_business(retail_business)


def test_where_nothing_moves_nothing_is_earned_back(alpha, decide):
    quiet = build_business_case(decide(alpha, hurdle_sum=1e9))
    assert quiet.moves.index.tolist() == ["all"]
    assert "nothing to earn back" in pack.show_moves(quiet).words
    assert "Nothing moves" in pack.say_business(quiet)


def test_the_way_out_of_a_deal_is_said_with_its_fee_and_worth(retail_business, alpha_business):
    deal, first = retail_business.deal, retail_business.break_dates.iloc[0]
    words = pack.show_breaks(retail_business).words
    assert f"{deal['process_name']} with {deal['owner']}" in words
    assert f"may first be left after {first['month']:g} months" in words
    own = retail_business.breaks.set_index("contract_form").loc[deal["contract_form"]]
    assert own["worth_to_buyer"] >= 0 and ("hardly any drawn outcome" in words) == (own["leaving_share"] < 0.005)
    assert own["first_fee"] == pytest.approx(first["fee"])
    running = pack.show_running_breaks(retail_business)
    assert "Payroll" in running.words and "Left at once" in running.words
    assert set(retail_business.running["process"]) <= set(retail_business.decision.case.deals["process"])
    assert "No running contract" in pack.show_running_breaks(alpha_business).words


def test_the_price_of_a_quoted_deal_is_drawn_from_its_quote(alpha, decide):
    """Tiny's help desk at a quote whose likely price is the one that it has anyway."""
    quote = {"business_unit": "alpha", "process": "help_desk", "option": "provider", "low": 540_000, "likely": 600_000,
             "high": 700_000}  # fmt: skip
    own = (alpha.options["process"] == "help_desk") & (alpha.options["option"] == "provider")
    options = alpha.options.assign(price_per_year=alpha.options["price_per_year"].mask(own))
    quoted = alpha.replace(quotes=pd.DataFrame([quote]), options=options)
    business = build_business_case(decide(quoted, use_ranges="yes"), "help_desk")
    named = "price of help_desk by provider"
    assert named in business.ranges.index
    drawn = business.outcomes
    assert (drawn["price"] == drawn[named]).all() and drawn["price"].nunique() > 100
    assert named in list_leans(business)["figure"].tolist()


def test_ranges_are_shown_as_they_are_with_what_they_move_with(alpha_business):
    html = pack.show_ranges(alpha_business).html
    assert "price level, 0.7" in html and "how well it is run, −0.5" in html
    assert "1.09" in html and "ranges are switched off" in html


def test_tables_that_are_absent_are_named_in_place_of_their_section(alpha, alpha_business):
    decision = alpha_business.decision
    assert "services" in pack.show_services(decision).words
    assert "capacity" in pack.show_peaks(decision).words
    ladder = list_ladder(decision)
    assert ladder.empty
    assert pack.draw_or_say(pack.deal_charts.service_ladder, ladder, empty="None.").words == "None."


def test_each_chart_draws_its_table(retail, retail_business):
    sides = list_contract_ranges(retail_business)
    for chart in (
        pack.deal_charts.cash_ranges(list_cash_ranges(retail_business), "USD"),
        pack.deal_charts.contract_ranges(sides, "Buyer's cost", "USD"),
        pack.deal_charts.contract_ranges(sides, "Provider's margin", "USD"),
        pack.deal_charts.win_win_zone(retail_business.zones),
        pack.deal_charts.service_ladder(list_ladder(retail)),
    ):
        drawn = chart.to_dict()
        assert drawn["description"]
        assert any(len(rows) for rows in drawn["datasets"].values())


def test_the_ladder_has_room_where_the_requirement_is_met(retail):
    ladder = list_ladder(retail)
    met = ladder["level"] >= ladder["required"]
    met = met.where(ladder["measure"] != "response_seconds", ladder["level"] <= ladder["required"])
    assert (met == (ladder["room"] >= 1 - 1e-9)).all()
    assert set(ladder["who"]) == {"today", "planned", "best"}


@pytest.mark.office
def test_the_workbook_reckons_the_same_present_values_and_follows_the_rate(office, retail_business, tmp_path):
    decision = retail_business.decision
    path = pack.write_cash_workbook(retail_business, tmp_path / "cash.xlsx")
    book = openpyxl.load_workbook(path)
    book["cash"]["B3"] = 0.0
    book.save(tmp_path / "flat.xlsx")
    shown = {}
    (tmp_path / "out").mkdir()
    for name in ("cash", "flat"):
        saved = office(tmp_path / f"{name}.xlsx", tmp_path / "out", "xlsx:Calc MS Excel 2007 XML")
        sheet = openpyxl.load_workbook(saved, data_only=True)["cash"]
        shown[name] = {row[0]: row[2:5] for row in sheet.iter_rows(values_only=True)}["net present value"]
    today, planned = (sum_measure(plan, "cash_cost") for plan in (decision.as_is, decision.plan))
    assert shown["cash"] == pytest.approx([today, planned, today - planned])
    sums = retail_business.cash.groupby("state")["amount"].sum()
    assert shown["flat"][:2] == pytest.approx([sums["As-Is"], sums["To-Be"]])


def test_the_workbook_of_a_decision_is_that_of_its_business_case_byte_for_byte(alpha_business, tmp_path):
    one = pack.write_cash_workbook(alpha_business, tmp_path / "one.xlsx").read_bytes()
    assert pack.write_cash_workbook(alpha_business.decision, tmp_path / "two.xlsx").read_bytes() == one
    changed = replace(alpha_business, cash=alpha_business.cash.assign(amount=1.0))
    assert pack.write_cash_workbook(changed, tmp_path / "three.xlsx").read_bytes() != one


def test_the_export_says_what_it_wrote_or_how_to_get_it(alpha_business, tmp_path):
    assert "Name a file" in pack.export_cash(alpha_business, "").words
    block = pack.export_cash(alpha_business, str(tmp_path / "alpha.xlsx"))
    assert "alpha.xlsx holds every payment" in block.words
    assert '<a href="alpha.xlsx">' in block.html and str(tmp_path) not in block.html
    flows = openpyxl.load_workbook(tmp_path / "alpha.xlsx")["flows"]
    assert flows["E4"].value.startswith("=SUMPRODUCT(")
