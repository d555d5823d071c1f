"""A bare table in a notebook is shown in the pack's look: readable, escaped, and as long as can be read."""

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from sourcing.pack.notebook import draw_theme, prepare_display, show_frame
from sourcing.pack.notebook.frames import MOST_ROWS
from tests.cells import open_shell

HOSTILE = "</td><script>alert(1)</script>=1+1"


def test_titles_figures_and_flags_are_written_as_in_a_pack() -> None:
    table = pd.DataFrame(
        {
            "cash_cost": [1234567.8, None],
            "is_abroad": [True, False],
            "price_year": [2026, 2025],
            "owners": [("a", "b"), ()],
        },
        index=pd.Index(["pay", "mail"], name="process"),
    )
    html = show_frame(table).html
    for title in ("Process", "Cash cost", "Is abroad", "Price year", "Owners"):
        assert f">{title}</th>" in html
    for cell in (">1,234,568</td>", ">yes</td>", ">no</td>", ">2026</td>", ">a, b</td>"):
        assert cell in html
    assert "nan" not in html.lower()


def test_names_of_rows_and_columns_are_escaped() -> None:
    html = show_frame(pd.DataFrame({HOSTILE: [HOSTILE]}, index=pd.Index([HOSTILE], name=HOSTILE))).html
    assert "<script" not in html
    assert html.count("&lt;/td&gt;") == 4


def test_columns_of_several_levels_and_of_one_name_each_stand_there() -> None:
    wide = pd.DataFrame(
        [[1, 2, 3]], columns=pd.MultiIndex.from_tuples([("cash", "now"), ("cash", "then"), ("cash", "now")])
    )
    assert [title in show_frame(wide).html for title in ("Cash · now<", "Cash · then<", "Cash · now (2)<")] == [
        True
    ] * 3


def test_a_series_and_an_empty_table_are_shown_too() -> None:
    assert ">Money</th>" in show_frame(pd.Series([2.5], index=["a"], name="money")).html
    assert "Nothing to show." in show_frame(pd.DataFrame({"a": []})).html


def test_what_is_left_out_of_a_long_table_is_said() -> None:
    html = show_frame(pd.DataFrame({"a": range(MOST_ROWS + 2)})).html
    assert html.count("<tr>") == MOST_ROWS + 1
    assert "2 further rows not shown." in html


def test_a_notebook_shows_tables_so_once_it_is_prepared() -> None:
    with open_shell() as shell:
        before = describe(shell)
        prepare_display()
        after = describe(shell)
    assert "dataframe" in before
    assert '<table class="figures">' in after
    assert "dataframe" not in after


def describe(shell: InteractiveShell) -> str:
    return shell.display_formatter.format(pd.DataFrame({"a": [1]}))[0]["text/html"]


@pytest.mark.parametrize("asked", ["http://", "https://", "//cdn", "url(", "import(", "fetch("])
def test_style_and_script_ask_for_nothing(asked: str) -> None:
    assert asked not in draw_theme()
    assert len(draw_theme()) < 12_000
