"""Faults of the table assumptions, each told with its row and column."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.case import check_case, save_case
from sourcing.errors import CaseError

ROW = {"business_unit": "alpha", "assumption": "time to move", "figure": "transition_months", "stated_as": "ratio",
       "low": 0.8, "likely": 1.0, "high": 1.2}  # fmt: skip


def assume(case, **cells):
    return case.replace(assumptions=pd.DataFrame([ROW | cells]))


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"process": "baking"}, "process"),
        ({"country": "XYZ"}, "country"),
        ({"figure": "rent"}, "price_per_year"),
        ({"low": 1.1}, "low <= likely <= high"),
        ({"shape": "discrete", "values": "1: 0.5; 2: 0.6"}, "sum to 1"),
        ({"assumption": "wages"}, "other than those of table ranges"),
        ({"figure": "headcount_fte", "option": "stay"}, "belong to the process"),
        ({"low": -0.5}, "at least 0"),
        ({"figure": "productivity", "low": 0.0}, "above 0"),
        ({"clear_by": "soon"}, "a wave of the unit's calendar or a date"),
        ({"checked": pd.Timestamp("2026-02-01"), "expires": pd.Timestamp("2026-01-01")}, "on or after"),
        ({"asking_cost": -1.0}, "at least 0"),
        ({"loading": 2.0}, "-1 to 1"),
    ],
)
def test_a_faulty_assumption_is_refused_with_its_place(cells, wanted, alpha):
    with pytest.raises(CaseError) as told:
        assume(alpha, **cells)
    assert wanted in str(told.value)
    assert "assumptions" in set(told.value.problems["table"])


def test_a_quoted_price_has_one_range(alpha):
    options = alpha.options.copy()
    hit = (options["process"] == "payroll") & (options["option"] == "provider")
    options.loc[hit, "price_per_year"] = float("nan")
    quote = {"business_unit": "alpha", "process": "payroll", "option": "provider", "per": "year", "low": 270_000.0,
             "likely": 300_000.0, "high": 390_000.0, "source": "bid"}  # fmt: skip
    case = alpha.replace(options=options, quotes=pd.DataFrame([quote]))
    with pytest.raises(CaseError, match="one range for each price"):
        assume(case, figure="price_per_year", process="payroll", option="provider")


def warn(case, tmp_path, **cells) -> pd.DataFrame:
    save_case(assume(case, **cells), tmp_path / "case")
    found = check_case(tmp_path / "case")
    return found[found["table"] == "assumptions"]


def test_what_matches_nothing_and_what_lies_off_the_case_is_warned_of(alpha, tmp_path):
    nothing = warn(alpha, tmp_path / "one", country="IND").iloc[0]
    assert nothing["severity"] == "warning" and "at least one option" in nothing["rule"]
    # the mean of 0.8, 1 and 1.5 is 1.1
    off = warn(alpha, tmp_path / "two", high=1.5).iloc[0]
    assert off["severity"] == "warning" and "mean 1.1, the case 1" in off["value"]
    price = {"figure": "price_per_year", "process": "help_desk", "option": "provider", "stated_as": "value"}
    told = warn(alpha, tmp_path / "three", **price, low=5e5, likely=6e5, high=9e5).iloc[0]
    assert "the case 600000" in told["value"]
    assert warn(alpha, tmp_path / "four", **price, low=5e5, likely=6e5, high=7e5).empty
    assert warn(alpha, tmp_path / "five", clear_by="2026-03-31", owner="head of finance").empty
