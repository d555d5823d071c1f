"""Codes of countries that are written in words or by other codes."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from sourcing.case.filling.reference import load_reference
from sourcing.spelling import fold_name

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
"""Languages in which a country's name is known."""


@cache
def _list_codes() -> dict[str, str]:
    """List the code of each country with figures by its folded names, its two letters and customary codes."""
    countries, aliases = load_reference("countries"), get_global("territory_aliases")
    of_two = {aliases[code][0]: code for code in countries["country"] if len(aliases.get(code, ())) == 1}
    named = {alias: of_two[codes[0]] for alias, codes in aliases.items() if codes[0] in of_two} | of_two
    for language in reversed(LANGUAGES):
        territories = Locale(language).territories
        named |= {territories[two]: code for two, code in of_two.items() if two in territories}
    named |= dict(zip(countries["name"], countries["country"], strict=True))
    return {fold_name(name): code for name, code in named.items()}


def find_country_code(text: str) -> str | None:
    """Find the ISO 3166 alpha-3 code of a country with reference figures from its name or another code.

    Source of names and codes: Unicode CLDR, through Babel.

    Examples
    --------
    >>> [find_country_code(text) for text in ("UK", "us", "Deutschland", "United Kingdom", "Zürich")]
    ['GBR', 'USA', 'DEU', 'GBR', None]
    """
    return _list_codes().get(fold_name(text))
