"""The appendix lists every lever of Policy and Outlook, with what it is, who set it and why."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from sourcing import pack, settle
from sourcing.case import LEVERS
from sourcing.pack.basis import sections

SHOWN = ["title", "value", "default", "unit", "meaning", "origin", "reason", "source"]


@pytest.fixture
def settled(alpha):
    """What the appendix needs of a decision: the case, and its levers with three of them set for the run."""
    policy, outlook = settle(alpha, core_threshold=0.625, margin_bars="yes", readiness_stretch=0.5)
    return SimpleNamespace(case=alpha, policy=policy, outlook=outlook)


@pytest.fixture
def shown(settled, monkeypatch):
    """The rows of levers as the appendix shows them, set ones and folded ones, by title."""
    kept = []

    def keep(show):
        def keep_one(frame, columns, *rest, **options):
            kept.append((frame, [column.name for column in columns]))
            return show(frame, columns, *rest, **options)

        return keep_one

    for name in ("show_table", "fold_table"):
        monkeypatch.setattr(sections, name, keep(getattr(sections, name)))
    assert pack.show_assumptions(settled).html
    (_, (rows, columns), (folded, of_folded)) = kept
    assert columns == SHOWN
    assert of_folded == [name for name in SHOWN if name not in ("default", "origin", "reason")]
    assert (folded["origin"] == "default").all()
    assert (rows["origin"] != "default").all()
    return pd.concat([rows, folded]).set_index("title")


def test_every_lever_is_shown_once_as_policy_and_outlook_tell_it(shown):
    assert sorted(shown["name"]) == sorted(LEVERS)
    for row in shown.itertuples():
        about = LEVERS[row.name].metadata
        assert (row.unit, row.meaning, row.source) == (about["unit"], about["meaning"], about["source"])


def test_a_value_is_shown_in_full_beside_its_default_who_set_it_and_why(shown):
    told = shown[["value", "default", "origin", "reason"]].T
    assert told["core threshold"].tolist() == ["0.625", "0.5", "run", ""]
    assert told["margin bars"].tolist() == ["yes", "no", "run", ""]
    assert told["readiness stretch"].tolist() == ["0.5", "0.5", "run", ""]
    assert told["structural rate"].tolist() == ["0.1", "0.05", "case", "one failure of an outside owner in ten years"]
    assert told["judgment draws"].tolist() == ["10,000", "10,000", "default", ""]
    assert told["budget share"].tolist() == ["no limit", "no limit", "default", ""]


def test_the_page_holds_every_lever(settled):
    html = pack.show_assumptions(settled).html
    for name in LEVERS:
        assert f">{name.replace('_', ' ')}</th>" in html
