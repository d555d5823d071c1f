"""Shapes against published formulas and figures worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.case import read_shape
from sourcing.errors import CaseError, InputError
from sourcing.value import draw_outcomes, find_means, list_ranges

SHAPES = {
    "triangular": {"low": 2.0, "likely": 3.0, "high": 10.0},
    "pert": {"low": 2.0, "likely": 3.0, "high": 10.0},
    "lognormal": {"low": 0.5, "likely": 1.0, "high": 2.0},
    "discrete": {"values": "0.9: 0.25; 1: 0.5; 1.4: 0.25"},
    "empirical": {"values": "1.02; 0.97; 1.10; 1.05; 1.01"},
}
MEANS = {
    # Malcolm, Roseboom, Clark and Fazar (1959): (a + 4 m + b) / 6; the triangle weighs the three alike
    "triangular": 5.0,
    "pert": 4.0,
    # median 1, spread ln 4 / 2.5631 = 0.540866, mean exp(0.540866 ** 2 / 2)
    "lognormal": 1.157506,
    "discrete": 1.075,
    "empirical": 1.03,
}


def frame(kind: str) -> pd.DataFrame:
    return pd.DataFrame([{"shape": kind} | SHAPES[kind]], index=["figure"])


@pytest.mark.parametrize("kind", SHAPES)
def test_the_mean_of_a_shape_is_worked_by_hand_and_its_draws_agree(kind):
    assert find_means(frame(kind))["figure"] == pytest.approx(MEANS[kind], rel=1e-5)
    drawn = draw_outcomes(frame(kind), 20_000)["figure"]
    # stratified: far closer than the error of 20,000 random draws
    assert drawn.mean() == pytest.approx(MEANS[kind], rel=1e-4)


def test_pert_has_the_variance_that_is_published():
    # Vose (2008): (mean - a) (b - mean) / 7, here 2 x 6 / 7
    assert draw_outcomes(frame("pert"), 20_000)["figure"].var() == pytest.approx(12 / 7, rel=1e-3)


def test_low_and_high_of_a_lognormal_figure_are_tenth_and_ninetieth():
    drawn = draw_outcomes(frame("lognormal"), 20_000)["figure"]
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([0.5, 1.0, 2.0], rel=1e-3)


@pytest.mark.parametrize("kind", ["discrete", "empirical"])
def test_values_come_as_often_as_told(kind):
    shape, drawn = read_shape(frame(kind).iloc[0]), draw_outcomes(frame(kind), 1_000)["figure"]
    told = pd.Series(shape.chances, shape.values).groupby(level=0).sum()
    assert (drawn.value_counts(normalize=True) - told).abs().max() < 0.002


@given(st.floats(0.01, 10), st.floats(0, 5), st.floats(0.001, 5), st.sampled_from(["triangular", "pert", "lognormal"]))
def test_draws_keep_within_what_is_told_and_at_its_mean(low, rise, more, kind):
    told = pd.DataFrame([{"low": low, "likely": low + rise, "high": low + rise + more, "shape": kind}], index=["f"])
    shape, drawn = read_shape(told.iloc[0]), draw_outcomes(told, 2_000)["f"]
    if kind != "lognormal":
        assert drawn.between(low - 1e-9, low + rise + more + 1e-9).all()
    # the tail of a very wide lognormal lies beyond 2,000 strata
    if kind != "lognormal" or shape.spread < 1.0:
        assert drawn.mean() == pytest.approx(shape.mean, rel=5e-3)


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"low": 2.0, "likely": 1.0, "high": 3.0}, "low <= likely <= high"),
        ({"low": 2.0, "high": 3.0}, "low <= likely <= high"),
        ({"low": 0.0, "likely": 1.0, "high": 3.0, "shape": "lognormal"}, "above 0"),
        ({"shape": "discrete", "values": "1: 0.5; 2: 0.4"}, "sum to 1"),
        ({"shape": "discrete", "values": "1; 2"}, "value: probability"),
        ({"shape": "empirical", "values": ""}, "value; value"),
        ({"shape": "empirical", "values": "1; nan"}, "finite"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(row, wanted, bench, alpha):
    with pytest.raises(InputError, match=wanted):
        read_shape(row)
    with pytest.raises(CaseError, match=wanted):
        bench.add(alpha, "ranges", {"figure": "wages", "source": "test"} | row)


def test_prices_stand_at_the_mean_of_the_shape(bench, alpha):
    """One truth: the mean that money stands at is that of the shape, not of a triangle over the same ends."""
    row = {"figure": "wages", "low": 0.9, "likely": 1.0, "high": 1.4, "shape": "pert", "source": "test"}
    case = bench.add(alpha, "ranges", row)
    assert find_means(list_ranges(case))["wages"] == pytest.approx(6.3 / 6)
    table = bench.price(case, use_ranges="yes")
    plain = bench.price(alpha, use_ranges="no")
    stays = table["is_as_is"].astype(bool)
    ratio = table.loc[stays, "cost_labor"].sum() / plain.loc[stays, "cost_labor"].sum()
    assert ratio == pytest.approx(6.3 / 6)


def test_history_alone_tells_a_range(bench, alpha):
    row = {"figure": "volume", "shape": "empirical", "values": "0.9; 1.0; 1.2", "source": "three years"}
    told = list_ranges(bench.add(alpha, "ranges", row)).loc["volume"]
    assert told[["low", "likely", "high"]].tolist() == [0.9, 1.0, 1.2]
