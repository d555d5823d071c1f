"""Each kind of fault that shows when rows and tables are held together: table, row, column and hint."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case
from sourcing.case import BUDGET_RULE, RISK_RULE
from sourcing.case.dictionary import supplied_tables
from sourcing.errors import CaseError
from tests.case.conftest import check, find


def put(tables: dict, table: str, row: int, **cells: str) -> None:
    frame = tables[table].copy()
    for column, value in cells.items():
        if column not in frame:
            frame[column] = ""
        frame.loc[row, column] = value
    tables[table] = frame.fillna("")


def add(tables: dict, table: str, row: int, **cells: str) -> None:
    frame = tables.get(table, pd.DataFrame(columns=list(cells)))
    new = pd.DataFrame([cells], index=[row])
    tables[table] = pd.concat([frame, new]).fillna("")


FAULTS = [
    # table, row, column, value, rule, hint
    ("units", 2, "currency", "Dollar", "a currency of ISO 4217", "Hint: "),
    ("units", 2, "currency", "€", "a currency of ISO 4217", "did you mean 'EUR'"),
    ("units", 2, "currency", "$", "a currency of ISO 4217", "write the code, such as"),
    ("units", 2, "home_country", "Germany", "a country of countries", "did you mean 'DEU'"),
    ("units", 2, "home_country", "usa", "a country of countries", "did you mean 'USA'"),
    ("scores", 2, "process", "billing", "a process of processes", "'billing' is of 'beta'"),
    ("links", 2, "process_a", "Billing", "a process of processes", "did you mean 'billing'"),
    ("criteria", 2, "direction", "", "a value in every row", "up"),
    ("criteria", 2, "direction", "higher", "one of up, down", "write one of up, down"),
    ("rules", 2, "relative_to", "fit_point", "a column of the alternatives", "did you mean 'fit_points'"),
    ("rules", 2, "for_each", "provider", "a column of the alternatives", "Hint"),
    ("rules", 2, "where", "owner_type = 'own'", "where must be comparisons on columns", "write == to compare"),
    ("rules", 2, "where", "owner_typ != 'own'", "names in where must be columns", "did you mean 'owner_type'"),
    ("rules", 2, "where", "fte > 'ten'", "where must be comparisons on columns", "a number"),
    ("rules", 2, "where", "is_abroad == 'yes'", "where must be comparisons on columns", "True or False"),
    ("rules", 2, "where", "__import__('os')", "where must be comparisons on columns", "use =="),
    ("policy", 2, "name", "governance", "A lever must be a field", "did you mean 'governance_share"),
    ("options", 2, "transition_cost", "1000", "no spending to start today's delivery", "an option of their own"),
    ("options", 2, "investment", "1000", "no spending to start today's delivery", "write 0"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "rule", "hint"), FAULTS)
def test_a_fault_has_its_place_and_a_hint(raw, table, row, column, value, rule, hint):
    put(raw, table, row, **{column: value})
    problem = find(check(raw), table, row, column)
    assert rule in problem["rule"]
    assert hint in problem["hint"]
    assert (problem["severity"], problem["place"]) == ("error", f"{table}.csv:{row}")


OWNERLESS = [
    ("providers", {"provider": "PayCoo", "fixed_cost_per_year": "10"}),
    ("price_tiers", {"provider": "PayCoo", "threshold": "10", "discount_share": "0.1"}),
]


@pytest.mark.parametrize(("table", "cells"), OWNERLESS)
def test_terms_of_a_provider_that_no_option_of_the_unit_names_are_a_fault(raw, table, cells):
    add(raw, table, 2, business_unit="alpha", **{**cells, "provider": "PayCo"})
    assert check(raw).empty
    add(raw, table, 3, business_unit="alpha", **cells)
    problem = find(check(raw), table, 3, "provider")
    assert (problem["rule"], problem["value"]) == ("an owner of some option of the unit", "PayCoo")
    assert problem["hint"] == "Hint: did you mean 'PayCo'?"
    # an owner of another unit does not count
    put(raw, table, 3, provider="BillCo")
    assert find(check(raw), table, 3, "provider")["value"] == "BillCo"


def test_a_rule_of_one_unit_is_not_named_as_one_of_all_units(raw):
    name = raw["rules"].loc[2, "rule"]
    add(raw, "rules", 9, **{**raw["rules"].loc[2].to_dict(), "business_unit": "beta"})
    assert check(raw).empty
    put(raw, "rules", 9, business_unit="")
    problem = find(check(raw), "rules", 2, "rule")
    assert (problem["rule"], problem["value"]) == ("a name that no rule of all units has", name)
    assert "rename it" in problem["hint"]
    assert problem["severity"] == "error"


@pytest.mark.parametrize(("name", "lever"), [(BUDGET_RULE, "budget_share"), (RISK_RULE, "risk_cap_share")])
def test_a_rule_is_not_named_as_one_that_a_lever_makes(raw, name, lever):
    put(raw, "rules", 3, rule=name)
    problem = find(check(raw), "rules", 3, "rule")
    assert (problem["rule"], problem["value"]) == ("a name that no lever's rule has", name)
    assert f"set {lever} in policy" in problem["hint"]


def test_a_customer_value_without_its_source_is_a_fault(raw):
    put(raw, "options", 3, customer_value_per_year="20000")
    problem = find(check(raw), "options", 3, "source")
    assert (problem["rule"], problem["value"]) == ("a source beside a customer value", "no source for 20,000 a year")
    assert "write where the figure comes from" in problem["hint"]
    put(raw, "options", 3, source="survey of 2024")
    assert check(raw).empty


WARNINGS = [
    ("units", 2, "discount_rate", "0.8", "a yearly rate below 0.5", "5 per cent is written 0.05"),
    ("units", 2, "inflation_rate", "0.7", "a yearly rate below 0.5", "written 0.05"),
    ("options", 3, "transition_months", "48", "a move that ends within the horizon", "lengthen horizon_years"),
    ("rules", 2, "where", "owner_type != 'owned'", "a value that owner_type can have", "did you mean 'own'"),
    ("rules", 2, "where", "location == 'centre'", "a location that the case holds", "did you mean 'center'"),
    ("deals", 2, "minimum_per_year", "0", "an empty cell where the break fee", "or take the break fee out"),
    ("vetoes", 2, "option", "provide", "a ban of at least one option", "did you mean 'provider'"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "rule", "hint"), WARNINGS)
def test_what_deserves_a_look_is_a_warning_and_leaves_the_case_sound(raw, table, row, column, value, rule, hint):
    put(raw, table, row, **{column: value})
    case = Case(raw)
    problem = find(case.warnings, table, row, column)
    assert rule in problem["rule"]
    assert hint in problem["hint"]
    assert problem["severity"] == "warning"


@pytest.mark.parametrize(
    ("factor", "words"),
    [(50, "times the reference"), (1 / 12, "one month"), (10, "all 10 people"), (1 / 1000, "thousands")],
)
def test_a_wage_far_from_the_reference_is_a_warning_that_guesses_why(raw, factor, words):
    put(raw, "processes", 2, occupation="43-3051")
    put(raw, "options", 2, labor_cost_per_fte=str(60_000 * factor * (1.3 if factor == 10 else 0.9)))
    problem = find(Case(raw).warnings, "options", 2, "labor_cost_per_fte")
    assert "within 10 times of the reference" in problem["rule"]
    assert words in problem["hint"] + problem["value"]


def test_a_plausible_wage_gets_no_warning(raw):
    put(raw, "processes", 2, occupation="43-3051")
    assert Case(raw).warnings.empty


def test_a_price_far_from_the_reference_is_a_warning(raw):
    put(raw, "processes", 2, occupation="43-3051")
    put(raw, "options", 4, price_per_year="30000000")
    assert "times the reference" in find(Case(raw).warnings, "options", 4, "price_per_year")["value"]


def test_weights_written_as_shares_add_up_to_one(raw):
    for row, weight in {6: "0.5", 7: "0.4"}.items():
        add(raw, "criteria", row, criterion=f"c{row}", index="own_capability", name="C", weight=weight, direction="up")
    problem = find(check(raw), "criteria", 7, "weight")
    assert problem["rule"] == "weights of own_capability that add up to 1"
    assert "off by -0.1" in problem["hint"]
    put(raw, "criteria", 7, weight="0.5")
    assert check(raw).empty


@pytest.mark.parametrize(
    "weights", [("0.33", "0.33", "0.33"), ("1", "2", "3"), ("50", "30", "20"), ("1", "0.1", "0.1")]
)
def test_relative_weights_and_rounded_shares_are_sound(raw, weights):
    for row, weight in enumerate(weights, start=6):
        add(raw, "criteria", row, criterion=f"c{row}", index="own_capability", name="C", weight=weight, direction="up")
    assert check(raw).empty


def test_weights_in_per_cent_add_up_to_a_hundred(raw):
    for row, weight in enumerate(("50", "30", "15"), start=6):
        add(raw, "criteria", row, criterion=f"c{row}", index="own_capability", name="C", weight=weight, direction="up")
    assert find(check(raw), "criteria", 8, "weight")["value"] == "a sum of 95"


def test_criteria_without_a_column_for_direction_are_a_fault(raw):
    raw["criteria"] = raw["criteria"].drop(columns="direction")
    problem = find(check(raw), "criteria", 1, "direction")
    assert problem["rule"] == "the column must be there"


def veto(**cells: str) -> dict[str, str]:
    return {"veto": "ban", "reason_code": "own", "reason": "so", "owner": "head", **cells}


def test_a_process_that_vetoes_leave_no_option_is_a_fault_naming_them(raw):
    add(raw, "vetoes", 3, **veto(business_unit="alpha", process="payroll", exit_by="2026-01-01"))
    problem = find(check(raw), "processes", 2, "process")
    assert problem["value"] == "barred by ban"
    assert "exit_by" in problem["hint"]


def test_a_veto_without_exit_or_past_its_end_strands_nothing(raw):
    add(raw, "vetoes", 3, **veto(business_unit="alpha", process="payroll"))
    add(raw, "vetoes", 4, **veto(veto="old", business_unit="alpha", exit_by="2026-01-01", expires="2020-01-01"))
    problem = find(check(raw), "vetoes", 4, "expires")
    assert (problem["severity"], problem["value"]) == ("warning", "expired on 2020-01-01")


def test_a_cost_is_not_sunk_and_avoidable_at_once(raw):
    put(raw, "deals", 2, minimum_per_year="1000")
    put(raw, "processes", 5, avoidable_share="0.5")
    problem = find(check(raw), "processes", 5, "avoidable_share")
    assert "no cost is sunk and avoidable at once" in problem["rule"]
    assert "take the minimum out" in problem["hint"]


def test_a_share_limit_beyond_one_is_told_how_to_write_it(raw):
    put(raw, "rules", 2, relative_to="moved_fte")
    problem = find(check(raw), "rules", 2, "limit")
    assert "20 per cent is written 0.2" in problem["hint"]


def test_a_table_without_one_of_its_columns_is_reported_whichever_it_is(alpha):
    for name, table in supplied_tables().items():
        for column in (column.name for column in table.columns.values() if column.is_required):
            with pytest.raises(CaseError) as error:
                alpha.replace(**{name: alpha.tables[name].drop(columns=column)})
            found = error.value.problems
            assert ((found["table"] == name) & (found["column"] == column)).sum() == 1


def test_a_missing_table_does_not_hide_faults_of_others_nor_echo_in_them(raw):
    del raw["processes"]
    put(raw, "options", 2, location="heidoffice")
    put(raw, "rules", 2, sense="<")
    problems = check(raw)
    assert list(zip(problems["table"], problems["column"], strict=True)) == [
        ("processes", ""), ("options", "location"), ("rules", "sense"),
    ]  # fmt: skip


def test_a_cell_that_cannot_be_read_is_one_fault(raw):
    put(raw, "processes", 2, headcount_fte="ten")
    put(raw, "options", 2, labor_cost_per_fte="much")
    assert len(check(raw)) == 2


def test_a_fault_in_many_rows_is_listed_a_thousand_times_and_counted(raw):
    rows = pd.concat([raw["links"]] * 1500, ignore_index=True).assign(traffic="many")
    raw["links"] = rows.set_axis(range(2, 1502))
    problems = check(raw)
    found = problems[problems["column"] == "traffic"]
    assert len(found) == 1001
    assert found["value"].str.contains("500 rows more").any()


def test_warnings_follow_the_unit(raw):
    put(raw, "units", 2, discount_rate="0.8")
    case = Case(raw)
    assert len(case.warnings) == len(case.select("alpha").warnings) == 1
    assert case.select("beta").warnings.empty
    assert case.select("alpha").warnings["row"].tolist() == [2]


def test_a_unit_without_warnings_keeps_the_columns_of_their_table(raw):
    one = Case(raw).select("alpha")
    assert list(one.warnings.columns) == list(one.select("alpha").warnings.columns) == list(Case(raw).warnings.columns)


def test_a_process_is_not_part_of_itself_directly_or_through_others(raw):
    raw["processes"]["parent_process"] = ""
    put(raw, "processes", 2, parent_process=raw["processes"].loc[3, "process"])
    assert check(raw).empty
    put(raw, "processes", 3, parent_process=raw["processes"].loc[2, "process"])
    for row in (2, 3):
        problem = find(check(raw), "processes", row, "parent_process")
        assert problem["rule"] == "a process that is not part of it"
        assert "outermost" in problem["hint"]
    put(raw, "processes", 2, parent_process="")
    put(raw, "processes", 3, parent_process=raw["processes"].loc[3, "process"])
    assert find(check(raw), "processes", 3, "parent_process")["value"] == raw["processes"].loc[3, "process"]
