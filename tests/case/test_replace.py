"""A case with some tables replaced is the case made anew of all its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import Case, load_case
from sourcing.case.checks.checks import ALSO_READ, CHECKS
from sourcing.case.dictionary import supplied_tables
from sourcing.errors import CaseError
from tests.conftest import TINY, examples

STRANGE = ["", "x", "own", "provider", "as_is", "1e9", "-1", "0.5", "US", "IND", "=>", "no row has this", None]


class Recorder(Mapping[str, pd.DataFrame]):
    """Tables that note which of them are read."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables, self.read = tables, set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.read.add(name)
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a check that goes through all tables needs all of them")

    def __len__(self) -> int:
        return len(self.tables)


@pytest.fixture(scope="module")
def units(take_unit) -> dict[str, Case]:
    """Units of all shipped cases, those with most tables, and a case of two units."""
    names = ("alpha", "beta", "retail", "housing")
    return {"tiny": load_case(TINY), **{name: take_unit(name) for name in names}}


def outcome(make) -> tuple:
    """What a caller sees of a case, or of its refusal."""
    try:
        case = make()
    except CaseError as error:
        return str(error), error.problems.to_csv()
    kinds = {name: frame.dtypes.astype(str).to_dict() for name, frame in case.tables.items()}
    return case.fingerprint, case.source, case.warnings.to_csv(), kinds


@given(data=st.data())
@examples(60)
def test_replacing_a_table_is_making_the_case_anew(units, data):
    """On faults of cells, columns and rows, and on cases with and without warnings."""
    case = units[data.draw(st.sampled_from(sorted(units)))]
    filled = sorted(name for name, frame in case.tables.items() if len(frame))
    changed = {}
    for name in data.draw(st.lists(st.sampled_from(filled), min_size=1, max_size=2, unique=True)):
        frame = case.tables[name].copy()
        kind = data.draw(st.sampled_from(["cell", "cell", "cell", "column", "row", "double", "none"]))
        row, column = data.draw(st.integers(0, len(frame) - 1)), data.draw(st.sampled_from(list(frame.columns)))
        if kind == "cell":
            frame = frame.astype({column: object})
            cells = [value for value in frame[column].unique() if value == value]
            frame.loc[row, column] = data.draw(st.sampled_from(STRANGE + cells))
        elif kind == "column":
            frame = frame.drop(columns=column)
        elif kind == "row":
            frame = frame.drop(index=row)
        elif kind == "double":
            frame = pd.concat([frame, frame.iloc[[row]]], ignore_index=True)
        else:
            frame = frame.iloc[:0]
        changed[name] = frame
    assert outcome(lambda: case.replace(**changed)) == outcome(lambda: Case({**case.tables, **changed}))


def test_a_table_that_was_empty_and_one_that_is_unknown(units):
    alpha = units["alpha"]
    veto = pd.DataFrame(
        [
            {
                "veto": "v1",
                "business_unit": "alpha",
                "option": "nowhere",
                "reason_code": "own",
                "reason": "r",
                "owner": "o",
            }
        ]
    )
    locks = pd.DataFrame([{"business_unit": "alpha", "process": "payroll", "option": "nowhere", "kind": "take"}])
    for changed in ({"vetoes": veto}, {"locks": locks}, {"vetos": veto}, {"vetoes": veto, "optoins": locks}, {}):
        assert outcome(lambda changed=changed: alpha.replace(**changed)) == outcome(
            lambda changed=changed: Case({**alpha.tables, **changed})
        )
    warned = alpha.replace(vetoes=veto)
    assert len(warned.warnings) == 1
    again = {"policy": pd.DataFrame([{"business_unit": "alpha", "name": "price_of_fit", "value": "1"}])}
    assert outcome(lambda: warned.replace(**again)) == outcome(lambda: Case({**warned.tables, **again}))
    assert len(warned.replace(**again).warnings) == 1


def test_a_case_replaced_twice_is_the_case_made_anew(units):
    """What a first replacing left without fault need not be checked again by the second, one that warned must."""
    alpha = units["alpha"]
    rules = alpha.rules.assign(limit=7.0)
    odd = alpha.rules.assign(where=["process == 'pay'", *[None] * (len(alpha.rules) - 1)])
    for first in ({"rules": rules}, {"rules": odd}):
        once = alpha.replace(**first)
        for second in ({"links": alpha.links.iloc[:0]}, {"processes": alpha.processes.iloc[1:]}, {"rules": odd}):
            assert outcome(lambda once=once, second=second: once.replace(**second)) == outcome(
                lambda once=once, second=second: Case({**once.tables, **second})
            )


def test_a_replaced_table_changes_neither_the_case_nor_the_frame_given(units):
    alpha = units["alpha"]
    before, rules = alpha.fingerprint, alpha.rules.assign(limit="7 ")
    given_rules = rules.copy()
    assert alpha.replace(rules=rules).rules["limit"].tolist() == [7.0, 7.0]
    assert alpha.fingerprint == before == load_case(TINY, "alpha").fingerprint
    pd.testing.assert_frame_equal(rules, given_rules)


@pytest.mark.parametrize("check, needs", CHECKS, ids=[check.__name__ for check, _ in CHECKS])
def test_a_check_reads_the_tables_that_it_states(check, needs, units):
    for case in units.values():
        tables = Recorder(case.tables)
        list(check(tables))
        assert tables.read <= needs | ALSO_READ.get(check, frozenset())


def test_checks_that_state_tables_state_known_ones():
    stated = set().union(*(needs | ALSO_READ.get(check, frozenset()) for check, needs in CHECKS))
    assert stated <= set(supplied_tables())
