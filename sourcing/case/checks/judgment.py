"""Comparisons and weights of criteria can be used, and partnership is scored of owners that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case.checks.keys import look_up, suggest_name
from sourcing.case.problem import Problem, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

PARTNERSHIP = "partnership"
MOST_SWING = 100.0


def pairs_are_of_one_index(tables: Tables) -> Iterator[Problem]:
    """A comparison is between two different criteria of the same index."""
    pairs, criteria = tables["pairwise"], tables["criteria"]
    first, second = (look_up(pairs[end], criteria, "criterion", "index") for end in ("criterion_a", "criterion_b"))
    known = first.notna() & second.notna()
    apart = known & ((first != second) | (pairs["criterion_a"] == pairs["criterion_b"]))
    hint = "Hint: compare criteria that feed the same index; weights count within an index."
    yield from point_at(pairs, apart, ("pairwise", "criterion_b"), "another criterion of the same index", hint)


def pairs_are_compared_once(tables: Tables) -> Iterator[Problem]:
    """An assessor compares two criteria once, in one order, for one unit or for all."""
    for _, pairs in _by_unit(tables, "pairwise"):
        ends = np.sort(pairs[["criterion_a", "criterion_b"]].to_numpy(str), axis=1)
        again = pairs[["assessor"]].assign(low=ends[:, 0], high=ends[:, 1]).duplicated()
        hint = "Hint: keep one of the two; the other way round is one over the ratio."
        yield from point_at(pairs, again, ("pairwise", "criterion_b"), "each pair of an assessor once", hint)


def comparisons_connect_an_index(tables: Tables) -> Iterator[Problem]:
    """The comparisons of an assessor connect all criteria of the index; those of best-worst are of two rounds."""
    from scipy.sparse.csgraph import connected_components

    for (assessor, index), pairs, wanted in _by_assessor(tables, "pairwise", "criterion_a"):
        places = {criterion: place for place, criterion in enumerate(wanted)}
        ends = [pairs[end].map(places) for end in ("criterion_a", "criterion_b")]
        if ends[0].isna().any() or ends[1].isna().any():
            continue
        links = np.zeros((len(wanted), len(wanted)))
        links[ends[0].astype(int), ends[1].astype(int)] = 1
        pieces, _ = connected_components(links, directed=False)
        last = pairs.index[-1]
        if pieces > 1:
            lacking = [name for name in wanted if name not in set(pairs["criterion_a"]) | set(pairs["criterion_b"])]
            hint = f"Hint: compare {', '.join(lacking or wanted)} with one of the others."
            rule = f"comparisons that connect all criteria of {index}"
            yield Problem("pairwise", last, "criterion_b", rule, f"{pieces} parts by {assessor}", hint)
        elif (pairs["method"] == "best_worst").any() and not _is_two_rounds(pairs, wanted):
            hint = (
                "Hint: the best as criterion_a with each other; each other as criterion_a with the worst; ratios >= 1."
            )
            rule = f"two rounds of comparisons of {index}: with the best and with the worst"
            yield Problem("pairwise", last, "method", rule, f"{len(pairs)} comparisons by {assessor}", hint)


def _is_two_rounds(pairs: pd.DataFrame, wanted: list[str]) -> bool:
    """Whether one criterion is compared with all others, all others with one, and nothing else, by one method."""
    others = len(wanted) - 1
    first, second = pairs["criterion_a"].value_counts(), pairs["criterion_b"].value_counts()
    rounds = 1 if others == 1 else 2 * others - 1
    whole = first.max() == others and second.max() == others and len(pairs) == rounds
    return bool(whole and (pairs["method"] == "best_worst").all() and (pairs["ratio"] >= 1).all())


def weights_cover_an_index(tables: Tables) -> Iterator[Problem]:
    """An assessor who weighs one criterion of an index weighs all of them, some above 0; a swing tops at 100."""
    for (assessor, index), rows, wanted in _by_assessor(tables, "weights", "criterion"):
        lacking, last = [name for name in wanted if name not in set(rows["criterion"])], rows.index[-1]
        if lacking:
            hint = f"Hint: add {', '.join(lacking)}; 0 says that it does not count."
            rule = f"a weight of every criterion of {index}"
            yield Problem("weights", last, "criterion", rule, f"{len(lacking)} missing of {assessor}", hint)
        if not rows["points"].sum() > 0:
            hint = "Hint: give at least one criterion points."
            yield Problem("weights", last, "points", f"positive points in {index}", "0", hint)
        swing = rows["method"] == "swing"
        if swing.any() and (not swing.all() or rows["points"].max() != MOST_SWING):
            hint = "Hint: the criterion whose swing from worst to best matters most has 100, the others less."
            rule = f"100 as the most of the swings of {index}, all by the same method"
            yield Problem("weights", last, "points", rule, f"{rows['points'].max():g} by {assessor}", hint)


def weights_come_one_way(tables: Tables) -> Iterator[Problem]:
    """An assessor weighs an index by points or by comparisons, not by both."""
    compared = {key for key, *_ in _by_assessor(tables, "pairwise", "criterion_a")}
    for (assessor, index), rows, _ in _by_assessor(tables, "weights", "criterion"):
        if (assessor, index) in compared:
            hint = "Hint: keep the points or the comparisons."
            rule = f"points or comparisons for {index}, not both"
            yield Problem("weights", rows.index[-1], "assessor", rule, assessor, hint)


def criteria_score_what_they_are_of(tables: Tables) -> Iterator[Problem]:
    """Criteria of partnership are scored of providers, all others of processes."""
    for name, is_partnership, hint in (
        ("scores", False, "Hint: put it in provider_scores, with the provider."),
        ("provider_scores", True, "Hint: put it in scores, with the process."),
    ):
        index = look_up(tables[name]["criterion"], tables["criteria"], "criterion", "index")
        wrong = index.notna() & ((index == PARTNERSHIP) != is_partnership)
        rule = f"a criterion of {'partnership' if is_partnership else 'processes'}"
        yield from point_at(tables[name], wrong, (name, "criterion"), rule, hint)


def scored_providers_are_owners(tables: Tables) -> Iterator[Problem]:
    """A provider that is scored is the owner of some option of the unit."""
    scores, options = tables["provider_scores"], tables["options"]
    for unit, rows in scores.groupby("business_unit"):
        owners = pd.Index(options.loc[options["business_unit"] == unit, "owner"].unique())
        for provider in rows["provider"].unique():
            if provider and provider not in owners:
                hit = (scores["business_unit"] == unit) & (scores["provider"] == provider)
                where, hint = ("provider_scores", "provider"), suggest_name(provider, owners)
                yield from point_at(scores, hit, where, "the owner of an option", hint)


def _by_unit(tables: Tables, name: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Go through the units that have rows of their own; those of all units count with each of them."""
    rows = tables[name]
    for unit in rows["business_unit"].unique():
        yield unit, rows[rows["business_unit"].isin(["", unit])]


def _by_assessor(tables: Tables, name: str, column: str) -> Iterator[tuple[tuple[str, str], pd.DataFrame, list[str]]]:
    """Go through (assessor, index) of each unit with the rows and the criteria of the index."""
    criteria, seen = tables["criteria"], set()
    for _, rows in _by_unit(tables, name):
        index = look_up(rows[column], criteria, "criterion", "index")
        for (assessor, feeds), group in rows.groupby([rows["assessor"], index]):
            if (key := (assessor, feeds, tuple(group.index))) not in seen:
                seen.add(key)
                yield (assessor, feeds), group, criteria.loc[criteria["index"] == feeds, "criterion"].tolist()


CHECKS = (
    (pairs_are_of_one_index, frozenset({"pairwise", "criteria"})),
    (pairs_are_compared_once, frozenset({"pairwise"})),
    (comparisons_connect_an_index, frozenset({"pairwise", "criteria"})),
    (weights_cover_an_index, frozenset({"weights", "criteria"})),
    (weights_come_one_way, frozenset({"weights", "pairwise", "criteria"})),
    (criteria_score_what_they_are_of, frozenset({"scores", "provider_scores", "criteria"})),
    (scored_providers_are_owners, frozenset({"provider_scores", "options", "units", "processes", "locations"})),
)
