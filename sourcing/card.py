"""What a session shows of an object that somebody types: a line in a terminal, a small table in JupyterLab.

It lies below all rooms, so that each tells its own objects; sentences are made in `pack`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_NAMES = 3


@dataclass(frozen=True)
class Card:
    """An object in a few words.

    Attributes
    ----------
    title : str
        What it is.
    facts : mapping of str to object
        Label -> figure or name; empty ones are left out.
    following : str
        A call that is usual next, as code.

    Examples
    --------
    >>> card = Card("Plan", {"status": "optimal", "processes": 3, "note": ""}, "plan.price_rules(it)")
    >>> card.line
    '<Plan: status optimal, processes 3; next: plan.price_rules(it)>'
    """

    title: str
    facts: Mapping[str, object]
    following: str

    @property
    def line(self) -> str:
        """The object in one line."""
        told = ", ".join(f"{label} {fact}" for label, fact in self._told())
        return f"<{self.title}: {told}; next: {self.following}>"

    @property
    def html(self) -> str:
        """The object as a small table, everything escaped."""
        rows = "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(str(fact))}</td></tr>' for label, fact in self._told()
        )
        return (
            f'<div class="scroll"><table class="figures"><caption>{escape(self.title)}</caption><tbody>{rows}'
            f'<tr><th scope="row">next</th><td><code>{escape(self.following)}</code></td></tr></tbody></table></div>'
        )

    def _told(self) -> list[tuple[str, object]]:
        return [(label, fact) for label, fact in self.facts.items() if fact not in ("", None)]


class Carded:
    """An object that is shown by its card; a dataclass of this kind is made with `repr=False`."""

    def _card(self) -> Card:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._card().line

    def _repr_html_(self) -> str:
        return self._card().html


def list_names(names: Iterable[object]) -> str:
    """List the first few names, and how many more there are.

    Examples
    --------
    >>> list_names(["a", "b"]), list_names(["a", "b", "c", "d", "e"]), list_names([])
    ('a, b', 'a, b, c and 2 more', 'none')
    """
    every = [str(name) for name in names]
    more = len(every) - MOST_NAMES
    return ", ".join(every[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "") or "none"
