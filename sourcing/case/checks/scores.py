"""Scores lie on their scales, and weights say something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case.checks.keys import list_rows, look_up
from sourcing.case.checks.options import PROCESS
from sourcing.case.policy import read_policy
from sourcing.case.problem import WARNING, Problem, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

DECIDING = ("commoditization", "core_competency")
"""Indices without which a process has no posture and stays as it is."""
LONGEST, DWARFS = 1e5, 1e6
"""Points of a scale, and times another weight of the index, that are asked about beyond (house rule)."""
ROUNDING = 0.005
"""Most that a weight written with two digits is off."""


def scores_lie_on_scale(tables: Tables) -> Iterator[Problem]:
    """A score lies on its criterion's scale, and between its own low and high."""
    scores = tables["scores"]
    yield from _find_off_scale(tables, "scores", ("score", "low", "high", "earlier_score"))
    crossed = (scores["low"] > scores["score"]) | (scores["high"] < scores["score"])
    swapped = scores["low"] > scores["high"]
    hint = "Hint: low and high are the ends of what the assessor would defend."
    yield from point_at(scores, crossed & ~swapped, ("scores", "score"), "low <= score <= high", hint)
    shown = scores["low"].map("{:g} as low, ".format) + scores["high"].map("{:g} as high".format)
    yield from point_at(scores, swapped, ("scores", "low"), "low <= high", "Hint: were the two swapped?", shown)
    beside = scores["score"].isna() & scores[["low", "high", "earlier_score"]].notna().any(axis=1)
    rule, hint = "a score beside its low, its high or an earlier one", "Hint: were two columns swapped?"
    yield from point_at(scores, beside, ("scores", "score"), rule, hint, beside.map(lambda _: ""), WARNING)


def processes_are_scored(tables: Tables) -> Iterator[Problem]:
    """Of each index that decides the posture a process has scores of enough weight (warning).

    Enough is the lever `min_coverage` as the case sets it; weights are those of the criteria.
    """
    processes, criteria, scores = tables["processes"], tables["criteria"], tables["scores"]
    given = scores.loc[scores["score"].notna(), [*PROCESS, "criterion"]].drop_duplicates()
    given = given.merge(criteria[["criterion", "index", "weight"]].drop_duplicates("criterion"), on="criterion")
    scored = given.groupby([*PROCESS, "index"])["weight"].sum()
    whole = criteria.groupby("index")["weight"].sum()
    least = {unit: read_policy(tables["policy"], unit, "min_coverage") for unit in processes["business_unit"].unique()}
    for row, key in zip(processes.index, list_rows(processes[PROCESS]), strict=True):
        wanted = least[key[0]]
        for index in DECIDING:
            share = scored.get((*key, index), 0.0) / whole[index] if whole.get(index, 0.0) > 0 else 0.0
            if share < wanted - 1e-9 or share == 0:
                rule = f"scores of {index} for at least {100 * wanted:g} % of its weight"
                names = criteria.loc[criteria["index"] == index, "criterion"].tolist()
                hint = f"Hint: score {', '.join(names[:3])}; until then the process stays as it is."
                value = f"{100 * share:.0f} % scored" if share else "no score"
                yield Problem("processes", row, "process", rule, value, hint, WARNING)


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


def criteria_are_in_measure(tables: Tables) -> Iterator[Problem]:
    """A scale is no longer than a hundred thousand points, and no weight dwarfs another of its index (warning)."""
    criteria = tables["criteria"]
    for end, other in (("scale_min", "scale_max"), ("scale_max", "scale_min")):
        far = (criteria["scale_max"] - criteria["scale_min"] > LONGEST) & (criteria[end].abs() > criteria[other].abs())
        rule, hint = f"a scale of at most {LONGEST:,.0f} points", "Hint: a scale of 1 to 5 is usual; check both ends."
        yield from point_at(criteria, far, ("criteria", end), rule, hint, severity=WARNING)
    given = criteria["weight"].where(criteria["weight"] > 0)
    dwarfs = given > DWARFS * given.groupby(criteria["index"]).transform("min")
    rule, hint = "weights of an index that are comparable", "Hint: beside it others do not count; check the figure."
    yield from point_at(criteria, dwarfs, ("criteria", "weight"), rule, hint, severity=WARNING)


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
