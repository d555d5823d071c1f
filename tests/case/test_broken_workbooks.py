"""Whatever stands in a workbook, reading ends in a case or in a report of what to mend."""

from __future__ import annotations

from datetime import datetime, time

from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from openpyxl import Workbook

from sourcing.case import check_case, load_case, mark_problems
from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import read_folder
from sourcing.errors import CaseError, InputError
from tests.case.conftest import as_typed, put
from tests.conftest import TINY, examples

plain = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12
)
typed = st.sampled_from(
    ["1,234", "1.234,5", "12 %", "€ 5", "=1/0", "=A1", "#N/A", "nan", "31.12.2025", "03/04/2025", "yes", "stay", "==",
     " ", "\u00a0", "alpha", "payroll", "a" * 300, "-", "'", "1e400", "9" * 400, "not in", "owner == 'x' and"]
)  # fmt: skip
cells = st.one_of(
    plain, typed, st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
    st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)), st.just(time(12, 30)), st.none(),
)  # fmt: skip
names = st.sampled_from([*supplied_tables(), "Notes", "Sheet1", "1. Units", "SCORES", "processes (2)"])
headers = st.one_of(st.sampled_from(["business_unit", "Process", "name", "score", "notes", "#x"]), plain)


def tiny_book() -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for name, frame in read_folder(TINY).items():
        sheet = book.create_sheet(name)
        for row, line in enumerate([list(frame.columns), *frame.to_numpy().tolist()], start=1):
            for column, text in enumerate(line, start=1):
                put(sheet, row, column, as_typed(text))
    return book


def load_or_report(path, marked) -> None:
    try:
        load_case(path)
    except CaseError as error:
        assert (error.problems["severity"] == "error").any()
        assert error.problems["hint"].str.startswith("Hint: ").all()
        mark_problems(path, error.problems, marked)
        assert len(check_case(path)) == len(error.problems)
    except InputError as error:
        assert "Hint: " in str(error)


rows = st.lists(st.lists(cells, max_size=7), max_size=5)
books = st.dictionaries(names, st.tuples(st.lists(headers, max_size=6), rows), min_size=1, max_size=5)
contents = st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode))
slowly = examples(
    10,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@slowly
@given(data=st.data())
def test_a_sound_workbook_with_random_cells_is_read_or_reported(tmp_path_factory, data):
    folder, book = tmp_path_factory.mktemp("broken"), tiny_book()
    for _ in range(data.draw(st.integers(1, 12))):
        sheet = book[data.draw(st.sampled_from(book.sheetnames))]
        row = data.draw(st.integers(1, sheet.max_row + 2))
        put(sheet, row, data.draw(st.integers(1, sheet.max_column + 1)), None)
        sheet.cell(row, data.draw(st.integers(1, sheet.max_column + 1))).value = data.draw(cells)
    if data.draw(st.booleans()):
        sheet = book[data.draw(st.sampled_from(book.sheetnames))]
        top, left = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
        sheet.merge_cells(start_row=top, end_row=top + 2, start_column=left, end_column=left + 1)
    if data.draw(st.booleans()):
        book[data.draw(st.sampled_from(book.sheetnames))].title = data.draw(names)[:31] + "_"
    book.save(folder / "case.xlsx")
    load_or_report(folder / "case.xlsx", tmp_path_factory.mktemp("marked") / "marked.xlsx")


@slowly
@given(sheets=books)
def test_a_random_workbook_is_read_or_reported(tmp_path_factory, sheets):
    folder, book = tmp_path_factory.mktemp("random"), Workbook()
    for name, (header, body) in sheets.items():
        sheet = book.create_sheet(name)
        for row in (header, *body):
            sheet.append(row)
    book.save(folder / "case.xlsx")
    load_or_report(folder / "case.xlsx", tmp_path_factory.mktemp("marked") / "marked.xlsx")


@slowly
@given(content=contents, table=st.sampled_from(list(supplied_tables())))
def test_a_random_text_file_is_read_or_reported(tmp_path_factory, content, table):
    folder = tmp_path_factory.mktemp("text")
    for path in TINY.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    header = ",".join(supplied_tables()[table].columns).encode()
    (folder / f"{table}.csv").write_bytes(header + b"\n" + content)
    load_or_report(folder, tmp_path_factory.mktemp("marked") / "marked.xlsx")
