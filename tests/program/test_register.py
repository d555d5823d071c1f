"""The register: what the saving leans on, who clears it, and which wave waits for it."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.pack import say_roadmap, show_register
from sourcing.pack.roadmap import say_register
from sourcing.program import REGISTER_COLUMNS, draw_roadmap, find_waiting, list_agenda, list_register
from sourcing.uncertainty import study_unit
from tests.uncertainty.test_futures import NO_EVENTS, still

PRICE = {
    "business_unit": "alpha", "assumption": "price of the help desk", "figure": "price_per_year",
    "process": "help_desk", "option": "provider", "stated_as": "ratio", "low": 0.8, "likely": 1.0, "high": 1.2,
    "owner": "head of procurement",
}  # fmt: skip


@pytest.fixture(scope="module")
def register(alpha, decide):
    """Return `register(**changes) -> DataFrame` of alpha with one assumption, nothing else uncertain."""

    def list_changed(**changes):
        case = still(alpha).replace(assumptions=pd.DataFrame([PRICE | changes]))
        decision = decide(case, use_ranges="yes", **NO_EVENTS)
        study = study_unit(decision, 1_000, 5)
        return list_register(draw_roadmap(decision, 50), study), decision, study

    return list_changed


def test_an_open_assumption_blocks_the_wave_of_its_move_and_leans_as_the_futures_say(register):
    table, decision, study = register()
    row = table.set_index("assumption").loc["price of the help desk"]
    assert (row["state"], row["blocks"], row["wave"]) == ("open", True, 1)
    # the ninetieth of a hundred of a triangle of 0.8, 1, 1.2
    dearest = 1.2 - 0.2 * 0.2**0.5
    assert row["leans"] == pytest.approx((dearest - 1) * 1.1 * 1_050_000, rel=0.01)
    assert row["share"] == pytest.approx(row["leans"] / study.saving.at["total", "mean"])
    waiting = find_waiting(table)
    assert waiting["owners"].tolist() == [("head of procurement",)]
    said = say_register(table, decision)
    assert said[0] == (
        "Wave 1, which starts on 2025-01-01, waits for price of the help desk to be cleared (head of procurement)."
    )
    assert "price of the help desk" in show_register(table, decision).html
    last = say_roadmap(draw_roadmap(decision, 50), table).words
    assert "Weakest assumption: price of the help desk; its worse end" in last
    assert last.endswith("head of procurement answers for it.")
    unknown = table.assign(owner="")
    assert say_roadmap(draw_roadmap(decision, 50), unknown).words.endswith("Nobody answers for it yet.")
    none = pd.DataFrame(columns=REGISTER_COLUMNS)
    assert say_roadmap(draw_roadmap(decision, 50), none).words.endswith("The saving leans on no assumption.")


@pytest.mark.parametrize(
    ("changes", "state", "blocks"),
    [
        ({"status": "cleared", "checked": "2024-11-01"}, "cleared", False),
        ({"status": "cleared", "checked": "2024-11-01", "expires": "2025-06-30"}, "cleared", False),
        ({"status": "refuted"}, "refuted", True),
        ({"clear_by": "2024-12-15"}, "open", True),
        ({"clear_by": "2025-03-01"}, "clears too late", True),
    ],
)
def test_what_has_to_be_known_is_known_by_the_day_its_wave_starts(register, changes, state, blocks):
    row = register(**changes)[0].set_index("assumption").loc["price of the help desk"]
    assert (row["state"], row["blocks"]) == (state, blocks)


def test_what_is_open_is_a_day_of_the_program_for_who_clears_it(register):
    _, decision, _ = register(clear_by="2024-12-15")
    agenda = list_agenda(draw_roadmap(decision, 50))
    row = agenda[agenda["kind"] == "clear"].iloc[0]
    assert (f"{row['day']:%Y-%m-%d}", row["role"], row["wave"]) == ("2024-12-15", "head of procurement", 1)
    assert row["subject"] == "price of the help desk"
    _, cleared, _ = register(status="cleared", checked="2024-11-01")
    assert "clear" not in set(list_agenda(draw_roadmap(cleared, 50))["kind"])


def test_an_assumption_about_what_does_not_move_blocks_nothing(register):
    table = register(process="research", option="shared", figure="transition_cost")[0]
    row = table.set_index("assumption").loc["price of the help desk"]
    assert (pd.isna(row["wave"]), row["blocks"]) == (True, False)


def test_the_register_is_never_empty_where_the_case_leans_on_what_it_left_open(shipped):
    decision = shipped("health")
    table = list_register(draw_roadmap(decision, 50), study_unit(decision, 500, 2))
    assert {"by kind", "filled"} <= set(table["kind"])
    assert not table["blocks"].any()
    assert (table["leans"] >= 0).all()
    assert say_register(table, decision)[0].startswith("The unit states no assumption of its own")
