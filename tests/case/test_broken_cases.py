"""Whatever people do to a table is told: table, row or cell, what was wanted, what came, what to do; and never late."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest

from sourcing import Case
from sourcing.case import check_case
from sourcing.case.checks import frame_problems
from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import conform_tables
from sourcing.case.reading import Reading
from sourcing.decide import pose_question, state_question
from sourcing.errors import CaseError, InputError
from tests.case.broken_cases import Broken, Tables, add_row, list_files, list_systematic, mend, vary
from tests.case.whole_case import conform_whole, write_whole
from tests.conftest import TIMES

SLOWEST = 10.0
"""Seconds of work within which a report must be there."""
PARTS = 20
"""A quick run takes the first of so many parts of the systematic faults, and each kind of the others."""
COLUMNS = 2 * TIMES
"""How many columns of a table a kind of systematic fault strikes, spread over it."""


def check(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Find every problem of the whole case with some tables broken."""
    started = time.process_time()
    problems = frame_problems(conform_tables(Reading(dict(tables)), conform_whole(), is_spotless=True)[1])
    assert time.process_time() - started < SLOWEST
    return problems


def require_told(problems: pd.DataFrame, kind: str) -> None:
    """Require that a report says something, and of each problem where it is, what was wanted and what to do."""
    assert len(problems), f"{kind}: nothing is said"
    for problem in problems.to_dict("records"):
        assert problem["table"], (kind, problem)
        assert problem["rule"], (kind, problem)
        assert problem["hint"].startswith("Hint: "), (kind, problem)
        assert "\x00" not in str(problem), (kind, problem)


@cache
def load_whole() -> Case:
    return Case(write_whole())


def spread(brokens: list[Broken]) -> list[Broken]:
    """Take some faults of one kind, the first and the last included."""
    return (
        brokens
        if len(brokens) <= COLUMNS
        else [brokens[k * (len(brokens) - 1) // (COLUMNS - 1)] for k in range(COLUMNS)]
    )


BY_KIND = groupby(sorted(list_systematic(), key=lambda broken: broken.kind), key=lambda broken: broken.kind)
SYSTEMATIC = [broken for _, brokens in BY_KIND for broken in spread(list(brokens))]


def test_faults_of_every_kind_in_every_table_are_listed():
    assert {broken.table for broken in SYSTEMATIC} == set(supplied_tables())
    assert len({broken.kind for broken in SYSTEMATIC} | {kind for kind, *_ in KINDS}) > 300


@pytest.mark.parametrize(
    "brokens",
    [SYSTEMATIC[::PARTS], *(pytest.param(SYSTEMATIC[k::PARTS], marks=pytest.mark.slow) for k in range(1, PARTS))],
)
def test_a_fault_of_a_cell_a_column_or_a_row_is_told(brokens: list[Broken]):
    for broken in brokens:
        problems = check({broken.table: broken.strike(write_whole()[broken.table])})
        require_told(problems, f"{broken.kind} ({broken.column})")
        assert (problems["table"] == broken.table).any(), broken


UNIT = {"business_unit": "alpha"}
KINDS: list[tuple[str, Tables, str, str, str, str]] = []
"""Kind, changed tables, table and column of the report, severity, words of it."""


def tell(kind: str, tables: Tables, where: str, severity: str, *words: str) -> None:
    """List one kind of fault with what must be said of it."""
    table, column = where.split(".")
    KINDS.append((kind, tables, table, column, severity, words))  # type: ignore[arg-type]


# names spelled two ways
tell("an owner in other case", mend("options", 2, owner="Own"), "options.owner", "warning", "only case differs")
tell("an owner with a stop", mend("options", 4, owner="PayCo."), "options.owner", "warning", "only punctuation differs")
tell("an owner with a Cyrillic letter", mend("options", 7, owner="DeskСo"), "options.owner", "warning", "look alike")
tell("a function in other case", mend("processes", 8, function="finance"), "processes.function", "warning", "'Finance'")
tell(
    "a function with a hyphen", mend("processes", 8, function="Fin-ance"), "processes.function", "warning", "'Finance'"
)
tell(
    "an assessor in other case", mend("scores", 2, assessor="Operations"), "scores.assessor", "warning", "'operations'"
)
tell(
    "an assessor of another table",
    mend("weights", 2, assessor="Operations"),
    "weights.assessor",
    "warning",
    "only case",
)
tell(
    "two contracts alike", add_row("contracts", **UNIT, contract="Frame"), "contracts.contract", "warning", "only case"
)
tell(
    "two pools alike",
    add_row("cost_pools", **UNIT, pool="Hall", cost_per_year="1"),
    "cost_pools.pool",
    "warning",
    "'hall'",
)
tell(
    "two sites alike", add_row("locations", location="Annex", country="USA"), "locations.location", "warning", "'annex'"
)
tell(
    "two processes alike",
    {
        **add_row(
            "processes", **UNIT, process="pay_roll", name="Payroll again", headcount_fte="1", as_is_option="stay"
        ),
        **add_row(
            "options",
            **UNIT,
            process="pay_roll",
            option="stay",
            delivery_model="in_house",
            owner_type="own",
            location="head_office",
            labor_cost_per_fte="1000",
        ),
    },
    "processes.process",
    "warning",
    "only blanks differ",
)
tell("two roles alike", mend("rules", 3, owner="Head of operations"), "rules.owner", "warning", "only case differs")
# names that nothing has
tell(
    "a rule on a country in words",
    mend("rules", 2, where="country == 'United States'"),
    "rules.where",
    "warning",
    "'USA'",
)
tell(
    "a rule on a country that the case lacks",
    mend("rules", 2, where="country == 'India'"),
    "rules.where",
    "warning",
    "'IND'",
)
tell(
    "a rule on a misspelt place", mend("rules", 2, where="place == 'own@anex'"), "rules.where", "warning", "'own@annex'"
)
tell(
    "a rule on a misspelt posture", mend("rules", 2, where="posture == 'releas'"), "rules.where", "warning", "'release'"
)
tell(
    "a rule on a misspelt standing", mend("rules", 2, where="standing == 'bard'"), "rules.where", "warning", "'barred'"
)
tell("a rule on a misspelt contract", mend("rules", 2, where="contract == 'fram'"), "rules.where", "warning", "'frame'")
tell(
    "a rule on a wave that is not there",
    mend("rules", 2, where="wave == 9"),
    "rules.where",
    "warning",
    "counts nothing",
)
tell(
    "a rule on what never meets",
    mend("rules", 2, where="owner == 'PayCo' and process == 'audit'"),
    "rules.where",
    "warning",
    "counts nothing",
)
tell(
    "a hand-off place with an unknown country",
    mend("handoff_costs", 2, place_a="BillCo@DEUX"),
    "handoff_costs.place_a",
    "warning",
    "'BillCo@DEU'",
)
tell(
    "a hand-off place of an unknown owner",
    mend("handoff_costs", 2, place_a="BilCo@DEU"),
    "handoff_costs.place_a",
    "warning",
    "'BillCo@DEU'",
)
tell("an unknown figure in ranges", mend("ranges", 2, figure="rents"), "ranges.figure", "error", "wages")
tell(
    "the code of a country in two letters", mend("units", 2, home_country="UK"), "units.home_country", "error", "'GBR'"
)
tell(
    "a country in its own language",
    mend("units", 3, home_country="Deutschland"),
    "units.home_country",
    "error",
    "'DEU'",
)
tell(
    "a pool that nobody uses",
    add_row("cost_pools", **UNIT, pool="garage", cost_per_year="9"),
    "cost_pools.pool",
    "warning",
    "changes nothing",
)
tell(
    "a service without parts",
    add_row("services", **UNIT, service="calls", name="Calls", availability="0.9"),
    "services.service",
    "warning",
    "changes nothing",
)
tell(
    "wages of a country without staff",
    add_row("wage_paths", **UNIT, country="IND", wage_growth="0.1"),
    "wage_paths.country",
    "warning",
    "changes nothing",
)
# links, hand-offs, orders, tiers, waves
tell(
    "a link to itself",
    mend("links", 2, process_b="billing"),
    "links.process_b",
    "error",
    "a link must join two processes",
)
tell(
    "a link the other way round",
    add_row("links", business_unit="beta", process_a="collections", process_b="billing", traffic="5"),
    "links.process_b",
    "warning",
    "added up",
)
tell(
    "a hand-off pair that is missing",
    {"handoff_costs": write_whole()["handoff_costs"].drop(index=2)},
    "links.process_b",
    "error",
    "every pair of places of linked processes must have a hand-off cost",
)
tell(
    "two costs of one pair",
    add_row("handoff_costs", place_a="own@DEU", place_b="BillCo@DEU", cost="7"),
    "handoff_costs.cost",
    "error",
    "a pair of places must have one cost",
)
tell(
    "an order of a process with itself",
    mend("orders", 2, process_b="audit"),
    "orders.process_b",
    "error",
    "an order must name two processes",
)
tell(
    "an order on an unknown column",
    mend("orders", 2, column="ownr"),
    "orders.column",
    "error",
    "column must be a column of the alternatives",
    "'owner'",
)
tell(
    "an order on no column",
    mend("orders", 2, column=""),
    "orders.column",
    "error",
    "column must be a column of the alternatives",
)
tell(
    "an order on waves without a calendar",
    {"calendar": write_whole()["calendar"].iloc[:0]},
    "orders.kind",
    "error",
    "alternatives must have a wave where orders say not_before",
)
tell(
    "tiers that fall",
    mend("price_tiers", 3, discount_share="0.01"),
    "price_tiers.discount_share",
    "error",
    "must not fall at a higher threshold",
)
tell(
    "tiers of two kinds", mend("price_tiers", 3, kind="incremental"), "price_tiers.kind", "error", "must be of one kind"
)
tell(
    "a wave before the valuation date",
    mend("calendar", 2, start="2024-12-31"),
    "calendar.start",
    "error",
    "a wave must start on or after the valuation date 2025-01-01",
)
tell(
    "a joint venture without a known cost",
    mend("processes", 2, labor_cost_today_per_fte="")
    | mend("options", 2, labor_cost_per_fte="", non_labor_cost_per_year="90000"),
    "options.contract",
    "error",
    "a joint venture that shares its profit must have a known cost",
)
# scores, weights, scales
tell(
    "a process without a core score",
    {"scores": write_whole()["scores"].query("not (process == 'payroll' and criterion == 'core')")},
    "processes.process",
    "warning",
    "core_competency",
)
tell(
    "no score at all", {"scores": write_whole()["scores"].assign(score="")}, "processes.process", "warning", "no score"
)
tell("low and high swapped", mend("scores", 2, low="5", high="4"), "scores.low", "error", "swapped")
tell("a score in the column of its low", mend("scores", 2, score="", low="5"), "scores.score", "warning", "swapped")
tell("a scale without an end", mend("criteria", 2, scale_min="-1e12"), "criteria.scale_min", "warning", "scale")
tell(
    "a weight beside which no other counts", mend("criteria", 6, weight="1e15"), "criteria.weight", "warning", "weight"
)
# figures that are something else
tell(
    "calls of a year for those of an hour",
    mend("capacity", 2, calls_per_hour="200000000"),
    "capacity.calls_per_hour",
    "warning",
    "an open hour",
)
tell(
    "a budget in per cent",
    add_row("policy", **UNIT, name="budget_share", value="80"),
    "policy.value",
    "warning",
    "80 per cent is written 0.8",
)
tell(
    "a lever in per cent",
    add_row("policy", **UNIT, name="core_threshold", value="80"),
    "policy.value",
    "error",
    "80 per cent is written 0.8",
)
tell(
    "a limit in per cent",
    mend("rules", 2, relative_to="fte", limit="50"),
    "rules.limit",
    "warning",
    "50 per cent is written 0.5",
)
tell("half a year of horizon", mend("units", 2, horizon_years="2.5"), "units.horizon_years", "error", "write 2 or 3")
tell(
    "more than the whole",
    mend("processes", 2, avoidable_share="1.2"),
    "processes.avoidable_share",
    "error",
    "the whole is 1",
)
tell(
    "per cent for a share",
    mend("processes", 2, avoidable_share="80"),
    "processes.avoidable_share",
    "error",
    "80 per cent is written 0.8",
)
tell(
    "contact beyond the whole",
    mend("processes", 2, customer_contact_share="0.9"),
    "processes.customer_contact_share",
    "warning",
    "add up to 1 at most",
)
tell("a day of another age", mend("units", 2, valuation_date="1600-01-01"), "units.valuation_date", "error", "the year")
tell(
    "a day far from the price year",
    mend("units", 2, valuation_date="2055-01-01"),
    "units.valuation_date",
    "warning",
    "within 10 years",
)
tell("a veto that has expired", mend("vetoes", 3, expires="2020-12-31"), "vetoes.expires", "warning", "expired on 2020")
tell(
    "bands that are swapped", mend("bands", 2, good_from="0.9", bad_from="0.99"), "bands.good_from", "error", "swapped"
)
tell(
    "nobody anywhere",
    {"processes": write_whole()["processes"].assign(headcount_fte="0")},
    "processes.headcount_fte",
    "warning",
    "people",
)
# options and units
tell(
    "outside work owned by ourselves",
    mend("options", 4, owner="own"),
    "options.owner",
    "warning",
    "the name of the outside owner",
)
tell("outside work owned by nobody", mend("options", 4, owner=""), "options.owner", "warning", "name the provider")
tell("an owner of both kinds", mend("options", 3, owner="PayCo"), "options.owner", "warning", "owner_type")
tell(
    "one owner offered twice",
    add_row(
        "options",
        **UNIT,
        process="payroll",
        option="again",
        delivery_model="outsource",
        owner_type="provider",
        owner="PayCo",
        location="USA",
        contract_form="fixed_price",
        price_per_year="9000",
    ),
    "options.owner",
    "warning",
    "as in provider",
)
tell(
    "a unit without processes",
    add_row(
        "units",
        business_unit="gamma",
        name="Gamma",
        home_country="USA",
        currency="USD",
        price_year="2025",
        discount_rate="0",
    ),
    "units.business_unit",
    "error",
    "a process at least",
)
tell(
    "a process twice beside a transition",
    {
        "processes": pd.concat(
            [write_whole()["processes"], write_whole()["processes"].query("process == 'travel'").set_axis([99])]
        )
    },
    "processes.process",
    "error",
    "once",
)
tell("a typo in what a quote is per", mend("quotes", 2, per="transactoin"), "quotes.per", "error", "one of year")
tell(
    "quotes without their unit",
    {"quotes": write_whole()["quotes"].drop(columns="business_unit")},
    "quotes.business_unit",
    "error",
    "must be there",
)


@pytest.mark.parametrize(("kind", "tables", "table", "column", "severity", "words"), KINDS, ids=[k[0] for k in KINDS])
def test_a_fault_that_shows_between_rows_and_tables_is_told(kind, tables, table, column, severity, words):
    problems = check(tables)
    require_told(problems, kind)
    at = problems[(problems["table"] == table) & (problems["column"] == column)]
    said = at["rule"] + " " + at["value"] + " " + at["hint"]
    found = [text for text, each in zip(said, at["severity"], strict=True) if each == severity]
    assert any(all(word in text for word in words) for text in found), problems.to_string()


def test_a_horizon_that_cannot_be_read_is_one_fault():
    assert len(check(mend("units", 2, horizon_years="2.5"))) == 1


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole case as a folder of text files; only read it."""
    folder = tmp_path_factory.mktemp("whole")
    for name, table in write_whole().items():
        table.to_csv(folder / f"{name}.csv", index=False)
    assert check_case(folder).empty
    return folder


@pytest.mark.parametrize(("fault", "name", "content"), list(list_files()), ids=[fault for fault, *_ in list_files()])
def test_a_file_that_is_not_what_it_should_be_is_told(files, tmp_path, fault, name, content):
    folder = tmp_path / "case"
    shutil.copytree(files, folder)
    if content is None:
        (folder / "units.csv").rename(folder / name) if name != "units.csv" else (folder / name).unlink()
    else:
        if name.startswith("units") and not name.endswith(".csv"):
            (folder / "units.csv").unlink()
        (folder / name).write_bytes(content)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    started = time.process_time()
    try:
        require_told(check_case(folder), fault)
    except InputError as error:
        assert "Hint: " in str(error)
        assert any(path.name in str(error) for path in folder.iterdir())
    assert time.process_time() - started < SLOWEST
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


PLANNED = frozenset(
    {
        "a link to itself",
        "a hand-off pair that is missing",
        "two costs of one pair",
        "an order of a process with itself",
        "an order on an unknown column",
        "an order on no column",
        "an order on waves without a calendar",
        "tiers that fall",
        "tiers of two kinds",
        "a wave before the valuation date",
        "a joint venture without a known cost",
    }
)
REFUSED = {kind: tables for kind, tables, *_ in KINDS if kind in PLANNED}
"""Kinds that the plan refuses as well."""


def ask_plan(case: Case) -> None:
    """Take each unit of a case as far as the solver."""
    for unit in case.units["business_unit"]:
        assert state_question(pose_question(case.select(unit))).instance


@pytest.mark.parametrize("kind", REFUSED)
def test_check_refuses_in_the_words_of_the_plan(kind, monkeypatch):
    wanted = set(check(REFUSED[kind]).query("severity == 'error'")["rule"])
    whole = load_whole()
    monkeypatch.setattr("sourcing.case.load.find_problems", lambda *_: [])
    case = whole.replace(**REFUSED[kind])
    with pytest.raises(InputError) as refusal:
        ask_plan(case)
    assert str(refusal.value).partition("; got ")[0] in wanted


@pytest.mark.parametrize(
    ("part", "count"), [(0, 6), *(pytest.param(k, 20, marks=pytest.mark.slow) for k in range(1, 1 + 5 * TIMES))]
)
def test_what_check_calls_sound_the_plan_takes_as_far_as_the_solver(part, count):
    rng = random.Random(part)
    for _ in range(count):
        what, tables = vary(rng)
        try:
            case = load_whole().replace(**tables)
        except CaseError as error:
            require_told(error.problems, what)
            continue
        try:
            ask_plan(case)
        except InputError as error:
            raise AssertionError(f"check: sound; plan: {error} ({what})") from error
