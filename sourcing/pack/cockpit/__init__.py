"""The cockpit of a notebook: move levers and limits, force an option, see at once what that changes."""

from sourcing.pack.cockpit.changes import Changes, list_scenario_rows
from sourcing.pack.cockpit.compare import compare_plans
from sourcing.pack.cockpit.dials import Dial, list_dials
from sourcing.pack.cockpit.widgets import open_cockpit

__all__ = ["Changes", "Dial", "compare_plans", "list_dials", "list_scenario_rows", "open_cockpit"]
