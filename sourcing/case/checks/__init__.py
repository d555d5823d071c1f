"""The checks that hold rows and tables together: each is a function whose name is the claim."""

from sourcing.case.checks.keys import number_rows
from sourcing.case.checks.problems import BASIS, complete_sound, find_problems, frame_problems

__all__ = [
    "BASIS",
    "complete_sound",
    "find_problems",
    "frame_problems",
    "number_rows",
]
