"""The shipped tables, read once."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def data_folder() -> Path:
    return DATA


@pytest.fixture(scope="session")
def reference() -> Callable[[str], pd.DataFrame]:
    return lambda name: _read(DATA / "reference" / f"{name}.csv")


@pytest.fixture(scope="session")
def federal() -> Callable[[str], pd.DataFrame]:
    return lambda name: _read(DATA / "us_federal_2015" / f"{name}.csv")


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """The script that builds the real case."""
    spec = importlib.util.spec_from_file_location("us_federal_2015_build", DATA / "us_federal_2015" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False, na_values=[""])
