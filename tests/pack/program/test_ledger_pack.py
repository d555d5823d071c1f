"""The ledger in words, charts and a workbook."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook

from sourcing import pack
from sourcing.program import find_ledger, find_lessons, open_baseline, open_ledger

SECTIONS = ("show_ledger", "show_leakage", "show_benefits", "show_service", "show_feedback", "show_invoices",
            "show_suggestions", "show_missing", "draw_leakage", "draw_benefits")  # fmt: skip


@pytest.fixture(scope="module")
def came(alpha, decide):
    """Six months of the help desk: late by two, a dear price, a wrong invoice, users who are not served."""
    own = {"business_unit": "alpha", "process": "help_desk"}
    rows = [
        {**own, "month": f"2025-0{month}-01", "option": "stay", "heads": 20, "wage": 40_000, "one_off_cost": once}
        for month, once in zip(range(1, 6), [40_000 / 3] * 3 + [0, 0], strict=True)
    ]
    served = {"service": 0.99, "service_target": 0.98, "satisfaction": 0.5}
    billed = {"price": 51_000, "invoice_amount": 53_000, "other_running_cost": 5_000}
    rows.append({**own, "month": "2025-06-01", "option": "provider", **billed, **served})
    said = pd.DataFrame(
        [{**own, "date": "2025-06-09", "party": "DeskCo", "what": "=HYPERLINK(1)", "asked": "no", "source": "letter"}]
    )
    case = alpha.replace(actuals=pd.DataFrame(rows), feedback=said)
    return open_ledger(open_baseline(decide(alpha), "2025-01-02T00:00:00Z"), case), case


def test_the_finding_stands_in_the_title_of_the_waterfall(came):
    chart = pack.draw_leakage(came[0]).to_dict()
    assert chart["title"] == "Late or early go-live cost most beyond the promise: USD 23,300"


def test_the_steps_lead_from_promised_to_actual(came):
    steps, months = pack.list_steps(came[0]), came[0].months
    assert steps["end"].iloc[-1] == pytest.approx(months["actual"].sum())
    assert steps["end"].iloc[-2] == pytest.approx(months["actual"].sum())
    assert steps["start"].iloc[1] == pytest.approx(months["promised"].sum())


def test_the_ledger_is_said_in_sentences(came):
    ledger = came[0]
    words = pack.show_ledger(ledger).words
    assert "USD 26,300" in words  # 23,333 late, 1,000 dear, 2,000 billed wrongly
    assert "1 of them without an owner" in words
    assert "Adopted on 2025-01-02, unchanged since" in words
    assert "Green outside and red inside: Help desk" in pack.show_service(ledger).words
    assert "1 differ from price and bands, by USD 2,000" in pack.say_invoices(ledger)
    assert "volunteered" in pack.show_feedback(ledger).words
    assert "nobody named" in pack.show_benefits(ledger).words
    assert "<script" not in pack.show_feedback(ledger).html


def test_a_baseline_that_nobody_adopted_is_called_so(came, decide, alpha):
    ledger = open_ledger(open_baseline(decide(alpha)), came[1])
    assert pack.say_basis(ledger).startswith("No adopted run is named")


def test_without_actuals_each_section_says_so(decide, alpha):
    ledger = find_ledger("", decide(alpha))
    assert ledger is None
    assert find_lessons(ledger, alpha) is None
    for name in SECTIONS:
        assert getattr(pack, name)(ledger).words.startswith("No actuals are loaded"), name
    assert pack.show_lessons(None).words == pack.export_ledger(None, "x").words
    last = pack.show_review(None, None, decide(alpha)).words
    assert last.startswith(pack.show_lessons(None).words)
    assert last.endswith(pack.say_weakest(decide(alpha)))


def test_the_review_ends_with_the_belief_that_moved_most(came, decide, alpha):
    ledger, case = came
    lessons = find_lessons(ledger, case)
    moved = (lessons.table["after"] / lessons.table["before"] - 1).abs()
    most = lessons.table.loc[moved.idxmax()]
    last = pack.show_review(ledger, lessons, decide(alpha)).words
    assert "Weakest assumption: " in last
    assert last.endswith(f"{most['observed']:.4g} came, and {most['after']:.4g} is expected next.")
    as_believed = replace(lessons, table=lessons.table.assign(after=lessons.table["before"]))
    assert pack.show_review(ledger, as_believed, decide(alpha)).words.endswith(pack.say_weakest(decide(alpha)))


def test_what_was_learned_is_shown_before_and_after(came):
    ledger, case = came
    words = pack.show_lessons(find_lessons(ledger, case)).words
    assert "→" in words
    assert "house rule" in words


def test_the_workbook_sums_by_formulas_guards_texts_and_is_the_same_each_time(came, tmp_path):
    ledger = came[0]
    one, other = (pack.write_ledger_workbook(ledger, tmp_path / name) for name in ("one.xlsx", "other.xlsx"))
    assert one.read_bytes() == other.read_bytes()
    book = load_workbook(one)
    row = [cell.value for cell in book["leakage"][2]]
    assert row[:2] == ["help_desk", "2025-01"]
    assert row[-3] == "=SUM(D2:P2)"
    assert row[-1] == "=ROUND(R2-C2-Q2,2)"
    cell = next(cell for line in book["feedback"] for cell in line if cell.value == "=HYPERLINK(1)")
    assert cell.data_type == "s"
