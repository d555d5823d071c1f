"""Promises reach down to processes as reliability textbooks say; jobs are counted where they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sourcing.value import (
    build_ladder,
    check_services,
    combine_parallel,
    combine_series,
    list_levels,
    list_misses,
    list_regions,
    measure_service,
    require_levels,
)
from tests.conftest import examples

AVAILABLE = {"stay": 0.999, "shared": 0.998, "provider": 0.99}


def make_parts(*stand_by: str, uses: float = 1.0) -> pd.DataFrame:
    names = [f"p{place}" for place in range(len(stand_by))]
    return pd.DataFrame({"process": names, "stand_by": list(stand_by), "uses_per_unit": uses})


def promise(bench, case, **targets: float):
    """A shop that needs payroll and the help desk, with a level for each option."""
    case = bench.add(case, "services", {"service": "shop", "name": "Registrations", **targets})
    parts = [{"service": "shop", "process": name} for name in ("payroll", "help_desk")]
    levels = [
        {"process": process, "option": option, "measure": "availability", "expected": level}
        for process in ("payroll", "help_desk") for option, level in AVAILABLE.items()
    ]  # fmt: skip
    return bench.add(bench.add(case, "service_parts", *parts), "service_levels", *levels)


def test_composite_availability_meets_the_textbook():
    # two of 99 % and 99.99 % in series: 98.99 %; two of 99 % in parallel: 99.99 %; three of 90 %: 99.9 %
    assert combine_series([0.99, 0.9999]) == pytest.approx(0.989901)
    assert combine_parallel([0.99, 0.99]) == pytest.approx(0.9999)
    assert combine_parallel([0.9] * 3) == pytest.approx(0.999)
    # five of 99.99 % in series: 99.95 %
    assert combine_series([0.9999] * 5) == pytest.approx(0.9995, abs=1e-6)


@examples(30)
@given(
    levels=st.lists(st.floats(0.5, 0.9999), min_size=3, max_size=3),
    groups=st.sampled_from([("", "", ""), ("", "x", "x"), ("x", "x", "x")]),
    short=st.floats(0.6, 1.0),
)
def test_a_process_at_its_requirement_just_meets_the_promise(levels, groups, short):
    parts, best = make_parts(*groups), pd.Series(levels, index=["p0", "p1", "p2"])
    target = short * measure_service(parts, best, "availability")
    required = require_levels(parts, best, target, "availability")
    possible = required[(required >= 0) & (required <= 1)]
    assume(len(possible))
    for name, level in possible.items():
        at = best.copy()
        at[name] = level
        assert measure_service(parts, at, "availability") == pytest.approx(target)


def test_throughput_is_that_of_the_bottleneck_and_response_the_sum():
    parts = make_parts("", "x", "x", uses=2.0)
    levels = pd.Series({"p0": 9000.0, "p1": 4000.0, "p2": 3000.0})
    assert measure_service(parts, levels, "throughput_per_day") == pytest.approx(3500)
    assert require_levels(parts, levels, 3200.0, "throughput_per_day").tolist() == [6400.0, 3400.0, 2400.0]
    seconds = pd.Series({"p0": 1.0, "p1": 2.0, "p2": 5.0})
    assert measure_service(parts, seconds, "response_seconds") == pytest.approx(2 + 10)
    assert np.isnan(measure_service(parts, seconds.drop("p1"), "response_seconds"))


def test_an_option_that_cannot_meet_a_service_is_out_with_the_reason(bench, alpha):
    case = promise(bench, alpha, availability=0.9965)
    misses = list_misses(case)
    # 0.9965 / 0.999 = 0.9975 is needed of each: the providers' 0.99 cannot
    assert misses[["process", "option"]].to_numpy().tolist() == [["help_desk", "provider"], ["payroll", "provider"]]
    table = bench.price(case).set_index(["process", "option"])["barred_by"]
    reason = "service Registrations: availability of 0.99, 0.997497 needed"
    assert table[("payroll", "provider")] == table[("help_desk", "provider")] == reason
    assert table[("payroll", "shared")] == ""
    lifted = bench.price(case, service_bars="no").set_index(["process", "option"])["barred_by"]
    assert lifted[("payroll", "provider")] == ""


def test_todays_delivery_is_flagged_and_not_barred(bench, alpha, decide):
    case = promise(bench, alpha, availability=0.9985)
    assert set(list_misses(case)["option"]) == {"stay", "shared", "provider"}
    decision = decide(case)
    assert (decision.alternatives.loc[decision.alternatives["is_as_is"], "barred_by"] == "").all()
    checked = check_services(case, decision.as_is.choices.set_index("process")["option"])
    assert checked["flag"].tolist() == ["stricter than its parts"]
    assert checked["delivered"].tolist() == pytest.approx([0.998001])


def test_parts_that_each_can_must_together_keep_the_promise(bench, alpha, decide):
    # each of today's 0.999 could, but only with the other at its best: at most one of the two may move to the center
    case = promise(bench, alpha, availability=0.9965)
    table = bench.price(case).set_index(["process", "option"])["unavailability_shop"]
    assert table[("payroll", "shared")] == pytest.approx(np.log(0.998) / np.log(0.9965))
    assert table[("research", "shared")] == 0
    decision = decide(case)
    chosen = decision.plan.choices.set_index("process")["option"]
    delivered = AVAILABLE[chosen["payroll"]] * AVAILABLE[chosen["help_desk"]]
    assert delivered >= 0.9965
    assert sorted(chosen[["payroll", "help_desk"]]) == ["shared", "stay"]
    assert "Registrations: availability of 0.9965 is kept" in set(decision.plan.rules["rule"])
    loose = decide(case, service_bars="no").plan.choices.set_index("process")["option"]
    assert loose["help_desk"] == "provider"


def test_a_response_is_kept_as_a_sum_and_one_that_no_plan_keeps_is_flagged_only(bench, alpha, decide):
    case = promise(bench, alpha, response_seconds=5.0)
    seconds = {"stay": 2.0, "shared": 3.0, "provider": 9.0}
    case = bench.add(case, "service_levels", *(
        {"process": process, "option": option, "measure": "response_seconds", "expected": level}
        for process in ("payroll", "help_desk") for option, level in seconds.items()
    ))  # fmt: skip
    chosen = decide(case).plan.choices.set_index("process")["option"]
    assert seconds[chosen["payroll"]] + seconds[chosen["help_desk"]] <= 5.0
    tight = bench.change(case, "services", {"service": "shop"}, response_seconds=3.0)
    decision = decide(tight)
    assert not decision.plan.rules["rule"].str.contains("response").any()
    checked = check_services(tight, decision.plan.choices.set_index("process")["option"])
    assert checked["flag"].tolist() == ["stricter than its parts"]


def test_a_promise_with_nothing_under_it_and_one_with_a_gap_are_flagged(bench, alpha):
    case = promise(bench, alpha, availability=0.9, response_seconds=5.0)
    case = bench.add(case, "services", {"service": "air", "name": "Castles", "availability": 0.9})
    checked = check_services(case, pd.Series({"payroll": "stay", "help_desk": "stay"}))
    flags = checked.set_index(["service", "measure"])["flag"].to_dict()
    assert flags == {
        ("air", "availability"): "no process under it",
        ("shop", "availability"): "",
        ("shop", "response_seconds"): "a level is missing",
    }


def test_the_ladder_shows_what_is_asked_of_each_process(bench, alpha):
    ladder = build_ladder(promise(bench, alpha, availability=0.995)).set_index("process")
    assert ladder["required"].to_dict() == pytest.approx(dict.fromkeys(("payroll", "help_desk"), 0.995 / 0.999))
    assert ladder["today"].tolist() == [0.999, 0.999]
    assert ladder["is_met_today"].all()
    assert build_ladder(alpha).empty


def test_each_option_has_its_expected_band(bench, alpha):
    case = promise(bench, alpha, availability=0.9)
    band = {"process": "payroll", "measure": "availability", "good_from": 0.9985, "bad_from": 0.99}
    levels = list_levels(bench.add(case, "bands", band)).set_index(["process", "option"])["band"]
    assert levels[["payroll"]].to_dict() == {
        ("payroll", "stay"): "good", ("payroll", "shared"): "average", ("payroll", "provider"): "bad",
    }  # fmt: skip
    assert (levels["help_desk"] == "").all()


def test_jobs_count_more_where_work_is_scarce(bench, alpha, decide):
    case = bench.change(alpha, "locations", {"location": "center"}, region="Valley", unemployment_rate=0.1,
                        unemployment_source="statistical office")  # fmt: skip
    case = bench.change(case, "locations", {"location": "head_office"}, unemployment_rate=0.04)
    table = bench.price(case).set_index(["process", "option"])
    # ten jobs leave the head office for the center, or for a site without a rate
    assert table.loc[("payroll", "shared"), "social_value"] == pytest.approx(10 * 0.1 - 10 * 0.04)
    assert table.loc[("payroll", "provider"), "social_value"] == pytest.approx(-0.4)
    assert table.loc[("payroll", "stay"), "social_value"] == 0
    assert table.loc[("help_desk", "provider"), "contact_moved"] == pytest.approx(0.3)
    assert table.loc[("help_desk", "shared"), "contact_moved"] == 0
    decision = decide(case)
    regions = list_regions(case, decision.plan.choices, decision.as_is.choices).set_index("region")
    assert regions.loc["Valley", ["jobs_today", "jobs", "weighted_change"]].tolist() == pytest.approx([0, 10, 1.0])
    assert regions.loc["Valley", "source"] == "statistical office"
    assert regions["jobs_today"].sum() == pytest.approx(38)


def test_service_to_customers_is_weighted_by_their_contact(bench, alpha):
    table = bench.price(promise(bench, alpha, availability=0.9)).set_index(["process", "option"])["contact_service"]
    # three tenths of the contact lose 0.9 points with the provider of the help desk; payroll has no contact
    assert table[("help_desk", "provider")] == pytest.approx(0.3 * -0.9)
    assert table[("payroll", "provider")] == table[("help_desk", "stay")] == 0
    assert (bench.price(alpha)["contact_service"] == 0).all()


def test_a_rule_can_ask_for_jobs(bench, beta, decide):
    rule = {"rule": "Nine jobs stay in the country", "measure": "jobs_home", "sense": ">=", "limit": 9.0}
    chosen = decide(bench.add(beta, "rules", rule)).plan.choices
    assert chosen["jobs_home"].sum() >= 9
    away = bench.price(beta).set_index(["process", "option"])["jobs_home"]
    assert away[("billing", "captive")] == 0
