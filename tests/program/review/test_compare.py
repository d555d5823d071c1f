"""Two decisions of alpha compared: what changed, what flipped what, and shares worked by hand ."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.decide import decide_unit, pose_question
from sourcing.errors import InputError
from sourcing.program import compare_decisions
from sourcing.program.review.changes import list_changes, list_filled_changes, list_lever_changes
from sourcing.program.review.compare import compare_sides
from sourcing.program.review.groups import FIGURED, WORDS, group_changes, mix_cases
from sourcing.program.review.mixtures import settle_side
from tests.conftest import examples

CAP = "no more than 20 people move to outside owners"
SPENDING = "one-off spending stays within 200000"
NO_LEVERS = list_lever_changes({}, {})


def set_cell(case, table, column, value, **where):
    """Return a case with one cell changed."""
    frame = getattr(case, table)
    rows = pd.Series(True, frame.index)
    for name, wanted in where.items():
        rows &= frame[name] == wanted
    assert rows.sum() == 1
    frame.loc[rows, column] = value
    return case.replace(**{table: frame})


def limit(case, value, rule=CAP):
    return set_cell(case, "rules", "limit", value, rule=rule)


def quote(case, price):
    row = {"business_unit": "alpha", "process": "payroll", "option": "provider", "likely": price}
    bare = case.options
    bare.loc[bare["owner"] == "PayCo", "price_per_year"] = None
    return case.replace(options=bare, quotes=pd.DataFrame([row]))


def compare(before, after, **more):
    """Compare two cases, each decided, but without what a decision is compared with."""
    return compare_sides(settle_side(before, {}), settle_side(after, {}), **more)


@pytest.fixture(scope="module")
def three(alpha):
    """A cheaper provider of payroll, a cheaper move of the help desk, and five people fewer that may leave."""
    after = set_cell(alpha, "options", "price_per_year", 270_000.0, process="payroll", option="provider")
    after = set_cell(after, "options", "transition_cost", 20_000.0, process="help_desk", option="shared")
    return compare(alpha, limit(after, 15.0))


def test_a_decision_compared_with_itself_has_not_changed(alpha, decide):
    found = compare_decisions(decide(alpha), decide(alpha))
    assert found.is_unchanged
    assert found.effort.method == "nothing"
    for table in (found.changes, found.filled, found.levers, found.decisions, found.causes, found.drift):
        assert table.empty
    assert found.money["change"].eq(0.0).all()


def test_one_changed_quote_is_named_as_the_cause_of_what_it_flips(alpha):
    # PayCo at 270,000: 793 + 1490 = 2283 with the desk shared, below 900 + 1430 = 2330
    found = compare(quote(alpha, 300_000.0), quote(alpha, 270_000.0))
    assert found.changes.values.tolist() == [["quotes", "payroll, provider", "changed", "likely", "300000", "270000"]]
    flipped = found.decisions.set_index("process")
    assert flipped[["before", "after"]].values.tolist() == [["provider", "shared"], ["shared", "provider"]]
    assert flipped["causes"].tolist() == [("quotes: payroll, provider",)] * 2 == flipped["needed"].tolist()
    assert flipped["before_name"].tolist() == ["DeskCo", "Shared-service center"]
    assert found.causes["objective"].tolist() == [-47_000.0]
    assert found.causes["flips"].tolist() == [("help_desk", "payroll")]
    # staying: the desk at DeskCo pushes payroll back to 900, 2330 - 2283; so does payroll in the shared center
    assert flipped["keeping_cost"].tolist() == [47_000.0, 47_000.0]


def test_three_changes_at_once_get_the_shares_worked_by_hand(three):
    # v(quote) = 2283, v(move) = 2322.5, v(cap) = 2332.5, pairs 2273, 2283, 2322.5, all 2273; none 2330
    shares = three.causes.set_index("cause")["objective"]
    assert shares["options: payroll, provider"] == pytest.approx(-146_000 / 3)
    assert shares["options: help_desk, shared"] == pytest.approx(-55_000 / 6)
    assert shares[f"rules: {CAP}"] == pytest.approx(5_000 / 6)
    assert three.effort.method == "exact"
    assert three.effort.solved == 8
    assert three.causes["alone"].tolist() == pytest.approx([-47_000, -7_500, 2_500])
    assert three.causes["last"].tolist() == pytest.approx([-49_500, -10_000, 0])


def test_shares_of_every_measure_add_up_to_its_change(three):
    change = three.money[three.money["kind"] == "measure"].set_index("line")["change"]
    for measure in ("objective", "cash_cost", "expected_loss", "as_is_cash_cost", "saving"):
        assert math.fsum(three.causes[measure]) == pytest.approx(change[measure], abs=1e-6)
    lines = three.money[three.money["kind"] == "line"]["change"]
    assert math.fsum(lines) == pytest.approx(change["objective"])


def test_each_change_that_alone_flips_a_decision_is_told(three):
    payroll = three.decisions.set_index("process").loc["payroll"]
    assert {payroll["causes"][0], *payroll["other_causes"]} == set(three.causes["cause"])
    assert payroll["needed"] == ()
    assert payroll["is_smallest"]
    # with DeskCo at 20 people over a cap of 15 there is no plan
    assert three.decisions.set_index("process").at["help_desk", "keeping_cost"] == math.inf


@given(st.integers(24, 33), st.integers(0, 6), st.integers(2, 6))
@examples(6)
def test_shares_add_up_whatever_changes(alpha, price, move, cap):
    after = set_cell(alpha, "options", "price_per_year", price * 1e4, process="payroll", option="provider")
    after = set_cell(after, "options", "transition_cost", move * 1e4, process="help_desk", option="shared")
    found = compare(alpha, limit(after, cap * 5.0))
    change = found.money.set_index("line")["change"]
    for measure in ("objective", "cash_cost", "expected_loss", "saving"):
        assert math.fsum(found.causes[measure]) == pytest.approx(change[measure], abs=1e-6)


def test_a_mixture_without_a_plan_is_left_out_and_told(alpha):
    # both providers ask for 100,000 at once: to demand them before the limit is raised has no plan
    before = limit(alpha, 95_000.0, SPENDING)
    after = limit(limit(alpha, 100_000.0, SPENDING), 30.0)
    after = set_cell(after, "rules", "sense", ">=", rule=CAP)
    found = compare(before, after)
    assert found.effort.refused == {"infeasible": 1}
    shares = found.causes.set_index("cause")["objective"]
    assert shares[f"rules: {CAP}"] == -57_500.0
    assert shares[f"rules: {SPENDING}"] == 0.0
    assert found.causes.set_index("cause").at[f"rules: {CAP}", "alone"] != found.causes["alone"].iloc[1]
    payroll = found.decisions.set_index("process").loc["payroll"]
    assert payroll["causes"] == (f"rules: {CAP}", f"rules: {SPENDING}")
    assert payroll["is_smallest"]


def test_the_change_that_leaves_no_plan_is_named(alpha):
    after = set_cell(limit(alpha, 31.0), "rules", "sense", ">=", rule=CAP)
    after = set_cell(after, "options", "transition_cost", 20_000.0, process="help_desk", option="shared")
    sides = settle_side(alpha, {}), settle_side(after, {})
    found = compare_sides(*sides)
    assert (found.status_before, found.status_after) == ("plan", "infeasible")
    assert found.feasibility == ((f"rules: {CAP}",),)
    assert found.effort.method == "no money"
    assert found.decisions.empty
    assert found.causes["objective"].isna().all()
    back = compare_sides(*sides[::-1])
    assert back.feasibility == ((f"rules: {CAP}",),)


def test_a_lever_is_a_cause_and_its_rows_in_the_policy_table_are_none(alpha):
    said = pd.DataFrame([{"business_unit": "", "name": "price_of_fit", "value": "2000", "reason": "so decided"}])
    after = alpha.replace(policy=pd.concat([alpha.policy, said], ignore_index=True))
    found = compare(alpha, after)
    assert found.levers.values.tolist() == [["price_of_fit", 0.0, 2000.0]]
    assert found.changes["table"].tolist() == ["policy"]
    assert found.causes["cause"].tolist() == ["lever: price_of_fit"]
    # desk 20 points, payroll in the shared center -5, research 8: -23 x 2000
    assert found.causes["objective"].tolist() == [-46_000.0]
    by_hand = compare_sides(settle_side(alpha, {"price_of_fit": "2000"}), settle_side(after, {}))
    assert by_hand.levers.empty
    assert by_hand.causes.empty
    assert not by_hand.decisions.size


def test_words_that_no_calculation_reads_have_no_share_and_are_not_solved(alpha):
    after = set_cell(alpha, "rules", "reason", "The council thought again.", rule=CAP)
    found = compare(alpha, after)
    assert found.effort.method == "nothing"
    assert found.causes[["cause", "is_words", "objective"]].values.tolist() == [[f"rules: {CAP}", True, 0.0]]
    assert not found.is_unchanged


def test_columns_taken_for_words_move_nothing(alpha):
    tables = {}
    for name, frame in alpha.tables.items():
        own = [column for column in frame if column in WORDS and name not in FIGURED]
        tables[name] = frame.assign(**{column: frame[column] + " otherwise" for column in own})
    before, after = pose_question(alpha), pose_question(alpha.replace(**tables))
    pd.testing.assert_frame_equal(before.alternatives, after.alternatives)
    pd.testing.assert_frame_equal(before.rules.drop(columns="reason"), after.rules.drop(columns="reason"))


def add_process(case, process):
    tables = {}
    for name in ("processes", "options", "scores"):
        frame = getattr(case, name)
        own = frame[frame["process"] == "payroll"]
        tables[name] = pd.concat([frame, own.assign(process=process)], ignore_index=True)
    return case.replace(**tables)


def test_a_process_with_its_options_and_scores_is_one_change(alpha):
    after = add_process(alpha, "=1+1")
    (group,) = group_changes(alpha, after, NO_LEVERS)
    assert {table for table, _ in group.rows} == {"processes", "options", "scores"}
    assert group.name == "processes (1); scores (4); options (3)"
    found = compare(alpha, after)
    assert found.decisions["change"].tolist()[-1] == "added"
    assert found.decisions["process"].tolist()[-1] == "=1+1"
    assert found.causes["objective"].sum() == pytest.approx(found.money.set_index("line").at["objective", "change"])


def test_an_option_holds_together_with_what_names_it(alpha):
    other = alpha.options[alpha.options["owner"] == "PayCo"].assign(option="other", price_per_year=None)
    options = pd.concat([alpha.options, other.astype(alpha.options.dtypes)], ignore_index=True)
    row = {"business_unit": "alpha", "process": "payroll", "option": "other", "likely": 250_000.0}
    after = limit(alpha.replace(options=options, quotes=pd.DataFrame([row])), 25.0)
    names = [group.name for group in group_changes(alpha, after, NO_LEVERS)]
    assert sorted(names) == ["options: payroll, other; quotes: payroll, other", f"rules: {CAP}"]


def test_a_mixture_holds_the_rows_asked_for_and_no_other(alpha):
    after = limit(set_cell(alpha, "options", "transition_cost", 1.0, process="help_desk", option="shared"), 15.0)
    rows = [row for group in group_changes(alpha, after, NO_LEVERS) for row in group.rows]
    assert mix_cases(alpha, after, []).fingerprint == alpha.fingerprint
    assert mix_cases(alpha, after, rows).fingerprint == after.fingerprint
    assert mix_cases(alpha, after, [rows[-1]]).fingerprint == limit(alpha, 15.0).fingerprint


def test_many_changes_of_a_table_become_one_group(alpha):
    scores = alpha.scores.assign(score=alpha.scores["score"].clip(upper=4.0))
    after = limit(alpha.replace(scores=scores), 15.0)
    few = group_changes(alpha, after, NO_LEVERS, most=2)
    assert [len(group.rows) for group in few] == [int((alpha.scores["score"] > 4.0).sum()), 1]
    assert few[0].name == f"scores ({len(few[0].rows)})"


def test_many_changes_are_sampled_and_still_add_up(three, alpha):
    after = set_cell(alpha, "options", "price_per_year", 270_000.0, process="payroll", option="provider")
    after = set_cell(after, "options", "transition_cost", 20_000.0, process="help_desk", option="shared")
    found = compare(alpha, after, solves=3)
    assert found.effort.method == "sampled"
    assert found.effort.orders == 2
    # both orders of two changes are all there are, so that the sample is the Shapley value: pairs as in `three`
    assert found.causes["objective"].tolist() == pytest.approx([-48_250.0, -8_750.0])
    assert found.causes["error"].isna().all()
    assert set(found.causes["cause"]) < set(three.causes["cause"])


def test_what_the_reference_fills_in_is_told_apart(alpha):
    named = set_cell(alpha, "processes", "occupation", "43-3051", process="payroll")
    bare = set_cell(named, "options", "labor_cost_per_fte", None, process="payroll", option="shared")
    assert list_changes(named, bare)["column"].tolist() == ["labor_cost_per_fte"]
    found = list_filled_changes(named, bare)
    filled = found.set_index("column").loc["labor_cost_per_fte"]
    assert (filled["process"], filled["option"]) == ("payroll", "shared")
    assert filled["source_after"] not in ("", "the case")
    assert filled["after"] > 0


def test_runs_of_two_units_are_refused(alpha, beta):
    with pytest.raises(InputError, match=r"of one business unit to be compared; got .alpha. and .beta.\. Hint"):
        compare(alpha, beta)


def test_amounts_in_two_currencies_are_not_subtracted(alpha):
    after = alpha.replace(units=alpha.units.assign(currency="EUR"))
    found = compare(alpha, after)
    assert not found.is_comparable
    assert not found.is_unchanged
    assert found.money["change"].isna().all()
    assert found.causes["objective"].isna().all()


def test_notebooks_answers_compare_as_their_cases_do(alpha, decide, three):
    after = set_cell(alpha, "options", "price_per_year", 270_000.0, process="payroll", option="provider")
    found = compare_decisions(decide(alpha), decide_unit(after))
    assert found.causes["objective"].tolist() == [-47_000.0]
    assert found.decisions["process"].tolist() == three.decisions["process"].tolist()
