"""Benefits: status, owner, forecast; green service beside red satisfaction."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.program import open_ledger

NEW = {"price": 50_000, "other_running_cost": 5_000, "one_off_cost": 0}
MOVE = {"heads": 20, "wage": 40_000, "one_off_cost": 40_000 / 3}


def list_rows(late: int = 0, months: int = 8, new=NEW):
    """The help desk, month by month, going live after 3 months and so many more."""
    rows = []
    for number in range(1, months + 1):
        month = f"2025-{number:02d}-01"
        if number <= 3 + late:
            rows.append(("help_desk", month, "stay", MOVE if number <= 3 else {**MOVE, "one_off_cost": 0}))
        else:
            rows.append(("help_desk", month, "provider", new))
    return rows


def rate(promised, case):
    return open_ledger(promised, case).benefits.set_index("process").loc["help_desk"]


def test_a_benefit_that_comes_as_promised_is_on_track(promised, report):
    row = rate(promised, report(list_rows()))
    # to date: 5 months x 11,666.67 less 40,000 of moving; in all 21 x 11,666.67 - 40,000
    assert row["promised"] == pytest.approx(5 * 11_666.6667 - 40_000, abs=0.01)
    assert row["realized"] == pytest.approx(row["promised"], abs=0.01)
    assert row["promised_total"] == row["forecast_total"] == pytest.approx(21 * 11_666.6667 - 40_000, abs=0.01)
    assert row["status"] == "on track"
    assert row["went_live"] == pd.Timestamp("2025-04-01")
    assert row["benefit_owner"] == ""


def test_statuses_follow_what_came(promised, report):
    assert rate(promised, report(list_rows(months=2)))["status"] == "not due"
    assert rate(promised, report(list_rows(late=5)))["status"] == "late"
    assert rate(promised, report(list_rows(new={**NEW, "price": 49_000})))["status"] == "ahead"
    assert rate(promised, report(list_rows(new={**NEW, "price": 50_500})))["status"] == "at risk"
    assert rate(promised, report(list_rows(new={**NEW, "price": 53_000})))["status"] == "off track"


def test_the_owner_does_not_answer_for_volume(promised, report):
    row = rate(promised, report(list_rows(new={**NEW, "volume": 1.3})))
    assert row["leakage"] == pytest.approx(5 * 15_000)
    assert row["like_for_like"] == pytest.approx(row["promised"])
    assert row["status"] == "on track"


def test_the_owner_of_a_benefit_is_the_one_the_case_names(alpha, decide, report):
    from sourcing.program import open_baseline

    owned = alpha.replace(processes=alpha.processes.assign(benefit_owner="head of IT"))
    case = report(list_rows(), processes=owned.processes)
    assert rate(open_baseline(decide(owned)), case)["benefit_owner"] == "head of IT"


def test_the_forecast_carries_on_what_lasts(promised, report):
    row = rate(promised, report(list_rows(new={**NEW, "price": 51_000})))
    # 1,000 a month since April: 5 seen, 16 to come
    assert row["promised_total"] - row["forecast_total"] == pytest.approx(21 * 1_000, abs=0.01)
    assert row["worst_cause"] == "rate"
    assert row["worst_amount"] == pytest.approx(5_000)


def test_a_delay_that_goes_on_is_taken_to_last_as_long_again(promised, report):
    row = rate(promised, report(list_rows(late=3, months=6)))
    assert row["promised_total"] - row["forecast_total"] == pytest.approx(6 * 11_666.6667, abs=0.01)
    over = rate(promised, report(list_rows(late=3, months=8)))
    assert over["promised_total"] - over["forecast_total"] == pytest.approx(3 * 11_666.6667, abs=0.01)


def test_silent_and_shared_money_is_forecast_as_promised(promised, report):
    forecast = open_ledger(promised, report(list_rows(late=1))).forecast
    others = forecast[forecast["process"] != "help_desk"]
    assert others["forecast"].tolist() == others["promised"].tolist()
    assert others["actual"].isna().all()


@pytest.mark.parametrize(
    ("service", "satisfaction", "colors", "is_watermelon"),
    [
        (0.99, 0.55, ("green", "red"), True),
        (0.99, 0.75, ("green", "amber"), False),
        (0.99, 0.9, ("green", "green"), False),
        (0.97, 0.55, ("red", "red"), False),
        (None, 0.55, ("", "red"), False),
        (0.99, None, ("green", ""), False),
    ],
)
def test_green_service_with_red_satisfaction_is_called_out(
    promised, report, service, satisfaction, colors, is_watermelon
):
    told = {**NEW, "service": service, "service_target": 0.98, "satisfaction": satisfaction}
    row = open_ledger(promised, report(list_rows(new=told))).service.iloc[0]
    assert (row["service"], row["satisfied"]) == colors
    assert row["is_watermelon"] == is_watermelon


def test_what_providers_say_stands_in_the_ledger_latest_first(promised, report):
    own = {"business_unit": "alpha", "process": "help_desk", "party": "DeskCo"}
    days = {"2025-04-01": "yes", "2025-06-01": "no"}
    said = [{**own, "date": day, "what": day, "asked": asked} for day, asked in days.items()]
    feedback = open_ledger(promised, report(list_rows(), feedback=pd.DataFrame(said))).feedback
    assert feedback["what"].tolist() == ["2025-06-01", "2025-04-01"]
    assert feedback["asked"].tolist() == [False, True]
