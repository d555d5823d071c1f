"""The benefit ledger: a run adopted, actuals against it, leakage by cause, status, suggestions, what was learned."""

from sourcing.program.ledger.baseline import (
    Baseline,
    adopt_run,
    collect_promise,
    fingerprint_promise,
    open_baseline,
    read_baseline,
)
from sourcing.program.ledger.leakage import CAUSES, split_leakage
from sourcing.program.ledger.learning import Lessons, find_lessons, learn, save_lessons
from sourcing.program.ledger.ledger import LEDGER_FILES, Ledger, find_ledger, open_ledger, write_ledger
from sourcing.program.ledger.promise import list_promise
from sourcing.program.ledger.suggestions import weigh_suggestions

__all__ = [
    "CAUSES",
    "LEDGER_FILES",
    "Baseline",
    "Ledger",
    "Lessons",
    "adopt_run",
    "collect_promise",
    "find_ledger",
    "find_lessons",
    "fingerprint_promise",
    "learn",
    "list_promise",
    "open_baseline",
    "open_ledger",
    "read_baseline",
    "save_lessons",
    "split_leakage",
    "weigh_suggestions",
    "write_ledger",
]
