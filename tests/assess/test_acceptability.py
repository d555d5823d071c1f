from __future__ import annotations

import math
import resource
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sourcing import Case, Policy
from sourcing.assess import (
    Judgment,
    combine_scores,
    draw_weights,
    judgment,
    list_reversals,
    sample_postures,
    score_indices,
    weigh_criteria,
)
from tests.conftest import examples

ANY = Policy(weights_drawn="any", judgment_draws=20_000, threshold_spread=0)


def score_processes(case: Case, points: dict[str, dict[str, float]], feeds: dict[str, str], **more: float) -> Case:
    """A case whose criteria and scores are as given: criterion -> index, process -> criterion -> score (0 to 1)."""
    criteria = pd.DataFrame(
        [
            {"criterion": name, "index": index, "name": name, "weight": 1.0, "direction": "up", "scale_min": 0.0,
             "scale_max": 1.0}
            for name, index in feeds.items()
        ]
    )  # fmt: skip
    scores = pd.DataFrame(
        [
            {"business_unit": "alpha", "process": process, "criterion": name, "assessor": "it", "score": score,
             "low": max(score - more.get("off", 1e-9), 0), "high": min(score + more.get("off", 1e-9), 1)}
            for process, own in points.items() for name, score in own.items()
        ]
    )  # fmt: skip
    return case.replace(criteria=criteria, scores=scores)


FEEDS = {"c1": "commoditization", "c2": "commoditization", "f": "core_competency"}


@pytest.fixture(scope="module")
def leaning(alpha):
    """Three processes, two criteria of commoditization that disagree to different degrees, none of them core."""
    points = {
        "payroll": {"c1": 0.9, "c2": 0.1, "f": 0.1},
        "help_desk": {"c1": 0.7, "c2": 0.4, "f": 0.1},
        "research": {"c1": 0.2, "c2": 0.1, "f": 0.1},
    }
    return score_processes(alpha, points, FEEDS)


def test_acceptability_is_the_closed_form_within_sampling_error(leaning):
    """Index = w x1 + (1 - w) x2 with w uniform: it reaches t with probability (x1 - t) / (x1 - x2)."""
    found = sample_postures(leaning, ANY)
    for process, high, low in (("payroll", 0.9, 0.1), ("help_desk", 0.7, 0.4)):
        expected = (high - 0.5) / (high - low)
        error = math.sqrt(expected * (1 - expected) / found.draws)
        assert found.postures.loc[process, "release"] == pytest.approx(expected, abs=4 * error)
        told = found.confidence.loc[process]
        assert told["standard_error"] == pytest.approx(error, rel=0.05)
    assert found.postures.loc["research", "partner"] == 1.0
    assert found.confidence.loc["research", "standard_error"] == 0.0


def test_central_weights_are_the_closed_form(leaning):
    """Given that w x1 + (1 - w) x2 >= t, w is uniform from (t - x2) / (x1 - x2) to 1; its mean is the middle."""
    central = sample_postures(leaning, ANY).central_weights
    weights = central.set_index(["process", "posture", "criterion"])["weight"]
    assert weights["payroll", "release", "c1"] == pytest.approx((0.5 + 1) / 2, abs=0.01)
    assert weights["help_desk", "release", "c1"] == pytest.approx((1 / 3 + 1) / 2, abs=0.01)
    assert weights["payroll", "partner", "c1"] == pytest.approx(0.25, abs=0.01)


def test_rank_acceptability_is_the_closed_form(leaning):
    """Payroll beats the help desk where 0.9 w + 0.1 (1 - w) > 0.7 w + 0.4 (1 - w), that is where w > 0.6."""
    ranks = sample_postures(leaning, ANY).ranks.query("index == 'commoditization'").set_index("process")
    assert ranks.loc["payroll", "first_share"] == pytest.approx(0.4, abs=0.02)
    assert ranks.loc["help_desk", "first_share"] == pytest.approx(0.6, abs=0.02)
    assert ranks.loc["research", "expected_rank"] > 2.8


def test_three_criteria_give_the_share_of_the_triangle(alpha):
    """Scores 1, 0, 0: the index is the first weight, and P(w1 >= t) = (1 - t)^2 on the uniform simplex of three."""
    feeds = {"c1": "commoditization", "c2": "commoditization", "c3": "commoditization", "f": "core_competency"}
    case = score_processes(alpha, {"payroll": {"c1": 1.0, "c2": 0.0, "c3": 0.0, "f": 0.0}}, feeds)
    share = sample_postures(case, ANY).postures.loc["payroll", "release"]
    assert share == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / 20_000))


def test_weights_around_the_stated_ones_have_their_mean_and_scatter():
    stated = np.array([0.5, 0.3, 0.2])
    drawn = draw_weights(stated, 50_000, "around", 30, np.random.default_rng(3))
    assert drawn.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert drawn.mean(axis=0) == pytest.approx(stated, abs=0.003)
    assert drawn.std(axis=0) == pytest.approx(np.sqrt(stated * (1 - stated) / 31), rel=0.03)


def test_surer_weights_give_surer_postures(leaning):
    loose, tight = (
        sample_postures(leaning, Policy(weight_precision=p, threshold_spread=0)).confidence["confidence"]
        for p in (5, 500)
    )
    assert tight["help_desk"] > loose["help_desk"]


def test_a_range_of_scores_spreads_the_index_around_its_median(alpha):
    case = score_processes(
        alpha, {"payroll": {"c1": 0.6, "f": 0.1}}, {"c1": "commoditization", "f": "core_competency"}, off=0.2
    )
    found = sample_postures(case, ANY)
    assert found.postures.loc["payroll", "release"] == pytest.approx(0.75, abs=0.02), "0.4 to 0.8 uniform against 0.5"
    ends = found.ranks.set_index(["index", "process"]).loc[("commoditization", "payroll"), ["low", "high"]]
    assert ends.tolist() == pytest.approx([0.42, 0.78], abs=0.01)


def test_a_threshold_lies_anywhere_within_its_spread(alpha):
    """A score of 0.52 against thresholds of 0.45 to 0.55: seven in ten are below it."""
    feeds = {"c1": "commoditization", "f": "core_competency"}
    case = score_processes(alpha, {"payroll": {"c1": 0.52, "f": 0.1}}, feeds)
    share = sample_postures(case, replace(ANY, threshold_spread=0.05)).postures.loc["payroll", "release"]
    assert share == pytest.approx(0.7, abs=4 * math.sqrt(0.7 * 0.3 / 20_000))


def test_an_unscored_process_has_no_acceptability(alpha):
    case = alpha.replace(scores=alpha.scores.query("process != 'payroll'"))
    found = sample_postures(case, Policy(judgment_draws=200))
    assert found.postures.loc["payroll"].isna().all()
    assert (found.confidence.loc["payroll", "posture"], bool(found.confidence.loc["payroll", "is_unsettled"])) == (
        "unscored",
        False,
    )


def test_own_capability_turns_retain_into_ally_in_its_share_of_draws(alpha):
    feeds = {"c": "commoditization", "f": "core_competency", "o1": "own_capability", "o2": "own_capability"}
    case = score_processes(alpha, {"research": {"c": 0.0, "f": 1.0, "o1": 0.8, "o2": 0.3}}, feeds)
    shares = sample_postures(case, ANY).postures.loc["research"]
    assert shares["ally"] == pytest.approx(0.4, abs=0.02), "0.3 + 0.5 w < 0.5 where w < 0.4"
    assert shares["retain"] + shares["ally"] == pytest.approx(1)


def test_the_same_seed_gives_the_same_shares_and_another_nearly(leaning):
    one, two, other = (sample_postures(leaning, ANY, seed=seed).postures for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert (one - other).abs().max().max() < 0.03


def frame_scores(points: list[float], **first: object) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Scores of three processes on two criteria of one index; `first` changes the first criterion."""
    criteria = pd.DataFrame(
        {"criterion": ["c1", "c2"], "index": "commoditization", "weight": [2.0, 1.0], "direction": "up",
         "scale_min": 0.0, "scale_max": 1.0}
    )  # fmt: skip
    for column, value in first.items():
        criteria.loc[0, column] = value
    keys = pd.MultiIndex.from_product([["c1", "c2"], list("abc")], names=["criterion", "process"])
    scores = keys.to_frame(index=False).assign(assessor="it", score=points)
    return scores, criteria, weigh_criteria(criteria)


def read_index(scores: pd.DataFrame, criteria: pd.DataFrame, weights: pd.Series) -> list[float]:
    found = combine_scores(scores, criteria, weights, pd.Series(list("abc")))
    return found.loc[found["index"] == "commoditization", "value"].tolist()


six_points = some.lists(some.floats(0, 1), min_size=6, max_size=6)


@given(six_points)
@examples(30)
def test_reversing_a_direction_and_its_scores_changes_nothing(points):
    mirrored = [1 - point for point in points[:3]] + points[3:]
    turned = read_index(*frame_scores(mirrored, direction="down"))
    assert turned == pytest.approx(read_index(*frame_scores(points)), abs=1e-9)


@given(six_points)
@examples(30)
def test_reversing_a_direction_alone_mirrors_what_the_criterion_adds(points):
    change = np.array(read_index(*frame_scores(points, direction="down"))) - read_index(*frame_scores(points))
    assert change.tolist() == pytest.approx([2 / 3 * (1 - 2 * point) for point in points[:3]], abs=1e-9)


@given(six_points, some.integers(-50, 50), some.sampled_from([0.5, 4, 9, 100]))
@examples(30)
def test_shifting_and_stretching_a_scale_changes_nothing(points, shift, stretch):
    moved = [shift + stretch * point for point in points[:3]] + points[3:]
    frames = frame_scores(moved, scale_min=float(shift), scale_max=shift + float(stretch))
    assert read_index(*frames) == pytest.approx(read_index(*frame_scores(points)), abs=1e-9)


@given(six_points, some.permutations(range(6)))
@examples(30)
def test_the_order_of_scores_does_not_matter(points, order):
    scores, criteria, weights = frame_scores(points)
    assert read_index(scores.iloc[list(order)], criteria, weights) == read_index(scores, criteria, weights)


def test_renaming_assessors_changes_no_index_and_no_share(leaning):
    renamed = leaning.replace(scores=leaning.scores.assign(assessor="somebody else"))
    pd.testing.assert_frame_equal(score_indices(renamed), score_indices(leaning))
    pd.testing.assert_frame_equal(sample_postures(renamed, ANY).postures, sample_postures(leaning, ANY).postures)


def test_leaving_out_a_process_turns_no_order_and_a_method_that_does_would_be_found(alpha, monkeypatch):
    """Scaled by the best present, payroll leads the help desk only while research is there to stretch the scale."""
    points = {
        "payroll": {"c1": 0.9, "c2": 0.3, "f": 0.1},
        "help_desk": {"c1": 0.6, "c2": 0.5, "f": 0.1},
        "research": {"c1": 0.0, "c2": 1.0, "f": 0.1},
    }
    case = score_processes(alpha, points, FEEDS)
    assert list_reversals(case, Policy()).empty
    score_all = judgment.combine_scores

    def scale_by_the_best(scores, criteria, weights, processes):
        tops = scores.groupby("criterion")["score"].transform("max")
        return score_all(scores.assign(score=scores["score"] / tops), criteria, weights, processes)

    monkeypatch.setattr(judgment, "combine_scores", scale_by_the_best)
    turned = list_reversals(case, Policy())
    assert ("commoditization", "research", "help_desk", "payroll") in set(turned.itertuples(index=False, name=None))


def test_judgment_works_out_each_part_once(leaning):
    found = Judgment(leaning, Policy(judgment_draws=200))
    assert found.acceptability is found.acceptability
    assert found.postures.loc["payroll", "posture"] == found.acceptability.confidence.loc["payroll", "posture"]


@pytest.mark.slow
def test_ten_thousand_draws_of_five_thousand_processes_on_twenty_criteria_take_two_gibibytes_at_most(alpha):
    random = np.random.default_rng(5)
    names = [f"p{k:04d}" for k in range(5000)]
    feeds = {f"c{k:02d}": ("commoditization", "core_competency", "own_capability")[min(k // 8, 2)] for k in range(20)}
    template = alpha.processes.iloc[[0]]
    processes = pd.concat([template] * 5000, ignore_index=True).assign(process=names, name=names, as_is_option="stay")
    options = pd.concat([alpha.options.query("process == 'payroll' and option == 'stay'")] * 5000, ignore_index=True)
    criteria = pd.DataFrame(
        {"criterion": list(feeds), "index": list(feeds.values()), "name": list(feeds), "weight": 1.0, "direction": "up"}
    )
    keys = pd.MultiIndex.from_product([names, feeds], names=["process", "criterion"]).to_frame(index=False)
    scores = keys.assign(business_unit="alpha", assessor="it", score=random.integers(1, 6, len(keys)).astype(float))
    case = Case({"units": alpha.units, "locations": alpha.locations, "processes": processes, "criteria": criteria,
                 "scores": scores, "options": options.assign(process=names)})  # fmt: skip
    sample_postures(alpha, Policy(judgment_draws=500))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = sample_postures(case, Policy(judgment_draws=10_000))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert found.postures.sum(axis=1).tolist() == pytest.approx([1.0] * 5000)
    assert grown < 2 * 2**20, f"{grown / 2**20:.2f} GiB"
