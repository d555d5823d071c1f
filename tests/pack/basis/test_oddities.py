"""What looks odd in the tables is told to those who read the plan, in words."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.case.load import read_folder
from sourcing.decide import decide_unit
from tests.conftest import TINY


def put(table: str, row: int, column: str, value: str) -> dict:
    tables = read_folder(TINY)
    tables[table].loc[row, column] = value
    return tables


ODD = [
    ("units", 2, "discount_rate", "0.8", "2", "Discount rate: 0.8. Expected: a yearly rate below 0.5.", "5 per cent"),
    ("options", 3, "transition_months", "48", "3: payroll, shared", "Transition months: 48 months.", "Check the mo"),
    ("vetoes", 2, "option", "provide", "2: personal data stays", "Option: provide. Expected: a ban", "Did you mean"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "named", "what", "advice"), ODD)
def test_an_oddity_names_table_row_what_and_what_to_do(table, row, column, value, named, what, advice):
    decision = decide_unit(Case(put(table, row, column, value)).select("alpha" if table != "vetoes" else "beta"))
    [odd] = pack.list_oddities(decision.case).to_dict("records")
    assert odd["table"] == table
    assert odd["row"] == named
    assert odd["what"].startswith(what)
    assert advice in odd["advice"]
    assert odd["place"] == f"{table}.csv:{row}"
    shown = pack.show_oddities(decision.case)
    assert shown.html.count("1 entry looks odd. The plan takes it as it stands") == 1
    assert odd["what"] in shown.html
    assert "Have 1 odd entry of the tables confirmed or mended, listed below." in pack.say_asks(decision)


def test_a_case_without_oddities_says_so_and_asks_nothing(alpha, decide):
    decision = decide(alpha)
    assert pack.list_oddities(decision.case).empty
    shown = pack.show_oddities(decision.case)
    assert "Nothing looks odd: every figure of the unit&#39;s tables passed every check." in shown.html
    assert "<table" not in shown.html
    assert not [ask for ask in pack.say_asks(decision) if "odd" in ask]


def test_many_oddities_are_folded_and_all_are_there(alpha):
    warnings = pd.DataFrame(
        {
            "table": "options", "row": pd.array(range(900, 925), dtype="Int64"), "column": "price_per_year",
            "rule": "a figure within 10 times of the reference, 50,000", "value": "1", "hint": "Hint: check it.",
            "severity": "warning", "place": "",
        }
    )  # fmt: skip
    case = alpha.select("alpha")
    object.__setattr__(case, "warnings", warnings)
    shown = pack.show_oddities(case)
    assert "25 entries look odd, in 1 table." in shown.html
    assert "15 more oddities" in shown.html
    assert all(f">{row}<" in shown.html for row in range(900, 925))


def test_a_row_that_was_left_out_is_told_to_every_unit(tmp_path):
    for path in TINY.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "processes.csv").open("a", encoding="utf-8") as lines:
        lines.write("Total\n")
    case = Case(read_folder(tmp_path))
    assert len(case.warnings) == 1
    for unit in ("alpha", "beta"):
        assert list(case.select(unit).warnings["table"]) == ["processes"]
