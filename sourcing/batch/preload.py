"""Loaded once by the process from which workers are forked, so that each starts with everything imported.

jsonschema imports `rfc3987_syntax` only to check addresses, which nothing here does, and the import takes
most of a second: it is set aside before anything asks for it. What a room imports only when it is used is
imported here for every worker.
"""

from __future__ import annotations

import sys
from importlib import import_module

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
import_module("sourcing.batch.worker")
import_module("sourcing.pack.page.markdown")
