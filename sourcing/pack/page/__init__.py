"""The page that holds it all: charts with static copies, policy, index, export of a notebook."""

from sourcing.pack.page.export import write_pack
from sourcing.pack.page.index import render_index

__all__ = [
    "render_index",
    "write_pack",
]
