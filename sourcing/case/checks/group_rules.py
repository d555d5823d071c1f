"""Rules of all units together: no unit, what they may count beside columns, quarters, shared volume discounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case.checks.columns import ExpectedColumns
from sourcing.case.policy import DISTINCT, GROUP, QUARTER, QUARTERLY, TODAY, WORST_TENTH
from sourcing.case.problem import Problem, point_at
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]


def is_of_group_only(column: str, name: str) -> bool:
    """Tell whether what a rule says in a column is read of group rules only, and by another check.

    Examples
    --------
    >>> is_of_group_only("measure", "distinct_owner"), is_of_group_only("for_each", "quarter")
    (True, True)
    >>> is_of_group_only("measure", "worst_tenth"), is_of_group_only("measure", "fte")
    (True, False)
    """
    is_measure = name.startswith(DISTINCT) or name == WORST_TENTH
    return is_measure if column == "measure" else column == "for_each" and name == QUARTER


def group_rules_name_no_unit(tables: Tables) -> Iterator[Problem]:
    """A rule of the group names no unit."""
    rules = tables["rules"]
    named = (rules["scope"] == GROUP) & (rules["business_unit"] != "")
    hint = "Hint: leave the unit empty, or write scope unit: a rule of one unit is no rule of the group."
    yield from point_at(rules, named, ("rules", "business_unit"), "no unit beside scope group", hint)


def group_rules_count_labels(tables: Tables) -> Iterator[Problem]:
    """A rule that counts how many values of a column are in use names a column of texts, at most so many."""
    rules, expected = tables["rules"], ExpectedColumns(tables)
    counting = (rules["scope"] == GROUP) & rules["measure"].str.startswith(DISTINCT)
    for row, measure in rules.loc[counting, "measure"].items():
        column = measure.removeprefix(DISTINCT)
        for unit in expected.list_units(""):
            kinds = expected.list_kinds(unit, [column])
            if kinds.get(column) != "text":
                texts = [name for name, kind in kinds.items() if kind == "text"]
                wanted = f"{DISTINCT} and a column of texts of the alternatives"
                yield Problem("rules", row, "measure", wanted, measure, hint_near(column, texts))
                break
    hint = "Hint: count what there may be at most, over all at once."
    for name, sound in (("sense", ("<=",)), ("relative_to", ("",)), ("for_each", ("",))):
        wrong = counting & ~rules[name].isin(sound) & ~((name == "sense") & (rules[name] == ""))
        wanted = "<= beside distinct_" if name == "sense" else f"no {name} beside distinct_"
        yield from point_at(rules, wrong, ("rules", name), wanted, hint)


def group_rules_limit_one_worst_tenth(tables: Tables) -> Iterator[Problem]:
    """One rule limits the worst tenth of the group's futures from above, over everything."""
    rules = tables["rules"]
    limiting = (rules["scope"] == GROUP) & (rules["measure"] == WORST_TENTH)
    hint = "Hint: the worst tenth is that of all cash and losses of all units together."
    for name, sound in (
        ("sense", ("<=", "")), ("where", ("",)), ("for_each", ("",)), ("relative_to", ("", TODAY))
    ):  # fmt: skip
        wanted = f"{' or '.join(text for text in sound if text) or f'no {name}'} beside {WORST_TENTH}"
        yield from point_at(rules, limiting & ~rules[name].isin(sound), ("rules", name), wanted, hint)
    again = limiting & (limiting.cumsum() > 1)
    hint = "Hint: keep the tightest."
    yield from point_at(rules, again, ("rules", "measure"), f"one rule on {WORST_TENTH}", hint)


def group_rules_count_quarters(tables: Tables) -> Iterator[Problem]:
    """A rule for each quarter counts what moves take while they are under way, in an amount."""
    rules = tables["rules"]
    by_quarter = (rules["scope"] == GROUP) & (rules["for_each"] == QUARTER)
    hint = f"Hint: {', '.join(QUARTERLY[:-1])} and {QUARTERLY[-1]} are spread over quarters."
    unknown = by_quarter & ~rules["measure"].isin(QUARTERLY)
    yield from point_at(rules, unknown, ("rules", "measure"), f"{' or '.join(QUARTERLY)} beside {QUARTER}", hint)
    hint = "Hint: write the amount that there is in a quarter."
    relative = by_quarter & (rules["relative_to"] != "")
    yield from point_at(rules, relative, ("rules", "relative_to"), f"no relative_to beside {QUARTER}", hint)


def shared_discounts_have_a_provider(tables: Tables) -> Iterator[Problem]:
    """A discount on what all units buy is of a provider that owns an option of some unit."""
    tiers, owners = tables["price_tiers"], set(tables["options"]["owner"])
    for provider in tiers.loc[(tiers["business_unit"] == "") & (tiers["provider"] != ""), "provider"].unique():
        if owners and provider not in owners:
            wrong = (tiers["business_unit"] == "") & (tiers["provider"] == provider)
            yield from point_at(tiers, wrong, ("price_tiers", "provider"), "an owner of some option",
                                hint_near(provider, owners))  # fmt: skip


CHECKS = (
    group_rules_name_no_unit,
    group_rules_count_labels,
    group_rules_limit_one_worst_tenth,
    group_rules_count_quarters,
)
