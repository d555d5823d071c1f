"""What a pack says of prices and flips follows the numbers: change one, and the words change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.pack.wording import say_money, say_sureness


def change(case: Case, table: str, **columns: object) -> Case:
    return case.replace(**{table: case.tables[table].assign(**columns)})


@pytest.fixture
def decision(alpha, decide):
    return decide(alpha)


def test_a_flip_says_the_next_best_and_the_number_that_turns_it_and_follows_a_changed_quote(alpha, decision, decide):
    said = pack.say_flips(decision)["help_desk"]
    assert said.startswith("Taking Shared-service center instead costs USD 2,500 more, all else free to follow")
    assert "Payroll would be decided otherwise too" in said
    assert "yearly labor cost per head falls from USD 36,000 to USD 35,9" in said
    assert "The choice is open: within the range of its " in said
    at = (alpha.options["process"] == "help_desk") & (alpha.options["option"] == "provider")
    cheaper = alpha.options["price_per_year"].where(~at, 0.5 * alpha.options["price_per_year"])
    other = pack.say_flips(decide(change(alpha, "options", price_per_year=cheaper)))["help_desk"]
    assert other != said
    assert "The choice is sure against the range of each of its numbers" in other


def test_a_choice_is_sure_against_the_ranges_of_the_case_and_by_its_scores(alpha, decide):
    """Wages between 96 and 106 % of today's are a documented range; the case's own takes its place."""
    numbers = pack.list_number_ranges(decide(alpha)).set_index(["process", "driver", "of"])
    wage = numbers.loc[("help_desk", "wage", "shared")]
    assert (wage["range_low"], wage["range_high"]) == pytest.approx((0.96 * 36_000, 1.06 * 36_000))
    assert wage["may_flip"]
    ranges = pd.DataFrame(
        [{"business_unit": "alpha", "figure": "wages", "low": 0.9999, "likely": 1.0, "high": 1.0001, "source": "us"}]
    )
    own = pack.list_number_ranges(decide(alpha.replace(ranges=ranges))).set_index(["process", "driver", "of"])
    assert not own.loc[("help_desk", "wage", "shared"), "may_flip"]
    row = {"confidence": 0.4, "is_unsettled": True}
    assert "its posture is unsettled: it holds in 40 % of the draws" in say_sureness(numbers.reset_index(), row)


def test_the_rulebook_prices_the_rule_that_binds_and_names_who_would_move(decision):
    words = pack.show_rules(decision).html
    assert "USD 57,500" in words
    assert "no more than 20 people move to outside owners" in words
    book = pack.list_rulebook(decision).set_index("belongs_to")
    assert book.loc["no more than 20 people move to outside owners", "drop_saving"] == pytest.approx(57500)
    assert book.loc["posture", "kind"] == "ban"


def test_a_ban_of_the_law_is_not_for_sale_and_another_one_is(alpha, decide):
    one = {"veto": "by law", "process": "payroll", "option": "provider", "reason_code": "statutory",
           "reason": "The act says so.", "owner": "parliament"}  # fmt: skip
    for code, shown in (("statutory", "not for sale"), ("own", "nothing")):
        vetoes = pd.DataFrame([one | {"reason_code": code}])
        case = alpha.replace(vetoes=vetoes)
        decision = decide(case)
        row = pack.list_prices(decision).set_index("rule").loc["by law"]
        assert bool(row["for_sale"]) == (code == "own")
        assert pd.isna(row["drop_saving"]) == (code == "statutory")
        assert shown in pack.show_rules(decision).html


def test_every_flip_and_every_efficient_plan_is_shown_without_scripts(decision):
    cards = pack.show_decisions(decision).html
    assert cards.count("<details") >= 3
    assert "Forced, all else free" in cards
    assert '<tr class="why">' in cards
    frontier = pack.show_frontier(decision).html
    choices = pack.list_frontier_choices(decision)
    assert frontier.count("<details") == (choices.groupby("plan")["differs"].sum() > 0).sum()
    assert pack.list_frontier(decision)["chosen"].sum() == 1
    chart = pack.frontier_charts.frontier_picker(choices, "USD").to_dict()
    assert chart["params"]


def test_flips_of_a_decision_are_exact_in_a_small_unit(decision):
    flips = pack.list_flips(decision)
    assert flips["exact"].all()
    assert flips.loc[flips["chosen"], "forcing_cost"].tolist() == [0.0, 0.0, 0.0]
    blocked = flips[flips["forcing_cost"] == float("inf")]
    assert (blocked["blocked_by"].map(len) > 0).all()


def test_a_frontier_says_whether_it_is_all_there_is(decision, monkeypatch):
    frontier = pack.list_frontier(decision)
    said = {}
    for complete, cut in ((True, False), (False, False), (False, True)):
        rows = frontier.copy()
        rows.attrs = {"complete": complete, "cut": cut}
        monkeypatch.setattr("sourcing.pack.decision.near_optimal.list_frontier", lambda _, rows=rows: rows)
        said[complete, cut] = pack.say_frontier(decision)
    assert [len(words) for words in said.values()] == [1, 1, 1]
    assert said[True, False][0].endswith("these are all there are.")
    assert said[False, False][0].endswith("others may lie between.")
    assert said[False, True][0].endswith("others are not known.")


def test_a_plan_that_is_not_efficient_is_told_with_what_it_is_kept_for(alpha, decide):
    """Cash and loss alone leave out what customers value: payroll stays for it though sharing it is cheaper."""
    options = alpha.options.copy()
    stays = (options["process"] == "payroll") & (options["option"] == "stay")
    options.loc[stays, ["customer_value_per_year", "source"]] = [500_000.0, "survey"]
    decision = decide(alpha.replace(options=options), price_of_customer_value=1.0)
    frontier = pack.list_frontier(decision)
    own = frontier[frontier["chosen"]].iloc[0]
    assert not own["efficient"]
    better = frontier[frontier["efficient"] & (frontier["cash_cost"] <= own["cash_cost"])]
    better = better[better["expected_loss"] <= own["expected_loss"]].iloc[0]
    said = pack.say_frontier(decision)[1]
    assert f"pays {say_money(own['cash_cost'] - better['cash_cost'], 'USD')} less cash" in said
    assert better["plan"].lines.sum() > decision.plan.lines.sum()
    assert "customer value" in said.lower()
    prices = frontier.loc[frontier["efficient"], "price_of_next"]
    steps = frontier.loc[frontier["efficient"], ["cash_cost", "expected_loss"]].diff().dropna()
    assert prices.iloc[:-1].tolist() == pytest.approx((-steps["cash_cost"] / steps["expected_loss"]).tolist())


def test_a_safety_limit_that_is_hit_is_said_and_changes_no_decision(shipped, decision):
    cut, whole = shipped("utility", explain_time=0.1), shipped("utility")
    assert "The lever explain time cut the search: what forcing costs is not exact for " in pack.say_bounds(cut)
    assert "The lever explain time cut the search: " in pack.show_answer(cut).words
    assert "cut the search" not in pack.say_bounds(decision)
    assert "cut the search" not in pack.show_answer(decision).words
    assert cut.plan.choices["option"].tolist() == whole.plan.choices["option"].tolist()
    html = pack.show_decisions(cut).html + pack.show_frontier(cut).html + pack.show_rules(cut).html
    assert "at least EUR 0" not in html
    flips = pack.list_flips(cut)
    unknown = flips[~flips["exact"] & np.isinf(flips["forcing_cost"])]
    assert len(unknown) > 10
    assert (unknown["lower"] < np.inf).all(), "what is not known is not called impossible"
    assert html.count("impossible") == (flips["lower"] == np.inf).sum()
