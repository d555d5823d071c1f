"""The road map as shown and as files."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing import pack
from sourcing.pack.roadmap.files import list_program_tables, write_calendar
from sourcing.pack.roadmap.layout import SLOT, lay_flows
from sourcing.program import draw_roadmap

DRAWN = ("draw_as_is_to_be", "draw_gantt", "draw_load", "draw_cash_curve", "draw_one_off", "draw_people")
SHOWN = ("show_program_moves", "show_waves", "show_people", "show_workforce", "show_order_worth",
         "show_signoffs", "show_governance", "show_readout")  # fmt: skip


@pytest.fixture(scope="module", params=["alpha", "telecom"])
def roadmap(request, shipped):
    return draw_roadmap(shipped(request.param))


@pytest.fixture(scope="module")
def still(alpha, decide):
    """Alpha where nothing may move."""
    lock = {"lock": "all stays", "business_unit": "alpha", "kind": "only", "option": "stay", "reason": "a freeze",
            "owner": "board"}  # fmt: skip
    return draw_roadmap(decide(alpha.replace(locks=pd.DataFrame([lock]))))


@pytest.mark.parametrize("name", DRAWN)
def test_every_picture_of_a_program_is_a_chart_with_a_finding_or_a_sentence(roadmap, name):
    drawn = getattr(pack, name)(roadmap)
    if isinstance(drawn, pack.say_block("").__class__):
        assert drawn.words
        return
    spec = json.loads(drawn.to_json(validate=True))
    title = spec["title"]["text"] if isinstance(spec["title"], dict) else spec["title"]
    assert len(title) > 10
    assert title in spec["description"] or title.rstrip(".") in spec["description"]


@pytest.mark.parametrize("name", [*DRAWN, *SHOWN])
def test_a_plan_that_moves_nothing_is_told_without_a_fault(still, name):
    assert still.moves.empty
    shown = getattr(pack, name)(still)
    assert shown is not None


@pytest.mark.parametrize("name", SHOWN)
def test_every_section_says_something(roadmap, name):
    block = getattr(pack, name)(roadmap)
    assert block.words.strip()
    assert "nan" not in block.words.lower().split()


def test_bands_of_work_begin_and_end_at_their_places_and_are_as_high_as_their_cost(roadmap):
    bands, places, _, height = lay_flows(roadmap)
    flows = roadmap.flows
    for x, column in ((0.0, "from_cost"), (1.0, "cost")):
        ends = bands[bands["x"] == x]
        assert (ends["high"] - ends["low"]).to_numpy() == pytest.approx(flows[column].to_numpy())
        side = places[places["x"] == x].sort_values("low")
        assert (side["high"].to_numpy()[:-1] <= side["low"].to_numpy()[1:]).all()
    assert height > 0


def test_places_with_little_work_keep_room_for_their_words(roadmap):
    """Three places: 80 of 120, one as high as its words, one of next to nothing; the middles lie a slot apart."""
    pattern = roadmap.flows.iloc[[0]]
    rows = [
        pattern.assign(owner=owner, from_owner="own", from_cost=cost, cost=cost)
        for owner, cost in (("A", 80.0), ("B", 120.0 * SLOT), ("C", 0.5))
    ]
    flows = pd.concat(rows, ignore_index=True)
    _, places, _, _ = lay_flows(replace(roadmap, flows=flows))
    middles = places[places["x"] == 1.0].sort_values("low")["y"].to_numpy()
    whole = flows["cost"].sum()
    assert (np.diff(middles) >= SLOT * whole - 1e-9).all()


def test_a_run_keeps_the_program_as_a_calendar_the_same_each_time(roadmap, tmp_path):
    tables = list_program_tables(roadmap)
    summary = {"name": "Unit", "valuation_date": "2025-01-01"}
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
        assert write_calendar(folder, summary, tables) == ["reviews.ics"]
    assert (folders[0] / "reviews.ics").read_bytes() == (folders[1] / "reviews.ics").read_bytes()
    assert tables["reviews"]["uid"].is_unique
    assert (folders[0] / "reviews.ics").read_text(encoding="utf-8").count("BEGIN:VEVENT") == len(tables["reviews"])


def test_a_calendar_without_a_day_is_not_written(still, tmp_path):
    tables = list_program_tables(still)
    assert write_calendar(tmp_path, {"name": "Unit", "valuation_date": "2025-01-01"}, tables) == []
    assert list(tmp_path.iterdir()) == []


def test_the_plan_carries_wave_and_go_live(alpha, decide):
    plan = pack.collect(decide(alpha))["tables"]["plan"].set_index("process")
    assert plan["wave"].to_dict() == {"help_desk": "1", "payroll": "2", "research": ""}
    assert plan["go_live"].to_dict() == {"help_desk": "2025-04-01", "payroll": "2025-07-01", "research": ""}
