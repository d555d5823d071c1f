"""A block of a pack: escaped HTML for the page, plain words for a terminal."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from sourcing.pack.direction import isolate
from sourcing.pack.wording import MODEL_NAMES, NO_PLAN, find_scale, say_number, say_share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd


@dataclass(frozen=True)
class Block:
    """Escaped HTML that a notebook shows and a pack keeps; `is_blank`: all it says is that there is nothing to show."""

    html: str
    words: str
    is_blank: bool = False

    def __add__(self, other: Block) -> Block:
        both = self.is_blank and other.is_blank
        return Block(f"{self.html}\n{other.html}", f"{self.words}\n{other.words}", both)

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.words


class Shown(NamedTuple):
    """A column as shown: its name in the table, its title, its kind.

    Kinds: text, prose (long text), short (text that does not wrap), noted (a dict of text and the note below it),
    money, number, figure (to six digits), share, index (0-1), ratio (three decimals), flag, model, badge, range (a dict
    of text, label, and zero, low, mid, high in per cent of the bar's width).
    """

    name: str
    title: str
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        """Whether the column is set in figures."""
        return self.kind in ("money", "number", "figure", "share", "index", "ratio", "range")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("sourcing.pack"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        finalize=isolate,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_block(template: str, words: str, **content: Any) -> Block:
    """Render a template of this room with everything escaped."""
    text = _templates().get_template(template).render(models=MODEL_NAMES, **content)
    return Block(text, words)


def scale_money(frame: pd.DataFrame, columns: Sequence[Shown], currency: str) -> tuple[float, str]:
    """Choose one unit for every amount of a table: plain, thousand or million.

    Returns
    -------
    tuple of float and str
        Divisor and the unit in words.

    Examples
    --------
    >>> import pandas as pd
    >>> scale_money(pd.DataFrame({"cost": [2.5e6]}), [Shown("cost", "Cost", "money")], "EUR")
    (1000.0, 'thousand EUR')
    """
    sizes = [float(frame[column.name].abs().max()) for column in columns if column.kind == "money" and len(frame)]
    largest = max((size for size in sizes if size == size), default=0.0)
    divisor, word = find_scale(largest, is_whole=True)
    return divisor, f"{word}{currency}"


def show_cells(frame: pd.DataFrame, columns: Sequence[Shown], divisor: float = 1.0) -> list[list[Any]]:
    """Return the rows of a table as shown, in the order of `columns`.

    Examples
    --------
    >>> import pandas as pd
    >>> show_cells(pd.DataFrame({"a": [0.5], "b": [1500.0]}), [Shown("a", "A", "share"), Shown("b", "B", "money")])
    [['50 %', '1,500']]
    """
    say: dict[str, Callable[[Any], Any]] = {
        "money": lambda amount: "" if amount != amount else say_number(_round(amount / divisor)),
        "number": lambda number: "" if number != number else say_number(number),
        "figure": lambda number: "" if number != number else f"{number:,.6g}",
        "index": lambda index: "" if index != index else f"{index:.2f}",
        "ratio": lambda ratio: "" if ratio != ratio else f"{ratio:.3f}",
        "share": lambda share: "" if share != share else say_share(share),
        "flag": lambda flag: "yes" if flag else "no",
        "model": str,
        "badge": lambda badge: badge,
        "range": lambda span: span,
        "noted": lambda noted: noted,
        "text": lambda text: "" if text is None or text != text else str(text),
    }
    say["prose"] = say["short"] = say["text"]
    cells = [[say[column.kind](value) for value in frame[column.name]] for column in columns]
    return [list(row) for row in zip(*cells, strict=True)]


def lay_range(amount: float, low: float, high: float, span: tuple[float, float], divisor: float) -> dict[str, Any]:
    """Lay an amount and its range on the span of a column, for a cell of kind range.

    Parameters
    ----------
    amount, low, high : float
        Same unit; low and high NaN where there is no range.
    span : tuple of float
        Least and largest end of the column; 0 lies within.
    divisor : float
        What amounts are divided by in the text.

    Examples
    --------
    >>> cell = lay_range(50.0, 0.0, 75.0, (-100.0, 100.0), 1.0)
    >>> cell["text"], cell["label"], [cell[name] for name in ("zero", "low", "mid", "high")]
    ('50', '50, range 0 to 75', [50.0, 50.0, 75.0, 87.5])
    """
    width = (span[1] - span[0]) or 1.0
    ends = [end if end == end else amount for end in (low, high)]
    said, *told = (say_number(_round(each / divisor)) for each in (amount, *ends))
    zero, first, middle, last = (round(100.0 * (each - span[0]) / width, 1) for each in (0.0, ends[0], amount, ends[1]))
    label = f"{said}, range {told[0]} to {told[1]}" if told[0] != told[1] else said
    return {"text": said, "label": label, "zero": zero, "low": first, "mid": middle, "high": last}


def find_span(*columns: pd.Series) -> tuple[float, float]:
    """Find the span of several columns, 0 in it.

    Examples
    --------
    >>> import pandas as pd
    >>> find_span(pd.Series([3.0, float("nan")]), pd.Series([-1.0]))
    (-1.0, 3.0)
    """
    amounts = [float(end) for column in columns for end in (column.min(), column.max()) if end == end]
    return min([0.0, *amounts]), max([0.0, *amounts])


def say_span(lower: float, upper: float, divisor: float) -> str:
    """Write an amount, or both proven ends of it, in the unit of a table; "no plan" where it is impossible.

    Examples
    --------
    >>> say_span(4e4, 4e4, 1e3), say_span(4e4, 5e4, 1e3), say_span(float("inf"), float("inf"), 1.0)
    ('40', '40 to 50', 'no plan')
    >>> say_span(4e4, float("inf"), 1e3), say_span(0.0, float("inf"), 1e3)
    ('40 or more', 'not known')
    """
    if lower == math.inf:
        return NO_PLAN
    low, high = (say_number(_round(max(end, 0.0) / divisor)) for end in (lower, upper))
    if upper == math.inf:
        return f"{low} or more" if lower >= divisor / 2 else "not known"
    return low if low == high else f"{low} to {high}"


def _round(amount: float) -> float:
    if math.isinf(amount):
        return amount
    return round(amount) if abs(amount) >= 10 else round(amount, 1)


def say_unit(columns: Sequence[Shown], unit: str) -> str:
    """Say the unit of a table's amounts, where it has any."""
    return f"Amounts in {unit}." if any(column.kind == "money" for column in columns) else ""


def _say_words(frame: pd.DataFrame, columns: Sequence[Shown]) -> str:
    """Write a table for a terminal, what is noted below a text after it."""
    noted = {
        column.name: [
            f"{cell['text']} ({cell['note']})" if cell["note"] else cell["text"] for cell in frame[column.name]
        ]
        for column in columns
        if column.kind == "noted"
    } | {column.name: [cell["label"] for cell in frame[column.name]] for column in columns if column.kind == "range"}
    return frame.assign(**noted)[[column.name for column in columns]].to_string(index=False)


def show_table(
    frame: pd.DataFrame,
    columns: Sequence[Shown],
    currency: str = "",
    caption: str = "",
    empty: str = "Nothing to show.",
    *,
    folded: pd.DataFrame | None = None,
    folded_title: str = "More",
    is_stacked: bool = False,
) -> Block:
    """Show a table; `folded` rows unfold below it; on a phone the cells of a stacked one stand below each other."""
    divisor, unit = scale_money(frame, columns, currency)
    block = render_block(
        "table.html.j2",
        _say_words(frame, columns) if len(frame) else empty,
        columns=list(columns),
        rows=show_cells(frame, columns, divisor),
        caption=f"{caption} {say_unit(columns, unit)}".strip(),
        empty=empty,
        folded=show_cells(folded, columns, divisor) if folded is not None and len(folded) else [],
        folded_title=folded_title,
        is_stacked=is_stacked,
    )
    return replace(block, is_blank=frame.empty and (folded is None or folded.empty))


def fold_table(
    frame: pd.DataFrame, columns: Sequence[Shown], title: str, currency: str = "", is_stacked: bool = False
) -> Block:
    """Show a table that unfolds below its title; nothing where the table is empty."""
    if frame.empty:
        return Block("", "", is_blank=True)
    divisor, unit = scale_money(frame, columns, currency)
    return render_block(
        "table.html.j2",
        f"{title}\n{_say_words(frame, columns)}",
        columns=list(columns),
        rows=[],
        caption=say_unit(columns, unit),
        empty="",
        folded=show_cells(frame, columns, divisor),
        folded_title=title,
        is_stacked=is_stacked,
    )


def answer_block(*sentences: str) -> Block:
    """Show sentences as the answer to what was asked."""
    return render_block("closing.html.j2", " ".join(sentences), sentences=list(sentences))


def say_block(*sentences: str) -> Block:
    """Show sentences as a block."""
    return render_block("sentences.html.j2", " ".join(sentences), sentences=list(sentences))


def say_nothing(sentence: str) -> Block:
    """Say in place of a section that there is nothing to show in it."""
    return replace(say_block(sentence), is_blank=True)
