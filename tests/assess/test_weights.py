from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sourcing import Case, Policy, check_case
from sourcing.assess import (
    best_worst_weights,
    combine_judgments,
    list_agreement,
    list_dissent,
    list_habits,
    measure_concordance,
    pairwise_weights,
    random_index,
    settle_weights,
    weigh_points,
)
from sourcing.errors import CaseError, InputError
from tests.conftest import examples

LABELS = list("abcde")


def change(case: Case, **tables: pd.DataFrame) -> Case:
    return case.replace(**tables)


def make_matrix(weights: list[float], noise: list[float] | None = None) -> pd.DataFrame:
    """Comparisons that weights imply, each off by a factor."""
    labels = LABELS[: len(weights)]
    matrix = pd.DataFrame(np.outer(weights, 1 / np.array(weights)), index=labels, columns=labels)
    rows, columns = np.triu_indices(len(weights), 1)
    for row, column, factor in zip(rows, columns, noise or [], strict=False):
        matrix.iloc[row, column] *= factor
        matrix.iloc[column, row] = 1 / matrix.iloc[row, column]
    return matrix


@pytest.fixture
def panel(alpha):
    """Three criteria of commoditization, compared by one, swung by another, best-worst by a third."""
    criteria = pd.concat(
        [alpha.criteria, *(alpha.criteria.iloc[[0]].assign(criterion=name, name=name) for name in ("market", "tools"))]
    )
    pairs = pd.DataFrame(
        [("finance", "commodity", "market", 2.0, "eigenvector"), ("finance", "market", "tools", 2.0, "eigenvector"),
         ("strategy", "market", "commodity", 2.0, "best_worst"), ("strategy", "market", "tools", 4.0, "best_worst"),
         ("strategy", "commodity", "tools", 2.0, "best_worst")],
        columns=["assessor", "criterion_a", "criterion_b", "ratio", "method"],
    ).assign(business_unit="")  # fmt: skip
    swings = pd.DataFrame({
        "business_unit": "alpha", "criterion": ["commodity", "market", "tools"], "assessor": "operations",
        "points": [100.0, 50.0, 50.0], "method": "swing",
    })  # fmt: skip
    return change(alpha, criteria=criteria, pairwise=pairs, weights=swings)


@given(some.lists(some.floats(0.1, 10), min_size=2, max_size=5))
@examples(40)
def test_comparisons_that_agree_give_back_their_weights(weights):
    found = pairwise_weights(make_matrix(weights))
    assert found.weights.tolist() == pytest.approx((np.array(weights) / sum(weights)).tolist())
    assert (found.consistency_ratio, found.revisit) == (0, ())


def test_the_other_answers_imply_a_ratio_without_the_disputed_one():
    """Exceptions are 3 x 1/0.2 = 15 times as important as measured, by the two other answers; 0.25 was answered."""
    asked = pd.DataFrame(np.nan, index=["documented", "exceptions", "measured"], columns=[])
    asked = asked.reindex(columns=asked.index)
    asked.loc["documented", "exceptions"] = 0.2
    asked.loc["exceptions", "measured"] = 0.25
    asked.loc["measured", "documented"] = 1 / 3
    told = pairwise_weights(asked).comparisons.set_index(["first", "second"])
    assert told["implied"].round(9).to_dict() == {
        ("documented", "exceptions"): 12.0, ("documented", "measured"): 0.05, ("exceptions", "measured"): 15.0
    }  # fmt: skip
    assert told.at[("exceptions", "measured"), "fitted"] == pytest.approx(0.98, abs=0.005)


def test_a_comparison_without_which_labels_are_not_connected_is_implied_by_nothing():
    told = pairwise_weights(make_matrix([4, 2, 1]).mask(lambda each: each == 4).mask(lambda each: each == 0.25))
    assert told.comparisons["implied"].isna().all()


@given(
    some.lists(some.floats(0.2, 5), min_size=4, max_size=4),
    some.lists(some.floats(0.3, 3), min_size=6, max_size=6),
    some.permutations(range(4)),
)
@examples(40)
def test_naming_and_order_of_labels_do_not_matter(weights, noise, order):
    matrix = make_matrix(weights, noise)
    shuffled = matrix.iloc[list(order), list(order)].rename(index=str.upper, columns=str.upper)
    one, two = pairwise_weights(matrix), pairwise_weights(shuffled)
    assert two.weights.rename(str.lower)[one.weights.index].tolist() == pytest.approx(one.weights.tolist())
    assert two.consistency_ratio == pytest.approx(one.consistency_ratio, abs=1e-9)


@given(
    some.lists(some.floats(0.2, 5), min_size=4, max_size=4),
    some.lists(some.floats(0.3, 3), min_size=6, max_size=6),
    some.sampled_from([(0, 1), (0, 3), (1, 2), (2, 3)]),
)
@examples(40)
def test_a_completed_gap_is_the_most_consistent_one(weights, noise, gap):
    matrix = make_matrix(weights, noise)
    matrix.iloc[gap], matrix.iloc[gap[::-1]] = np.nan, np.nan
    completed = pairwise_weights(matrix).completed
    best = np.linalg.eigvals(completed).real.max()
    for factor in (0.9, 1.1):
        other = completed.copy()
        other.iloc[gap] *= factor
        other.iloc[gap[::-1]] /= factor
        assert np.linalg.eigvals(other).real.max() >= best - 1e-9


def test_one_half_and_rounded_halves_are_read_alike():
    whole = make_matrix([4, 2, 1], [1, 2, 1])
    upper = whole.where(np.triu(np.ones((3, 3)), 1) > 0)
    rounded = whole.round(2)
    for given_frame in (upper, rounded):
        assert pairwise_weights(given_frame).weights.tolist() == pytest.approx(pairwise_weights(whole).weights.tolist())


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({(0, 1): -2}, "positive and finite"),
        ({(0, 1): 3, (1, 0): 3}, "reciprocal"),
        ({(0, 1): np.nan, (1, 0): np.nan, (0, 2): np.nan, (2, 0): np.nan}, "connect all labels"),
    ],
)
def test_comparisons_that_make_no_sense_are_refused(entries, words):
    matrix = make_matrix([3, 2, 1])
    for place, entry in entries.items():
        matrix.iloc[place] = entry
    with pytest.raises(InputError, match=words):
        pairwise_weights(matrix)


def test_a_frame_whose_rows_and_columns_differ_is_refused():
    with pytest.raises(InputError, match="same labels"):
        pairwise_weights(pd.DataFrame([[1, 2]], index=["a"], columns=["a", "b"]))


@pytest.mark.slow
@pytest.mark.parametrize(("size", "gaps"), [(4, 1), (5, 2), (6, 4)])
def test_the_random_index_with_gaps_is_what_random_comparisons_have(size, gaps):
    random = np.random.default_rng(size)
    scale = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    rows, columns = np.triu_indices(size, 1)
    found = []
    while len(found) < 300:
        matrix = np.eye(size)
        matrix[rows, columns] = random.choice(scale, len(rows))
        matrix[columns, rows] = 1 / matrix[rows, columns]
        out = random.choice(len(rows), gaps, replace=False)
        matrix[rows[out], columns[out]] = matrix[columns[out], rows[out]] = np.nan
        try:
            completed = pairwise_weights(pd.DataFrame(matrix)).completed
        except InputError:
            continue
        found.append((np.linalg.eigvals(completed).real.max() - size) / (size - 1))
    error = np.std(found) / np.sqrt(len(found))
    assert np.mean(found) == pytest.approx(random_index(size, gaps), abs=4 * error + 0.03)


def test_best_worst_refuses_rounds_that_name_no_best():
    with pytest.raises(InputError, match="ratios of at least 1"):
        best_worst_weights(pd.Series({"a": 2, "b": 3}), pd.Series({"a": 3, "b": 1}))
    with pytest.raises(InputError, match="same labels"):
        best_worst_weights(pd.Series({"a": 1, "b": 3}), pd.Series({"a": 3, "c": 1}))


def test_best_worst_weights_lie_in_the_middle_of_what_the_least_deviation_allows():
    names = ["quality", "price", "comfort", "safety", "style"]
    found = best_worst_weights(pd.Series([2, 1, 4, 3, 8], names), pd.Series([4, 8, 4, 2, 1], names))
    ratios_best = found.weights["price"] / found.weights
    ratios_worst = found.weights / found.weights["style"]
    off = [(ratios_best - [2, 1, 4, 3, 8]).abs().max(), (ratios_worst - [4, 8, 4, 2, 1]).abs().max()]
    assert max(off) == pytest.approx(found.deviation, abs=0.35), "the middles are near the least deviation"
    assert found.weights.sum() == pytest.approx(1)


def test_swings_must_top_at_a_hundred():
    assert weigh_points(pd.Series({"a": 30, "b": 10})).tolist() == [0.75, 0.25]
    with pytest.raises(InputError, match="must be 100"):
        weigh_points(pd.Series({"a": 30, "b": 10}), "swing")
    with pytest.raises(InputError, match="not all 0"):
        weigh_points(pd.Series({"a": 0, "b": 0}))


def test_assessors_are_combined_by_the_geometric_mean_of_their_weights(panel):
    found = settle_weights(panel)
    each = found.by_assessor.query("index == 'commoditization'").pivot(
        index="criterion", columns="assessor", values="weight"
    )
    assert each["finance"].tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert each["operations"].tolist() == [0.5, 0.25, 0.25]
    assert each["strategy"].tolist() == pytest.approx([2 / 7, 4 / 7, 1 / 7], abs=1e-5)
    means = np.exp(np.log(each).mean(axis=1))
    assert found.weights[each.index].tolist() == pytest.approx((means / means.sum()).tolist())
    assert found.weights["core"] == 1.0, "an index that nobody weighed keeps the weights of the criteria table"


def test_judgments_are_combined_before_weighing_where_policy_says_so(panel):
    pairs = panel.pairwise.query("assessor == 'finance'")
    more = pairs.assign(assessor="legal", ratio=[8.0, 0.5])
    case = change(panel, pairwise=pd.concat([pairs, more]), weights=panel.weights.iloc[:0])
    found = settle_weights(case, Policy(aggregate_weights="judgments")).weights
    assert (found["commodity"] / found["market"], found["market"] / found["tools"]) == pytest.approx((4, 1))
    one, two = (pairwise_weights(make_matrix(each)) for each in ([4, 2, 1], [4, 0.5, 1]))
    assert one.weights.tolist() != two.weights.tolist()


def test_combining_judgments_counts_only_those_who_gave_them():
    one = make_matrix([4, 2, 1])
    two = one.copy()
    two.loc["a", "b"], two.loc["b", "a"], two.loc["b", "c"], two.loc["c", "b"] = 8, 1 / 8, np.nan, np.nan
    both = combine_judgments([one, two])
    assert (both.loc["a", "b"], both.loc["b", "c"]) == pytest.approx((4, 2))


def test_renaming_assessors_changes_no_weight(panel):
    names = {"finance": "z", "operations": "y", "strategy": "x"}
    renamed = change(
        panel,
        pairwise=panel.pairwise.assign(assessor=lambda t: t["assessor"].map(names)),
        weights=panel.weights.assign(assessor="y"),
    )
    assert settle_weights(renamed).weights.tolist() == pytest.approx(settle_weights(panel).weights.tolist())


def break_table(case: Case, name: str, **cells: object) -> str:
    table = getattr(case, name)
    for column, value in cells.items():
        table.loc[table.index[0], column] = value
    with pytest.raises(CaseError) as caught:
        change(case, **{name: table})
    return " ".join(caught.value.problems["rule"])


def test_comparisons_and_weights_that_cannot_be_used_are_found(panel):
    assert "another criterion of the same index" in break_table(panel, "pairwise", criterion_b="core")
    assert "connect all criteria" in break_table(panel, "pairwise", assessor="nobody")
    assert "two rounds of comparisons" in break_table(panel, "pairwise", method="best_worst")
    assert "each pair of an assessor once" in break_table(panel, "pairwise", criterion_a="tools", criterion_b="market")
    assert "100 as the most" in break_table(panel, "weights", points=90.0)
    assert "a weight of every criterion" in break_table(panel, "weights", criterion="core")
    assert "points or comparisons" in break_table(panel.select("alpha"), "weights", assessor="finance")


def test_a_score_of_partnership_belongs_to_a_provider(alpha):
    criteria = pd.concat(
        [alpha.criteria, alpha.criteria.iloc[[0]].assign(criterion="behavior", index="partnership", name="Behavior")]
    )
    wrong = alpha.scores.iloc[[0]].assign(criterion="behavior")
    with pytest.raises(CaseError, match="a criterion of processes"):
        change(alpha, criteria=criteria, scores=pd.concat([alpha.scores, wrong]))
    given_scores = pd.DataFrame(
        {
            "business_unit": ["alpha"],
            "provider": ["PayCo"],
            "criterion": ["behavior"],
            "assessor": ["it"],
            "score": [9.0],
        }
    )
    with pytest.raises(CaseError, match="a point from 1 to 5"):
        change(alpha, criteria=criteria, provider_scores=given_scores)
    with pytest.raises(CaseError, match="the owner of an option"):
        change(alpha, criteria=criteria, provider_scores=given_scores.assign(provider="PayyCo", score=3.0))


def test_agreement_is_full_where_assessors_rank_alike_and_dissent_is_named(alpha):
    second = alpha.scores.assign(assessor="finance", score=lambda t: 1 + (t["score"] - 1) * 0.5)
    case = change(alpha, scores=pd.concat([alpha.scores.assign(assessor="operations"), second]))
    agreement = list_agreement(case, settle_weights(case).by_assessor)
    assert agreement.set_index("subject").loc["core", "concordance"] == 1.0
    dissent = list_dissent(case)
    assert dissent.iloc[0][["assessor", "distance"]].tolist() == ["finance", -0.5]
    assert list_habits(case).loc["finance", "leaning"] < 0 < list_habits(case).loc["operations", "leaning"]


def test_concordance_needs_two_assessors_and_is_not_told_where_all_tie():
    with pytest.raises(InputError, match="at least two"):
        measure_concordance(pd.DataFrame({"a": [1, 2, 3]}))
    assert np.isnan(measure_concordance(pd.DataFrame({"a": [1, 1, 1], "b": [2, 2, 2]}))[0])


def test_the_default_criteria_name_a_source_and_anchors_each():
    from sourcing.case.filling.generate import load_criteria

    criteria = load_criteria()
    assert {"low_anchor", "mid_anchor", "high_anchor", "source"} <= set(criteria)
    for column in ("low_anchor", "mid_anchor", "high_anchor", "source"):
        assert (criteria[column] != "").all(), column
    assert not criteria["source"].str.contains("house rule").any()
    assert set(criteria["direction"]) == {"up", "down"}


def test_a_shipped_case_is_still_sound():
    assert (check_case("data/tiny")["severity"] != "error").all()
