"""Sections of the group's page: the answer, units, rules, decisions, owners, program, discounts, differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case import DISTINCT, GROUP, QUARTER
from sourcing.pack.block import Block, Shown, answer_block, fold_table, say_block, show_table
from sourcing.pack.portfolio.charts import decision_map, group_load, owner_shares, unit_savings
from sourcing.pack.portfolio.words import (
    say_cause,
    say_group,
    say_group_weakest,
    say_limit,
    say_ranking,
    say_saving,
    say_unit,
    say_way,
)
from sourcing.pack.wording import MODEL_NAMES, say_count, say_money, say_number, say_share
from sourcing.portfolio import (
    list_decisions,
    list_differences,
    list_discount_parts,
    list_load,
    list_owners,
    list_rules,
    list_units,
)

if TYPE_CHECKING:
    import altair as alt

    from sourcing.portfolio import GroupDecision

MOST_UNITS = 24
"""Units that the map of decisions shows; of more, those that save most."""
MOST_DIFFERENCES = 20
MARKS = {"in_house": "in", "onshore": "on", "offshore": "off", "outsource": "out"}
"""Letters for a delivery model, so that no color stands alone."""


def show_group_answer(decision: GroupDecision) -> Block:
    """Show what is decided for the group, in a few sentences."""
    return answer_block(*say_group(decision))


def show_units(decision: GroupDecision) -> Block:
    """Show each unit with what it saves and what it gives up, most saved first."""
    currency = decision.group.currency
    units = list_units(decision)
    table = units.assign(
        unit=[{"text": row["name"], "note": say_unit(row, currency)} for row in units.to_dict("records")],
        decided=[f"{row['moves']} of {row['processes']} move" for row in units.to_dict("records")],
        changes=[str(row["changed"]) for row in units.to_dict("records")],
        abroad=units["people_abroad"] / units["people"].where(units["people"] > 0),
    )
    columns = [
        Shown("unit", "Unit", "noted"),
        Shown("saving_group", "Cash saved in the group's plan", "money"),
        Shown("saving_alone", "By itself", "money"),
        Shown("gives_up", "Gives up against its own best", "money"),
        Shown("discount_part", "Its part of joint discounts", "money"),
        Shown("decided", "Moves"),
        Shown("changes", "Decided otherwise than alone"),
        Shown("abroad", "People abroad", "share"),
    ]
    return show_table(table, columns, currency, is_stacked=True)


def draw_units(decision: GroupDecision) -> alt.LayerChart | alt.FacetChart:
    """Draw what each unit saves in the group's plan and could save alone."""
    units = list_units(decision)
    savings = pd.DataFrame({"unit": units["name"], "together": units["saving_group"], "alone": units["saving_alone"]})
    return unit_savings(savings, units["name"].tolist(), decision.group.currency, say_ranking(decision))


def show_group_rules(decision: GroupDecision) -> Block:
    """Show the group's rules with use and price; of a rule with many limits the one nearest to its limit."""
    currency, rules = decision.group.currency, list_rules(decision)
    rows = []
    for rule, own in rules.groupby("belongs_to", sort=False):
        size = own["limit"].abs().where(own["limit"] != 0, 1.0)
        row = own.loc[(own["slack"] / size).idxmin()].to_dict()
        worst = own.loc[~own["is_kept_alone"], "used_alone"]
        alone = float(worst.max() if len(worst) else row["used_alone"])
        at = "" if row["rule"] == rule else row["rule"].removeprefix(str(rule)).strip(" []")
        rows.append(
            {
                "rule": {"text": rule, "note": f"{row['reason']} Owner: {row['owner'] or 'nobody named'}.".strip()},
                "used": f"{say_limit(row, row['used'], currency)}{f' in {at}' if at else ''}",
                "limit": say_limit(row, row["limit"], currency),
                "alone": say_limit(row, alone, currency),
                "saving": say_saving(row, currency),
            }
        )  # fmt: skip
    columns = [
        Shown("rule", "Rule", "noted"),
        Shown("limit", "Limit"),
        Shown("used", "Used"),
        Shown("alone", "Units by themselves"),
        Shown("saving", "Without it the group saves", "prose"),
    ]
    return show_table(pd.DataFrame(rows, columns=[each.name for each in columns]), columns,
                      empty="The group has no rule; its units share a discount only.", is_stacked=True)  # fmt: skip


def draw_map(decision: GroupDecision) -> alt.LayerChart | alt.FacetChart:
    """Draw every decision: process by unit, delivery model and country."""
    table, units = list_decisions(decision), list_units(decision)
    shown = units["business_unit"].head(MOST_UNITS).tolist()
    names = units.set_index("business_unit")["name"]
    largest = table.sort_values("share", ascending=False, kind="stable").drop_duplicates(["business_unit", "process"])
    cells = largest[largest["business_unit"].isin(shown)]
    cells = pd.DataFrame(
        {
            "process_name": cells["process_name"],
            "unit": cells["business_unit"],
            "model": cells["delivery_model"].map(MODEL_NAMES),
            "label": cells["delivery_model"].map(MARKS) + " " + cells["country"],
            "tip": [
                f"{names[row['business_unit']]}: {row['name']}, {row['owner']}, {row['country']}"
                for row in cells.to_dict("records")
            ],
        }
    )
    moved = int((~largest["is_as_is"].astype(bool)).sum())
    outside = say_share(float((largest["owner_type"] != "own").mean()))
    finding = f"{moved} of {len(largest)} processes move; {outside} are done by outside owners"
    if len(units) > MOST_UNITS:
        finding += f"; the {MOST_UNITS} units that save most are shown"
    return decision_map(cells.sort_values(["process_name", "unit"]), shown, finding)


def draw_owners(decision: GroupDecision) -> alt.Chart | Block:
    """Draw the share of the group's cash that each outside owner gets."""
    owners = list_owners(decision)
    if owners.empty:
        return say_block("No outside owner gets any of the group's work.")
    shares = owners.groupby("owner", sort=False)["share"].sum()
    finding = f"{shares.index[0]} gets {say_share(float(shares.iloc[0]))} of the group's cash"
    return owner_shares(owners.rename(columns={"business_unit": "unit"}), list(decision.plans), finding)


def draw_group_load(decision: GroupDecision) -> alt.LayerChart | alt.FacetChart | Block:
    """Draw the hours of own experts that the program takes by quarter."""
    load = list_load(decision)
    if load.empty:
        return say_block("Nothing moves, so the program takes no hours.")
    hours = load.groupby("quarter")["hours"].sum()
    rules = decision.group.case.rules
    own = rules[
        (rules["scope"] == GROUP)
        & (rules["for_each"] == QUARTER)
        & (rules["measure"] == "knowledge_transfer_hours")
        & (rules["where"] == "")
    ]
    limit = float(own["limit"].min()) if len(own) else None
    finding = (
        f"The program takes most in {hours.idxmax()}: {say_number(round(float(hours.max())))} hours of own experts"
    )
    return group_load(load.rename(columns={"business_unit": "unit"}), list(decision.plans), limit, finding)


def show_discounts(decision: GroupDecision) -> Block:
    """Show how joint discounts are split over units, by the Shapley value."""
    parts = list_discount_parts(decision)
    if parts.empty:
        return Block("", "")
    parts = parts[parts["volume"] > 0].sort_values(["provider", "part"], ascending=[True, False])
    columns = [
        Shown("provider", "Provider"),
        Shown("business_unit", "Unit"),
        Shown("volume", "Buys", "money"),
        Shown("part", "Its part of the discount", "money"),
    ]
    if (parts["error"] > 0).any():
        columns.append(Shown("error", "Standard error", "money"))
    told = "A part is what a unit adds to the discount on average over every order of units (Shapley value)."
    return say_block(told) + show_table(
        parts, columns, decision.group.currency, empty="No unit buys there, so there is nothing to split."
    )


def show_differences(decision: GroupDecision) -> Block:
    """Show the same process decided differently in two units, with the reason."""
    found, currency = list_differences(decision), decision.group.currency
    table = pd.DataFrame(
        {
            "process": [
                {"text": row["process_name"], "note": f"{row['unit']} and {row['other_unit']}"}
                for row in found.to_dict("records")
            ],
            "own": [f"{row['unit']}: {say_way(row['delivery_model'], row['owner'], row['where'])}"
                    for row in found.to_dict("records")],
            "other": [
                f"{row['other_unit']}: {say_way(row['other_delivery_model'], row['other_owner'], row['other_where'])}"
                for row in found.to_dict("records")
            ],
            "why": [f"{row['unit']} does not do as {row['other_unit']}: {say_cause(row, currency)}."
                    for row in found.to_dict("records")],
        }
    )  # fmt: skip
    columns = [
        Shown("process", "Process", "noted"),
        Shown("own", "Decided here"),
        Shown("other", "Decided there"),
        Shown("why", "Why", "prose"),
    ]
    # those first of which money can be told, the largest difference before smaller ones
    order = found["extra_cost"].abs().sort_values(ascending=False, na_position="last", kind="stable").index
    table = table.loc[order]
    return show_table(
        table.head(MOST_DIFFERENCES),
        columns,
        empty="Every process is decided alike wherever it occurs.",
        folded=table.iloc[MOST_DIFFERENCES:],
        folded_title=f"{max(len(table) - MOST_DIFFERENCES, 0)} more differences",
        is_stacked=True,
    )


def show_method(decision: GroupDecision) -> Block:
    """Show in which money and how the group was decided, what was left out, and what the saving leans on most."""
    group, joint = decision.group, decision.joint
    rates = [f"{name} {rate:.4g}" for name, rate in group.rates.items()]
    certified = (
        f"Plain arithmetic alone proves {say_share(joint.certified_gap)}."
        if joint.certified_gap < 1.0
        else "What each unit costs at least was proven by the solver, how that adds up and that every rule is kept by "
        "plain arithmetic."
    )
    distinct = any(str(measure).startswith(DISTINCT) for measure in group.rules["measure"])
    sentences = [
        f"Money is added up in {group.currency} at prices of {group.price_year}, at one rate for each unit: "
        f"{', '.join(rates)} {group.currency} for one of its own.",
        f"The gap to the best possible plan is {say_share(joint.gap)}, found in "
        f"{say_count(sum(joint.rounds), 'round')} of prices. {certified}",
        "Each unit keeps its own rules as well, and is decided at the mean of what may come, whatever its attitude to "
        "risk.",
        "A provider's discount on what all units buy takes the place of the discounts it gives single units.",
        "A move takes hours evenly from its start to go-live, in the calendar quarter in which the unit's quarter "
        "begins.",
    ]
    if decision.worst_tenth is not None:
        worst = decision.worst_tenth.map(lambda money: say_money(money, group.currency))
        sentences.append(
            f"In the worst tenth of futures cash and losses come to {worst.at['group', 'seen']} on average, to "
            f"{worst.at['today', 'seen']} today and {worst.at['alone', 'seen']} with each unit by itself; in as many "
            f"futures that the choice has not seen to {worst.at['group', 'fresh']}. What bears the same name moves "
            "together in all units (an exchange rate, an owner, a country, a process), which is the careful end."
        )
    if distinct:
        sentences.append("Owners in use are counted by name over all units.")
    return say_block(*sentences, say_group_weakest(decision))


def list_unit_rows(decision: GroupDecision, business_unit: str = "") -> Block:
    """List what one unit, or every one, decides otherwise than it would by itself, folded."""
    table = list_decisions(decision)
    table = table.assign(
        way=[say_way(row["delivery_model"], row["owner"], row["country"]) for row in table.to_dict("records")],
        alone=[
            say_way(row["alone_delivery_model"], row["alone_owner"], row["alone_country"])
            for row in table.to_dict("records")
        ],
    )
    changed = table[table["is_changed"] & (table["business_unit"].isin([business_unit]) | (business_unit == ""))]
    columns = [
        Shown("business_unit", "Unit"),
        Shown("process_name", "Process"),
        Shown("way", "In the group's plan"),
        Shown("alone", "By itself"),
        Shown("cash_cost", "Cash", "money"),
    ]
    count = say_count(len(changed), "decision")
    return fold_table(changed, columns, f"{count} that differ from what the unit would decide by itself",
                      decision.group.currency, is_stacked=True)  # fmt: skip
