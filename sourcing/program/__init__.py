"""Program: from a decision to its result, and back to the next case."""

from sourcing.program.review import (
    INPUTS,
    Comparison,
    Review,
    compare_decisions,
    compare_runs,
    compare_with_run,
    describe_inputs,
    describe_review,
    list_kept,
    list_review_tables,
    require_no_run,
    require_place,
    write_inputs,
)

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
