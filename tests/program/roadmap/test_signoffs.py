"""Sign-offs block the wave of a move that lacks them, and what was promised afterwards is held against days."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.errors import InputError
from sourcing.program import draw_roadmap, find_drift, list_agenda, list_promises_kept, write_icalendar
from tests.case.conftest import check

UNIT = {"business_unit": "alpha"}


def sign(alpha, *rows):
    return alpha.replace(signoffs=pd.DataFrame([{**UNIT, **row} for row in rows]))


def list_states(roadmap):
    return roadmap.signoffs.set_index("process")["state"].to_dict()


def test_without_the_table_a_move_that_touches_customers_is_asked_for_and_blocks_nothing(alpha, decide):
    """Three tenths of the contact pass through the help desk, none through payroll."""
    roadmap = draw_roadmap(decide(alpha))
    assert list_states(roadmap) == {"help_desk": "not asked"}
    assert roadmap.blocked.empty


@pytest.mark.parametrize(
    ("row", "state", "waves"),
    [
        ({"signed": "yes", "date": "2024-12-01"}, "signed", []),
        ({"signed": "yes", "date": "2025-02-01"}, "signed too late", [1]),
        ({"signed": "no"}, "open", [1]),
        ({"signed": "refused", "date": "2024-12-01"}, "refused", [1]),
    ],
)
def test_a_missing_late_or_refused_sign_off_blocks_the_wave_of_its_move(alpha, decide, row, state, waves):
    case = sign(alpha, {"process": "help_desk", "role": "head of service", "faces_customer": "yes", **row})
    roadmap = draw_roadmap(decide(case))
    assert list_states(roadmap) == {"help_desk": state}
    assert roadmap.blocked["wave"].tolist() == waves
    assert roadmap.blocked["refused"].tolist() == [state == "refused"] * len(waves)


def test_a_role_that_does_not_face_the_customer_is_not_enough_where_customers_are_touched(alpha, decide):
    roadmap = draw_roadmap(decide(sign(alpha, {"role": "finance", "signed": "yes", "date": "2024-12-01"})))
    states = roadmap.signoffs.set_index(["process", "role"])["state"]
    assert states["help_desk", "finance"] == states["payroll", "finance"] == "signed"
    assert states["help_desk", "those who face the customer"] == "not asked"
    assert roadmap.blocked["processes"].tolist() == [("help_desk",)]


def test_sign_offs_change_no_plan(alpha, decide):
    refused = sign(
        alpha, {"process": "help_desk", "role": "head of service", "signed": "refused", "date": "2024-12-01"}
    )
    one, other = decide(alpha).plan, decide(refused).plan
    assert one.choices["option"].tolist() == other.choices["option"].tolist()
    assert one.objective == other.objective


def check_rows(raw, name, *rows):
    table = pd.DataFrame([{**UNIT, **row} for row in rows])
    problems = check({**raw, name: table})
    return problems[problems["table"] == name]


def test_check_warns_of_what_is_refused_or_open_and_names_unknown_processes(raw):
    found = check_rows(
        raw,
        "signoffs",
        {"process": "help_desk", "role": "head of service", "signed": "refused", "date": "2024-12-01"},
        {"process": "payroll", "role": "works council", "signed": "no"},
        {"process": "research", "role": "board", "signed": "yes"},
        {"process": "pay_roll", "role": "board", "signed": "yes", "date": "2024-12-01"},
    )
    assert found.loc[found["column"] == "signed", "severity"].tolist() == ["warning", "warning"]
    assert found.loc[found["column"] == "signed", "value"].tolist()[0] == "refused by head of service of help_desk"
    assert found.loc[found["column"] == "date", "severity"].tolist() == ["warning"]
    assert found.loc[found["column"] == "process", "severity"].tolist() == ["error"]


def test_check_refuses_a_promise_of_nobody_and_a_meeting_that_left(raw):
    found = check_rows(
        raw,
        "governance",
        {"provider": "DeskKo", "kind": "forecast", "subject": "volumes", "planned": "2025-07-01"},
        {
            "provider": "DeskCo",
            "kind": "forecast",
            "subject": "volumes",
            "planned": "2025-07-01",
            "left_on": "2025-08-01",
        },
    )
    assert found[["column", "severity"]].to_numpy().tolist() == [["provider", "error"], ["left_on", "error"]]


@pytest.fixture(scope="module")
def watched(alpha):
    """DeskCo: a meeting on time, one late by 29 days, one missed; a lead who left; a forecast still ahead."""
    rows = [
        ("executive_meeting", "board", "2025-07-01", "2025-07-05", ""),
        ("executive_meeting", "board", "2025-10-01", "2025-10-30", ""),
        ("executive_meeting", "board", "2026-01-05", "", ""),
        ("key_person", "service lead", "2025-10-01", "2025-10-01", "2026-02-01"),
        ("forecast", "volumes", "2026-06-01", "", ""),
    ]
    table = pd.DataFrame(rows, columns=["kind", "subject", "planned", "held", "left_on"])
    return alpha.replace(governance=table.assign(business_unit="alpha", provider="DeskCo"))


def test_what_was_promised_is_kept_late_missed_left_or_ahead(watched):
    states = list_promises_kept(watched)
    assert states["state"].tolist() == ["kept", "late", "missed", "ahead", "left"]
    assert states["days_late"].tolist()[:2] == [4.0, 29.0]
    early = list_promises_kept(watched, "2025-08-01")
    assert early["state"].tolist() == ["kept", "ahead", "ahead", "ahead", "ahead"]


def test_drift_is_found_once_by_kind(watched, decide):
    found = find_drift(decide(watched)).set_index("finding")
    assert found.index.tolist() == ["missed", "late", "left"]
    assert found.loc["missed", ["count", "of"]].tolist() == [1, 3]
    assert found.at["late", "days"] == 29
    assert found.at["left", "day"] == pd.Timestamp("2026-02-01")


def test_a_review_once_a_year_or_none_at_all_is_a_finding(watched, decide):
    table = watched.governance
    yearly = table[table["planned"].isin(pd.to_datetime(["2025-07-01"]))]
    assert find_drift(decide(watched.replace(governance=yearly)))["finding"].tolist() == ["yearly"]
    twice = pd.concat([yearly, yearly.assign(planned=pd.Timestamp("2026-07-01"))])
    found = find_drift(decide(watched.replace(governance=twice)))
    assert found[["finding", "days"]].to_numpy().tolist() == [["yearly", 365.0]]
    often = pd.concat([yearly, yearly.assign(planned=pd.Timestamp("2025-12-01"))])
    assert find_drift(decide(watched.replace(governance=often))).empty
    alone = table[table["kind"] == "forecast"]
    assert find_drift(decide(watched.replace(governance=alone)))["finding"].tolist() == ["none"]


def test_a_day_that_is_none_is_refused(watched):
    with pytest.raises(InputError, match="as_of must be a day"):
        list_promises_kept(watched, "soon")


def test_the_agenda_reviews_at_least_each_quarter_until_a_year_after_the_last_go_live(watched, decide):
    agenda = list_agenda(draw_roadmap(decide(watched)))
    reviews = agenda.loc[agenda["kind"] == "review", "day"]
    assert reviews.min() == pd.Timestamp("2025-04-01")
    assert reviews.max() == pd.Timestamp("2026-07-01")
    assert reviews.diff().dropna().max() <= pd.Timedelta(days=92)
    assert agenda["kind"].value_counts().to_dict() == {
        "review": 6,
        "wave starts": 2,
        "go-live": 2,
        "sign-off": 1,
        "promise": 1,
    }


def test_the_calendar_is_what_rfc_5545_asks_for():
    day = pd.Timestamp("2026-02-28")
    title = "Go-live: Zahlungsverkehr; Überweisungen, \\ " * 3
    entries = pd.DataFrame({"uid": ["1@s", "2@s"], "day": day, "title": [title, "b"], "description": ["x\ny", ""]})
    text = write_icalendar(entries, "Program", day)
    lines = text.split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = text.replace("\r\n ", "").split("\r\n")
    plain = next(line for line in unfolded if line.startswith("SUMMARY:Go")).removeprefix("SUMMARY:")
    assert plain.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == title
    assert "DESCRIPTION:x\\ny" in unfolded
    assert [line for line in unfolded if line.startswith("DTEND")] == ["DTEND;VALUE=DATE:20260301"] * 2
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 2
