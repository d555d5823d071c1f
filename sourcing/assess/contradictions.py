"""Contradictions: where answers do not go together, the checker asks instead of averaging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.assess.agreement import list_habits
from sourcing.assess.scale import place_on_scale
from sourcing.assess.weights import settle_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.case import Case, Policy

HIGH, LOW = 0.75, 0.25
"""Points from which an answer counts as high, up to which as low."""
LOW_CONTACT = 0.25
"""A process has little customer contact below this part of an equal share of the unit's contact."""
MOVED = 0.25
"""Share of the scale by which a score has moved."""
AT_ENDS, FEWEST_SCORES = 0.9, 8
"""Share of an assessor's scores at an end of the scale, and fewest scores, from which a habit is asked about."""
COLUMNS = ("contradiction", "process", "asked", "says", "question")


class Answers:
    """A unit's answers as points: by criterion where one of that name is scored, else by index."""

    def __init__(self, case: Case, indices: pd.DataFrame) -> None:
        scores = case.scores[case.scores["score"].notna()]
        ends = case.criteria.set_index("criterion")
        length = scores["criterion"].map(ends["scale_max"] - ends["scale_min"])
        self.scores = scores.assign(point=place_on_scale(scores, case.criteria), scale=length)
        self.points = self.scores.groupby(["process", "criterion"])["point"].mean().unstack()
        self.indices = indices.pivot(index="process", columns="index", values="value")
        self.roles = self.scores.groupby(["process", "criterion"])["assessor"].agg(
            lambda names: ", ".join(sorted(set(names)))
        )
        self.names = case.criteria.set_index("criterion")["name"].to_dict()
        self.downward = set(case.criteria.loc[case.criteria["direction"] == "down", "criterion"])

    def of(self, criterion: str) -> pd.Series:
        """Return how much of a criterion's own meaning each process has, whichever way it feeds its index."""
        if criterion not in self.points:
            return pd.Series(float("nan"), index=self.indices.index)
        point = self.points[criterion].reindex(self.indices.index)
        return 1 - point if criterion in self.downward else point

    def of_index(self, index: str) -> pd.Series:
        """Return an index of each process (0-1)."""
        return self.indices[index]

    def who(self, process: str, *criteria: str) -> str:
        """Name who scored a process on these criteria, or on anything."""
        found = [self.roles.get((process, criterion), "") for criterion in criteria]
        named = sorted({name for text in found for name in text.split(", ") if name})
        own = self.scores.loc[self.scores["process"] == process, "assessor"]
        return ", ".join(named or sorted(set(own)))


def find_contradictions(case: Case, indices: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Find answers that do not go together, and put each as a question. No score is changed.

    Parameters
    ----------
    case : Case
        One unit.
    indices : DataFrame
        From `score_indices`.
    policy : Policy
        consistency_limit.

    Returns
    -------
    DataFrame
        One row per contradiction, in the order of RULES, then by process: contradiction (its name), process ("" where
        it is about an assessor), asked (roles to ask), says (what was answered, in words), question.
    """
    answers = Answers(case, indices)
    rows = [
        {"contradiction": rule.__name__.replace("_", " "), **row}
        for rule in RULES
        for row in rule(case, answers, policy)
    ]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def core_but_standardized(_: Case, answers: Answers, __: Policy) -> Iterator[dict[str, Any]]:
    """Core-competency fit is high although everyone follows the same published standard."""
    standard = answers.of("standard_exists").fillna(answers.of_index("commoditization"))
    core = answers.of_index("core_competency")
    for process in core.index[(core >= HIGH) & (standard >= HIGH)]:
        yield {
            "process": process,
            "asked": answers.who(process, "standard_exists", "customer_value"),
            "says": f"Core fit {core[process]:.2f}, standardized {standard[process]:.2f}.",
            "question": "What do customers get from us here that the standard does not already give everyone?",
        }


def unique_but_many_suppliers(_: Case, answers: Answers, __: Policy) -> Iterator[dict[str, Any]]:
    """Rare among competitors although many interchangeable providers offer it."""
    rare, market = answers.of("rarity"), answers.of("supplier_market")
    for process in rare.index[(rare >= HIGH) & (market >= HIGH)]:
        yield {
            "process": process,
            "asked": answers.who(process, "rarity", "supplier_market"),
            "says": f"Rarity {rare[process]:.2f}, depth of the supplier market {market[process]:.2f}.",
            "question": "If only we have it, what do all these providers sell? Name the part that cannot be bought.",
        }


def undocumented_but_ready(_: Case, answers: Answers, __: Policy) -> Iterator[dict[str, Any]]:
    """Ready to move although it is in people's heads."""
    written, ready = answers.of("documentation"), answers.of_index("process_readiness")
    others = answers.of("measurability").fillna(ready)
    for process in written.index[(written <= LOW) & ((ready >= HIGH) | (others >= HIGH))]:
        yield {
            "process": process,
            "asked": answers.who(process, "documentation", "measurability"),
            "says": f"Documented {written[process]:.2f}, readiness {ready[process]:.2f}, "
            f"quality measured {others[process]:.2f}.",
            "question": "What would a new team be given to work from on its first day?",
        }


def little_contact_but_valued_by_customers(case: Case, answers: Answers, _: Policy) -> Iterator[dict[str, Any]]:
    """Customers are said to value it although hardly any customer meets it."""
    contact = case.processes.set_index("process")["customer_contact_share"]
    contact = contact.reindex(answers.indices.index).fillna(0.0)
    valued = answers.of("customer_value")
    if not contact.sum() > 0:
        return
    few = contact < LOW_CONTACT * contact.sum() / len(contact)
    for process in valued.index[few & (valued >= HIGH)]:
        yield {
            "process": process,
            "asked": answers.who(process, "customer_value"),
            "says": f"Valued by customers {valued[process]:.2f}, share of customer contact {contact[process]:.3f}.",
            "question": "How do customers notice it, and what has a customer said or done that shows it?",
        }


def moved_without_evidence(_: Case, answers: Answers, __: Policy) -> Iterator[dict[str, Any]]:
    """A score has moved since the earlier review and no evidence is given."""
    scores = answers.scores[answers.scores["earlier_score"].notna() & (answers.scores["evidence"] == "")]
    if scores.empty:
        return
    for row in scores.sort_values(["process", "criterion", "assessor"]).to_dict("records"):
        if abs(row["score"] - row["earlier_score"]) >= MOVED * row["scale"] - 1e-9:
            yield {
                "process": row["process"],
                "asked": row["assessor"],
                "says": f"{answers.names[row['criterion']]}: {row['earlier_score']:g} before, {row['score']:g} now.",
                "question": "What has changed since, and where can it be seen?",
            }


def always_at_the_end_of_the_scale(case: Case, _: Answers, __: Policy) -> Iterator[dict[str, Any]]:
    """An assessor uses hardly anything but the ends of the scale."""
    habits = list_habits(case)
    for assessor, habit in habits[(habits["scores"] >= FEWEST_SCORES) & (habits["ends_share"] >= AT_ENDS)].iterrows():
        yield {
            "process": "",
            "asked": assessor,
            "says": f"{habit['ends_share']:.0%} of {habit['scores']:.0f} scores are at an end of the scale; "
            f"the mean point is {habit['mean']:.2f}.",
            "question": "Which two processes would you put in the middle of the scale, and why?",
        }


def comparisons_that_contradict_one_another(case: Case, answers: Answers, policy: Policy) -> Iterator[dict[str, Any]]:
    """An assessor's comparisons of criteria are less consistent than Policy allows."""
    compared = settle_weights(case, policy).revisit
    for row in compared[compared["consistency_ratio"] > policy.consistency_limit].to_dict("records"):
        first, second = (answers.names.get(row[end], row[end]) for end in ("first", "second"))
        yield {
            "process": "",
            "asked": row["assessor"],
            "says": f"Comparisons on {row['index'].replace('_', ' ')} have the consistency ratio "
            f"{row['consistency_ratio']:.3f}; at most {policy.consistency_limit:g} is asked for.",
            "question": f"'{first}' was called {row['ratio']:.2g} times as important as '{second}'; the other answers "
            f"imply {row['implied']:.2g}. Which holds?",
        }


RULES = (
    core_but_standardized,
    unique_but_many_suppliers,
    undocumented_but_ready,
    little_contact_but_valued_by_customers,
    moved_without_evidence,
    always_at_the_end_of_the_scale,
    comparisons_that_contradict_one_another,
)
NEEDS = {
    "unique but many suppliers": ("rarity", "supplier_market"),
    "undocumented but ready": ("documentation",),
    "little contact but valued by customers": ("customer_value",),
}
"""Contradiction -> criteria without which it cannot be asked."""


def list_unasked(case: Case) -> pd.DataFrame:
    """List the contradictions that cannot be looked for, because no criterion of that name is scored.

    Returns
    -------
    DataFrame
        Columns contradiction, lacking (criteria).
    """
    scored = set(case.scores.loc[case.scores["score"].notna(), "criterion"])
    rows = [
        {"contradiction": name, "lacking": ", ".join(each for each in needed if each not in scored)}
        for name, needed in NEEDS.items()
        if not set(needed) <= scored
    ]
    if not case.scores["earlier_score"].notna().any():
        rows.append({"contradiction": "moved without evidence", "lacking": "earlier_score in the table scores"})
    return pd.DataFrame(rows, columns=pd.Index(["contradiction", "lacking"]))
