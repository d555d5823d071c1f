"""Named cases that tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from sourcing import Case, load_case
from sourcing.case.load import read_folder

ROOT = Path(__file__).parents[1]
TINY = ROOT / "data" / "tiny"
FEDERAL = ROOT / "data" / "us_federal_2015"


@pytest.fixture(scope="session")
def alpha() -> Case:
    """Two years, three in-house processes, two binding questions; worked by hand."""
    return load_case(TINY, "alpha")


@pytest.fixture(scope="session")
def beta() -> Case:
    """One year, one process already outsourced under a deal, one link; worked by hand."""
    return load_case(TINY, "beta")


@pytest.fixture
def raw() -> dict:
    """The tables of the tiny case as texts, free to be broken."""
    return read_folder(TINY)
