"""Scores lie on their scales, and weights say something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case.checks.keys import look_up
from sourcing.case.problem import Problem, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

ROUNDING = 0.005
"""Most that a weight written with two digits is off."""


def scores_lie_on_scale(tables: Tables) -> Iterator[Problem]:
    """A score lies on its criterion's scale, and between its own low and high."""
    scores = tables["scores"]
    yield from _find_off_scale(tables, "scores", ("score", "low", "high", "earlier_score"))
    crossed = (scores["low"] > scores["score"]) | (scores["high"] < scores["score"])
    hint = "Hint: low and high are the ends of what the assessor would defend."
    yield from point_at(scores, crossed, ("scores", "score"), "low <= score <= high", hint)


def provider_scores_lie_on_scale(tables: Tables) -> Iterator[Problem]:
    """A provider's score lies on its criterion's scale."""
    yield from _find_off_scale(tables, "provider_scores", ("score",))


def _find_off_scale(tables: Tables, name: str, columns: tuple[str, ...]) -> Iterator[Problem]:
    scores = tables[name]
    low, high = (
        look_up(scores["criterion"], tables["criteria"], "criterion", end) for end in ("scale_min", "scale_max")
    )
    for column in columns:
        off = (scores[column] < low) | (scores[column] > high)
        if not off.any():
            continue
        for least, most in sorted(set(zip(low[off], high[off], strict=True))):
            rule = f"a point from {least:g} to {most:g}"
            rows = off & (low == least) & (high == most)
            yield from point_at(scores, rows, (name, column), rule, "Hint: use the scale of the criterion.")


def weights_say_something(tables: Tables) -> Iterator[Problem]:
    """The weights of an index do not all vanish, and its scales have a length."""
    criteria = tables["criteria"]
    for index, weights in criteria.groupby("index")["weight"]:
        if index and not weights.sum() > 0 and weights.notna().any():
            hint = "Hint: give at least one criterion of the index a weight."
            rule = f"a positive weight in index {index}"
            yield Problem("criteria", weights.index[0], "weight", rule, f"{weights.sum():g}", hint)
    flat = criteria["scale_min"] >= criteria["scale_max"]
    hint = "Hint: the highest score must exceed the lowest."
    yield from point_at(criteria, flat, ("criteria", "scale_max"), "scale_min < scale_max", hint)


def shares_add_up(tables: Tables) -> Iterator[Problem]:
    """Weights of an index that are written as shares, or in per cent, add up to 1, or to 100.

    Weights such as 1, 2, 3 are relative and need not. A sum between 0.85 and 1.15 (85 and 115) of several weights
    that are all below 1 (100) is taken for shares; two digits' rounding is allowed.
    """
    criteria = tables["criteria"]
    for index, weights in criteria.groupby("index")["weight"]:
        total, count = weights.sum(), len(weights)
        for whole in (1, 100):
            near = 0.85 * whole <= total <= 1.15 * whole and (weights < whole).all() and count > 1
            is_off = abs(total - whole) > ROUNDING * whole * count + 1e-9
            if index and near and is_off and not (whole == 100 and (weights == weights.iloc[0]).all()):
                hint = f"Hint: the weights of {index} are off by {total - whole:+.4g}; mend one of them."
                rule = f"weights of {index} that add up to {whole}"
                yield Problem("criteria", weights.index[-1], "weight", rule, f"a sum of {total:.6g}", hint)
