"""Linear rules hold a promise exactly: every choice of options passes them if and only if it keeps the promise."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.case import promises
from sourcing.decide.structure import require_services
from sourcing.errors import CertificateError, InputError
from sourcing.value import check_services, list_promises, measure_service
from tests.conftest import examples

PARTS = ("payroll", "help_desk", "research")
OPTIONS = ("stay", "shared", "provider")


def promise(bench, case, stand_by: tuple, levels: dict, **targets: float):
    """A shop under payroll, help desk and research; levels by (process, option)."""
    case = bench.add(case, "services", {"service": "shop", "name": "Registrations", **targets})
    parts = [
        {"service": "shop", "process": process, "stand_by": group}
        for process, group in zip(PARTS, stand_by, strict=True)
    ]
    given_levels = [
        {"process": process, "option": option, "measure": "availability", "expected": level}
        for (process, option), level in levels.items()
    ]
    case = bench.change(case, "rules", {"measure": "moved_fte"}, limit=99.0)
    case = bench.change(case, "options", {"process": "payroll", "option": "provider"}, price_per_year=100_000.0)
    return bench.add(bench.add(case, "service_parts", *parts), "service_levels", *given_levels)


def spread_levels(case, levels: list[float]) -> dict:
    options = case.options.loc[case.options["process"].isin(PARTS), ["process", "option"]]
    return dict(zip(options.itertuples(index=False, name=None), levels, strict=False))


def sketch(groups, levels, measure, target, uses=(1.0, 1.0, 1.0)) -> SimpleNamespace:
    """The tables that promises are read from: three processes with three options each."""
    parts = pd.DataFrame({"service": "shop", "process": PARTS, "stand_by": groups, "uses_per_unit": uses})
    options = pd.DataFrame(list(product(PARTS, OPTIONS)), columns=["process", "option"])
    service = dict.fromkeys(("availability", "response_seconds", "throughput_per_day"), np.nan)
    return SimpleNamespace(
        services=pd.DataFrame([service | {"service": "shop", "name": "Shop", measure: target}]),
        service_parts=parts, options=options, service_levels=options.assign(measure=measure, expected=levels),
    )  # fmt: skip


def list_choices(shop: SimpleNamespace, measure: str):
    """Every choice: what its parts deliver, and whether it passes every rule."""
    rules, levels = list_promises(shop), shop.service_levels.set_index(["process", "option"])["expected"].to_dict()
    amounts = [row["amounts"].to_dict() for row in rules]
    for picked in product(OPTIONS, repeat=len(PARTS)):
        keys = list(zip(PARTS, picked, strict=True))
        given_levels = pd.Series([levels[key] for key in keys], index=PARTS)
        sums = [sum(of.get(key, 0.0) for key in keys) for of in amounts]
        passed = [
            total <= row["limit"] + 2e-6 if row["sense"] == "<=" else total >= row["limit"] - 2e-6
            for total, row in zip(sums, rules, strict=True)
        ]
        yield picked, measure_service(shop.service_parts, given_levels, measure), all(passed)


@examples(25)
@given(
    levels=st.lists(st.floats(0.05, 1.0), min_size=9, max_size=9),
    groups=st.sampled_from([("x", "x", ""), ("x", "x", "x"), ("", "x", "x")]),
    target=st.floats(0.2, 0.9999),
)
def test_tangents_part_the_choices_that_keep_an_availability_from_the_others(levels, groups, target):
    for options, delivered, passed in list_choices(sketch(groups, levels, "availability", target), "availability"):
        spent = np.log(delivered) / np.log(target)
        if abs(spent - 1) > 1e-5:
            assert passed == (spent < 1), (options, delivered)


@examples(25)
@given(
    levels=st.lists(st.integers(1, 9).map(float), min_size=9, max_size=9),
    groups=st.sampled_from([("x", "x", ""), ("x", "x", "x")]),
    target=st.floats(2.0, 30.0).map(lambda number: round(number, 2) + 0.003),
)
def test_slowest_and_sums_of_stand_bys_are_held_exactly(levels, groups, target):
    uses = (1.0, 2.0, 1.0)
    slow = sketch(groups, levels, "response_seconds", target, uses)
    for options, delivered, passed in list_choices(slow, "response_seconds"):
        assert passed == (delivered <= target), (options, delivered)
    many = sketch(("x", "x", "x"), levels, "throughput_per_day", target, uses)
    for options, delivered, passed in list_choices(many, "throughput_per_day"):
        assert passed == (delivered >= target), (options, delivered)


def test_what_is_needed_by_itself_has_no_sum_of_throughput():
    assert list_promises(sketch(("", "", ""), [5.0] * 9, "throughput_per_day", 4.0)) == []


def test_one_of_two_stand_bys_may_be_weak_but_not_both(bench, alpha, decide):
    # two of 99.9 % in parallel: 99.9999 %; 99.9 % with 90 %: 99.99 %; two of 90 %: 99 %
    weak_ones = {("payroll", "provider"), ("help_desk", "provider")}
    levels = {pair: 0.9 if pair in weak_ones else 0.999 if pair[0] != "research" else 1.0
              for pair in spread_levels(alpha, [0.0] * 9)}  # fmt: skip
    case = promise(bench, alpha, ("x", "x", ""), levels, availability=0.995)
    weak = decide(case, service_bars="no").plan.choices.set_index("process")["option"]
    assert weak["help_desk"] == weak["payroll"] == "provider"
    decision = decide(case)
    chosen = decision.plan.choices.set_index("process")["option"]
    assert (chosen[["payroll", "help_desk"]] == "provider").sum() <= 1
    assert check_services(case, chosen)["flag"].tolist() == [""]
    assert (decision.plan.rules["rule"] == "Registrations: availability of 0.995 is kept").sum() == 1
    # the cheapest of all choices that keep the promise, by trying each
    table = bench.price(case)
    table = table[table["barred_by"] == ""].set_index(["process", "option"])["cost"]
    rest = float(table.drop(list(PARTS[:2]), level="process").groupby("process").min().sum())
    tried = [
        table[("payroll", first)] + table[("help_desk", second)] + rest
        for first, second in product(OPTIONS, OPTIONS)
        if ("payroll", first) in table and ("help_desk", second) in table and (first, second) != ("provider",) * 2
    ]
    assert decision.plan.objective == pytest.approx(min(tried))


def test_a_promise_that_stand_bys_cannot_keep_sets_no_rule(bench, alpha, decide):
    levels = dict.fromkeys(spread_levels(alpha, [0.0] * 9), 0.9)
    case = promise(bench, alpha, ("x", "x", ""), levels, availability=0.999)
    assert not decide(case).plan.rules["rule"].str.contains("Registrations").any()


def test_more_combinations_than_can_be_told_apart_are_refused(monkeypatch):
    shop = sketch(("x", "x", "x"), [0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98], "availability", 0.9999)
    monkeypatch.setattr(promises, "MOST", 8)
    with pytest.raises(InputError, match="at most 8 combinations of levels"):
        list_promises(shop)


def test_a_rule_that_is_no_true_picture_of_its_promise_is_found_out(bench, alpha, decide):
    levels = {pair: 0.9 if pair[1] == "provider" else 0.999 for pair in spread_levels(alpha, [0.0] * 9)}
    case = promise(bench, alpha, ("x", "x", ""), levels, availability=0.995)
    kept, loose = decide(case), decide(case, service_bars="no")
    require_services(case, kept.plan, kept.question.rules)
    require_services(case, loose.plan, loose.question.rules)  # no rule was set, so none is missed
    with pytest.raises(CertificateError, match="must keep what service shop promises"):
        require_services(case, loose.plan, kept.question.rules)
