"""Each driver's rate against the alternatives of a case in which the number itself is changed."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case
from sourcing.assess import map_postures, score_indices
from sourcing.case import settle
from sourcing.value import build_alternatives, list_drivers, list_offers
from sourcing.value import drivers as drivers_room

COLUMNS = {"quote": "price_per_year", "wage": "labor_cost_per_fte", "transition cost": "transition_cost"}


def price(case: Case) -> pd.Series:
    """Return the cost of each (process, option)."""
    policy, outlook = settle(case)
    postures = map_postures(score_indices(case), policy)
    return build_alternatives(case, postures, policy, outlook).set_index(["process", "option"])["cost"]


def drive(case: Case, **levers: object) -> pd.DataFrame:
    policy, outlook = settle(case, **levers)
    indices = score_indices(case)
    offers = list_offers(case, map_postures(indices, policy), policy)
    return list_drivers(offers, case, indices, policy, outlook)


@pytest.fixture(scope="module")
def drivers(alpha) -> pd.DataFrame:
    return drive(alpha)


@pytest.fixture(scope="module")
def sharing(bench, alpha) -> Case:
    """Incentives count; the help desk shares gains, and payroll is a joint venture that shares its profit."""
    case = bench.change(alpha, "policy", {"name": "expected_incentives"}, value="yes")
    case = bench.add(case, "contracts", {"contract": "venture", "profit_share": 0.4})
    where = {"process": "payroll", "option": "provider"}
    case = bench.change(case, "options", where, owner_type="joint_venture", contract="venture")
    where = {"process": "help_desk", "option": "provider"}
    return bench.change(case, "options", where, contract_form="gain_share")


@pytest.mark.parametrize("driver", sorted(COLUMNS))
@pytest.mark.parametrize("shares", [False, True])
def test_a_rate_is_what_the_case_itself_costs_more_with_the_number_changed(alpha, sharing, shares, driver):
    alpha = sharing if shares else alpha
    base, drivers = price(alpha), drive(alpha)
    rows = drivers[drivers["driver"] == driver]
    assert len(rows)
    for (process, of), own in rows.groupby(["process", "of"]):
        at = (alpha.options["process"] == process) & (alpha.options["option"] == of)
        value = float(own["value"].iloc[0])
        changed = alpha.options.assign(**{COLUMNS[driver]: alpha.options[COLUMNS[driver]].where(~at, value + 500.0)})
        costs = price(alpha.replace(options=changed))
        rates = own.set_index("option")["rate"]
        for (other, option), cost in costs.items():
            wanted = 500.0 * float(rates.get(option, 0.0)) if other == process else 0.0
            assert cost - base[other, option] == pytest.approx(wanted, abs=1e-3), (process, of, option)


def test_a_score_changes_fit_and_bars_as_another_posture_does(alpha):
    drivers = drive(alpha, price_of_fit=1000.0)
    pieces = drivers[~drivers["linear"].astype(bool) & (drivers["process"] == "research")]
    assert set(pieces["driver"]) == {"commoditization score", "core score"}
    assert (pieces["low"] <= pieces["high"]).all()
    assert not ((pieces["low"] <= pieces["value"]) & (pieces["value"] <= pieces["high"])).any()
    assert (pieces["change"] != 0.0).any()


def test_measures_that_follow_a_number_are_named(drivers):
    rows = drivers.set_index(["process", "option", "driver"])
    assert rows.loc[("help_desk", "provider", "quote"), "moves"].split("; ") == ["cash_cost", "run_cost_per_year"]
    assert "one_off_cost" in rows.loc[("payroll", "shared", "transition cost"), "moves"]
    assert set(drivers.loc[drivers["driver"] == "core score", "moves"]) == {"fit_points"}


def test_a_number_that_bends_one_alternative_is_left_out_for_all(alpha, drivers, monkeypatch):
    """A wage of today moves every option of its process: one of them that does not follow in a line spoils all."""
    plain = drivers_room.price_offers

    def bend(offers, *levers):
        priced = plain(offers, *levers)
        is_bent = ((offers["process"] == "payroll") & (offers["option"] == "provider")).to_numpy()
        return priced.assign(cost=priced["cost"].where(~is_bent, priced["cost"] ** 2))

    assert ("payroll", "wage", "stay") in list_numbers(drivers)
    monkeypatch.setattr(drivers_room, "price_offers", bend)
    bent = list_numbers(drive(alpha))
    assert ("payroll", "wage", "stay") not in bent
    assert ("help_desk", "wage", "stay") in bent


def list_numbers(drivers):
    return set(drivers[["process", "driver", "of"]].itertuples(index=False, name=None))


def test_a_price_that_begins_to_starve_the_provider_costs_its_team_walking_out(alpha):
    """Payroll's provider needs 10 x 50,000 x 1.12 / 0.95; below it 0.2 x 250,000 a year, for 1.5 years."""
    ready = alpha.replace(policy=alpha.policy[alpha.policy["name"] != "walk_out_rate"])
    rows = drive(ready, walk_out_rate=0.2)
    own = rows[(rows["driver"] == "quote") & (rows["of"] == "provider") & (rows["process"] == "payroll")]
    assert set(own["option"]) == {"provider"}
    policy, outlook = settle(ready, walk_out_rate=0.2)
    postures = map_postures(score_indices(ready), policy)
    base = build_alternatives(ready, postures, policy, outlook).set_index(["process", "option"])["cost"]
    hit = (ready.options["process"] == "payroll") & (ready.options["option"] == "provider")
    for row in own.to_dict("records"):
        value = row["low"] + 1.0 if row["low"] else row["high"] - 1.0
        options = ready.options.assign(price_per_year=ready.options["price_per_year"].where(~hit, value))
        cost = build_alternatives(ready.replace(options=options), postures, policy, outlook)
        change = cost.set_index(["process", "option"])["cost"]["payroll", "provider"] - base["payroll", "provider"]
        assert change == pytest.approx(row["change"] + row["rate"] * (value - row["value"]), abs=1e-3)
    assert sorted(own["change"].abs()) == pytest.approx([0.0, 0.2 * 250_000 * 1.5])
    assert own["high"].min() == pytest.approx(560_000 / 0.95)
