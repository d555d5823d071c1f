"""What looks odd about a plan is asked on the page where the decision is, in words, and kept with the run."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.case.load import read_folder
from sourcing.decide.questions import TOPICS
from sourcing.pack.decision.questions import ASKED, NOTHING_ODD, TOPIC_NAMES, say_doubts
from tests.conftest import TINY


@pytest.fixture
def odd(decide):
    """Alpha with a month's price abroad for work on the spot, both moves at one owner, and a queue short of people."""
    tables = read_folder(TINY)
    desk = {"price_per_year": "50000", "location": "IND", "owner": "PayCo"}
    tables["options"].loc[7, list(desk)] = list(desk.values())
    tables["processes"]["is_place_bound"] = "no"
    tables["processes"].loc[3, "is_place_bound"] = "yes"
    tables["rules"] = tables["rules"].iloc[1:]
    queue = {
        "business_unit": "alpha",
        "process": "help_desk",
        "peak_to_average": "2",
        "handling_minutes": "4",
        "calls_per_hour": "720",
        "answer_seconds": "8.5",
        "open_hours_per_week": "40",
        "shrinkage_share": "0",
    }
    return decide(Case(tables | {"capacity": pd.DataFrame([queue])}).select("alpha"))


def test_each_topic_is_asked_in_words_and_has_a_name():
    assert list(ASKED) == list(TOPIC_NAMES) == list(TOPICS)


def test_a_doubt_reads_as_a_question_with_figure_reason_and_place(odd):
    questions = pack.list_questions(odd).set_index("topic")
    assert questions.index.tolist() == [
        "price for a month", "on the spot, abroad", "one owner, many moves", "short of the peak",
    ]  # fmt: skip
    month = questions.loc["price for a month"]
    assert month["question"] == "Is the price of DeskCo that of a month? It was taken as that of a year."
    assert month["figure"] == "USD 50,000 a year; the other options cost USD 760,000 in the middle."
    assert questions.at["on the spot, abroad", "question"] == "How is Help desk done from there?"
    owner = questions.loc["one owner, many moves"]
    assert owner["figure"].startswith("2 moves, 100 % of all, with 30 people")
    peak = questions.loc["short of the peak"]
    assert peak["question"] == "Who answers on an average day in Help desk?"
    assert peak["figure"].startswith("20 people; the average hour asks for 55")
    assert (questions[["question", "figure", "why", "where"]] != "").all(axis=None)


def test_the_first_page_asks_for_the_answers_and_shows_them_below(odd):
    asked = say_doubts(pack.list_questions(odd))
    assert asked[0] in pack.say_asks(odd)
    assert asked[0].startswith("Have 4 questions about this plan answered, listed below: a price that looks like")
    shown = pack.show_questions(odd)
    assert shown.html.count("<tr>") >= 4
    assert "Is the price of DeskCo that of a month?" in shown.html
    assert "further question" not in shown.html


def test_peaks_show_who_is_short_of_people(odd):
    assert "short on average" in pack.show_peaks(odd).html


def test_a_second_question_of_a_topic_is_folded(odd, monkeypatch):
    twice = pd.concat([pack.list_questions(odd)] * 2)
    monkeypatch.setattr("sourcing.pack.decision.questions.list_questions", lambda _: twice)
    assert "4 further questions" in pack.show_questions(odd).html


def test_a_plan_without_oddities_says_so_and_asks_nothing(alpha, decide):
    decision = decide(alpha)
    assert pack.list_questions(decision).empty
    assert NOTHING_ODD in pack.show_questions(decision).html
    assert not [ask for ask in pack.say_asks(decision) if "about this plan" in ask]


def test_the_questions_are_kept_with_the_run(odd):
    kept = pack.collect(odd)["tables"]["questions"]
    pd.testing.assert_frame_equal(kept, pack.list_questions(odd))
