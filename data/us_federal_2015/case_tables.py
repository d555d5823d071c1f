"""Options, scores, rules and vetoes of the case."""

from __future__ import annotations

import numpy as np
import pandas as pd
from us_federal_2015.bridge import ABROAD, MOVES, read_reference

SOURCES = {
    "contracted": "GSA FY2015 inventory: amount invoiced; measured",
    "in_house": "BLS wage x government load factor + A-76 overhead; Army non-labor share; "
    "transition assumed (bridge.csv)",
    "shared_service": "as in-house with an assumed productivity gain; transition assumed (bridge.csv)",
    "retendered": "half-way to the Army's FY2014-15 price of the code; share and transition assumed (bridge.csv)",
    "offshore_captive": "as in-house at the wage ratio of average earnings; losses assumed; "
    "shown only to price the bar",
}


def build_options(table: pd.DataFrame, bridge: pd.DataFrame) -> pd.DataFrame:
    """Return the options of every process."""
    factor = bridge["value"].astype(float)
    frames = []
    for option in ["contracted", *MOVES]:
        offered = table[table[option].notna()]
        frame = offered[["business_unit", "process"]].assign(option=option)
        priced = option in ("contracted", "retendered")
        frame["name"] = {
            "contracted": "As contracted",
            "in_house": "In-house",
            "shared_service": "Shared-service site",
            "retendered": "Re-tendered",
            "offshore_captive": "Own site abroad",
        }[option]
        frame["delivery_model"] = {
            "in_house": "in_house",
            "shared_service": "onshore",
            "offshore_captive": "offshore",
        }.get(option, "outsource")
        frame["owner_type"] = "provider" if priced else "own"
        frame["owner"] = {"contracted": "incumbent contractors", "retendered": "market provider"}.get(option, "own")
        frame["location"] = {"shared_service": "shared_center", "offshore_captive": ABROAD}.get(option, "present_site")
        fixed = offered["fixed_price_share"] >= 0.5
        frame["contract_form"] = np.where(fixed, "fixed_price", "time_and_materials") if priced else "none"
        gain = {
            "shared_service": 1 + factor["shared_productivity_gain"],
            "offshore_captive": 1 - factor["offshore_productivity_loss"],
        }.get(option, 1.0)
        wage = factor["offshore_wage_ratio"] if option == "offshore_captive" else 1.0
        frame["productivity"] = 1.0 if priced else round(factor["employee_productivity"] * gain, 4)
        frame["labor_cost_per_fte"] = 0.0 if priced else (offered["labor_cost_per_fte"] * wage).round(0)
        frame["overhead_share"] = 0.0 if priced else factor["overhead_share"]
        frame["non_labor_cost_per_year"] = 0.0 if priced else offered["non_labor"]
        frame["price_per_year"] = offered[option].round(0) if priced else 0.0
        share, months, ramp, start = MOVES.get(option, (0.0, 0, 0, 1.0))
        frame["transition_cost"] = (offered[option] * share).round(0)
        frame["transition_months"], frame["ramp_months"], frame["start_productivity"] = months, ramp, start
        frame["source"] = SOURCES[option]
        frames.append(frame)
    return pd.concat(frames).sort_values(["business_unit", "process"], kind="stable").set_index("business_unit")


def build_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return one score per process and criterion with its evidence; a missing figure gives an empty score."""
    market = read_reference("service_markets").set_index("service_code").reindex(table["service_code"])
    trait = read_reference("occupations").set_index("soc").reindex(table["occupation"])
    market.index = trait.index = table.index
    counted = market["actions"].map(lambda n: f"{n:.0f} actions", na_action="ignore")
    onet = "O*NET, occupation " + table["occupation"]
    inventory = "GSA FY2015 inventory, code " + table["service_code"] + ": "
    here = (
        "GSA FY2015 inventory, this function: USD "
        + table["invoiced_usd"].map("{:,.0f}".format)
        + " in "
        + table["contract_actions"].map("{} action(s)".format)
    )
    depth = market["providers"].map("{:.0f} provider(s) in ".format, na_action="ignore") + counted
    scores = {
        "market_depth": (np.log10(market["providers"]).clip(upper=2).round(3), inventory + depth),
        "competition": (market["competed_share"], inventory + counted),
        "concentration": (market["hhi"], inventory + depth),
        "repetition": (trait["repetition"], onet),
        "freedom": (trait["freedom"], onet),
        "automation": (trait["degree_of_automation"], onet),
        "closely_associated": (table["closely_associated_share"], here),
        "closely_associated_code": (market["closely_associated_share"], inventory + counted),
        "preparation": (trait["job_zone"], onet),
        "critical_function": (table["critical_share"], here),
        "critical_function_code": (market["critical_share"], inventory + counted),
        "exactness": (trait["exactness"], onet),
        "fixed_price_share": (table["fixed_price_share"], here),
    }
    frames = [
        pd.DataFrame(
            {
                "business_unit": table["business_unit"],
                "process": table["process"],
                "criterion": criterion,
                "assessor": "reference",
                "score": score,
                "evidence": evidence.fillna(inventory + "not in the inventory by code"),
            }
        )
        for criterion, (score, evidence) in scores.items()
    ]
    return pd.concat(frames).sort_values(["business_unit", "process"], kind="stable").set_index("business_unit")


def build_rules(table: pd.DataFrame) -> pd.DataFrame:
    """Return the policy limits; every limit is assumed."""
    rows = []
    for unit, part in table.groupby("business_unit"):
        spend, people = part["price_per_year"].sum(), part["headcount_fte"].sum()
        rows += [
            (
                "Own staff are at least a fifth of the people",
                unit,
                "own_fte",
                "",
                ">=",
                0.2,
                "fte",
                "",
                0.01,
                1,
                "Capability to oversee contractors must stay inside (OFPP Policy Letter 11-01 asks for "
                "sufficient internal "
                "capability); the share is assumed",
                "chief human capital officer",
            ),
            (
                "Outside owners take at most 75 % of the cash",
                unit,
                "cash_cost",
                "owner_type != 'own'",
                "<=",
                0.75,
                "cash_cost",
                "",
                0.01,
                2,
                "Over-reliance on contractors is to be avoided (OMB M-09-26); the share is assumed",
                "chief acquisition officer",
            ),
            (
                "One-off spending stays within the budget",
                unit,
                "one_off_cost",
                "",
                "<=",
                round(spend * 0.05, -4),
                "",
                "",
                10000,
                4,
                "5 % of a year's contract spending; assumed",
                "chief financial officer",
            ),
            (
                "At most 40 % of the people are brought in",
                unit,
                "moved_fte",
                "owner_type == 'own'",
                "<=",
                float(np.ceil(people * 0.4)),
                "",
                "",
                1,
                3,
                "Counts contractor FTE whose work comes in; hires are about 18 % more. "
                "What the unit can take up; assumed",
                "chief operating officer",
            ),
            (
                "The shared site takes at most a quarter of the people",
                unit,
                "fte",
                "location == 'shared_center'",
                "<=",
                0.25,
                "fte",
                "",
                0.01,
                4,
                "Room at the shared-service center; assumed",
                "chief operating officer",
            ),
        ]
    columns = [
        "rule",
        "business_unit",
        "measure",
        "where",
        "sense",
        "limit",
        "relative_to",
        "for_each",
        "step",
        "priority",
        "reason",
        "owner",
    ]
    return pd.DataFrame(rows, columns=columns).set_index("rule")


def build_vetoes() -> pd.DataFrame:
    """Return the bars that hold for every unit."""
    reason = (
        "treated as barred in this case because government data and labor rules make work abroad "
        "exceptional; "
        "agency policies differ, so this is the case owner's assumption, not a finding of law"
    )
    rows = [
        ("no_offshore", "offshore", "", "own", f"Own sites abroad are {reason}", "chief acquisition officer"),
        (
            "no_work_abroad",
            "",
            "yes",
            "own",
            f"Work abroad, whoever does it, is {reason}",
            "chief acquisition officer",
        ),
    ]
    return pd.DataFrame(
        rows, columns=["veto", "delivery_model", "is_abroad", "reason_code", "reason", "owner"]
    ).set_index("veto")
