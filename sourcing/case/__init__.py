"""What the analyst supplies and believes: tables, levers, reference figures."""

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks import compare_with_reference
from sourcing.case.defaults import AS_ASSUMED, fill_deals, fill_moves, fill_options, fill_terms, list_cell_figures
from sourcing.case.dictionary import load_dictionary, supplied_tables
from sourcing.case.filling import (
    Worked,
    add_countries,
    bridge_money,
    country_risk,
    find_home,
    find_labor_cost,
    find_non_labor,
    is_place_bound,
    load_assumed,
    load_by_country,
    load_reference,
    load_starting_figures,
    load_starting_options,
    look_up_country,
    look_up_evidence,
    put_article,
    read_assumed,
)
from sourcing.case.handed import HANDED, hand_case, note_state
from sourcing.case.load import Case, check_case, find_case, load_case, once_a_case
from sourcing.case.locks import find_locked
from sourcing.case.policy import (
    BUDGET_RULE,
    DISTINCT,
    GROUP,
    LEVERS,
    OTHER_LEVERS,
    QUARTER,
    QUARTERLY,
    RISK_RULE,
    TODAY,
    UNIT,
    WORST_TENTH,
    Outlook,
    Policy,
    pick_levers,
    read_lever,
)
from sourcing.case.promises import sum_promises
from sourcing.case.scenarios import (
    NUMBERS,
    change_amount,
    change_limits,
    list_set_levers,
    match_options,
    read_amount,
)
from sourcing.case.seal import SealState, check_seal, locate_seal, seal_case
from sourcing.case.settle import list_levers, settle
from sourcing.case.shapes import Shape, read_shape
from sourcing.face import attach_face

if TYPE_CHECKING:
    from sourcing.case.writing import (
        add_rows,
        mark_problems,
        put_cell,
        read_csv,
        replacing,
        require_no_inputs,
        save_case,
        spell_table,
        write_cell,
        write_csv,
        write_template,
    )

pd.set_option("mode.string_storage", "python")
"""Texts as objects of Python: of tables as small as a case's, what is asked of Arrow's takes half as long again."""

__all__ = [
    "AS_ASSUMED",
    "BUDGET_RULE",
    "DISTINCT",
    "GROUP",
    "HANDED",
    "LEVERS",
    "NUMBERS",
    "OTHER_LEVERS",
    "QUARTER",
    "QUARTERLY",
    "RISK_RULE",
    "TODAY",
    "UNIT",
    "WORST_TENTH",
    "Case",
    "Outlook",
    "Policy",
    "SealState",
    "Shape",
    "Worked",
    "add_countries",
    "add_rows",
    "bridge_money",
    "change_amount",
    "change_limits",
    "check_case",
    "check_seal",
    "compare_with_reference",
    "country_risk",
    "fill_deals",
    "fill_moves",
    "fill_options",
    "fill_terms",
    "find_case",
    "find_home",
    "find_labor_cost",
    "find_locked",
    "find_non_labor",
    "hand_case",
    "is_place_bound",
    "list_cell_figures",
    "list_levers",
    "list_set_levers",
    "load_assumed",
    "load_by_country",
    "load_case",
    "load_dictionary",
    "load_reference",
    "load_starting_figures",
    "load_starting_options",
    "locate_seal",
    "look_up_country",
    "look_up_evidence",
    "mark_problems",
    "match_options",
    "note_state",
    "once_a_case",
    "pick_levers",
    "put_article",
    "put_cell",
    "read_amount",
    "read_assumed",
    "read_csv",
    "read_lever",
    "read_shape",
    "replacing",
    "require_no_inputs",
    "save_case",
    "seal_case",
    "settle",
    "spell_table",
    "sum_promises",
    "supplied_tables",
    "write_cell",
    "write_csv",
    "write_template",
]

__getattr__ = attach_face(__name__)
