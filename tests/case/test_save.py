"""A sound case survives being written and read in every form."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import Phase, example, given
from hypothesis import strategies as st

from sourcing import Case, load_case
from sourcing.case import save_case
from sourcing.case.load import read_folder
from sourcing.case.writing import save
from sourcing.errors import InputError
from tests.conftest import FEDERAL, TINY, examples


@pytest.mark.parametrize("source", [TINY, pytest.param(FEDERAL, marks=pytest.mark.slow)], ids=lambda path: path.name)
def test_a_case_survives_folder_workbook_parquet_folder(source, tmp_path):
    case = load_case(source)
    save_case(case, tmp_path / "first")
    from_text = load_case(tmp_path / "first")
    save_case(from_text, tmp_path / "case.xlsx")
    from_book = load_case(tmp_path / "case.xlsx")
    save_case(from_book, tmp_path / "parquet", "parquet")
    from_parquet = load_case(tmp_path / "parquet")
    save_case(from_parquet, tmp_path / "last")
    for each in (from_text, from_book, from_parquet, load_case(tmp_path / "last")):
        assert each.fingerprint == case.fingerprint
        assert each.warnings.empty
    assert {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "last").iterdir()
    }


def test_what_is_default_throughout_is_not_written(tmp_path):
    save_case(load_case(TINY), tmp_path / "case")
    header = (tmp_path / "case" / "options.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert "productivity" not in header
    assert "delivery_model" in header


def test_a_folder_with_tables_is_not_written_over(folder):
    with pytest.raises(InputError, match=r"folder without tables.*Hint"):
        save_case(load_case(TINY), folder)


def test_an_unknown_kind_and_a_missing_folder_are_refused(tmp_path):
    case = load_case(TINY)
    with pytest.raises(InputError, match="did you mean 'parquet'"):
        save_case(case, tmp_path / "x", "parquett")
    with pytest.raises(InputError, match="make the folder first"):
        save_case(case, tmp_path / "none" / "case.xlsx")
    assert list(tmp_path.iterdir()) == []


characters = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
texts = st.text(characters, max_size=30).filter(lambda text: not text.startswith("#"))
figures = st.floats(0, 1e12, allow_nan=False)


@examples(5, phases=(Phase.explicit, Phase.generate))
@example(name="=1+1", reason="#N/A or\r\nnot", wage=305328308304.09375, share=0.1, day=date(1900, 2, 28), sold=True)
@example(
    name="_x0041_ \ufffe\x07", reason='\'quoted, "twice"', wage=1e-9, share=1 / 3, day=date(2199, 1, 1), sold=False
)
@given(name=texts, reason=texts, wage=figures, share=st.floats(0, 1), day=st.dates(), sold=st.booleans())
def test_any_text_figure_day_and_truth_survives(tmp_path_factory, name, reason, wage, share, day, sold):
    tables = {table: frame.copy() for table, frame in read_folder(TINY).items()}
    tables["processes"]["function"] = name
    tables["processes"]["sold_to_customers"] = sold
    tables["vetoes"]["reason"] = f"because {reason}"
    tables["options"].loc[2, "labor_cost_per_fte"] = repr(wage + 1)
    tables["processes"].loc[2, "customer_contact_share"] = repr(share)
    tables["vetoes"]["expires"] = pd.Timestamp(day).date().isoformat() if 1900 <= day.year < 2200 else ""
    case = Case(tables)
    folder = tmp_path_factory.mktemp("case")
    for kind in ("csv", "parquet", "xlsx"):
        path = folder / f"case.{kind}"
        assert load_case(save_case(case, path, kind)).fingerprint == case.fingerprint


def test_a_workbook_that_would_not_be_read_again_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(save, "MOST_CELLS", 100)
    with pytest.raises(InputError, match=r"at most 100 filled cells.*save as Parquet"):
        save_case(load_case(TINY), tmp_path / "case.xlsx")
    assert list(tmp_path.iterdir()) == []
