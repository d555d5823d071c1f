"""Reading costs what is there: stray cells, endless repetitions and junk rows neither fill memory nor take minutes."""

from __future__ import annotations

import time
import tracemalloc
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from sourcing import load_case
from sourcing.case import check_case
from sourcing.case.load import read_folder
from sourcing.case.reading import parquet, rows, source
from sourcing.errors import InputError
from tests.case.conftest import Book, find
from tests.case.test_reading_workbooks import write_ods
from tests.conftest import TINY

SOUND = load_case(TINY).fingerprint
NAMES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
)


@pytest.mark.parametrize("stray", ["XFD1048576", "XFD10000", "A1048576"])
def test_a_stray_cell_costs_no_more_than_itself_and_is_told(workbook, stray):
    with Book(workbook) as book:
        book["links"][stray] = "#" if stray.startswith("A") else 1
    tracemalloc.start()
    case = load_case(workbook)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 50e6
    assert case.fingerprint == SOUND
    if not stray.startswith("A"):
        assert "name column XFD" in find(case.warnings, "links", int(stray[3:]), "")["hint"]


def test_cells_beside_and_below_that_no_table_could_hold_are_one_fault(workbook, monkeypatch):
    monkeypatch.setattr(rows, "WIDEST", 1000)
    with Book(workbook) as book:
        for place in range(40):
            book["links"].cell(10 + place, 10 + place).value = 1
    problems = check_case(workbook)
    assert find(problems, "links", None, "")["value"] == "41 rows by 44 columns"
    assert len(problems) == 1


def write_repeated(path, row: str) -> None:
    sheet = f'<table:table table:name="links">{row}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("content.xml", f"<office:document-content{NAMES}>{body}</office:document-content>")


@pytest.mark.parametrize("times", [20_000, 1_048_576, 10**18])
def test_endless_repetitions_of_a_cell_are_refused_at_once(tmp_path, times):
    path = tmp_path / "case.ods"
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    write_repeated(path, f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>')
    assert path.stat().st_size < 400
    with pytest.raises(InputError, match=r"at most 2,000,000 filled cells.*case\.ods.*Hint"):
        load_case(path)


def test_repeated_cells_that_hold_something_are_all_read(tmp_path):
    tables = read_folder(TINY)
    write_ods(tmp_path / "case.ods", tables)
    with zipfile.ZipFile(tmp_path / "case.ods") as parts:
        content = parts.read("content.xml").decode()
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="30000">{cell}</table:table-row>'
    head, links = content.split('table:name="links">', 1)
    before, after = links.split('<table:table-row table:number-rows-repeated="1048000">', 1)
    with zipfile.ZipFile(tmp_path / "more.ods", "w") as parts:
        parts.writestr("content.xml", f'{head}table:name="links">{before}{row}<table:table-row>{after}')
    assert len(read_folder(tmp_path / "more.ods")["links"]) == len(tables["links"]) + 30_000


def test_more_cells_than_a_workbook_may_hold_are_refused(workbook, monkeypatch):
    monkeypatch.setattr(source, "MOST_CELLS", 100)
    with pytest.raises(InputError, match=r"at most 100 filled cells.*CSV or Parquet"):
        load_case(workbook)


def test_a_parquet_file_that_says_more_cells_than_there_may_be_is_refused_unread(folder, monkeypatch):
    (folder / "links.csv").unlink()
    table = pa.table({"traffic": pa.array([1.0] * 1000)})
    pq.write_table(table, folder / "links.parquet")
    monkeypatch.setattr(parquet, "MOST_PLACES", 999)
    with pytest.raises(InputError, match=r"at most 999 cells; got 1,000 rows by 1 columns in 'links\.parquet'"):
        load_case(folder)


def test_entities_in_a_workbook_are_refused(workbook, tmp_path):
    with zipfile.ZipFile(workbook) as parts, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as bomb:
        for name in parts.namelist():
            content = parts.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + content.split(b"?>")[-1]
            bomb.writestr(name, content)
    with pytest.raises(InputError, match="no entities"):
        load_case(tmp_path / "bomb.xlsx")


def test_forty_thousand_junk_rows_are_reported_in_seconds(folder):
    junk = pd.DataFrame({"business_unit": "junk", "process_a": range(40_000), "process_b": range(40_000, 80_000)})
    junk.assign(traffic=1).to_csv(folder / "links.csv", index=False)
    begun = time.process_time()
    problems = check_case(folder)
    assert time.process_time() - begun < 15
    assert problems["value"].str.contains("rows more").sum() == 3
    assert len(problems) < 3100


@pytest.mark.slow
def test_four_hundred_thousand_junk_rows_of_a_workbook_are_reported_in_a_minute(tmp_path):
    book = Workbook(write_only=True)
    for path in sorted(TINY.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for row in (list(frame.columns), *frame.to_numpy().tolist()):
            sheet.append(row)
        for number in range(400_000 if path.stem == "links" else 0):
            sheet.append(["junk", number])
    book.save(tmp_path / "case.xlsx")
    begun = time.process_time()
    assert (check_case(tmp_path / "case.xlsx")["severity"] == "error").any()
    assert time.process_time() - begun < 60
