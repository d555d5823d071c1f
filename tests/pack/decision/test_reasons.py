"""A reason says what its numbers say and no more: change the numbers, and the sentence changes with them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.pack.wording import LINE_NAMES, name_options, say_money
from sourcing.value import CASH_LINES
from tests.conftest import seeds

SCORES = re.compile(r"Scores \(commoditization (\d\.\d\d), core fit (\d\.\d\d)\)")
LINE = re.compile(r"((?:USD|EUR) [\d.,]+(?: million)?) (less|more) ([a-z' -]+?)(?=,|\.|$)")


def change(case: Case, table: str, **columns: object) -> Case:
    return case.replace(**{table: case.tables[table].assign(**columns)})


def vary(case: Case, seed: int) -> Case:
    """Draw every score, wage and price of a case anew."""
    rng = np.random.default_rng(seed)
    options = case.options
    case = change(case, "scores", score=rng.integers(1, 6, len(case.scores)).astype(float))
    return change(
        case,
        "options",
        labor_cost_per_fte=options["labor_cost_per_fte"] * rng.uniform(0.5, 1.6, len(options)),
        price_per_year=options["price_per_year"] * rng.uniform(0.5, 1.6, len(options)),
        transition_cost=options["transition_cost"] * rng.uniform(0.0, 3.0, len(options)),
    )


def check_money(said: str, process: str, decision) -> None:
    """Whatever is said of cash and its lines is so, and no line that differs more goes unsaid."""
    chosen, today = (plan.choices.set_index("process").loc[process] for plan in (decision.plan, decision.as_is))
    saving, currency = today["cash_cost"] - chosen["cash_cost"], decision.case.unit["currency"]
    assert ("in cash against today" in said) == (not chosen["is_as_is"] and saving >= 0.5)
    assert ("more in cash than today" in said) == (not chosen["is_as_is"] and saving <= -0.5)
    if chosen["is_as_is"]:
        assert said.startswith("Stays ")
        return
    assert say_money(abs(saving), currency) in said
    changes = {line: chosen[f"cost_{line}"] - today[f"cost_{line}"] for line in CASH_LINES}
    words = {LINE_NAMES[line][0].lower() + LINE_NAMES[line][1:]: line for line in changes}
    named = [(words[name], sign, amount) for amount, sign, name in LINE.findall(said.split(". Scores")[0])]
    for line, sign, amount in named:
        assert amount == say_money(abs(changes[line]), currency)
        assert sign == ("less" if changes[line] < 0 else "more")
    for sign, direction in (("less", -1), ("more", 1)):
        told = [abs(changes[line]) for line, side, _ in named if side == sign]
        untold = [size * direction for line, size in changes.items() if line not in {each for each, *_ in named}]
        assert len(told) == 2 or max(untold) < max(0.5, 0.1001 * max(map(abs, changes.values())))
        assert not told or max(untold, default=0.0) <= min(told) + 1e-6


def check_limits(said: str, process: str, decision) -> None:
    """A rule, a ban, a rival is named where the numbers have one, and only there."""
    swaps = decision.swaps[decision.swaps["process"] == process].sort_values("extra_cost")
    allowed = swaps[~swaps["is_barred"]]
    cheaper = allowed[allowed["extra_cost"] < -0.5]
    assert ("but breaks" in said) == (len(cheaper) > 0 and len(cheaper["breaks"].iloc[0]) > 0)
    if "but breaks" in said:
        assert all(f"'{rule}'" in said for rule in cheaper["breaks"].iloc[0][:2])
    prices = pack.list_prices(decision).set_index("rule")
    for rules in re.findall(r"decided otherwise (without '.+?')\.(?: |$)", said):
        for rule in re.findall(r"'(.+?)'", rules):
            assert process in prices.at[rule, "drop_moves"]
            assert prices.at[rule, "drop_saving"] >= 0.5
    rival = pack.list_flips(decision).query("process == @process and runner_up")
    assert ("No other option keeps every rule" in said) == (len(allowed) > 0 and (allowed["breaks"].map(len) > 0).all())
    assert ("Next best: " in said) == (len(rival) > 0)
    if len(rival):
        cost = say_money(max(rival["forcing_cost"].iloc[0], 0.0), decision.case.unit["currency"])
        name = name_options(decision.alternatives)[process, rival["option"].iloc[0]]
        assert f"Next best: {name}, {cost} more" in said
    assert ("Set aside: " in said) == bool(swaps["is_barred"].any())
    assert ("hand-offs" in said.lower()) <= (len(decision.plan.handoffs) > 0)


@pytest.mark.parametrize("unit", ["alpha", "beta"])
@pytest.mark.parametrize("seed", seeds(8, quick=2))
def test_a_reason_says_what_the_numbers_say(request, unit, seed, decide):
    decision = decide(vary(request.getfixturevalue(unit), seed))
    for process, said in pack.say_reasons(decision).items():
        scored = decision.judgment.postures.loc[process]
        quoted = tuple(map(float, SCORES.search(said).groups()))
        assert quoted == pytest.approx((scored["commoditization"], scored["core_competency"]), abs=0.0051)
        fit = decision.plan.choices.set_index("process").at[process, "fit_points"]
        assert ("speaks for other owners" in said) == (fit < 0)
        check_money(said, process, decision)
        check_limits(said, process, decision)


def test_a_changed_score_a_changed_price_and_a_dropped_rule_each_change_what_is_said(alpha, decide):
    before = pack.say_reasons(decide(alpha))
    assert before["payroll"].startswith(
        "Shared-service center (onshore) saves USD 100,000 in cash against today: USD 400,000 less own labor, "
        "USD 250,000 more today's own staff until go-live, USD 50,000 more transition. Scores (commoditization 1.00, "
        "core fit 0.00): chosen although its posture (buy from the market) speaks for other owners. "
    )
    at = (alpha.scores["process"] == "payroll") & (alpha.scores["criterion"] == alpha.scores["criterion"].iloc[0])
    scored = pack.say_reasons(decide(change(alpha, "scores", score=alpha.scores["score"].where(~at, 3.0))))
    assert "commoditization 1.00" not in scored["payroll"]
    at = (alpha.options["process"] == "payroll") & (alpha.options["option"] == "shared")
    wages = alpha.options["labor_cost_per_fte"].where(~at, 0.9 * alpha.options["labor_cost_per_fte"])
    assert (
        "USD 400,000 less own labor"
        not in pack.say_reasons(decide(change(alpha, "options", labor_cost_per_fte=wages)))["payroll"]
    )
    free = pack.say_reasons(decide(alpha.replace(rules=alpha.rules.iloc[:0])))
    assert "breaks" in before["payroll"]
    assert "breaks" not in free["payroll"]


def test_a_move_that_ends_what_processes_share_says_what_staying_would_cost(alpha, decide):
    """A hall for 30,000 a year that payroll alone needs until it leaves in the first of two years, no discounting."""
    hall = {"pool": "hall", "cost_per_year": 30_000.0, "ends_with": "any_move"}
    pools = pd.DataFrame([{"business_unit": "alpha"} | hall])
    processes = alpha.processes.assign(
        cost_pool=(alpha.processes["process"] == "payroll").map({True: "hall", False: ""})
    )
    decision = decide(alpha.replace(processes=processes, cost_pools=pools))
    said = pack.say_reasons(decision)
    assert "against today" in said["payroll"]
    assert "If it alone stayed, costs that processes share would be USD 30,000 higher." in said["payroll"]
    assert decision.as_is.lines["pools"] - decision.plan.lines["pools"] == pytest.approx(30_000)
    assert not said.drop("payroll").str.contains("If it alone stayed, costs that processes share").any()


def test_a_move_that_costs_cash_says_what_else_staying_would_change(alpha, decide):
    """An offer dearer than own staff, taken for its fit: 30 points x 50,000, against 35,000 more in losses."""
    dearer = alpha.options["price_per_year"] + 200_000.0 * (alpha.options["process"] == "help_desk")
    decision = decide(change(alpha, "options", price_per_year=dearer), price_of_fit=50_000.0)
    said = pack.say_reasons(decision)["help_desk"]
    assert "DeskCo (outsourced) costs USD " in said
    assert (
        "If it alone stayed, expected losses would be USD 35,000 lower and what lacks in strategic fit would be "
        in said
    )
    assert "USD 1.50 million higher. Scores" in said
    cheaper = pack.say_reasons(decide(alpha, price_of_fit=50_000.0))["help_desk"]
    assert "saves" in cheaper
    assert "If it alone stayed" not in cheaper


def test_a_rule_is_named_that_would_decide_otherwise_without_keeping_a_cheaper_swap_out(alpha, monkeypatch, decide):
    decision = decide(alpha)
    rule = "one-off spending stays within 200000"
    assert f"without '{rule}'" not in pack.say_reasons(decision)["help_desk"]
    prices = pack.list_prices(decision)
    at = prices["rule"] == rule
    moved = prices.assign(
        drop_saving=prices["drop_saving"].where(~at, 900.0),
        drop_moves=[("help_desk",) if own else moves for own, moves in zip(at, prices["drop_moves"], strict=True)],
    )
    monkeypatch.setattr("sourcing.pack.decision.reasons.list_prices", lambda _: moved)
    assert f"It would be decided otherwise without '{rule}'." in pack.say_reasons(decision)["help_desk"]
    free = moved.assign(drop_saving=moved["drop_saving"].where(~at, 0.0))
    monkeypatch.setattr("sourcing.pack.decision.reasons.list_prices", lambda _: free)
    assert f"without '{rule}'" not in pack.say_reasons(decision)["help_desk"]


def test_a_split_process_is_said_with_every_part(alpha, decide):
    case = change(alpha, "processes", divisible=alpha.processes["process"] == "help_desk", min_share=0.2, max_parts=2)
    decision = decide(change(change(case, "options", transition_cost=0.0), "rules", limit=[15.0, 200000.0]))
    parts = decision.plan.choices.query("process == 'help_desk'")
    assert len(parts) == 2
    said = pack.say_reasons(decision)["help_desk"]
    assert said.startswith("Split into ")
    assert all(name in said for name in parts["name"])
