"""Numbers, intervals, days, counts and lists as an executive reads them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_PLAN = "no plan"


def say_money(amount: float, currency: str) -> str:
    """Write an amount with its currency, in three significant figures from ten thousand up.

    Examples
    --------
    >>> say_money(1234567, "USD"), say_money(-56540, "EUR"), say_money(812.4, "USD"), say_money(0, "USD")
    ('USD 1.23 million', '−EUR 56,500', 'USD 812', 'USD 0')
    """
    size = abs(amount)
    sign = "−" if amount < 0 and round(size) > 0 else ""
    for scale, word in ((1e9, " billion"), (1e6, " million")):
        if size >= 0.9995 * scale:
            return f"{sign}{currency} {_three(size / scale)}{word}"
    if size >= 1e4:
        size = round(size, 2 - math.floor(math.log10(size)))
    return f"{sign}{currency} {size:,.0f}"


def _three(number: float) -> str:
    digits = max(0, 2 - math.floor(math.log10(number)))
    return f"{number:,.{digits}f}"


NEARLY = 0.9995
"""Share of futures from which it is told how many are left, for a hundred of them would round to all."""
NOTHING = 0.5
"""An amount below this is nothing, in currency."""
STEPS_IN_RANGE = 4
"""Steps that the range of a figure is at least wide: finer digits than that say nothing (house rule)."""


def say_about(amount: float, low: float, high: float, currency: str) -> str:
    """Write an amount as finely as its range supports: to the power of ten of which the range is four or more wide.

    Examples
    --------
    >>> say_about(30_577_030, 23.2e6, 37.5e6, "USD"), say_about(-218_400, -260e3, -170e3, "EUR")
    ('USD 31 million', '−EUR 220,000')
    >>> say_about(1234567, 1234567, 1234567, "USD")
    'USD 1.23 million'
    """
    if not high - low > 0 or amount == 0:
        return say_money(amount, currency)
    step = min(_find_step(low, high), 10.0 ** math.floor(math.log10(abs(amount))))
    number, word = _write_rounded(abs(amount), step, _find_scale(abs(amount)))
    return f"{'−' if amount < 0 else ''}{currency} {number}{word}"


def say_ends(low: float, high: float, currency: str) -> str:
    """Write the ends of a range as finely as its width supports; "" where they are one.

    Examples
    --------
    >>> say_ends(23_214_700, 37_513_550, "USD"), say_ends(-19.3e6, 11.9e6, "USD"), say_ends(5.0, 5.0, "USD")
    ('USD 23 to 38 million', 'USD −19 to 12 million', '')
    >>> say_ends(-1_200, 15_400, "EUR")
    'EUR −1,000 to 15,000'
    """
    if not high - low > 0:
        return ""
    step, scale = _find_step(low, high), _find_scale(max(abs(low), abs(high)))
    ends = [_write_rounded(end, step, scale) for end in (low, high)]
    return f"{currency} {ends[0][0]} to {ends[1][0]}{ends[1][1]}"


def _find_step(low: float, high: float) -> float:
    return 10.0 ** math.floor(math.log10((high - low) / STEPS_IN_RANGE))


def _find_scale(size: float) -> tuple[float, str]:
    return next((pair for pair in ((1e9, " billion"), (1e6, " million")) if size >= 0.9995 * pair[0]), (1.0, ""))


def _write_rounded(amount: float, step: float, scale: tuple[float, str]) -> tuple[str, str]:
    digits = max(0, round(math.log10(scale[0]) - math.log10(step)))
    number = f"{round(amount / step) * step / scale[0]:,.{digits}f}"
    return ("0" if float(number.replace(",", "")) == 0 else number.replace("-", "−")), scale[1]


def find_scale(largest: float, is_whole: bool = False) -> tuple[float, str]:
    """Find one unit for amounts that stand beside each other: its divisor and its word.

    Whole amounts, as in tables, change to thousands at six digits and to millions at ten, so that the smallest of them
    still says something; amounts with decimals, as in charts, change where their unit is reached.

    Examples
    --------
    >>> find_scale(4.2e8), find_scale(8e5), find_scale(900.0)
    ((1000000.0, 'million '), (1000.0, 'thousand '), (1.0, ''))
    >>> find_scale(4.2e8, is_whole=True), find_scale(9e4, is_whole=True)
    ((1000.0, 'thousand '), (1.0, ''))
    """
    million, thousand = (1e9, 1e5) if is_whole else (1e6, 1e3)
    if largest >= million:
        return 1e6, "million "
    return (1e3, "thousand ") if largest >= thousand else (1.0, "")


def say_scaled(amount: float, divisor: float, is_signed: bool = False) -> str:
    """Write an amount in a unit of `find_scale`, with two decimals but in plain money, and its sign if asked.

    Examples
    --------
    >>> say_scaled(30_577_030, 1e6), say_scaled(-2_100, 1e6), say_scaled(-5e5, 1e6, True), say_scaled(5e5, 1e6, True)
    ('30.58', '0.00', '−0.50', '+0.50')
    """
    text = f"{amount / divisor:,.{2 if divisor > 1.0 else 0}f}"
    if float(text.replace(",", "")) == 0:
        return text.lstrip("-")
    return f"+{text}" if is_signed and amount > 0 else text.replace("-", "−")


def say_interval(lower: float, upper: float, currency: str) -> str:
    """Write an amount, or the interval it is proven to lie in; "not known" where nothing is proven of it.

    Examples
    --------
    >>> say_interval(5e4, 5e4, "EUR"), say_interval(4e4, 5e4, "EUR"), say_interval(float("inf"), float("inf"), "EUR")
    ('EUR 50,000', 'between EUR 40,000 and EUR 50,000', 'no plan')
    >>> say_interval(0.0, float("inf"), "EUR"), say_interval(4e4, float("inf"), "EUR")
    ('not known', 'EUR 40,000 or more')
    >>> say_interval(float("-inf"), float("inf"), "EUR"), say_interval(float("-inf"), 5e4, "EUR")
    ('not known', 'at most EUR 50,000')
    """
    if math.isnan(upper):
        return ""
    if lower == math.inf:
        return NO_PLAN
    if math.isinf(upper):
        return f"{say_money(lower, currency)} or more" if lower >= 0.5 else "not known"
    high = say_money(upper, currency)
    if math.isinf(lower):
        return f"at most {high}"
    low = say_money(lower, currency)
    return high if low == high else f"between {low} and {high}"


def say_two_amounts(one: float, other: float, currency: str) -> tuple[str, str]:
    """Write two amounts so that they read differently where they differ by a hundredth or more.

    Examples
    --------
    >>> say_two_amounts(137_010, 137_040, "CHF"), say_two_amounts(1e6, 2e6, "CHF")
    (('CHF 137,010', 'CHF 137,040'), ('CHF 1.00 million', 'CHF 2.00 million'))
    """
    texts = say_money(one, currency), say_money(other, currency)
    if texts[0] != texts[1]:
        return texts
    whole = f"{one:,.0f}" != f"{other:,.0f}"
    first, second = (f"{currency} {amount:,.{0 if whole else 2}f}".replace("-", "−") for amount in (one, other))
    return first, second


def say_two_numbers(one: float, other: float) -> tuple[str, str]:
    """Write two plain numbers so that they read differently where they differ by a part in a hundred thousand.

    Examples
    --------
    >>> say_two_numbers(0.0201, 0.0203), say_two_numbers(2.5, 3.0)
    (('0.0201', '0.0203'), ('2.5', '3'))
    """
    texts = say_number(one), say_number(other)
    for digits in range(3, 7):
        if texts[0] != texts[1]:
            break
        texts = f"{one:.{digits}g}".replace("-", "−"), f"{other:.{digits}g}".replace("-", "−")
    return texts


def say_share(share: float) -> str:
    """Write a share as a per cent.

    Examples
    --------
    >>> say_share(0.1234), say_share(0.004), say_share(-0.25), say_share(0.0001)
    ('12 %', '0.4 %', '−25 %', 'under 0.1 %')
    """
    percent = abs(100 * share)
    if 1e-7 < percent < 0.05:
        return "under 0.1 %"
    text = f"{percent:.1f}" if 0 < percent < 9.95 and abs(percent - round(percent)) > 0.05 else f"{percent:.0f}"
    return f"{'−' if share < 0 and float(text) else ''}{text} %"


def say_number(number: float) -> str:
    """Write a plain number, with one decimal where it is small and not whole.

    Examples
    --------
    >>> say_number(12345.6), say_number(2.5), say_number(3.0), say_number(float("inf")), say_number(0.0000421)
    ('12,346', '2.5', '3', 'no limit', '0.000042')
    """
    if math.isinf(number):
        return "no limit"
    if number != number:
        return ""
    if abs(number) >= 100 or number == round(number):
        return f"{number:,.0f}".replace("-", "−")
    digits = 1 - math.floor(math.log10(abs(number))) if abs(number) < 1 else 1
    text = f"{number:,.{digits}f}".replace("-", "−")
    return text.rstrip("0") if abs(number) < 1 else text


def say_value(value: bool | float | str) -> str:
    """Write a lever's value: yes or no, a number, or its text.

    Examples
    --------
    >>> say_value(True), say_value(0.05), say_value("smaller")
    ('yes', '0.05', 'smaller')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else say_number(value)


def say_count(number: float, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> say_count(1, "process", "processes"), say_count(3, "process", "processes"), say_count(0, "rule")
    ('1 process', '3 processes', '0 rules')
    """
    return f"{say_number(number)} {noun if number == 1 else plural or noun + 's'}"


def say_list(words: Iterable[str], most: int = 4) -> str:
    """Write a list in words.

    Examples
    --------
    >>> say_list(["a"]), say_list(["a", "b", "c"]), say_list("abcdef")
    ('a', 'a, b and c', 'a, b, c, d and 2 more')
    """
    items = list(words)
    if len(items) > most:
        items = [*items[:most], f"{len(items) - most} more"]
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else "none"


def say_day(day: pd.Timestamp) -> str:
    """Write a day; "" for none.

    Examples
    --------
    >>> say_day(pd.Timestamp(2027, 3, 1)), say_day(pd.NaT)
    ('2027-03-01', '')
    """
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"


def capitalize(words: str) -> str:
    """Begin a sentence with a capital letter, the other letters as they are.

    Examples
    --------
    >>> capitalize("cost in EUR")
    'Cost in EUR'
    """
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """Put a phrase into a sentence: its first letter small, the others as they are.

    Examples
    --------
    >>> lower_first("Paid to DeskCo")
    'paid to DeskCo'
    """
    return words[:1].lower() + words[1:]


def say_often(chance: float) -> str:
    """Say in how many of the futures drawn something is so.

    Examples
    --------
    >>> say_often(1.0), say_often(0.9999), say_often(0.874), say_often(0.0002), say_often(0.0)
    ('in every future drawn', 'in all but 1 of 10,000 futures', 'in 87 of 100 futures', 'in 2 of 10,000 futures',
     'in none of the futures drawn')
    """
    if chance in (0.0, 1.0):
        return "in every future drawn" if chance else "in none of the futures drawn"
    if chance >= NEARLY:
        return f"in all but {max(1, round(1e4 * (1 - chance)))} of 10,000 futures"
    if chance <= 1 - NEARLY:
        return f"in {max(1, round(1e4 * chance))} of 10,000 futures"
    return f"in {round(100 * chance)} of 100 futures"
