"""The cockpit as widgets; what it asks and says is worked out by the modules beside.

Widgets live in this one module, imported when a cockpit is opened: nothing else of the pack needs a kernel.
"""

from __future__ import annotations

import html
import time
from typing import TYPE_CHECKING, Any

from sourcing.case import add_rows
from sourcing.decide import what_if
from sourcing.errors import SourcingError
from sourcing.pack.block import say_block
from sourcing.pack.cockpit.changes import LOCK, Changes, list_scenario_rows
from sourcing.pack.cockpit.compare import show_comparison
from sourcing.pack.cockpit.dials import list_dials
from sourcing.pack.setting import is_watched
from sourcing.pack.wording import name_options, name_processes, say_count

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.decide import Decision
    from sourcing.pack.cockpit.dials import Dial

STATIC = (
    "Open this notebook in JupyterLab (sourcing lab) and run it: here stand the levers and limits to move, each answer "
    "beside the base plan. The parameters above are what counts; a run in batch reads only them."
)
AS_DECIDED = "as the plan decides"
SCENARIOS = "scenarios"
LACKING = "A scenario needs a change, a name and a reason: move something, and fill in both fields."


def open_cockpit(decision: Decision, case_folder: str | Path) -> Any:
    """Open the cockpit of a decision, or say where it opens.

    Parameters
    ----------
    decision : Decision
        The base plan.
    case_folder : path
        Where the case lies; a scenario that is kept becomes rows of its table scenarios.

    Returns
    -------
    ipywidgets.VBox or Block
        A Block with a sentence where nobody has the notebook open, as in a run of packs.
    """
    return _Cockpit(decision, case_folder).box if is_watched() else say_block(STATIC)


class _Cockpit:
    """Widgets around the changes; every move asks anew."""

    def __init__(self, decision: Decision, case_folder: str | Path) -> None:
        import ipywidgets as widgets

        self.decision, self.case_folder = decision, case_folder
        self.changes, self.last = Changes(), decision.plan
        self.answer, self.state = widgets.HTML(), widgets.HTML()
        self.answer.add_class("jp-RenderedHTMLCommon")
        self.sliders = [self._make_slider(widgets, dial) for dial in list_dials(decision)]
        processes = name_processes(decision.case)
        choices = [(name, process) for process, name in processes.items()]
        wide = widgets.Layout(width="46%")
        self.process = widgets.Dropdown(options=choices, description="Process", layout=wide)
        self.option = widgets.Dropdown(options=[(AS_DECIDED, "")], description="Option", layout=wide)
        self.back = widgets.Button(description="Back to the base plan", layout=widgets.Layout(width="auto"))
        self.name = widgets.Text(placeholder="name of the scenario", layout=widgets.Layout(width="30%"))
        self.why = widgets.Text(placeholder="why it is asked about", layout=widgets.Layout(width="40%"))
        self.save = widgets.Button(description="Save as scenario row", layout=widgets.Layout(width="auto"))
        self.is_moving = False
        self._offer_options()
        self.process.observe(lambda _: self._offer_options(), "value")
        self.option.observe(lambda seen: self._move(LOCK, self.process.value, seen["new"] or None), "value")
        self.back.on_click(lambda _: self._reset())
        self.save.on_click(lambda _: self._save())
        self._show(0.0)
        self.box = widgets.VBox(
            [
                *self.sliders, widgets.HBox([self.process, self.option]), self.back, self.state, self.answer,
                widgets.HBox([self.name, self.why, self.save]),
            ]
        )  # fmt: skip

    def _make_slider(self, widgets: Any, dial: Dial) -> Any:
        options = list(zip(dial.labels, dial.values, strict=True))
        slider = widgets.SelectionSlider(
            options=options, value=dial.base, description=dial.title, tooltip=dial.told,
            continuous_update=False, style={"description_width": "26em"}, layout=widgets.Layout(width="92%"),
        )  # fmt: skip
        slider.observe(
            lambda seen: self._move(dial.kind, dial.name, None if seen["new"] == dial.base else seen["new"]), "value"
        )
        return slider

    def _offer_options(self) -> None:
        """Offer the options of the process that no bar sets aside, with the one that is forced, if one is, chosen."""
        process, table = self.process.value, self.decision.alternatives
        open_rows = table[(table["process"] == process) & (table["barred_by"] == "")]
        names = name_options(open_rows)
        self.is_moving = True
        self.option.options = [(AS_DECIDED, ""), *((name, option) for (_, option), name in names.items())]
        self.option.value = self.changes.forced.get(process, "")
        self.is_moving = False

    def _move(self, kind: str, name: str, value: Any) -> None:
        if self.is_moving:
            return
        self.changes = self.changes.change(kind, name, value)
        self._ask()

    def _ask(self) -> None:
        """Solve with the changes as they stand, and show what came or why nothing did."""
        started = time.monotonic()
        try:
            wanted = self.changes.wanted
            plan = what_if(self.decision, wanted).plan if wanted else self.decision.plan
        except SourcingError as error:
            self.state.value = f"<b>No answer:</b> {html.escape(str(error))}"
            return
        self._show(time.monotonic() - started, plan)

    def _show(self, seconds: float, plan: Any = None) -> None:
        now = plan or self.last
        changed = len(self.changes.levers) + len(self.changes.limits) + len(self.changes.forced)
        told = f"{say_count(changed, 'change')} made; answered in {seconds:.1f} s." if changed else "The base plan."
        self.state.value = html.escape(told)
        self.answer.value = show_comparison(self.decision, self.last, now).html
        self.last = now

    def _reset(self) -> None:
        """Put every dial back, then show the base plan once."""
        self.is_moving = True
        for slider, dial in zip(self.sliders, list_dials(self.decision), strict=True):
            slider.value = dial.base
        self.changes = Changes()
        self._offer_options()
        self._ask()

    def _save(self) -> None:
        """Append the changes as rows of the table scenarios, which the next run solves beside the plan."""
        unit = str(self.decision.case.unit["business_unit"])
        name, why = self.name.value.strip(), self.why.value.strip()
        if not (name and why and self.changes.wanted):
            self.state.value = LACKING
            return
        try:
            file = add_rows(self.case_folder, SCENARIOS, list_scenario_rows(self.changes, name, unit, why))
        except SourcingError as error:
            self.state.value = f"<b>Not saved:</b> {html.escape(str(error))}"
            return
        self.state.value = html.escape(f"{name} saved in {file}; it is solved beside the plan from the next run on.")
