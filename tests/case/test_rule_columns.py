"""What `check` says of the columns that rules name is what the plan finds when the alternatives are there."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing import Case, load_case
from sourcing.assess import Judgment
from sourcing.case import settle
from sourcing.case.checks.columns import ExpectedColumns
from sourcing.case.checks.problems import frame_problems
from sourcing.case.checks.rules import filters_name_columns, rules_name_measures
from sourcing.case.load import conform_tables
from sourcing.case.problem import ERROR
from sourcing.errors import FilterError, SourcingError
from sourcing.plan.certify.where import read_rowwise
from sourcing.plan.model import read_alternatives, read_rules
from sourcing.value import build_alternatives
from sourcing.where import match_where
from tests.conftest import ROOT, TINY


@cache
def load_plain() -> Case:
    """Three processes of tiny, without calendar, pools and services."""
    return load_case(TINY, "alpha")


@cache
def load_rich() -> Case:
    """The same with what buys columns: waves, a cost pool, a service with stand-bys."""
    plain = load_plain()
    tables = dict(plain.tables)
    unit = {"business_unit": "alpha"}
    offered = plain.options[["process", "option"]].itertuples(index=False, name=None)
    day = pd.Timestamp(year=int(plain.unit["price_year"]), month=1, day=1)
    rows = {
        "calendar": [{"wave": 1, "start": day}, {"wave": 2, "start": day + pd.Timedelta(days=92)}],
        "cost_pools": [{"pool": "hall", "cost_per_year": 1000.0}],
        "services": [{"service": "shop", "name": "Shop", "availability": 0.97, "response_seconds": 9.0}],
        "service_parts": [{"service": "shop", "process": name, "stand_by": "x"} for name in ("payroll", "research")]
        + [{"service": "shop", "process": "help_desk"}],
        "service_levels": [
            {"process": process, "option": option, "measure": "availability", "expected": 0.9 + 0.01 * number}
            for number, (process, option) in enumerate(offered)
        ],
    }  # fmt: skip
    tables |= {name: pd.DataFrame([unit | row for row in table]) for name, table in rows.items()}
    return Case(tables)


@cache
def build(load) -> pd.DataFrame:
    """The alternatives of a case, built once."""
    return build_table(load())


def build_table(case: Case) -> pd.DataFrame:
    policy, outlook = settle(case)
    return build_alternatives(case, Judgment(case, policy).postures, policy, outlook)


def find_kinds(table: pd.DataFrame) -> dict[str, str]:
    """The kind of each column as the reader finds it: what it can be compared with."""
    tries = {"text": "`{}` == ''", "number": "`{}` == 0", "truth": "`{}` == True"}
    found = {}
    for name in table:
        for kind, text in tries.items():
            try:
                match_where(text.format(name), table)
            except FilterError:
                continue
            found[name] = kind
    return found


@pytest.mark.parametrize(
    ("folder", "units"),
    [
        ("tiny", ["beta"]),
        ("example", ["health", "retail"]),
        ("us_federal_2015", ["agriculture"]),
        pytest.param("example", ["bank", "manufacturing", "telecom", "utility"], marks=pytest.mark.slow),
        pytest.param("us_federal_2015", ["defense", "general_services", "housing"], marks=pytest.mark.slow),
    ],
)
def test_alternatives_have_the_columns_and_texts_that_check_believes_in(folder, units):
    case = load_case(ROOT / "data" / folder)
    expected = ExpectedColumns(case.tables)
    for unit in units:
        table = build_table(case.select(unit))
        assert dict(expected.list_kinds(unit)) == find_kinds(table)
        assert set(find_kinds(table)) == set(table)
        texts = [(name, text) for name in table.select_dtypes("str") for text in table[name].unique()]
        assert not [pair for pair in texts if not expected.can_hold(*pair, unit)]


def test_what_a_table_buys_is_a_column_only_where_the_table_has_rows():
    plain, rich = (set(ExpectedColumns(load().tables).list_kinds("alpha")) for load in (load_plain, load_rich))
    bought = {"wave", "is_today_in_year_1", "is_today_in_year_2", "response_shop_1", "response_shop_2"}
    assert bought <= rich - plain
    assert {name for name in rich - plain - bought if not name.startswith("unavailability_shop")} == set()
    assert rich == set(build(load_rich))


def check_filters(case: Case, *texts: str, unit: str = "") -> list[list]:
    """What check finds of each text."""
    rules = pd.DataFrame({"business_unit": unit, "where": list(texts)})
    found = list(filters_name_columns({**case.tables, "rules": rules}))
    return [[problem for problem in found if problem.row == row] for row in range(len(texts))]


def reads(text: str, table: pd.DataFrame) -> bool:
    try:
        match_where(text, table)
    except FilterError:
        return False
    return True


@cache
def list_rich() -> dict[str, str]:
    return find_kinds(build(load_rich))


VARIANTS = [
    ("owner in 'PayCo'", "`owner in ['PayCo']`"),
    ("owner in ('PayCo')", "`owner in ['PayCo']`"),
    ("owner == ['PayCo']", "`owner in ['PayCo']`"),
    ("'PayCo' in owner", "write the column left of `in`"),
    ("owner in [function]", "put text in quotes: 'function'"),
    ("owner in ['own'] in ['x']", "join comparisons by `and` or `or`"),
    ("owner == is_abroad", "compare columns that hold the same"),
    ("moved_fte == owner", "compare columns that hold the same"),
    ("-owner == 'a'", "put a minus before numbers only"),
    ("is_abroad < True", "use == or !="),
    ("owner=='PayCo' or cost", "`cost > 0`"),
    ("is_abroad and owner_type != 'own'", "`is_abroad == True`"),
    ("1==1", "name a column on one side"),
    ("cost > 1e999", "use a finite number"),
    ("wave == 1", "alpha has no rows in calendar"),
    ("is_today_in_year_1 == True", "alpha has no rows in cost_pools"),
    ("unavailability_shop > 0", "alpha has no rows in services"),
    ("cost_pool == ''", "did you mean"),
    ("cost_nosuch > 0", "did you mean"),
    ("cost_cash > 0", "did you mean 'cash_cost'"),
    ("(" * 32 + "fte > 1" + ")" * 32, "take out those that change nothing"),
    ("owner_type == provider", "put text in quotes: 'provider'"),
    ("owner_type == ‘own’", "write straight quotes, as in 'own'"),
    ("owner_type = 'own'", "write == to compare"),
    ("owner_type <> 'own'", "write !="),
    ("is_abroad == yes AND fte > 1", "write `and` in small letters"),
    ("is_abroad == yes & fte > 1", "write `and` between comparisons"),
]


@pytest.mark.parametrize(("text", "hint"), VARIANTS, ids=[text[:40] for text, _ in VARIANTS])
def test_what_the_plan_refuses_is_an_error_of_check_with_a_hint(text, hint):
    assert not reads(text, build(load_plain))
    for unit in ("", "alpha"):
        ((problem,),) = check_filters(load_plain(), text, unit=unit)
        assert problem.severity == ERROR
        assert hint in problem.hint
        assert problem.hint.startswith("Hint: ")


@pytest.mark.parametrize(
    "text",
    ["", "owner_type\n!=\n'own'", "(" * 30 + "fte > 1" + ")" * 30, "is_abroad == Yes and is_as_is != FALSE",
     "`owner` in ['PayCo'] and -fte < cost_labor", "'a' < owner", "barred_by == ''"],
)  # fmt: skip
def test_what_the_plan_reads_is_sound(text):
    assert reads(text, build(load_plain))
    assert check_filters(load_plain(), text) == [[]]


def test_a_line_break_in_a_cell_is_a_space(folder):
    rules = pd.read_csv(folder / "rules.csv", dtype=str, keep_default_na=False)
    rules.loc[0, "where"] = "owner_type\n!=\n'own'"
    rules.to_csv(folder / "rules.csv", index=False)
    assert load_case(folder, "alpha").warnings.empty


BOGUS = ["wave", "cost_nosuch", "cost_pool", "is_today_in_year_1", "is_today_in_year_9", "unavailability_shop",
         "unavailability_shop_2", "response_shop_1", "nothing", "provider", "count"]  # fmt: skip
OFTEN = ["owner", "place", "barred_by", "fte", "is_abroad", "wave", "is_today_in_year_1", "is_today_in_year_9",
         "response_shop_1"]  # fmt: skip
"""A few columns of each kind, half of which only some cases have."""
COLUMNS = st.deferred(lambda: st.sampled_from(sorted({*build(load_rich), *BOGUS}))) | st.sampled_from(OFTEN)
CONSTANTS = st.sampled_from(
    ["'own'", '"PayCo"', "''", "'IND'", "0", "1.5", "-3", "1e301", "True", "no", "YES", "false", "own", "None", "`fte`",
     "['own', 'PayCo']", "('own',)", "('own')", "[1, 2]", "[]", "[yes]", "[own]", "“own”"]
)  # fmt: skip
SIGNS = st.sampled_from(
    ["==", "!=", "<", "<=", ">", ">=", "in", "not in"] * 3 + ["=", "<>", "is", "\n==\n", "IN", "+", "== -", "< -"]
)
KINDS = {
    "text": (["==", "!=", "<", "\n>=\n"], ["'own'", '"PayCo"', "''", "'it\\'s'", "owner", "`place`"]),
    "number": (["==", "!=", "<", "<=", ">", ">=", "< fte <="], ["0", "1.5", "-3", "--2", "1_000", "cost", "-fte"]),
    "truth": (["==", "!="], ["True", "no", "YES", "false", "is_abroad"]),
}
"""Kind of column -> signs and operands that go with it."""
RIGHT = COLUMNS.filter(lambda name: name in list_rich()).flatmap(
    lambda name: st.builds(
        "{}{} {} {}".format,
        st.sampled_from(["", "", "-"]),
        st.just(name),
        *map(st.sampled_from, KINDS[list_rich()[name]]),
    )
) | st.builds(
    "{} {} [{}]".format,
    st.sampled_from(["owner", "process", "barred_by"]),
    st.sampled_from(["in", "not in"]),
    st.lists(st.sampled_from(["'own'", "'PayCo'", '""']), max_size=3).map(", ".join),
)
RIGHTLY_JOINED = st.recursive(
    RIGHT,
    lambda inner: (
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or", "and not"]), inner)
        | st.builds("not ({})".format, inner)
        | st.builds(lambda text, depth: "(" * depth + text + ")" * depth, inner, st.sampled_from([1, 2, 29, 30, 31]))
    ),
    max_leaves=4,
)
COMPARED = st.builds("{} {} {}".format, COLUMNS, SIGNS, CONSTANTS | COLUMNS) | st.builds(
    "{} {} {} {} {}".format, CONSTANTS | COLUMNS, SIGNS, COLUMNS, SIGNS, CONSTANTS
)
JOINS = st.sampled_from(["and", "or", "and", "or", "AND", "&", ",", "and not"])
WRITTEN = st.recursive(
    COMPARED | COLUMNS,
    lambda inner: st.builds("{} {} {}".format, inner, JOINS, inner)
    | st.builds("not ({})".format, inner)
    | st.builds(lambda text, depth: "(" * depth + text + ")" * depth, inner, st.sampled_from([1, 2, 29, 30, 31, 32])),
    max_leaves=4,
)  # fmt: skip


@st.composite
def mutate(draw):
    """A text, half of the time with a few letters dropped, put in or doubled."""
    text = draw(RIGHTLY_JOINED | WRITTEN)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        place = draw(st.integers(0, len(text)))
        letter = draw(st.sampled_from([*"()[]'\"`=<>!&|,.-#\\ \n\t;:0e~’", "not ", " or ", ""]))
        text = text[:place] + letter + text[place + draw(st.integers(0, 1)) :]
    return text


@pytest.mark.parametrize("load", [load_plain, load_rich])
@settings(max_examples=30, deadline=None, derandomize=True)
@given(texts=st.lists(mutate(), min_size=10, max_size=20, unique=True))
def test_check_accepts_what_the_plan_accepts_and_nothing_else(load, texts):
    case, table = load(), build(load)
    records = table.to_dict("records")
    for text, problems in zip(texts, check_filters(case, *texts), strict=True):
        is_sound = not any(problem.severity == ERROR for problem in problems)
        assert is_sound == reads(text, table), (text, problems)
        if is_sound:
            assert match_where(text, table).tolist() == [read_rowwise(text)(row) for row in records], text


@pytest.mark.parametrize("load", [load_plain, load_rich])
def test_check_accepts_the_measures_that_the_plan_accepts_and_no_others(load):
    case, alternatives = load(), read_alternatives(build(load))
    names = sorted({*build(load_rich), *BOGUS, "cost_", "fit_point"})
    rule = {"rule": "r", "sense": "<=", "limit": 1.0}
    told = {}
    for column in ("measure", "relative_to", "for_each"):
        rules = pd.DataFrame({"business_unit": "", "measure": "fte", "relative_to": "", "for_each": "", column: names})
        rules = rules.assign(scope="unit")
        told[column] = {problem.value for problem in rules_name_measures({**case.tables, "rules": rules})}
        for name in names:
            try:
                read_rules(pd.DataFrame([{**rule, "measure": "fte", column: name}]), alternatives)
            except SourcingError:
                assert name in told[column], (column, name)
            else:
                assert name not in told[column], (column, name)
    assert "cost_nosuch" in told["measure"]


def test_a_column_that_one_unit_lacks_is_an_error_of_a_rule_for_all():
    tables = {**load_case(TINY).tables, "calendar": load_rich().tables["calendar"]}
    rules = pd.DataFrame({"business_unit": ["", "alpha", "beta"], "where": "wave == 1", "measure": "wave"})
    rules = rules.assign(relative_to="", for_each="", scope="unit")
    for found in (filters_name_columns({**tables, "rules": rules}), rules_name_measures({**tables, "rules": rules})):
        problems = list(found)
        assert [problem.row for problem in problems] == [0, 2]
        assert all("beta has no rows in calendar" in problem.hint for problem in problems)


STRANGERS = [
    ("country == 'United States'", "country", "did you mean 'USA'"),
    ("country in ['usa', 'IND']", "country", "did you mean 'USA'"),
    ("owner_type != 'provder'", "owner_type", "did you mean 'provider'"),
    ("owner == 'PayCoo'", "owner", "did you mean 'PayCo'"),
    ("location == 'centre'", "location", "did you mean 'center'"),
    ("place == 'own@centre'", "place", "did you mean 'own@center'"),
    ("posture == 'realease'", "posture", "did you mean 'release'"),
    ("standing == 'recomended'", "standing", "did you mean 'recommended'"),
    ("contract_form == 'fixed price'", "contract_form", "did you mean 'fixed_price'"),
    ("delivery_model == 'offshoring'", "delivery_model", "did you mean 'offshore'"),
    ("data_class == 'private'", "data_class", "known are"),
    ("function == 'Finanse'", "function", ""),
    ("process == 'pay_roll'", "process", "did you mean 'payroll'"),
    ("process_name == 'Pay roll'", "process_name", "did you mean 'Payroll'"),
    ("option == 'shard'", "option", "did you mean 'shared'"),
    ("contract == 'master'", "contract", ""),
    ("barred_by == 'postures'", "barred_by", "did you mean 'posture'"),
    ("barred_by in ['posture; redines']", "barred_by", ""),
]


@pytest.mark.parametrize(("text", "column", "hint"), STRANGERS)
def test_a_text_that_no_row_can_hold_is_a_warning_with_the_near_one(text, column, hint):
    assert reads(text, build(load_plain))
    (problems,) = check_filters(load_plain(), text)
    assert {problem.severity for problem in problems} == {"warning"}
    assert column in problems[0].rule
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    "text",
    ["contract_form == 'gain_share'", "barred_by == 'posture; research_stays'", "owner < 'b'", "owner == name",
     "barred_by == 'research_stays: live only after its exit date'"],
)  # fmt: skip
def test_a_text_that_some_row_may_come_to_hold_is_no_warning(text):
    vetoes = pd.DataFrame([{"veto": "research_stays", "business_unit": ""}])
    assert check_filters(Case({**load_plain().tables}), text)[0] == [] or "research_stays" in text
    rules = pd.DataFrame({"business_unit": "alpha", "where": [text]})
    assert not list(filters_name_columns({**load_plain().tables, "vetoes": vetoes, "rules": rules}))


def test_a_rule_of_a_unit_is_held_against_its_own_rows(raw):
    own = raw["rules"].assign(where="process == 'billing'")
    problems = frame_problems(conform_tables({**raw, "rules": own})[1])
    assert set(problems["rule"]) == {"a process that the case holds"}
    shared = raw["rules"].assign(where="process == 'billing'", business_unit="")
    assert frame_problems(conform_tables({**raw, "rules": shared})[1]).empty
