"""Head of the pack: what it is about, what is recommended in two sentences, whether it matters, four figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case import put_article
from sourcing.decide import weigh_materiality
from sourcing.pack.block import Block, render_block
from sourcing.pack.decision import list_decisions, say_attitude, say_bounds, say_concentration
from sourcing.pack.uncertainty import say_chance
from sourcing.pack.wording import (
    NOTHING,
    call_places,
    name_decider,
    say_about,
    say_count,
    say_day,
    say_ends,
    say_list,
    say_money,
    say_number,
    say_rules,
    say_share,
)
from sourcing.plan import sum_measure
from sourcing.program import collect_promise, date_months, fingerprint_promise

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision, Materiality
    from sourcing.program import Roadmap
    from sourcing.uncertainty import Study

MARK = 8
"""Letters of a fingerprint that tell two versions apart to the eye."""
TONES = {"material": "good", "small": "warn", "unsure": "warn"}
NAMED = 4


def show_header(decision: Decision, roadmap: Roadmap) -> Block:
    """Show what the pack is about: unit, scope, base, who made and decides it, version and state."""
    promised = fingerprint_promise(collect_promise(decision))
    return show_facts(decision.case, decision.as_is.choices, f", plan {promised[:MARK]}", _say_state(roadmap))


def show_facts(case: Case, as_is: pd.DataFrame, version: str, state: str) -> Block:
    """Show the facts that head a unit's first page.

    Parameters
    ----------
    case : Case
        Of one unit.
    as_is : DataFrame
        Its alternatives that keep everything as it is: process, run_cost_per_year.
    version, state : str
        What the version says beside the data; where the page stands.
    """
    unit, currency, years = case.unit, case.unit["currency"], int(case.unit["horizon_years"])
    people, yearly = float(case.processes["headcount_fte"].sum()), float(as_is["run_cost_per_year"].sum())
    facts = [
        ("Unit", unit["name"]),
        (
            "Scope",
            f"{say_count(as_is['process'].nunique(), 'process', 'processes')}, {say_number(round(people))} people, "
            f"{say_money(yearly, currency)} a year for people, overheads and prices",
        ),
        (
            "Base",
            f"{say_day(date_months(unit, 0.0))}, prices of {int(unit['price_year'])}, {say_count(years, 'year')}, "
            f"discounted at {say_share(unit['discount_rate'])} a year",
        ),
        ("Prepared by", unit["author"] or "not stated"),
        ("Decided by", name_decider(case)),
        ("Version", f"data {case.fingerprint[:MARK]}{version}"),
        ("State", state),
    ]
    return render_block("facts.html.j2", "; ".join(f"{name}: {value}" for name, value in facts), facts=facts)


def _say_state(roadmap: Roadmap) -> str:
    waiting = len(roadmap.blocked)
    if waiting:
        return f"proposal; {say_count(waiting, 'wave waits', 'waves wait')} for a sign-off"
    return "proposal, open for decision"


def show_recommendation(decision: Decision, study: Study, roadmap: Roadmap) -> Block:
    """Show the recommendation, whether it is material, how well it is proven, and four figures with their ranges."""
    weighed = _weigh(study)
    said = [*say_recommendation(study), say_chance(study), *say_attitude(decision)]
    return render_block(
        "recommendation.html.j2",
        " ".join(said),
        answer=said,
        verdict=say_materiality(weighed, decision),
        tone=TONES[weighed.verdict],
        proof=" ".join([say_bounds(decision), *say_concentration(decision)]),
        tiles=list_tiles(decision, study, roadmap),
    )


def _weigh(study: Study) -> Materiality:
    saving, decision = study.saving.loc["cash"], study.decision
    today = sum_measure(decision.as_is, "cash_cost")
    return weigh_materiality(saving["mean"], saving["low"], saving["high"], today, decision.policy.material_share)


def say_recommendation(study: Study) -> list[str]:
    """Say in two sentences who does what from where, and what that saves in cash and does to losses."""
    return [_say_who(study.decision), _say_worth(study)]


def _say_who(decision: Decision) -> str:
    rows = list_decisions(decision)
    moving, total = rows[rows["moves"]], rows["process"].nunique()
    if moving.empty:
        return f"Keep all {say_count(total, 'process', 'processes')} as they are: no move pays under the rules."
    leaving = moving[find_leaving(moving)]
    in_place = moving.loc[~moving.index.isin(leaving.index), "process"].nunique()
    goals = leaving.assign(site=call_places(leaving["country"], decision.case), who=leaving["owner"])
    counts = goals.groupby(["who", "site"])["process"].nunique().sort_values(ascending=False, kind="stable")
    targets = [
        f"{count} to {'own staff' if who == 'own' else who} in {put_article(str(site))}"
        for (who, site), count in counts.items()
    ]
    staying = total - moving["process"].nunique()
    said = []
    if targets:
        count = leaving["process"].nunique()
        said.append(f"move {targets[0]}" if len(targets) == 1 else f"move {count} ({say_list(targets, NAMED)})")
    if in_place:
        said.append(f"change {in_place} where they are")
    if staying:
        said.append(f"keep {staying} as today")
    first = say_list(said)
    return f"Of {say_count(total, 'process', 'processes')}, {first}."


def find_leaving(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows of `list_decisions` get another owner or another site."""
    return rows["moves"].astype(bool) & (
        (rows["owner"] != rows["from_owner"]) | (rows["location"] != rows["from_location"])
    )


def _say_worth(study: Study) -> str:
    decision, saved = study.decision, study.saving.loc["cash"]
    currency, years = decision.case.unit["currency"], int(decision.case.unit["horizon_years"])
    mean, low, high = float(saved["mean"]), float(saved["low"]), float(saved["high"])
    today = sum_measure(decision.as_is, "cash_cost")
    losses = sum_measure(decision.plan, "expected_loss") - sum_measure(decision.as_is, "expected_loss")
    one_off = sum_measure(decision.plan, "one_off_cost")
    if round(abs(mean)) == 0 and round(abs(losses)) == 0:
        return f"Over {say_count(years, 'year')} that pays and risks what today's delivery does."
    about, ends = say_about(abs(mean), low, high, currency), say_ends(low, high, currency)
    told = [f"{say_share(abs(mean) / today)} of today's"] if today else []
    told += [f"eight of ten outcomes: {ends}"] if ends else []
    verb = f"saves {about} in cash" if mean > 0 else f"costs {about} more in cash than today"
    said = f"Over {say_count(years, 'year')} that {verb}"
    said += f" ({'; '.join(told)})" if told else ""
    said += f", after {say_money(one_off, currency)} of one-off spending" if one_off > NOTHING else ""
    change = say_money(abs(losses), currency)
    said += (
        "; expected losses stay as they are."
        if round(abs(losses)) == 0
        else f"; expected losses {'rise' if losses > 0 else 'fall'} by {change}."
    )
    breaks = decision.broken_rules["Keep as it is"]
    return f"{said} Staying as today would break {say_rules(breaks, decision.case)}." if breaks else said


def say_materiality(weighed: Materiality, decision: Decision) -> str:
    """Say whether the change of cash is worth a decision at all."""
    least = say_share(weighed.least_share)
    if not list_decisions(decision)["moves"].any():
        return "Nothing to decide: nothing moves."
    if weighed.verdict == "material":
        return f"Material: {say_share(abs(weighed.share))} of today's cash, where {least} counts."
    if weighed.verdict == "small":
        return (
            f"Not material in cash: {say_share(abs(weighed.share))} of today's, below the {least} from which a change "
            "counts. Other reasons have to carry it, or nothing is lost by waiting."
        )
    return (
        f"Not sure in cash: {say_share(abs(weighed.share))} of today's on average, but outcomes on both sides of zero "
        "are likely. Find out more before deciding on cash alone."
    )


def list_tiles(decision: Decision, study: Study, roadmap: Roadmap) -> list[dict[str, str]]:
    """List the four figures of page one with their ranges: title, value, label.

    Saving in cash (present value; eight of ten outcomes), most cash out and when it is back (nominal), change of
    expected loss (present value; eight of ten futures), people whose work gets another owner or site.
    """
    unit, curve = decision.case.unit, roadmap.curve
    currency, years = unit["currency"], int(unit["horizon_years"])
    saving, losses = study.saving.loc["cash"], study.saving.loc["loss"]
    change = sum_measure(decision.plan, "expected_loss") - sum_measure(decision.as_is, "expected_loss")
    ends = say_ends(saving["low"], saving["high"], currency)
    loss_ends = say_ends(0.0 - losses["high"], 0.0 - losses["low"], currency)
    back = (
        "not paid back within the horizon"
        if pd.isna(curve.break_even)
        else "paid back from the start"
        if curve.break_even_years == 0
        else f"paid back by {curve.break_even:%B %Y}{_say_back(curve.break_even_low, curve.break_even_high)}"
    )
    moved, changed = (sum_measure(decision.plan, measure) for measure in ("moved_fte", "changed_fte"))
    return [
        {
            "title": f"Saved in cash over {say_count(years, 'year')}",
            "value": say_about(saving["mean"], saving["low"], saving["high"], currency),
            "label": f"present value; eight of ten outcomes: {ends}" if ends else "present value, figures as stated",
        },
        {
            "title": "Peak cash outlay",
            "value": say_money(curve.peak_cash, currency),
            "label": back if curve.peak_cash > 0.5 else "nothing has to be laid out",
        },
        {
            "title": "Change of expected loss",
            "value": f"{'+' if change > 0.5 else ''}{say_money(change, currency)}",
            "label": f"eight of ten futures: {loss_ends}" if loss_ends else "the same in every future",
        },
        {
            "title": "People with another owner or site",
            "value": say_number(round(moved)),
            "label": _say_people(roadmap, round(changed) - round(moved)),
        },
    ]


def _say_people(roadmap: Roadmap, placed: int) -> str:
    """Say what becomes of the unit's own people whose work moves, and how many change where they are."""
    moves = roadmap.moves
    leaves = moves["changes_owner"].astype(bool) | moves["changes_place"].astype(bool)
    kinds = {"leavers": "leave", "transferred": "go over to the new owner", "redeployed": "take other work"}
    heads = {said: round(float(moves.loc[leaves, kind].sum())) for kind, said in kinds.items()}
    said = [f"{say_number(count)} {what}" for what, count in heads.items() if count]
    own = f"own people: {say_list(said)}; " if said else ""
    gone = round(float(moves.loc[~leaves, "leavers"].sum()))
    others = f", of whom {say_number(gone)} leave" if gone else ""
    return own + (f"{say_number(placed)} more change where they are{others}" if placed > 0 else "nobody else changes")


def _say_back(low: pd.Timestamp, high: pd.Timestamp) -> str:
    if pd.isna(low) or low == high:
        return ""
    later = "later than the horizon" if pd.isna(high) else f"{high:%b %Y}"
    return f" ({low:%b %Y} to {later})"
