"""Sentences and names from a study of what may come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import InfeasiblePlanError
from sourcing.pack.wording import (
    CAUSES,
    NOTHING,
    lower_first,
    name_places,
    name_processes,
    say_count,
    say_list,
    say_money,
    say_often,
    say_share,
)
from sourcing.uncertainty import choose_cautiously, join_event, measure_worst
from sourcing.value import name_exchange, name_quote

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Case
    from sourcing.decide import Decision
    from sourcing.uncertainty import CautiousPlan, Study

NEGLIGIBLE = 1e-4
"""Share of today's cash below which knowing a figure is worth nothing that anybody would pay for (house rule)."""
FIRST_CAUSES, TELLING = 3, 0.01
"""How many causes one sentence names, and the share of the spread below which none is (house rule)."""


def name_causes(study: Study) -> dict[str, str]:
    """Name every figure and event of a study: as in its tables, to words."""
    decision, called = study.decision, name_figures(study.decision)
    figures = {name: called[name] for name in study.futures.figures}
    events = {
        join_event(cause, struck): call_event(cause, struck, decision.case) for cause, struck in study.futures.events
    }
    return figures | events


def name_figures(decision: Decision) -> dict[str, str]:
    """Name every uncertain figure of a unit as its reader would: as in the tables, to words."""
    table = decision.alternatives
    ranges = decision.figures
    quotes = {
        name_quote(row["process"], row["option"]): f"quoted price of {row['process_name']} by {row['name']}"
        for row in table.drop_duplicates(["process", "option"]).to_dict("records")
    }
    return {str(name): quotes.get(str(name), lower_first(str(ranges.at[name, "meaning"]))) for name in ranges.index}


def call_event(cause: str, struck: str, case: Case) -> str:
    """Call an event by what happens and to whom.

    Examples
    --------
    >>> from sourcing import load_case
    >>> call_event("structural", "PayCo", load_case("data/tiny", "alpha"))
    'a provider or joint venture ends (PayCo)'
    """
    names = name_places(case) | name_processes(case).to_dict()
    return f"{lower_first(CAUSES[cause][0])} ({names.get(struck, struck)})"


def is_today(study: Study) -> bool:
    """Tell whether the plan and today's delivery cost the same in every future."""
    return bool((study.saving.loc["total", ["mean", "low", "high", "worst_tenth"]] == 0.0).all())


def say_chance(study: Study) -> str:
    """Say in how many futures the plan is better than today, and what it does in the worst tenth."""
    saving, currency = study.saving.loc["total"], study.decision.case.unit["currency"]
    if study.hindsight.futures.figures.empty and study.hindsight.futures.events.empty:
        return "Nothing is uncertain in this case: every figure stands as stated and no event has a rate."
    if is_today(study):
        return "In every future the plan pays and loses what keeping everything as it is does."
    chance = float(saving["chance"])
    often = say_often(chance)
    worst = float(saving["worst_tenth"])
    bad = (
        f"even in the worst tenth of them it saves {say_money(worst, currency)} on average"
        if worst >= 0
        else f"in the worst tenth of them it costs {say_money(-worst, currency)} more on average"
    )
    mean = float(saving["mean"])
    by = (
        f"by {say_money(mean, currency)} on average"
        if mean >= 0
        else f"and {say_money(-mean, currency)} worse on average"
    )
    return f"Cash and losses together, the plan is better than keeping everything as it is {often}, {by}; {bad}."


def say_days(study: Study) -> list[str]:
    """Say for how many days work is not done, on average and in the worst tenth of futures; nothing where never."""
    days = study.days.round(0)
    if not days["worst_tenth"].any():
        return []
    today, plan = days.loc["today"], days.loc["plan"]
    return [
        f"Work lies still for {say_count(int(plan['mean']), 'process-day')} over the horizon on average "
        f"({int(today['mean']):,} as it is), and for {say_count(int(plan['worst_tenth']), 'process-day')} in the worst "
        f"tenth of futures ({int(today['worst_tenth']):,} as it is)."
    ]


def find_first_question(study: Study) -> tuple[str, str, float] | None:
    """Find the figure that is most worth to know before deciding: what to do about it, who is asked (or ""), its worth.

    None where no figure is worth asking for. An exchange rate cannot be asked for: it is fixed or hedged.
    """
    if study.information.empty or study.worth < _find_negligible(study):
        return None
    first = study.information[study.information["members"] == 0].iloc[0]
    return (_say_question(first["figure"], study), first["owner"], first["worth"]) if first["net"] > 0 else None


def _say_question(figure: str, study: Study) -> str:
    name = name_causes(study)[figure]
    is_rate = figure in {name_exchange(country) for country in study.decision.alternatives["country"].unique()}
    return f"Fix or hedge first: {name}" if is_rate else f"Find out first: {name}"


def _find_negligible(study: Study) -> float:
    return NEGLIGIBLE * abs(float(study.decision.as_is.choices["cash_cost"].sum()))


def say_first_questions(study: Study) -> list[str]:
    """Say what to find out first, and what it is worth at most."""
    currency = study.decision.case.unit["currency"]
    if study.information.empty:
        return []
    if study.worth < _find_negligible(study):
        return [
            "No uncertain figure is worth waiting for: knowing all of them before deciding would be worth "
            f"{say_money(study.worth, currency)}."
        ]
    first = study.information[study.information["members"] == 0].iloc[0]
    known = first["asking_cost"] == first["asking_cost"]
    asking = f" and asking costs {say_money(first['asking_cost'], currency)}" if known else ""
    if first["net"] <= 0:
        return [
            "No single figure is worth what asking for it costs; all uncertain figures together would be worth "
            f"{say_money(study.worth, currency)} to know."
        ]
    who = f" ({first['owner']})" if first["owner"] else ""
    return [
        f"{_say_question(first['figure'], study)}{who}. Knowing it before deciding is worth up to "
        f"{say_money(first['worth'], currency)}{asking}; all uncertain figures together are worth "
        f"{say_money(study.worth, currency)}."
    ]


def say_waiting(study: Study) -> str:
    """Say whether waiting a wave before moving can pay, and for what."""
    waiting, currency = study.waiting, study.decision.case.unit["currency"]
    if waiting.empty:
        return (
            "Nothing can wait for a later wave: the unit has no calendar of waves, or nothing moves. A calendar would "
            "tell what waiting costs."
        )
    whole, names = waiting.iloc[0], name_processes(study.decision.case)
    alone = waiting.iloc[1:]
    paying = [names[process] for process in alone.loc[alone["net"] > NOTHING, "process"]]
    if np.isinf(whole["delay"]):
        said = "The moves of the first wave cannot all wait: no plan that does keeps every rule."
    else:
        verdict = "waiting with all of them can pay" if whole["net"] > NOTHING else "so do not wait with all of them"
        said = (
            f"To put the moves of the first wave off to a later one costs {say_money(whole['delay'], currency)}; even "
            f"if every figure were known by then, that would be worth {say_money(max(0.0, whole['known']), currency)} "
            f"at most: {verdict}."
        )
    by_itself = (
        f"By itself, {say_list(paying, 3)} may gain from waiting." if paying else "No single move gains from it."
    )
    return f"{said} {by_itself}"


def say_decisive(study: Study) -> str:
    """Say which causes move most of what the plan saves."""
    names, first = name_causes(study), study.causes.head(FIRST_CAUSES)
    first = first[first["share"] >= TELLING]
    if first.empty:
        return "Nothing moves what the plan saves."
    called = [
        f"{names[row['cause'] if row['kind'] == 'figure' else join_event(row['cause'], row['struck'])]} "
        f"with {say_share(row['share'])} of the spread"
        for row in first.to_dict("records")
    ]
    return f"What moves most money: {say_list(called)}."


def say_failure(study: Study) -> str:
    """Say under which conditions the plan fails."""
    rule, names = study.failure, name_causes(study)
    failing = "loses money against today" if study.fails_by_losing else "does worst (its worst tenth of futures)"
    if not rule.conditions:
        return f"No condition tells the futures in which the plan {failing} from the others."
    figures = study.futures.figures
    told = [_say_condition(names[name], name in figures, sign, value) for name, sign, value in rule.conditions]
    absent = [name not in figures and sign == "<=" for name, sign, _ in rule.conditions]
    where = [words for words, is_absent in zip(told, absent, strict=True) if not is_absent]
    unless = [words for words, is_absent in zip(told, absent, strict=True) if is_absent]
    held = (f" where {say_list(where)}" if where else "") + (f", unless {' or '.join(unless)}" if unless else "")
    return (
        f"The plan {failing} mostly{held}: that holds in {say_share(rule.coverage)} of these futures, and where it "
        f"holds {say_share(rule.density)} are such; of all futures {say_share(rule.base)} are."
    )


def _say_condition(name: str, is_figure: bool, sign: str, value: float) -> str:
    """Say a condition on a figure; of an event its name, whichever the sign."""
    return f"the figure of {name} is {'above' if sign == '>' else 'at most'} {value:.3g}" if is_figure else name


def say_firmness(study: Study) -> str:
    """Say how many decisions are firm, open and tosses over the futures."""
    verdicts = study.decisions["verdict"].value_counts()
    firm, free, toss = (int(verdicts.get(name, 0)) for name in ("firm", "open", "toss"))
    names, currency = name_processes(study.decision.case), study.decision.case.unit["currency"]
    today = study.decision.as_is.choices.set_index("process")["cash_cost"]
    tosses = study.decisions.loc[study.decisions["verdict"] == "toss", "process"]
    sizes = tosses.map(today).astype(float)
    dearest = tosses.iloc[(-sizes).argsort(kind="stable")].map(names)
    called = f" ({say_list(dearest, 3)})" if toss else ""
    others = [*([f"{free} are open"] if free else []), *([f"{toss} a toss-up{called}"] if toss else [])]
    saved = max(0.0, float(study.hindsight.regret.mean()))
    kept = study.decision.plan.choices.groupby("process")["is_as_is"].all()
    changes = study.decisions[~study.decisions["process"].map(kept).astype(bool)]
    among = f", of the {len(changes)} changes {int((changes['verdict'] == 'firm').sum())}," if len(changes) else ""
    return (
        f"Had the figures been known, {firm} of {len(study.decisions)} decisions{among} would have been the same in "
        f"nine of ten futures or more{f'; {say_list(others)}' if others else ''}. On average hindsight would have "
        f"saved {say_money(saved, currency)}."
    )


def pick_telling(study: Study) -> pd.Series:
    """Pick the plan of the curve of caution that buys most for what it costs."""
    rest = study.caution.iloc[1:]
    return rest.loc[(rest["gain"] / rest["price"].clip(lower=NOTHING)).idxmax()]


def call_caution(study: Study) -> str:
    """Call the finding of the curve of caution: the most telling step in a few words."""
    best, currency = pick_telling(study), study.decision.case.unit["currency"]
    if best["gain"] <= 0:
        return "Caution buys nothing"
    return (
        f"{say_money(best['price'], currency)} on average buys {say_money(best['gain'], currency)} in the worst tenth"
    )


def say_caution(study: Study) -> str:
    """Say what the most telling step of caution costs and buys; that none was found where there is none."""
    caution, currency = study.caution, study.decision.case.unit["currency"]
    if len(caution) < 2:
        return "No plan that keeps the rules is noticeably better in its worst tenth of futures than this one."
    best = pick_telling(study)
    last = caution.iloc[-1]
    whole = (
        f" The most that any plan gains there is {say_money(last['gain'], currency)}, for "
        f"{say_money(last['price'], currency)}."
        if last["gain"] > best["gain"]
        else ""
    )
    return (
        f"Caution has a price: a plan that is {say_money(best['price'], currency)} dearer on average than the one at "
        f"the mean is {say_money(best['gain'], currency)} better in its worst tenth of futures, and decides "
        f"{say_count(len(best['processes']), 'process', 'processes')} otherwise.{whole}"
    )


def say_limit(study: Study, most: float) -> str:
    """Say what a limit on the worst tenth of futures costs, and what it decides otherwise."""
    currency, own = study.decision.case.unit["currency"], measure_worst(study.futures, study.decision.plan)
    said = f"In its worst tenth of futures the plan pays and loses {say_money(own, currency)} on average."
    if most == 0.0:
        return f"{said} No limit on it was asked for."
    try:
        found = choose_cautiously(study.futures, most)
    except InfeasiblePlanError:
        return f"{said} No plan keeps the unit's rules and stays within {say_money(most, currency)}."
    plain = study.decision.plain_plan
    price = found.plan.objective - plain.objective
    before, after = (plan.choices[["process", "option"]].apply(tuple, axis=1) for plan in (plain, found.plan))
    moved = list(dict.fromkeys(process for process, _ in sorted(set(before) ^ set(after))))
    names = name_processes(study.decision.case)
    otherwise = f"; {say_list([names[process] for process in moved], 3)} decided otherwise" if len(moved) else ""
    return (
        f"{said} To stay within {say_money(most, currency)} costs {say_money(price, currency)} on average, and then it "
        f"is {say_money(found.worst, currency)}{otherwise}. {_say_proof(found, currency)}"
    )


def _say_proof(found: CautiousPlan, currency: str) -> str:
    """Say how surely no plan within a limit is cheaper."""
    left = found.gap * abs(found.plan.objective)
    if left <= NOTHING:
        return "No plan within that limit is cheaper."
    return f"No plan within that limit is cheaper by more than {say_money(left, currency)}."
