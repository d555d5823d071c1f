"""Processes and their parts are shown together, and nothing is said where there are none."""

from __future__ import annotations

import pytest

from sourcing import Case, pack
from sourcing.case.load import read_folder
from tests.conftest import TINY


@pytest.fixture(scope="module")
def nested(decide):
    """Payroll is part of the help desk: 2 of 3 processes form a family."""
    tables = read_folder(TINY)
    tables["processes"]["parent_process"] = ""
    tables["processes"].loc[tables["processes"]["process"] == "payroll", "parent_process"] = "help_desk"
    return decide(Case(tables).select("alpha"))


def test_a_process_and_its_parts_add_up_together(nested):
    [family] = pack.list_families(nested).to_dict("records")
    assert (family["name"], family["members"], family["moving"]) == ("Help desk", 2, 2)
    # help desk 1600 -> 1395, payroll 1000 -> 900
    assert family["from_cash_cost"] == pytest.approx(2_600_000)
    assert family["cash_cost"] == pytest.approx(2_295_000)
    assert family["saving"] == pytest.approx(305_000)
    assert family["models"] == "1 onshore and 1 outsourced"
    assert family["fte"] == pytest.approx(30)


def test_parts_follow_their_process_and_name_it(nested, alpha):
    shown = pack.show_decisions(nested)
    assert "Process with its parts" in shown.html
    payroll = shown.html.split("↳ Payroll")[1].split("</tbody>")[0]
    assert "Part of Help desk." in payroll
    assert "Shared-service center (onshore)" in payroll
    table = shown.html[shown.html.index("each with its parts (↳) below it") :]
    # research costs as much today as the help desk, payroll less than both
    assert table.index(">Help desk<") < table.index(">↳ Payroll<") < table.index(">Product research<")
    plan = pack.collect(nested)["tables"]["plan"].set_index("process")
    assert plan["parent_process"].to_dict() == {"payroll": "help_desk", "help_desk": "", "research": ""}


def test_a_case_without_parts_shows_no_empty_column(alpha, decide):
    decision = decide(alpha)
    assert pack.show_families(decision).html == ""
    shown = pack.show_decisions(decision).html
    assert not [words for words in ("part of", "parts", "↳") if words in shown]
