"""Turn a point of a study into a plan of its own, certified like any other."""

from __future__ import annotations
