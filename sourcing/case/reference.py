"""Real figures that stand in where an analyst has none: countries, occupations, prices and markets."""

from __future__ import annotations

from functools import cache

import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.shipped import find_shipped


@cache
def _read(name: str) -> pd.DataFrame:
    folder = find_shipped("data/reference")
    path = folder / f"{name}.csv"
    if not path.exists():
        raise InputError(
            f"A reference table must exist; got {name!r}. {hint_near(name, [p.stem for p in folder.glob('*.csv')])}"
        )
    return pd.read_csv(
        path,
        dtype={"soc": str, "service_code": str, "occupation": str},
        keep_default_na=False,
        na_values=[""],
    )


def load_reference(name: str) -> pd.DataFrame:
    """Return a reference table by name, such as `countries`; `sources` tells where each figure is from.

    Raises
    ------
    InputError
        No reference table has that name.
    """
    return _read(name).copy()


def country_risk() -> pd.Series:
    """Return the location risk of each country.

    Returns
    -------
    Series
        Index country (ISO 3166 alpha-3), values 0 (safest) to 1 (riskiest): one minus the mean percentile
        rank of political stability, government effectiveness, regulatory quality, rule of law and control
        of corruption. Source: World Bank, Worldwide Governance Indicators (see `data/README.md`).
    """
    return load_reference("countries").set_index("country")["location_risk"].rename("location_risk")
