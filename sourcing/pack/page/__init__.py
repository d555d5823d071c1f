"""The page that holds it all: charts with static copies, policy, index, export of a notebook."""

from sourcing.pack.page.chart_block import chart_block
from sourcing.pack.page.export import write_pack
from sourcing.pack.page.index import render_index
from sourcing.pack.page.page import Section, render_page, sanitize

__all__ = [
    "Section",
    "chart_block",
    "render_index",
    "render_page",
    "sanitize",
    "write_pack",
]
