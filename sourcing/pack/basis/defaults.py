"""Every default figure of the suite that is no lever, with its range and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import load_assumed, load_by_country, load_starting_figures, load_starting_options
from sourcing.uncertainty import load_reference_class
from sourcing.value import load_event_sizes, load_forms, load_ranges, load_stresses

if TYPE_CHECKING:
    from collections.abc import Collection

COLUMNS = ("part", "figure", "of", "value", "range", "unit", "source")
PARTS = {
    "for every country": "sourcing/case/filling/assumed.csv",
    "by country": "sourcing/case/filling/by_country.csv",
    "generated options": "sourcing/case/filling/starting_options.csv and starting_figures.csv",
    "ranges": "sourcing/value/deals/ranges.csv",
    "sizes of events": "sourcing/value/event_sizes.csv",
    "contract forms": "sourcing/value/deals/contract_forms.csv",
    "stresses": "sourcing/value/stresses.csv",
    "published results": "sourcing/uncertainty/reference_class.csv",
}
"""Part of the list -> the file it stands in."""
ONE_IN_TEN = 1.2815515655446004
"""Standard normal quantile of the ninetieth of a hundred."""
NOT_TERMS = ("name", "meaning", "source")


def list_defaults(countries: Collection[str] | None = None) -> pd.DataFrame:
    """List every default figure of the suite that is no lever.

    Parameters
    ----------
    countries : collection of str, optional
        Of the figures by country only these and that of the other countries.

    Returns
    -------
    DataFrame
        Columns COLUMNS, all texts: part (a key of PARTS), figure, of (the country, option or form; "" for all), value,
        range (low to high), unit, source (with year and remark).
    """
    tables = [_list_assumed(), _list_by_country(countries), _list_starting(), _list_ranges(), _list_event_sizes(),
              _list_forms(), _list_stresses(), _list_published()]  # fmt: skip
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _list_assumed() -> pd.DataFrame:
    table = load_assumed()
    return _frame("for every country", table, of="", source=_join(table["source"], table["year"]))


def _list_by_country(countries: Collection[str] | None) -> pd.DataFrame:
    table = load_by_country()
    if countries is not None:
        table = table[table["country"].isin([*countries, "other"])]
    told = table["source"].where(table["kind"] == "house rule", table["source"] + " (" + table["kind"] + ")")
    source = _join(told, table["year"].replace("not dated", "")) + ": " + table["remark"]
    return _frame("by country", table, of=table["country"], source=source)


def _list_starting() -> pd.DataFrame:
    table, options = load_starting_figures(), load_starting_options().set_index("option")
    told = {
        name: "; ".join(f"{option} {value:g}" for option, value in options[name].items()) for name in table["figure"]
    }
    made = _frame("generated options", table.assign(value=0), of="", source=table["source"])
    return made.assign(value=table["figure"].map(told))


def _list_ranges() -> pd.DataFrame:
    table = load_ranges().reset_index()
    return _frame("ranges", table.rename(columns={"likely": "value"}), of="", source=table["source"])


def _list_event_sizes() -> pd.DataFrame:
    """List what an event costs over its mean: the spread of its logarithm, and one in ten below and above."""
    table = load_event_sizes().reset_index().rename(columns={"cause": "figure", "spread": "value"})
    ends = {
        side: np.exp(sign * ONE_IN_TEN * table["value"] - table["value"] ** 2 / 2).round(2)
        for side, sign in (("low", -1), ("high", 1))
    }
    told = table.assign(unit="spread of the logarithm; range: ratio to the average", **ends)
    return _frame("sizes of events", told, of="", source=table["source"])


def _list_forms() -> pd.DataFrame:
    forms = load_forms()
    terms = forms.drop(columns=list(NOT_TERMS))
    told = [
        "; ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in row.items() if value) or "none"
        for _, row in terms.iterrows()
    ]
    made = pd.DataFrame({"figure": "terms", "of": forms["name"], "value": told, "range": "", "unit": ""})
    return made.assign(part="contract forms", source=forms["source"].to_numpy())


def _list_stresses() -> pd.DataFrame:
    table = load_stresses().rename(columns={"stress": "figure", "size": "value"})
    return _frame("stresses", table, of="", source=table["source"])


def _list_published() -> pd.DataFrame:
    table = load_reference_class()
    made = _frame("published results", table.assign(value=0.0), of=table["applies_to"], source="")
    told = ["" if likely != likely else _spell(likely) for likely in table["likely"]]
    ends = [
        "not published"
        if high != high
        else f"up to {_spell(high)}"
        if low != low
        else f"{_spell(low)} to {_spell(high)}"
        for low, high in zip(table["low"], table["high"], strict=True)
    ]
    source = _join(table["source"] + " (" + table["kind"] + ")", table["year"].fillna(""))
    return made.assign(value=told, range=ends, source=source)


def _frame(part: str, table: pd.DataFrame, of: pd.Series | str, source: pd.Series | str) -> pd.DataFrame:
    spread = [f"{_spell(low)} to {_spell(high)}" for low, high in zip(table["low"], table["high"], strict=True)]
    made = table[["figure", "unit"]].assign(part=part, of=of, range=spread, source=source)
    return made.assign(figure=made["figure"].str.replace("_", " "), value=[_spell(each) for each in table["value"]])


def _join(source: pd.Series, year: pd.Series) -> pd.Series:
    """Name the year beside a source that does not name it itself."""
    told = [text if not when or when in text else f"{text}, {when}" for text, when in zip(source, year, strict=True)]
    return pd.Series(told, source.index)


def _spell(value: str | float) -> str:
    return f"{float(value):.12g}"
