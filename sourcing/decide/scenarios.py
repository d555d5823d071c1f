"""The scenarios of a unit: what if several things were otherwise, each decided anew beside the plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case import NUMBERS, change_limits, list_set_levers, match_options
from sourcing.decide.bans import list_broken_bans
from sourcing.decide.decide import answer_question, pose_question, restate_levers, restate_rules
from sourcing.errors import CaseError, InfeasiblePlanError, NoPlanFoundError
from sourcing.plan import list_breaks, sum_measure, tell_difference

if TYPE_CHECKING:
    from sourcing.decide.decide import Decision
    from sourcing.decide.unit_question import UnitQuestion
    from sourcing.plan import Difference, Plan

BASE, INFEASIBLE, OUT_OF_TIME, UNSOUND = "base", "infeasible", "out of time", "unsound"
"""States of a row beside the statuses of a plan: the plan itself, and why a scenario has none."""
TOLD = {
    "quote": "the price of {option} is another",
    "wage": "the pay of {option} is another",
    "transition cost": "moving to {option} costs another sum",
    "risk probability": "{option} fails more or less often",
    "lock": "locked to {option}",
    "veto": "no move to {option}",
}
"""Change of a scenario -> why a process is decided otherwise whose option it reaches."""
MEASURES = ("cash_cost", "one_off_cost", "expected_loss", "fit_points", "moved_fte")
COLUMNS = (
    "scenario", "status", "reason", "owner", "as_is_cash_cost", "cash_cost", "saving", "saving_share", "one_off_cost",
    "expected_loss", "fit_points", "moved_fte", "moves", "breaks", "conflicts", "cash_change", "loss_change",
    "one_off_change", "differs",
)  # fmt: skip
MOVE_COLUMNS = (
    "scenario", "process", "from_option", "option", "planned_option", "moves", "differs", "wave", "cash_cost", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """A scenario with its answer.

    Attributes
    ----------
    name : str
    rows : DataFrame
        Its rows of the table scenarios.
    status : str
        optimal or feasible, as of a plan; infeasible, out of time, or unsound where what it changes leaves no sound
        case.
    question : UnitQuestion or None
        What was asked; None where it is unsound.
    plan : Plan or None
    difference : Difference or None
        Against the unit's plan.
    breaks : tuple of str
        Rules and bans of the case as it stands that the scenario's plan does not keep, sorted.
    error : Exception or None
        Why there is no plan: of InfeasiblePlanError the minimal sets of rules that clash.
    """

    name: str
    rows: pd.DataFrame
    status: str
    question: UnitQuestion | None = None
    plan: Plan | None = None
    difference: Difference | None = None
    breaks: tuple[str, ...] = ()
    error: CaseError | InfeasiblePlanError | NoPlanFoundError | None = None


def solve_scenarios(decision: Decision) -> tuple[Scenario, ...]:
    """Decide a unit anew in each scenario of its case, all changes of one made at once; solved once, then kept.

    Consequences follow: a dearer quote is in cash, in what budgets count and in what today costs where it is today's.
    Levers that a scenario does not set, and an attitude to risk, are those of the decision.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    tuple of Scenario
        Sorted by name. A scenario without a plan says why and raises nothing.
    """
    kept, key = decision.plan.findings, ("scenarios", decision.case.fingerprint)
    if key not in kept:
        groups = decision.case.scenarios.groupby("scenario", sort=True)
        kept[key] = tuple(_solve(decision, str(name), rows) for name, rows in groups)
    solved: tuple[Scenario, ...] = kept[key]
    return solved


def _solve(decision: Decision, name: str, rows: pd.DataFrame) -> Scenario:
    question = None
    try:
        question = _pose(decision, rows)
        plan = answer_question(question, repairs=False)
    except InfeasiblePlanError as error:
        return Scenario(name, rows, INFEASIBLE, question, error=error)
    except NoPlanFoundError as error:
        return Scenario(name, rows, OUT_OF_TIME, question, error=error)
    except CaseError as error:
        return Scenario(name, rows, UNSOUND, error=error)
    touched = _tell_touched(rows, question.alternatives, decision.plan, plan)
    difference = tell_difference(decision.plan, plan, touched, "follows the other changes")
    broken = {*list_breaks(plan, decision.question.rules), *list_broken_bans(plan, decision.alternatives)}
    return Scenario(name, rows, plan.status, question, plan, difference, tuple(sorted(broken)))


def _pose(decision: Decision, rows: pd.DataFrame) -> UnitQuestion:
    """Pose the question of a scenario; where only rules and levers change, with what of it they leave at hand."""
    case, changes = decision.case, set(rows["change"])
    changed = change_limits(case.tables, rows, _list_options(decision.alternatives))
    changed["scenarios"] = case.scenarios.head(0)
    then = case.replace(**changed)
    levers = list_set_levers(rows)
    if changes.isdisjoint(NUMBERS) and not {"locks", "vetoes"} & set(changed):
        return restate_levers(restate_rules(decision.question, then), levers)
    return pose_question(then, rows, **asdict(decision.policy) | asdict(decision.outlook) | levers)


def _list_options(alternatives: pd.DataFrame) -> pd.DataFrame:
    """List every option of a unit once, as the rows of a scenario are held against it."""
    return alternatives.drop_duplicates(["process", "option"])


def _tell_touched(rows: pd.DataFrame, alternatives: pd.DataFrame, *plans: Plan) -> dict[Any, str]:
    """Tell of each process what of a scenario reaches an option that it has in one of some plans."""
    chosen = pd.concat([plan.choices[["process", "option"]] for plan in plans]).drop_duplicates()
    used = _list_options(alternatives).merge(chosen, on=["process", "option"])
    touched: dict[Any, str] = {}
    for row in rows[rows["change"].isin(TOLD)].to_dict("records"):
        for each in used[match_options(row, used)].itertuples():
            touched[each.process] = TOLD[row["change"]].format(option=each.name)
    return touched


def compare_scenarios(decision: Decision) -> pd.DataFrame:
    """Compare the scenarios of a unit with its plan.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    DataFrame
        Columns COLUMNS; the plan first (scenario "", status base), then the scenarios by name. Amounts are those of the
        scenario's own plan, net present values in the unit's currency; as_is_cash_cost is what today costs in the
        scenario, saving is as_is_cash_cost - cash_cost and saving_share its share of as_is_cash_cost; moves counts
        parts of processes that move, differs processes whose option is another than the plan's; breaks (tuple of
        names), conflicts (tuple of tuples of names that clash, empty where there is a plan); *_change are against the
        plan. Amounts are NaN without a plan. No row where the case has no scenario.

    Examples
    --------
    >>> from sourcing import load_case
    >>> from sourcing.decide import decide_unit
    >>> asked = {"scenario": "dearer", "business_unit": "alpha", "change": "quote", "delivered_by": "DeskCo"}
    >>> asked |= {"times": 1.15, "reason": "Its bid ends soon."}
    >>> case = load_case("data/tiny", "alpha").replace(scenarios=pd.DataFrame([asked]))
    >>> told = compare_scenarios(decide_unit(case)).set_index("scenario")
    >>> told.loc["dearer", ["cash_cost", "cash_change", "differs"]].tolist()
    [3895000.0, 0.0, 2.0]
    """
    solved = solve_scenarios(decision)
    if not solved:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = [_describe(decision, "", BASE, decision.plan, decision.question)]
    for each in solved:
        said: dict[str, Any] = {name: _join_once(each.rows[name]) for name in ("reason", "owner")}
        said |= {"breaks": each.breaks, "conflicts": _list_conflicts(each)}
        said["differs"] = 0 if each.difference is None else len(each.difference.moves)
        rows.append(_describe(decision, each.name, each.status, each.plan, each.question) | said)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _join_once(texts: pd.Series) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _list_conflicts(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    if isinstance(scenario.error, InfeasiblePlanError):
        return tuple(tuple(names) for names in scenario.error.conflicts)
    return ()


def _describe(
    decision: Decision, name: str, status: str, plan: Plan | None, question: UnitQuestion | None
) -> dict[str, Any]:
    row: dict[str, Any] = {"scenario": name, "status": status, "reason": "", "owner": "", "breaks": (), "conflicts": ()}
    row["differs"] = 0
    if plan is None or question is None:
        return row
    amounts, base = ({each: sum_measure(of, each) for each in MEASURES} for of in (plan, decision.plan))
    today = sum_measure(question.as_is, "cash_cost")
    saving = today - amounts["cash_cost"]
    changes = {
        f"{short}_change": amounts[measure] - base[measure]
        for short, measure in (("cash", "cash_cost"), ("loss", "expected_loss"), ("one_off", "one_off_cost"))
    }
    share = saving / today if today > 0 else 0.0
    moves = int((~plan.choices["is_as_is"].astype(bool)).sum())
    return row | amounts | changes | {"as_is_cash_cost": today, "saving": saving, "saving_share": share, "moves": moves}


def list_scenario_moves(decision: Decision) -> pd.DataFrame:
    """List what each scenario moves, and what it decides otherwise than the plan.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    DataFrame
        One row per scenario with a plan and process that moves in it or that the plan decides otherwise: columns
        MOVE_COLUMNS; from_option is today's, option the scenario's, planned_option the plan's, several of a split
        process joined by " + "; moves, differs (bool); wave as text, "" without one; cash_cost of the process in the
        scenario; why it differs, "" where it does not. Sorted by scenario, then process.
    """
    today = decision.as_is.choices.set_index("process")["option"]
    planned = _join_options(decision.plan)
    rows = []
    for each in solve_scenarios(decision):
        if each.plan is None or each.difference is None:
            continue
        why = each.difference.moves.set_index("process")["why"]
        options, waves, cash = _join_options(each.plan), _join_waves(each.plan), _sum_cash(each.plan)
        for process, option in options.items():
            moves, differs = option != today[process], option != planned[process]
            if moves or differs:
                rows.append(
                    (each.name, process, today[process], option, planned[process], moves, differs, waves[process],
                     cash[process], why.get(process, ""))
                )  # fmt: skip
    return pd.DataFrame(rows, columns=list(MOVE_COLUMNS))


def _join_options(plan: Plan) -> pd.Series:
    """Join the options of each process: index process, sorted."""
    return plan.choices.groupby("process")["option"].agg(lambda own: " + ".join(sorted(set(own))))


def _join_waves(plan: Plan) -> pd.Series:
    if "wave" not in plan.choices:
        return pd.Series("", plan.choices["process"].unique())
    waves = plan.choices["wave"].map(lambda wave: "" if pd.isna(wave) else f"{wave:g}")
    return waves.groupby(plan.choices["process"]).agg(
        lambda own: " + ".join(dict.fromkeys(each for each in own if each))
    )


def _sum_cash(plan: Plan) -> pd.Series:
    return (plan.choices["cash_cost"] * plan.choices["share"]).groupby(plan.choices["process"]).sum()
