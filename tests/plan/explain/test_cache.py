"""Answers kept in a folder: the same again where nothing changed, found anew where anything did."""

import json
import logging
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import Question, choose, explain, trace_frontier
from sourcing.plan.explain import cache as archive
from sourcing.plan.explain.cache import SUFFIX, AnswerCache, digest_question
from sourcing.plan.explain.cache_format import read_plainly, spell_plainly

ALLOWED = [HealthCheck.function_scoped_fixture]


def keep(plan, folder):
    """Explain a plan and keep the answers in a folder."""
    return explain(plan, cache=AnswerCache(folder))


def ask_all(asked):
    others = asked.find_near_optimal_plans(0.3, 2)
    return asked.price_rules(), asked.flip_decisions(), others, asked.list_core(others, 0.3)


def assert_same_plan(one, other):
    for name in ("choices", "rules", "handoffs", "shared", "levels"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_series_equal(one.lines, other.lines)
    assert (one.multipliers is None) == (other.multipliers is None)
    if one.multipliers is not None:
        pd.testing.assert_series_equal(one.multipliers, other.multipliers)
    assert (one.objective, one.bound, one.gap, one.status) == (other.objective, other.bound, other.gap, other.status)


def assert_same(one, other):
    for first, second in zip(one, other, strict=True):
        if isinstance(first, list):
            assert len(first) == len(second)
            for pair in zip(first, second, strict=True):
                assert_same_plan(*pair)
        else:
            pd.testing.assert_frame_equal(first, second)
            assert first.attrs == second.attrs


def list_answers(folder):
    return sorted(folder.glob(f"*{SUFFIX}"))


@settings(max_examples=4, deadline=None, suppress_health_check=ALLOWED)
@given(seed=st.integers(0, 10**6))
def test_what_is_read_is_what_was_found(seed, draw, tmp_path_factory):
    instance, folder = draw(seed), tmp_path_factory.mktemp("answers")
    try:
        plain, first, later = (choose(*instance.tables, structure=instance.structure, gap=0.0) for _ in range(3))
    except InfeasiblePlanError:
        reject()
    found = ask_all(keep(first, folder))
    kept = [file.read_bytes() for file in list_answers(folder)]
    assert len(kept) == 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "_write_answer", None)
        assert_same(found, ask_all(keep(later, folder)))
    assert [file.read_bytes() for file in list_answers(folder)] == kept
    assert_same(found, ask_all(explain(plain)))


def test_a_frontier_is_kept_with_its_plans(offers, tmp_path):
    table = offers.assign(cost=offers["cost_cash"] + offers["cost_risk"])

    def trace(**more):
        return trace_frontier(table, measures=("cost_cash", "cost_risk"), cache=AnswerCache(tmp_path), **more)

    one, other = trace(), trace()
    assert len(list_answers(tmp_path)) == 1
    pd.testing.assert_frame_equal(one.drop(columns="plan"), other.drop(columns="plan"))
    assert one.attrs == other.attrs == {"complete": True, "cut": False}
    for pair in zip(one["plan"], other["plan"], strict=True):
        assert_same_plan(*pair)
        assert pair[1].question.objective == {"cost_cash": 1.0}
    assert not trace(steps={"cost_risk": 1.0}).attrs["complete"]
    assert len(list_answers(tmp_path)) == 2


def make_asked(offers, rule):
    links = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [2.0]})
    places = sorted(set(offers["place"]))
    pairs = [(a, b, 1.0 * k) for k, a in enumerate(places) for b in places[k:]]
    handoff_costs = pd.DataFrame(pairs, columns=["place_a", "place_b", "cost"])
    locks = pd.DataFrame({"process": ["payroll"], "option": ["stay"], "kind": ["bar"]})
    charges = pd.DataFrame({"column": ["owner"], "value": ["acme"], "cost": [0.5]})
    return Question(offers, rule(limit=2.0), links, handoff_costs, {"locks": locks, "charges": charges})


def change_cell(cell):
    if isinstance(cell, (bool, np.bool_)):
        return not cell
    if isinstance(cell, (int, float, np.number)):
        return math.nextafter(float(cell), math.inf)
    return f"{cell} "


def test_a_change_of_any_one_cell_or_setting_is_another_question(offers, rule):
    asked = make_asked(offers, rule)
    key = ("flips", None, True, 60.0)
    digests = {digest_question(key, asked)}
    tables = {name: getattr(asked, name) for name in ("alternatives", "rules", "links", "handoff_costs")}
    tables |= {("structure", name): table for name, table in asked.structure.items()}
    count = 1
    for name, table in tables.items():
        for row in range(len(table)):
            for column in range(table.shape[1]):
                cells = table.astype(object).copy()
                cells.iloc[row, column] = change_cell(cells.iloc[row, column])
                changed = table.assign(**{table.columns[column]: cells.iloc[:, column].infer_objects().to_numpy()})
                other = (
                    {"structure": asked.structure | {name[1]: changed}} if name[0] == "structure" else {name: changed}
                )
                digests.add(digest_question(key, replace(asked, **other)))
                count += 1
    for other in ({"gap": 0.5}, {"time_limit": 1.0}, {"objective": "headcount"}, {"rules": None}, {"solver": "HiGHS"}):
        digests.add(digest_question(key, replace(asked, **other)))
        count += 1
    for settings_asked in (("prices", None, True, 60.0), ("flips", 0.1, True, 60.0), ("flips", None, True, 6.0)):
        digests.add(digest_question(settings_asked, asked))
        count += 1
    assert len(digests) == count


def test_another_plan_of_the_same_question_and_other_code_are_other_questions(offers, rule, tmp_path, monkeypatch):
    for gap in (0.0, 0.5):
        keep(choose(offers, rule(limit=1.0), gap=gap), tmp_path).flip_decisions()
    assert len(list_answers(tmp_path)) == 2
    monkeypatch.setattr(archive, "_digest_suite", lambda: "another release")
    keep(choose(offers, rule(limit=1.0), gap=0.0), tmp_path).flip_decisions()
    assert len(list_answers(tmp_path)) == 3


def spoil(file, kind):
    text = file.read_text(encoding="utf-8")
    head, _, body = text.partition("\n")
    spoiled = {
        "cut": text[: len(text) // 2],
        "empty": "",
        "one digit": text.replace("7", "8"),
        "another question": json.dumps(json.loads(head) | {"digest": "0" * 64}) + "\n" + body,
        "foreign": "\x80\x04K\x01.",
        "head only": head,
    }
    file.write_text(spoiled[kind], encoding="utf-8")


@pytest.mark.parametrize("kind", ["cut", "empty", "one digit", "another question", "foreign", "head only"])
def test_a_file_that_is_no_answer_is_passed_over_with_a_note(kind, offers, rule, tmp_path, caplog):
    def ask():
        return keep(choose(offers, rule(limit=1.0), gap=0.0), tmp_path).flip_decisions()

    found = ask()
    (file,) = list_answers(tmp_path)
    whole = file.read_bytes()
    spoil(file, kind)
    assert file.read_bytes() != whole
    with caplog.at_level(logging.WARNING):
        pd.testing.assert_frame_equal(found, ask())
    assert "no answer kept here and was found anew" in caplog.text
    assert file.read_bytes() == whole


def test_a_forged_plan_is_found_out(offers, tmp_path, caplog):
    """Shares that break a rule do not pass plain arithmetic, even under a sum that fits."""
    cap = pd.DataFrame([{"rule": "cap", "measure": "count", "where": "option == 'move'", "sense": "<=", "limit": 1}])
    table = pd.concat([offers, offers.assign(process=offers["process"] + " 2")], ignore_index=True)

    def ask():
        return keep(choose(table, cap, gap=0.0), tmp_path).find_near_optimal_plans(0.5, 1)

    (honest,) = ask()
    (file,) = list_answers(tmp_path)
    head, _, body = file.read_text(encoding="utf-8").partition("\n")
    spelled = json.loads(body)
    spelled["list"][0]["plan"]["taken"] = [0, 2, 4, 6]
    forged = json.dumps(spelled)
    file.write_text(json.dumps(json.loads(head) | {"sum": archive._sum_text(forged)}) + "\n" + forged)
    with caplog.at_level(logging.WARNING):
        (again,) = ask()
    assert "CertificateError" in caplog.text
    assert_same_plan(honest, again)


def test_what_cannot_be_spelled_plainly_is_found_each_time(offers, tmp_path, caplog):
    table = offers.assign(process=offers["process"].map({"payroll": pd.Timestamp(1), "billing": pd.Timestamp(2)}))
    with caplog.at_level(logging.WARNING):
        flips = keep(choose(table), tmp_path).flip_decisions()
    assert len(flips) == 4
    assert "could not be kept" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(offers, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="answers_folder must be a folder"):
        keep(choose(offers), tmp_path / "file").flip_decisions()


@settings(max_examples=30, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner).map(tuple) | st.lists(inner),
    )
)
def test_plain_values_are_read_as_spelled(value):
    spelled = json.loads(json.dumps(spell_plainly(value), allow_nan=False))
    again = read_plainly(spelled, None)
    assert again == value
    assert repr(again) == repr(value)
