"""The group's page and files: inert whatever names hold, the same bytes, every table beside it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sourcing.case import save_case
from sourcing.cli import main
from sourcing.pack import (
    PORTFOLIO_FILES,
    render_portfolio,
    show_group_answer,
    show_group_rules,
    show_method,
    write_portfolio,
)
from sourcing.portfolio import decide_group, list_units
from tests.portfolio.conftest import MOVES, group_case, tiny_group  # noqa: F401  # fixtures of that folder


def test_the_files_are_the_tables_a_summary_and_one_page(tiny_group, tmp_path):  # noqa: F811
    files = write_portfolio(tmp_path, tiny_group)
    assert sorted(files) == sorted(PORTFOLIO_FILES) == sorted(path.name for path in tmp_path.iterdir())
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["objective"] == pytest.approx(tiny_group.joint.objective)
    assert summary["rules"][MOVES]["drop_saving"] > 0.0
    written = pd.read_csv(tmp_path / "units.csv")
    assert written["cost_group"].sum() == pytest.approx(summary["objective"])
    assert written["business_unit"].tolist() == list_units(tiny_group)["business_unit"].tolist()


def test_the_same_plan_gives_the_same_bytes(tiny_group, tmp_path):  # noqa: F811
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_portfolio(tmp_path / name, tiny_group)
    for name in PORTFOLIO_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_the_page_says_what_the_rules_cost_and_asks_nothing_of_a_network(tiny_group):  # noqa: F811
    page = render_portfolio(tiny_group)
    assert "default-src 'none'" in page
    assert 'src="http' not in page
    words = show_group_answer(tiny_group).words
    assert f"The dearest rule of the group is “{MOVES}”" in words
    assert "break 1 rule of the group" in words
    assert MOVES in show_group_rules(tiny_group).words


def test_the_page_ends_with_what_the_saving_leans_on(tiny_group):  # noqa: F811
    """At USD 1 = EUR 0.9242 alpha saves 205,000 on the help desk and 100,000 on payroll; beta nothing."""
    words = show_method(tiny_group).words
    assert "leans most on Help desk of Alpha Services (fictional), which carries EUR 189,000 of EUR 282,000" in words
    assert "No source is given for them. EUR 282,000 of it is in other money" in words
    assert "would save EUR 28,200 less" in words


@pytest.mark.browser
@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_page_is_accessible(tiny_group, tmp_path, open_pack, size, scheme):  # noqa: F811
    write_portfolio(tmp_path, tiny_group)
    page = open_pack(tmp_path / "portfolio.html", size, scheme=scheme)
    assert page.audit() == []
    page.unfold()
    assert page.audit() == []


def test_hostile_names_stay_words(group_case):  # noqa: F811
    units = group_case.units.assign(name=["<script>alert(1)</script>", "=1+1"])
    page = render_portfolio(decide_group(group_case.replace(units=units), lift=False))
    assert "<script>alert(1)</script>" not in page
    assert "alert(1)" in page


def test_the_command_writes_the_group_and_writes_it_again(group_case, tmp_path, capsys):  # noqa: F811
    save_case(group_case, tmp_path / "case", kind="csv")
    asked = ["portfolio", str(tmp_path / "case"), "--out", str(tmp_path / "out"), "--workers", "1", "--gap", "0"]
    assert main(asked) == 0
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(first) == set(PORTFOLIO_FILES)
    assert main(asked) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
    assert "Decided together, the 2 units cost" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--workers", "0"], "--workers must be at least 1"), (["--gap", "-1"], "--gap must be at least 0"),
     (["--currency", "XXX"], "XXX"), (["--set", "price_of_fitt=1"], "price_of_fit")],
)  # fmt: skip
def test_what_cannot_be_read_is_told(group_case, tmp_path, capsys, more, told):  # noqa: F811
    save_case(group_case, tmp_path / "case", kind="csv")
    assert main(["portfolio", str(tmp_path / "case"), "--out", str(tmp_path / "out"), *more]) == 2
    assert told in capsys.readouterr().err
