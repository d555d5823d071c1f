"""The index compares units: sortable by every column offline, legible on a phone, totals in one currency only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sourcing.pack import render_index
from tests.pack.conftest import SIZES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = "<img src=x onerror=window.stung=1>"
RUN = {
    "case": {"folder": "a case", "fingerprint": "abc"},
    "started": "2026-01-01T00:00:00+00:00",
    "notebook": {"name": "decision_pack", "fingerprint": "0123456789abcdef"},
    "parameters": {},
    "suite": "0",
    "python": "3.11",
}
BASE = {
    "currency": "USD", "material_share": 0.01, "processes": 42, "answer": ["Move some of 42 processes."],
    "as_is_expected_loss": 1e6,
}  # fmt: skip
SUMMARIES = {
    "retail": BASE | {
        "saving": 30e6, "saving_low": 21e6, "saving_high": 40e6, "saving_share": 0.064, "materiality": "material",
        "one_off_cost": 24e6, "expected_loss": 3e6, "moved_fte": 414.0, "moves": 29,
        "uncertainty": {"saving": {"loss": {"low": -5e6, "high": 1e6}}},
    },
    "telecom": BASE | {
        "saving": -3e6, "saving_low": -9e6, "saving_high": 4e6, "saving_share": -0.02, "materiality": "unsure",
        "one_off_cost": 4e6, "expected_loss": 0.5e6, "moved_fte": 40.0, "moves": 9,
    },
    "health": BASE | {
        "saving": 0.1e6, "saving_low": 0.05e6, "saving_high": 0.2e6, "saving_share": 0.002, "materiality": "small",
        "one_off_cost": 0.6e6, "expected_loss": 1.1e6, "moved_fte": 1400.0, "moves": 2,
    },
}  # fmt: skip


def make_page(**currencies: str) -> str:
    failed = {"bank": ("infeasible", "The rule clashes."), "ops": ("failed", HOSTILE)}
    units = [
        {
            "business_unit": unit, "name": f"{unit.title()} {HOSTILE}" if unit == "ops" else unit.title(),
            "folder": unit, "status": failed.get(unit, ("optimal", None))[0], "error": failed.get(unit, ("", None))[1],
            "seconds": 1.0, "gap": None if unit in failed else 0.0, "files": ["plan.csv", "pack.html"],
        }
        for unit in (*SUMMARIES, *failed)
    ]  # fmt: skip
    summaries = {unit: each | {"currency": currencies.get(unit, "USD")} for unit, each in SUMMARIES.items()}
    return render_index(RUN | {"units": units}, summaries)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(make_page(), encoding="utf-8")
    return path


def list_units(opened: Any) -> list[str]:
    heads = opened.page.locator("tbody th").all()
    return [head.inner_text().split()[0].lower() for head in heads]


def test_every_column_sorts_by_keyboard_and_says_so(open_pack: Callable[..., Any], page: Path) -> None:
    opened = open_pack(page)
    buttons = opened.page.locator("thead button")
    assert buttons.count() == opened.page.locator("thead th").count() == 9
    assert list_units(opened) == ["retail", "telecom", "health", "bank", "ops"]
    for name, first in {
        "Business unit": ["bank", "health", "ops", "retail", "telecom"],
        "State": ["retail", "telecom", "health", "bank", "ops"],
        "Saving over as-is": ["retail", "health", "telecom", "bank", "ops"],
        "Share of today": ["retail", "health", "telecom", "bank", "ops"],
        "Materiality": ["retail", "telecom", "health", "bank", "ops"],
        "One-off": ["retail", "telecom", "health", "bank", "ops"],
        "Change in expected loss": ["telecom", "health", "retail", "bank", "ops"],
        "People moved": ["health", "retail", "telecom", "bank", "ops"],
        "Processes that move": ["retail", "telecom", "health", "bank", "ops"],
    }.items():
        button = opened.page.locator("thead button", has_text=name)
        button.focus()
        opened.page.keyboard.press("Enter")
        assert list_units(opened) == first, name
        assert opened.page.locator("thead th[aria-sort=ascending], thead th[aria-sort=descending]").count() == 1
        assert button.locator("xpath=..").get_attribute("aria-sort") in ("ascending", "descending")
    opened.page.locator("thead button", has_text="People moved").click()
    opened.page.locator("thead button", has_text="People moved").click()
    assert list_units(opened) == ["telecom", "retail", "health", "bank", "ops"]
    assert opened.requests == opened.problems == []


def test_without_scripts_it_is_a_plain_table_with_everything_in_it(open_pack: Callable[..., Any], page: Path) -> None:
    opened = open_pack(page, javascript=False)
    assert opened.page.locator("thead button").count() == 0
    assert list_units(opened) == ["retail", "telecom", "health", "bank", "ops"]
    said = opened.page.locator("table").inner_text()
    for words in (
        "USD 30.0 million", "USD 21.0 million to 40.0 million", "6.4 %", "within its own uncertainty",
        "below 1 % of today's cash", "USD 2.00 million", "−USD 1.00 million to USD 5.00 million", "29 of 42",
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_no_name_runs(open_pack: Callable[..., Any], page: Path, size: str, scheme: str) -> None:
    opened = open_pack(page, size, scheme=scheme)
    assert not opened.is_wider_than_window()
    assert opened.spills() == []
    assert opened.audit() == []
    assert opened.page.locator("img").count() == 0
    assert opened.page.evaluate("window.stung") is None
    assert opened.problems == []


def test_totals_stand_in_one_currency_only() -> None:
    (foot,) = re.findall(r"<tfoot>.*?</tfoot>", make_page(), re.DOTALL)
    assert "USD 27.1 million" in foot
    assert "1,854" in foot
    (mixed,) = re.findall(r"<tfoot>.*?</tfoot>", make_page(telecom="AUD"), re.DOTALL)
    assert "million" not in mixed
    assert "1,854" in mixed


def test_money_of_several_currencies_is_ranked_currency_by_currency() -> None:
    page = make_page(telecom="AUD")
    keys = re.findall(r'data-label="Saving over as-is, cash" data-key="([\d.]+)"', page)
    assert [float(key) for key in keys] == [2.0, 0.0, 1.0]
