"""A bar on a terminal while many questions are asked; nothing anywhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Each = TypeVar("Each")


def show_progress(questions: Sequence[Each], title: str) -> Iterable[Each]:
    """Go through questions, with a bar on standard error where that is a terminal."""
    return tqdm(questions, desc=title, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)
