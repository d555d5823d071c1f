"""Names from all over the world go through every kind of file and come back as they were."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, load_case
from sourcing.case import save_case
from sourcing.case.load import read_folder
from tests.conftest import TINY

NAMES = {
    "composed": "Zürich Gebühren",
    "combining": "Zu\u0308rich e\u0301tage",
    "right_to_left": "שכר עובדים",
    "arabic": "مكتب المساعدة ١٢",
    "turned": "Pay\u202eroll\u202c",
    "chinese": "工资核算（总部）",
    "japanese": "ヘルプデスク・窓口",
    "korean": "급여 관리",
    "hindi": "वेतन प्रबंधन",
    "emoji": "👩🏽‍💼 desk 🇩🇪",
    "quotes": "\"It's\" 'so', ‘they’ “said”",
    "separators": "a;b,c|d",
    "formula": '=HYPERLINK("http://x.example";"pay")',
    "minus": "-2+3",
    "at": "@SUM(1)",
    "apostrophe": "'=1+1",
    "number": "007",
    "exponent": "1E5",
    "date": "2026-03-04",
    "truth": "TRUE",
    "escape": "_x0041_ b",
    "markup": "<b>&amp;</b> %20 \\n {{x}}",
    "lines": "first\nsecond",
    "long": "x" * 300,
    "astral": "𝔓𝔞𝔶 𐍈",
}


def name_all() -> Case:
    """The tiny case with a process of alpha for each name, named and spoken of by it in every table."""
    tables = {table: frame.copy() for table, frame in read_folder(TINY).items()}
    for table in ("processes", "scores", "options"):
        frame = tables[table]
        own = frame[frame["process"] == "payroll"]
        copies = [own.assign(process=name) for name in NAMES.values()]
        tables[table] = pd.concat([frame, *copies], ignore_index=True)
    processes = tables["processes"]
    processes["name"] = processes["process"].where(processes["process"].isin(NAMES.values()), processes["name"])
    processes["function"] = processes["name"]
    options = tables["options"]
    options["owner"] = options["owner"].where(~options["process"].isin(NAMES.values()), options["process"])
    locks = [
        {"lock": f"{kind} stays", "business_unit": "alpha", "process": name, "delivered_by": name,
         "reason": name, "owner": name}
        for kind, name in NAMES.items()
    ]  # fmt: skip
    tables["locks"] = pd.DataFrame(locks)
    return Case(tables)


@pytest.fixture(scope="module")
def case() -> Case:
    return name_all()


def test_names_go_from_folder_to_workbook_to_parquet_to_folder(case, tmp_path):
    first = save_case(case, tmp_path / "first")
    book = save_case(load_case(first), tmp_path / "case.xlsx")
    parquet = save_case(load_case(book), tmp_path / "parquet", "parquet")
    last = save_case(load_case(parquet), tmp_path / "last")
    for path in (first, book, parquet, last):
        assert load_case(path).fingerprint == case.fingerprint, path
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in last.iterdir()
    }


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_libreoffice_saves_names_as_they_are(case, office, tmp_path, kind):
    (tmp_path / "saved").mkdir()
    saved = office(save_case(case, tmp_path / "case.xlsx"), tmp_path / "saved", kind)
    again = load_case(saved)
    assert again.processes["process"].tolist() == case.processes["process"].tolist()
    assert again.fingerprint == case.fingerprint
    last = save_case(again, tmp_path / "last")
    assert load_case(last).fingerprint == case.fingerprint
