"""The house look as a page: palette, tables, cards, and every chart on a unit."""

from sourcing.pack.style.exhibits import Exhibit, draw_exhibits

__all__ = ["Exhibit", "draw_exhibits"]
