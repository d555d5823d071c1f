"""Every claim about structure that a plan can make wrongly is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import CertificateError
from sourcing.plan import certify, choose


def table(columns, *rows):
    return pd.DataFrame(list(rows), columns=columns.split())


@pytest.fixture
def plan():
    """One process split between two providers, two that wait, stay together or apart; every line is in use."""
    rows = []
    for process, cost in (("a", 40.0), ("b", 30.0), ("c", 20.0)):
        rows.append((process, "stay", 0.0, cost, 0.0, 0.0, "own", "own@US", True))
        for number, owner in enumerate(("acme", "zen")):
            for wave in (1.0, 2.0):
                price = cost * (0.6 + 0.1 * number) + wave
                rows.append((process, owner, wave, price, 1.0, price, owner, f"{owner}@IN", False))
    columns = "process option wave cost fixed_cost price owner place is_as_is"
    structure = {
        "items": table("process divisible min_share max_parts", ("a", True, 0.2, 2)),
        "charges": table("column value cost", ("owner", "acme", 3.0), ("owner", "own", 2.0)),
        "pools": table("pool process cost", ("site", "b", 2.0), ("site", "c", np.nan)),
        "tiers": table(
            "column value measure threshold discount_share kind",
            ("owner", "acme", "price", 5.0, 0.1, "all_units"),
            ("owner", "zen", "price", 5.0, 0.1, "incremental"),
        ),
        "orders": table(
            "kind process_a process_b column lag",
            ("not_before", "b", "a", None, 1.0),
            ("apart", "b", "c", "owner", np.nan),
            ("together", "a", "b", "is_as_is", np.nan),
        ),
        "locks": table("process option kind", ("c", "stay", "take"), ("b", "stay", "bar")),
    }
    cap = table("rule measure where sense limit", ("cap", "count", "process == 'a' and owner == 'acme'", "<=", 0.6))
    links = table("process_a process_b traffic", ("a", "c", 2.0))
    costs = table(
        "place_a place_b cost", ("acme@IN", "own@US", 1.0), ("zen@IN", "own@US", 1.0), ("acme@IN", "zen@IN", 5.0)
    )
    return choose(table(columns, *rows), cap, links, costs, structure=structure, gap=0.0)


def edit(plan, name, row, column, value):
    changed = getattr(plan, name).copy()
    changed[column] = changed[column].astype(object)
    changed.loc[row, column] = value
    return replace(plan, **{name: changed})


def restructure(plan, name, row, column, value):
    structure = {key: one.copy() for key, one in plan.question.structure.items()}
    structure[name][column] = structure[name][column].astype(object)
    structure[name].loc[row, column] = value
    return replace(plan, question=replace(plan.question, structure=structure))


def test_sound_plan_with_every_structure_passes(plan):
    split = plan.choices[plan.choices["process"] == "a"]
    assert split["share"].tolist() == pytest.approx([0.6, 0.4])
    assert (plan.lines.drop(["cost"]) != 0).all()
    names = set(certify(plan)["check"])
    assert {"order: b not before a", "line: pools", "discounts: price at owner zen", "charges: owner acme"} <= names


CORRUPTIONS = {
    "processes with shares": lambda p: edit(p, "choices", 0, "share", 0.5),
    "shares outside": lambda p: edit(edit(p, "choices", 0, "share", 1.2), "choices", 1, "share", -0.2),
    "processes split": lambda p: restructure(p, "items", 0, "divisible", False),
    "splits outside": lambda p: restructure(p, "items", 0, "min_share", 0.45),
    "splits outside ": lambda p: restructure(p, "items", 0, "max_parts", 1),
    "order: b not before a": lambda p: restructure(p, "orders", 0, "lag", 2.0),
    "order: b apart from a": lambda p: restructure(p, "orders", 1, "process_b", "a"),
    "order: a with b": lambda p: restructure(p, "orders", 2, "column", "option"),
    "line: charges": lambda p: restructure(p, "charges", 0, "cost", 4.0),
    "line: pools": lambda p: restructure(p, "pools", 0, "cost", 1.0),
    "line: discounts": lambda p: restructure(p, "tiers", 0, "discount_share", 0.2),
    "line: cost": lambda p: replace(
        p, lines=p.lines + pd.Series({"splits": 1.0, "cost": -1.0}).reindex(p.lines.index, fill_value=0.0)
    ),
    "charges: owner acme": lambda p: edit(p, "shared", 0, "money", 0.0),
    "shared costs": lambda p: replace(p, shared=p.shared.iloc[1:]),
    "lines missing": lambda p: replace(p, lines=p.lines.drop("pools")),
    "hand-off: a - c": lambda p: edit(p, "handoffs", 0, "traffic", 0.1),
    "locks broken": lambda p: restructure(p, "locks", 0, "option", "acme"),
}


@pytest.mark.parametrize("check", CORRUPTIONS)
def test_corrupted_structure_fails_its_check(check, plan):
    with pytest.raises(CertificateError, match="plain arithmetic") as fault:
        certify(CORRUPTIONS[check](plan))
    is_summed = check.startswith("line") and check != "line: cost"
    assert ("sum of lines" if is_summed else check.strip()) in str(fault.value)


def test_split_between_rows_that_are_not_alternatives_is_refused(plan):
    with pytest.raises(CertificateError, match="occur once"):
        certify(replace(plan, choices=plan.choices.iloc[[0, 0, 2, 3]].reset_index(drop=True)))
