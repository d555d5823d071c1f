"""The checks that hold rows and tables together: each is a function whose name is the claim."""

from sourcing.case.checks.keys import number_rows
from sourcing.case.checks.plausible import compare_with_reference
from sourcing.case.checks.problems import BASIS, complete_sound, find_problems, frame_problems

__all__ = [
    "BASIS",
    "compare_with_reference",
    "complete_sound",
    "find_problems",
    "frame_problems",
    "number_rows",
]
