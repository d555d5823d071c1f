"""What a pack says of prices and flips follows the numbers: change one, and the words change."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, pack


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
    assert said.endswith("the choice is a close call.")
    at = (alpha.options["process"] == "help_desk") & (alpha.options["option"] == "provider")
    cheaper = alpha.options["price_per_year"].where(~at, 0.5 * alpha.options["price_per_year"])
    other = pack.say_flips(decide(change(alpha, "options", price_per_year=cheaper)))["help_desk"]
    assert other != said
    assert "a close call" not in other


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


def test_few_efficient_plans_are_said_to_be_few_and_a_plan_beside_the_line_too(decision, monkeypatch):
    frontier = pack.list_frontier(decision)
    said = {}
    for count in (1, 2, 3):
        rows = frontier.iloc[[0] * count].assign(efficient=True, chosen=False)
        rows = rows.assign(chosen=[True] + [False] * (count - 1), efficient=[count != 3] + [True] * (count - 1))
        monkeypatch.setattr("sourcing.pack.decision.near_optimal.list_frontier", lambda _, rows=rows: rows)
        said[count] = pack.say_frontier(decision)
    assert said[1][0].startswith("Only 1 efficient plan was found")
    assert said[2][0].startswith("Only 2 efficient plans were found")
    assert "not known" in said[2][0]
    assert len(said[2]) == 1
    assert said[3][1].startswith("This plan is none of them")
