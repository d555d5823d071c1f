"""What a comparison says: only what solving has shown, every name escaped, nothing where nothing changed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from sourcing import pack
from sourcing.decide import pose_question
from sourcing.pack.program.review_words import say_flip_cause
from sourcing.program import Review
from sourcing.program.review.compare import compare_sides
from sourcing.program.review.mixtures import answer_side

CAP = "no more than 20 people move to outside owners"
FLIP = {
    "name": "Payroll", "before_name": "PayCo", "after_name": "Center", "causes": ("a", "b"), "other_causes": (),
    "needed": ("a",), "is_smallest": True, "keeping_cost": 5.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def found(alpha):
    """Alpha with a cheaper PayCo, and a rule whose reason turned hostile."""
    options = alpha.options
    options.loc[options["owner"] == "PayCo", "price_per_year"] = 270_000.0
    options.loc[options["owner"] == "PayCo", "name"] = "<script>x()</script> =1+1"
    rules = alpha.rules
    rules.loc[rules["rule"] == CAP, "reason"] = '"><img src=x onerror=y>'
    after = alpha.replace(options=options, rules=rules)
    return compare_sides(*(answer_side(pose_question(case)) for case in (alpha, after)))


def review(comparison):
    return Review({comparison.business_unit: comparison}, (), (), {})


def test_it_is_said_what_changed_and_what_alone_flips_it(found):
    said = pack.say_comparison(found)
    assert said[:3] == [
        "Alpha Services (fictional): 2 rows of data changed.",
        "2 processes are decided otherwise: Help desk and Payroll.",
        "In present value: objective −USD 47,000, cash cost −USD 49,500, expected loss +USD 2,500 and saving in cash "
        "over as-is +USD 49,500.",
    ]
    assert said[3] == "Shares of the change of the objective: “options: payroll, provider” −USD 47,000."
    assert said[4].endswith("“options: payroll, provider”, applied alone, does it.")
    assert pack.say_effort(found)[0].startswith("A share is what a change adds on average over every order")


def test_nothing_is_said_to_have_changed_where_nothing_has(alpha):
    side = answer_side(pose_question(alpha))
    same = compare_sides(side, side)
    assert pack.say_comparison(same) == [
        "Nothing changed for Alpha Services (fictional): data, levers, decisions and money are the same."
    ]
    page = pack.render_review(review(same), "one", "one")
    assert "Nothing changed" in page
    assert "What caused it" not in page


def test_changes_that_act_together_only_are_said_so():
    assert say_flip_cause(FLIP) == (
        "Payroll goes from PayCo to Center: “a” and “b” together, applied alone, do it; no fewer changes do."
    )
    open_ = say_flip_cause(FLIP | {"is_smallest": False, "keeping_cost": 0.0})
    assert "whether fewer changes do was not looked into to the end" in open_
    assert open_.endswith("staying would now cost the same, so that either is as good.")


def test_the_page_holds_every_part_and_nothing_of_it_comes_alive(found):
    page = pack.render_review(review(found), "may/alpha", "june/alpha")
    for heading in ("What changed in data and levers", "What is decided otherwise", "What caused it"):
        assert heading in page
    assert "<script>x()" not in page
    assert "<img src=x" not in page
    assert "may/alpha → june/alpha" in page
    assert "words that no calculation reads" in page


def test_files_hold_the_tables_with_texts_guarded(found, tmp_path):
    files = pack.write_review(tmp_path, review(found), tmp_path / "may" / "alpha", tmp_path / "june" / "alpha")
    assert {"changes.csv", "levers.csv", "decisions.csv", "money.csv", "causes.csv", "compare.json"} <= set(files)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
    causes = pd.read_csv(tmp_path / "causes.csv")
    assert causes["objective"].sum() == pytest.approx(-47_000.0)
    assert pd.read_csv(tmp_path / "decisions.csv")["causes"].tolist() == ["options: payroll, provider"] * 2
    for file in files:
        assert str(tmp_path) not in (tmp_path / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["exact", "sampled", "no order", "no money"])
def test_how_causes_were_found_is_said_with_what_has_no_plan(found, method):
    effort = SimpleNamespace(method=method, orders=4, solved=9, refused={"infeasible": 2})
    said = " ".join(pack.say_effort(replace(found, effort=effort)))
    assert "9 mixtures" in said
    assert "2 have no plan that keeps every rule" in said
    assert ("add up to the whole change" in said) == (method in ("exact", "sampled"))


def test_a_side_without_a_plan_is_said_with_the_change_that_makes_it_so(found):
    none = replace(
        found, status_after="infeasible", feasibility=((f"rules: {CAP}",),), decisions=found.decisions.iloc[:0]
    )
    assert pack.say_comparison(none)[1:3] == [
        "Before there was a plan; now there is no plan that keeps every rule.",
        f"Applied alone, “rules: {CAP}” makes it so.",
    ]
    assert "There is no plan" in pack.show_decision_changes(none).words


def test_shares_are_drawn_the_largest_first_and_the_rest_as_one(found):
    causes = pd.concat([found.causes.head(1).assign(cause=f"cause {n}", objective=-1e4 / n) for n in range(1, 15)])
    drawn = pack.list_cause_shares(replace(found, causes=causes))
    assert len(drawn) == 11
    assert drawn["label"].iloc[-1] == "11. 4 more changes"
    assert drawn["amount"].sum() == pytest.approx(causes["objective"].sum())
    assert set(drawn["kind"]) == {"cheaper"}


def test_several_units_stand_on_one_page_each_under_its_name(found):
    other = replace(found, business_unit="other", name="Other <b>")
    several = Review({"alpha": found, "other": other}, ("gone",), (), {"odd": "A case must be sound."})
    page = pack.render_review(several, "may", "june")
    for words in ("Alpha Services (fictional): What caused it", "Other &lt;b&gt;: What caused it"):
        assert words in page
    assert "Only the first run has gone." in page
    assert "odd could not be compared: A case must be sound." in page
    assert page.count('id="chart-') == 2
