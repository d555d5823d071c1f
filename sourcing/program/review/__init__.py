"""Compare two runs of a unit, and keep with each run what it takes to compare it."""

from sourcing.program.review.compare import Comparison, compare_decisions
from sourcing.program.review.kept import INPUTS, describe_inputs, list_kept, require_place, write_inputs
from sourcing.program.review.runs import Review, compare_runs, compare_with_run, require_no_run
from sourcing.program.review.tables import describe_review, list_review_tables

__all__ = [
    "INPUTS",
    "Comparison",
    "Review",
    "compare_decisions",
    "compare_runs",
    "compare_with_run",
    "describe_inputs",
    "describe_review",
    "list_kept",
    "list_review_tables",
    "require_no_run",
    "require_place",
    "write_inputs",
]
