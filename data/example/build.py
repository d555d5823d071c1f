"""Make the fictional group of `data/example` from the catalog and the real figures of `data/reference`.

Run `python data/example/build.py`. Everything drawn at random comes from one seed: the same call gives the same bytes.
What is real: wages by occupation, earnings by country, exchange rates, load factors. What is invented: the companies,
their sizes, their scores, the providers, prices and contracts. `rules.csv`, `vetoes.csv`, `orders.csv`, `policy.csv`,
`signoffs.csv`, `scenarios.csv` and `governance.csv` are kept by hand.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "reference"
PRICE_YEAR, SEED = 2021, 20211
UNITS = [
    # unit, name, country, currency, employees, site abroad, horizon, discount rate
    ("retail", "Northgate Stores (fictional)", "USA", "USD", 9000, "MEX", 5, 0.06),
    ("utility", "Rheinfeld Energie (fictional)", "DEU", "EUR", 4200, "POL", 7, 0.05),
    ("telecom", "Austral Link (fictional)", "AUS", "AUD", 5200, "PHL", 5, 0.065),
    ("bank", "Lakeside Bank (fictional)", "CHE", "CHF", 2600, "POL", 6, 0.035),
    ("health", "Greenholm Hospitals (fictional)", "IRL", "EUR", 3400, "PRT", 5, 0.045),
    ("manufacturing", "Kaapstad Machine Works (fictional)", "ZAF", "ZAR", 3100, "IND", 8, 0.1),
]
SHARED_TIERS = ((25_000_000.0, 0.02), (45_000_000.0, 0.04))
"""Discounts of one provider on what all units together buy: present value of prices in group currency, and share."""
PROVIDERS = [
    # provider, abroad, productivity, margin, pay over the unit's in the same country
    ("Brightline Services", False, 1.08, 0.1, 0.95),
    ("Caldera Operations", False, 1.14, 0.13, 0.95),
    ("Orchid Global", True, 0.92, 0.12, 1.1),
]
LOAD, OVERHEAD = 1.4194, 0.12
NON_LABOR = 0.06
"""Licenses, materials and travel, as a share of own labor and overhead; the same whoever does the work."""
FILLING = HERE.parents[1] / "sourcing" / "case" / "filling"
CONTRACTS = {
    "Finance": "per_transaction",
    "Customer accounts": "per_transaction",
    "Information technology": "fixed_price",
}
POOL_OF = dict.fromkeys(("payroll", "accounts_receivable", "accounts_payable", "general_ledger"), "finance_system")
CRITERIA = FILLING / "criteria.csv"
PLACE_BOUND = tuple(pd.read_csv(FILLING / "place_bound.csv", dtype=str)["occupations"])
DONE_AT_A_DESK = {"medical_coding"}
"""Processes whose occupation is of a group that works on the spot, and that are done from anywhere."""
COMPETITORS = {("telecom", "Orchid Global"): "sells customer service to the public under its own brand"}
SERVE_RIVALS = {("bank", "Caldera Operations"): "runs the back office of another private bank"}
SITUATION = {
    # unit: answers of executive commitment, purpose, office, information, skills, service levels
    "retail": (4, 4, 3, 3, 4, 3),
    "utility": (4, 3, 4, 4, 5, 4),
    "telecom": (5, 4, 4, 3, 3, 4),
    "bank": (4, 5, 4, 4, 5, 5),
    "health": (2, 3, 1, 2, 4, 2),
    "manufacturing": (4, 3, 2, 3, 4, 2),
}
QUESTIONS = ("executive_commitment", "purpose_beyond_cost", "program_office", "information_to_provider",
             "retained_skills", "service_levels")  # fmt: skip
PARTNERS = {
    # owner: character on phases, improvement, behavior, finances, stake, handling of conflicts
    "Brightline Services": (0.5, 0.5, 0.75, 0.5, 0.75, 0.75),
    "Caldera Operations": (1.0, 0.75, 0.75, 0.75, 0.5, 0.5),
    "Orchid Global": (0.5, 0.25, 0.5, 1.0, 0.25, 0.25),
    "Tallgrass Partners": (0.25, 0.25, 0.5, 0.25, 0.5, 0.75),
}
ROLES = {"process owner": 0.25, "finance": 0.35, "procurement": 0.3}
INDEX_COLUMN = {
    "commoditization": "commoditization",
    "core_competency": "core",
    "criticality": "criticality",
    "process_readiness": "readiness",
    "own_capability": "capability",
}
ASKED = {
    "commoditization": ("process owner", "procurement"),
    "core_competency": ("process owner", "finance"),
    "criticality": ("process owner", "finance"),
    "process_readiness": ("process owner",),
    "own_capability": ("process owner", "procurement"),
}


class Figures:
    """The real figures the group is made of."""

    def __init__(self) -> None:
        self.wage = pd.read_csv(REFERENCE / "occupations.csv").set_index("soc")["wage_mean"]
        countries = pd.read_csv(REFERENCE / "countries.csv", keep_default_na=False, na_values=[""]).set_index("country")
        earnings = countries["earnings_usd_per_month"] / countries.loc["USA", "earnings_usd_per_month"]
        self.level = pd.concat([earnings, read_floors(earnings.index)], axis=1).max(axis=1)
        rates = pd.read_csv(REFERENCE / "exchange_rates.csv")
        self.rate = rates[rates["year"] == PRICE_YEAR].set_index("currency")["lcu_per_usd"]

    def price_fte(self, occupation: str, country: str, currency: str) -> float:
        """Wages and benefits of one full-time equivalent: US wage x load x earnings ratio x exchange rate."""
        rate = 1.0 if currency == "USD" else float(self.rate[currency])
        return float(self.wage[occupation]) * LOAD * self.compare(country, "USA") * rate

    def compare(self, country: str, base: str) -> float:
        """Level of labor cost of a country over that of another."""
        return float(self.level[country]) / float(self.level[base])


NAMES = {"MEX": "Mexico", "POL": "Poland", "PRT": "Portugal", "IND": "India", "PHL": "Philippines"}
"""Sites abroad by name."""


def read_floors(countries: pd.Index) -> pd.Series:
    """Least level of labor cost by country, over that of the United States: the floors of the suite's own defaults.

    Published costs of own centers and prices of providers, each with its source in `by_country.csv`; average earnings
    are no guide below them where much work is informal.
    """
    by_country = pd.read_csv(FILLING / "by_country.csv").query("figure == 'wage_floor'").set_index("country")["value"]
    for_all = pd.read_csv(FILLING / "assumed.csv").set_index("figure").at["least_wage_ratio", "value"]
    return by_country.reindex(countries).fillna(for_all)


def round_figure(amount: float, digits: int = 3) -> float:
    """Round to significant digits, as people write figures."""
    if amount == 0:
        return 0.0
    return round(amount, digits - 1 - math.floor(math.log10(abs(amount))))


def pick_processes(catalog: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Processes of a unit: those of every unit and its own."""
    own = catalog["units"].map(lambda text: text == "all" or unit in text.split(","))
    return catalog[own]


def build_tables() -> dict[str, pd.DataFrame]:
    """Build every table of the case."""
    catalog = pd.read_csv(HERE / "catalog.csv", keep_default_na=False)
    for column in (*INDEX_COLUMN.values(), "fte_per_1000", "volume_per_fte", "contact"):
        catalog[column] = pd.to_numeric(catalog[column].replace("", "0"))
    figures, random = Figures(), np.random.default_rng(SEED)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("processes", "options", "deals", "scores", "links")}
    for unit in UNITS:
        add_unit(rows, pick_processes(catalog, unit[0]), unit, figures, random)
    tables = {name: pd.DataFrame(each) for name, each in rows.items()}
    tables["units"] = list_units()
    tables["locations"] = list_locations()
    tables["handoff_costs"] = list_handoff_costs(tables, figures)
    tables["providers"], tables["price_tiers"] = list_terms(tables)
    tables["cost_pools"] = list_pools(tables)
    tables["calendar"] = list_calendar(tables)
    random = np.random.default_rng(SEED + 1)
    tables["scores"] = add_earlier_scores(tables["scores"], random)
    tables["pairwise"], tables["weights"] = list_weighings()
    tables["provider_scores"] = list_partners(tables, random)
    tables["readiness"] = list_answers()
    tables["criteria"] = pd.read_csv(CRITERIA, keep_default_na=False)
    return add_business_terms(tables)


def add_earlier_scores(scores: pd.DataFrame, random: Any) -> pd.DataFrame:
    """Scores of the review a year before: most as now, one in fifty two points off."""
    now = pd.to_numeric(scores["score"])
    off = np.where(random.random(len(scores)) < 0.02, random.choice([-2, 2], len(scores)), 0)
    earlier = (now + off).clip(1, 5)
    return scores.assign(earlier_score=[int(each) if each == each else "" for each in earlier])


def list_weighings() -> tuple[pd.DataFrame, pd.DataFrame]:
    """How the group's roles weigh criteria: finance compares pairs with two gaps, strategy the best and the worst.

    Procurement swings the criteria of commoditization. Finance contradicts itself once, on rarity.
    """
    core = ["customer_value", "rarity", "hard_to_imitate", "embeddedness"]
    pairs = [
        ("finance", core[0], core[1], 3, "eigenvector"), ("finance", core[0], core[2], 2, "eigenvector"),
        ("finance", core[1], core[2], 2, "eigenvector"), ("finance", core[2], core[3], 3, "eigenvector"),
        ("strategy", core[0], core[1], 2, "best_worst"), ("strategy", core[0], core[2], 3, "best_worst"),
        ("strategy", core[0], core[3], 6, "best_worst"), ("strategy", core[1], core[3], 3, "best_worst"),
        ("strategy", core[2], core[3], 2, "best_worst"),
    ]  # fmt: skip
    swings = {"standard_exists": 100, "supplier_market": 90, "technology_maturity": 40, "codifiability": 80,
              "price_transparency": 50, "routineness": 50, "diminishing_return": 30}  # fmt: skip
    compared = pd.DataFrame(pairs, columns=["assessor", "criterion_a", "criterion_b", "ratio", "method"])
    swung = pd.DataFrame({"criterion": list(swings), "assessor": "procurement", "points": list(swings.values())})
    return compared, swung.assign(method="swing")


def list_partners(tables: dict[str, pd.DataFrame], random: Any) -> pd.DataFrame:
    """Two roles score each outside owner of a unit as a partner, around its character."""
    criteria = pd.read_csv(CRITERIA).query("index == 'partnership'")["criterion"].tolist()
    owners = tables["options"].query("owner in @PARTNERS")[["business_unit", "owner"]].drop_duplicates()
    rows = [
        {
            "business_unit": unit,
            "provider": owner,
            "criterion": criterion,
            "assessor": role,
            "score": int(np.clip(round(1 + 4 * truth + random.normal(0, 0.5)), 1, 5)),
            "evidence": f"reference calls {PRICE_YEAR}",
        }
        for unit, owner in owners.itertuples(index=False)
        for criterion, truth in zip(criteria, PARTNERS[owner], strict=True)
        for role in ("procurement", "process owner")
    ]
    return pd.DataFrame(rows)


def list_answers() -> pd.DataFrame:
    """Answers of each unit's leadership to the situational assessment; two units name what they will do."""
    doing = {
        ("health", "executive_commitment"): ("The board names a sponsor who stays through the first contract year.",
                                             "chief executive", "2021-06-30"),
        ("health", "program_office"): ("A program office of three is set up.", "head of operations", "2021-09-30"),
        ("manufacturing", "program_office"): ("The project office takes sourcing on.", "head of finance", "2021-12-31"),
    }  # fmt: skip
    rows = []
    for unit, scores in SITUATION.items():
        for question, score in zip(QUESTIONS, scores, strict=True):
            action, owner, due = doing.get((unit, question), ("", "", ""))
            rows.append(
                {"business_unit": unit, "question": question, "assessor": "leadership", "score": score,
                 "evidence": f"interviews {PRICE_YEAR}", "action": action, "owner": owner, "due": due}
            )  # fmt: skip
    return pd.DataFrame(rows)


def list_units() -> pd.DataFrame:
    """The six units."""
    return pd.DataFrame(
        [
            {
                "business_unit": unit,
                "name": name,
                "home_country": country,
                "currency": currency,
                "price_year": PRICE_YEAR,
                "discount_rate": rate,
                "inflation_rate": 0.05 if country == "ZAF" else 0.02,
                "horizon_years": years,
                "author": "sourcing office (fictional)",
                "decided_by": "executive board (fictional)",
            }
            for unit, name, country, currency, _, _, years, rate in UNITS
        ]
    )


def list_locations() -> pd.DataFrame:
    """Head offices, shared centers at home and sites abroad."""
    sites = [
        {"location": f"{unit}_{kind}", "name": label, "country": where}
        for unit, _, country, _, _, abroad, _, _ in UNITS
        for kind, label, where in (
            ("head_office", "Head office", country),
            ("center", "Shared-service center", country),
            ("abroad", f"Own center in {NAMES[abroad]}", abroad),
        )
    ]
    return pd.DataFrame(sites)


def add_unit(rows: dict[str, list], processes: pd.DataFrame, unit: tuple, figures: Figures, random: Any) -> None:
    """Add a unit's processes, options, deals, scores and links."""
    name, _, country, currency, employees, abroad, _, _ = unit
    contact = processes["contact"] / processes["contact"].sum()
    for process, share in zip(processes.to_dict("records"), contact, strict=True):
        heads = round_figure(process["fte_per_1000"] * employees / 1000 * random.lognormal(0, 0.18), 2)
        share_left = random.random()
        is_outside = process["core"] < 0.3 and process["commoditization"] >= 0.7 and random.random() < 0.35
        rows["processes"].append(
            {
                "business_unit": name,
                "process": process["process"],
                "name": process["name"],
                "parent_process": process["parent_process"],
                "function": process["function"],
                "service_code": process["service_code"],
                "occupation": process["occupation"],
                "volume_per_year": round_figure(heads * process["volume_per_fte"], 2) or "",
                "volume_unit": process["volume_unit"],
                "headcount_fte": heads,
                "customer_contact_share": round(share, 3),
                "sold_to_customers": "yes" if process["sold"] == "yes" else "no",
                "data_class": process["data_class"],
                "is_place_bound": "no" if process["process"] in DONE_AT_A_DESK else "",
                "avoidable_share": 1 if is_outside else round(0.85 + 0.15 * share_left, 2),
                "cost_pool": POOL_OF.get(process["process"], ""),
                "divisible": "yes"
                if process["process"] == "customer_service" and name in ("retail", "telecom")
                else "no",
                "as_is_option": "incumbent" if is_outside else "stay",
                "benefit_owner": f"head of {process['function']}",
            }
        )
        wage = figures.price_fte(process["occupation"], country, currency)
        far = wage * figures.compare(abroad, country)
        rows["options"] += list_options(name, country, abroad, process, heads, wage, far, is_outside, random)
        if is_outside:
            rows["deals"].append(make_deal(name, process, heads, wage, random))
        rows["scores"] += list_scores(name, process, random)
    chain = [
        ("customer_service", "billing"),
        ("customer_service", "complaints"),
        ("billing", "collections"),
        ("customer_relationship", "customer_service"),
        ("accounts_receivable", "collections"),
        ("help_desk", "servers"),
        ("servers", "network"),
    ]
    have = set(processes["process"])
    rows["links"] += [
        {
            "business_unit": name,
            "process_a": a,
            "process_b": b,
            "traffic": round_figure(employees * random.uniform(0.2, 0.9), 2),
        }
        for a, b in chain
        if {a, b} <= have
    ]


def list_options(
    unit: str,
    country: str,
    abroad: str,
    process: dict,
    heads: float,
    wage: float,
    far: float,
    is_outside: bool,
    random: Any,
) -> list[dict[str, Any]]:
    """Options of a process: in-house as it is, improved in place, shared center, own site abroad, providers."""
    base = {"business_unit": unit, "process": process["process"]}
    run = heads * wage * (1 + OVERHEAD)
    ready = process["readiness"]

    def own(option: str, label: str, model: str, site: str, pay: float, productivity: float, **more: Any) -> dict:
        return {
            **base,
            "option": option,
            "name": label,
            "delivery_model": model,
            "owner_type": "own",
            "owner": "own",
            "location": f"{unit}_{site}",
            "contract_form": "none",
            "productivity": productivity,
            "labor_cost_per_fte": round_figure(pay),
            "overhead_share": OVERHEAD,
            "non_labor_cost_per_year": round_figure(NON_LABOR * run),
            "price_per_year": "",
            **more,
        }

    def move(share: float, months: int) -> dict[str, float]:
        return {
            "transition_cost": round_figure(share * run),
            "transition_months": months,
            "knowledge_transfer_hours": round_figure(heads * 40 * (1.5 - ready), 2),
        }

    options = [own("stay", "In-house", "in_house", "head_office", wage, 1.0, **(move(0.12, 6) if is_outside else {}))]
    if ready < 0.7:
        options.append(
            own(
                "improve",
                "In-house, standardized",
                "in_house",
                "head_office",
                wage,
                round(1 + 0.25 * (0.9 - ready) + 0.05 * random.random(), 2),
                investment=round_figure(0.18 * run),
                **move(0.03, 6),
            )
        )
    can_move = process["core"] < 0.75 and process["process"] not in {
        "cleaning",
        "guards",
        "field_service",
        "clinical_care",
        "assembly",
        "catering",
        "last_mile",
        "warehouse",
        "plant_maintenance",
        "site_maintenance",
        "facilities",
    }
    if can_move:
        options.append(
            own(
                "shared",
                "Shared-service center",
                "onshore",
                "center",
                0.94 * wage,
                1.08,
                ramp_months=6,
                start_productivity=0.7,
                **move(0.15, 9),
            )
        )
        options.append(
            own(
                "captive",
                f"Own center in {NAMES[abroad]}",
                "offshore",
                "abroad",
                1.15 * far,
                0.85,
                ramp_months=9,
                start_productivity=0.6,
                **move(0.22, 12),
            )
        )
    for provider, is_abroad, productivity, margin, pay in PROVIDERS:
        if is_abroad and not can_move:
            continue
        staffed = heads / productivity * pay * (far if is_abroad else wage) * (1 + OVERHEAD)
        cost = (staffed + NON_LABOR * run) * (1 + margin)
        price = round_figure(cost * random.uniform(0.96, 1.06))
        options.append(
            {
                **base,
                "option": provider.split()[0].lower(),
                "name": provider,
                "delivery_model": "outsource",
                "owner_type": "provider",
                "owner": provider,
                "location": abroad if is_abroad else country,
                "contract_form": CONTRACTS.get(process["function"], "time_and_materials"),
                "productivity": productivity,
                "labor_cost_per_fte": "",
                "price_per_year": price,
                **move(0.16 if is_abroad else 0.1, 9 if is_abroad else 6),
            }
        )
    if process["core"] >= 0.5 and process["capability"] < 0.5:
        options.append(
            {
                **base,
                "option": "joint_venture",
                "name": "Joint venture with Caldera Operations",
                "delivery_model": "outsource",
                "owner_type": "joint_venture",
                "owner": "Caldera joint venture",
                "location": country,
                "contract_form": "joint_venture",
                "productivity": 1.1,
                "price_per_year": round_figure(1.05 * run),
                **move(0.14, 9),
            }
        )
    if is_outside:
        options.append(
            {
                **base,
                "option": "incumbent",
                "name": "Tallgrass Partners (today)",
                "delivery_model": "outsource",
                "owner_type": "provider",
                "owner": "Tallgrass Partners",
                "location": country,
                "contract_form": "fixed_price",
                "price_per_year": round_figure(run * random.uniform(0.93, 1.12)),
            }
        )
    is_bound = process["process"] not in DONE_AT_A_DESK and process["occupation"].startswith(PLACE_BOUND)
    return [row for row in options if not (is_bound and row["location"] in (abroad, f"{unit}_abroad"))]


def make_deal(unit: str, process: dict, heads: float, wage: float, random: Any) -> dict[str, Any]:
    """A running contract of work that is outside already."""
    run = heads * wage * (1 + OVERHEAD)
    return {
        "business_unit": unit,
        "process": process["process"],
        "deal": f"Tallgrass {process['name'].lower()}",
        "months_left": int(random.integers(3, 40)),
        "break_fee": round_figure(run * random.uniform(0.1, 0.4)),
        "minimum_per_year": round_figure(run * 0.5),
        "retender_price_per_year": round_figure(run * random.uniform(0.9, 1.05)),
    }


def list_scores(unit: str, process: dict, random: Any) -> list[dict[str, Any]]:
    """Scores of several assessors around the process's character; one in fourteen is missing."""
    criteria = pd.read_csv(CRITERIA).query("index in @INDEX_COLUMN")
    rows = []
    for criterion in criteria.to_dict("records"):
        truth = process[INDEX_COLUMN[criterion["index"]]]
        truth = 1 - truth if criterion["direction"] == "down" else truth
        for role in ASKED[criterion["index"]]:
            point = np.clip(truth + random.normal(0, ROLES[role] * 0.5), 0, 1)
            missing = random.random() < 1 / 14
            score = round(1 + 4 * point)
            rows.append(
                {
                    "business_unit": unit,
                    "process": process["process"],
                    "criterion": criterion["criterion"],
                    "assessor": role,
                    "score": "" if missing else score,
                    "evidence": "" if missing or random.random() < 0.4 else f"review {PRICE_YEAR}",
                }
            )
    return rows


def list_handoff_costs(tables: dict[str, pd.DataFrame], figures: Figures) -> pd.DataFrame:
    """Cost of a yearly hand-off over the horizon between every two places of a unit's linked processes.

    Nothing within a place; the worth of 40 dollars between sites of one owner, 60 between owners, 90 over a border.
    """
    options = tables["options"].assign(place=tables["options"]["owner"] + "@" + tables["options"]["location"])
    country = tables["locations"].set_index("location")["country"].to_dict()
    currency = tables["units"].set_index("business_unit")["currency"]
    costs: dict[tuple[str, str], float] = {}
    for link in tables["links"].to_dict("records"):
        unit = link["business_unit"]
        rate = 1.0 if currency[unit] == "USD" else float(figures.rate[currency[unit]])
        own = options[options["business_unit"] == unit]
        ends = [sorted(set(own.loc[own["process"] == link[end], "place"])) for end in ("process_a", "process_b")]
        for pair in {tuple(sorted((a, b))) for a in ends[0] for b in ends[1] if a != b}:
            (owner_a, site_a), (owner_b, site_b) = (place.split("@") for place in pair)
            crosses = country.get(site_a, site_a) != country.get(site_b, site_b)
            costs[pair] = round_figure(rate * (90 if crosses else 40 if owner_a == owner_b else 60), 2)
    return pd.DataFrame([{"place_a": a, "place_b": b, "cost": cost} for (a, b), cost in sorted(costs.items())])


def list_terms(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Terms of the providers: a fixed cost per unit, a capacity, and a discount on volume at the first of them."""
    processes, options = tables["processes"], tables["options"]
    people = processes.groupby("business_unit")["headcount_fte"].sum()
    prices = options[options["owner_type"] == "provider"].assign(price=lambda t: pd.to_numeric(t["price_per_year"]))
    mean = prices.groupby("business_unit")["price"].mean()
    providers = [
        {
            "business_unit": unit,
            "provider": provider,
            "fixed_cost_per_year": round_figure(0.06 * mean[unit], 2),
            "capacity_fte": round_figure(0.3 * people[unit], 2),
            "labor_cost_ratio": pay,
            "competes_with_us": "yes" if (unit, provider) in COMPETITORS else "no",
            "serves_rival": "yes" if (unit, provider) in SERVE_RIVALS else "no",
            "conflict_source": {**COMPETITORS, **SERVE_RIVALS}.get((unit, provider), ""),
        }
        for unit in people.index
        for provider, _, _, _, pay in PROVIDERS
    ]
    tiers = [
        {
            "business_unit": unit,
            "provider": PROVIDERS[0][0],
            "threshold": round_figure(factor * mean[unit], 2),
            "discount_share": share,
            "kind": "incremental" if unit == "bank" else "all_units",
        }
        for unit in people.index
        for factor, share in ((15, 0.02), (40, 0.05))
    ]
    tiers += [
        {"business_unit": "", "provider": PROVIDERS[2][0], "threshold": threshold, "discount_share": share,
         "kind": "all_units"}
        for threshold, share in SHARED_TIERS
    ]  # fmt: skip
    return pd.DataFrame(providers), pd.DataFrame(tiers)


def list_pools(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The finance system of each unit: a shared cost that ends when its last user has left."""
    options = tables["options"]
    stay = options[(options["option"] == "stay") & options["process"].isin(POOL_OF)]
    yearly = stay["non_labor_cost_per_year"].groupby(stay["business_unit"]).sum()
    return pd.DataFrame(
        [
            {"business_unit": unit, "pool": "finance_system", "cost_per_year": round_figure(3 * cost, 2)}
            for unit, cost in yearly.items()
        ]
    )


def list_calendar(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Two units move in waves: hours of their experts are short, and one wave is blacked out."""
    people = tables["processes"].groupby("business_unit")["headcount_fte"].sum()
    starts = ("2021-01-01", "2021-07-01", "2022-01-01")
    return pd.DataFrame(
        [
            {
                "business_unit": unit,
                "wave": wave,
                "start": start,
                "knowledge_transfer_hours": round_figure(6 * people[unit], 2),
                "blackout": "yes" if (unit, wave) == ("health", 2) else "no",
            }
            for unit in ("telecom", "health")
            for wave, start in enumerate(starts, start=1)
        ]
    )


LEVELS = {
    # option: availability, responses in seconds, registrations a day
    "stay": (0.9985, 0.6, 3600), "improve": (0.999, 0.5, 4200), "shared": (0.9988, 0.6, 4200),
    "captive": (0.997, 0.9, 4200), "brightline": (0.9992, 0.5, 6000), "caldera": (0.9995, 0.4, 9000),
    "orchid": (0.9965, 1.1, 6000), "incumbent": (0.9985, 0.6, 3600), "joint_venture": (0.999, 0.5, 6000),
}  # fmt: skip
SHOP = ("servers", "network", "content_hosting")
ANSWERED = {"stay": 0.97, "improve": 0.98, "shared": 0.96, "captive": 0.93, "brightline": 0.975, "caldera": 0.985,
            "orchid": 0.92, "incumbent": 0.97, "joint_venture": 0.98}  # fmt: skip
DESKS = ("customer_service", "complaints")
"""Two desks that stand in for one another where calls are to be answered."""


def add_business_terms(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give one unit, retail, the further tables of the business case; nothing here is drawn at random."""
    options, own = tables["options"].copy(), {"business_unit": "retail"}
    retail = options["business_unit"] == "retail"
    options["contract"] = ""
    options.loc[retail & options["owner"].isin([PROVIDERS[0][0], PROVIDERS[1][0]]), "contract"] = "frame"
    options.loc[retail & (options["owner_type"] == "joint_venture"), "contract"] = "venture"
    told = retail & (options["process"] == "customer_service") & (options["option"] == "brightline")
    moved = float(pd.to_numeric(options.loc[told, "transition_cost"]).sum())
    options.loc[told, "transition_cost"] = np.nan
    options["peak_cover"] = np.where(told, "priced", "")
    contracts = [
        {**own, "contract": "frame", "term_months": 36, "retender_price_ratio": 1.04, "tender_cost": 15000,
         "hand_back_cost": 8000, "indexation_share": 0.8, "gain_share": 0.6, "penalty_rate": 0.02,
         "penalty_cap_share": 0.1, "subcontracted_share": 0.2, "flow_down_share": 0.5, "break_notice_months": 6,
         "break_fee_share": 0.1, "source": "fictional"},
        {**own, "contract": "venture", "profit_share": 0.4, "source": "fictional"},
    ]  # fmt: skip
    causes = {"knowledge_transfer_cost": 0.4, "travel_cost": 0.05, "training_cost": 0.15, "set_up_cost": 0.2}
    transitions = [
        {**own, "process": "customer_service", "option": "brightline",
         **{name: round_figure(share * moved, 2) for name, share in causes.items()},
         "parallel_months": 1, "severed_share": 0.3, "severance_months": 3, "service_dip_share": 0.05,
         "service_dip_months": 3}
    ]  # fmt: skip
    heads = tables["processes"].query("business_unit == 'retail' and process == 'customer_service'")["headcount_fte"]
    capacity = [
        {**own, "process": "customer_service", "peak_to_average": 1.4, "peak_months": 2, "peak_premium": 0.15,
         "calls_per_hour": round_figure(float(heads.iloc[0]) * 4.5, 2), "handling_minutes": 6, "answer_seconds": 20,
         "open_hours_per_week": 60}
    ]  # fmt: skip
    services = [{**own, "service": "shop", "name": "Registrations in the shop", "availability": 0.997,
                 "throughput_per_day": 3000, "response_seconds": 2, "source": "fictional"},
                {**own, "service": "answers", "name": "Customers' calls answered", "availability": 0.9945,
                 "source": "fictional"}]  # fmt: skip
    parts = [{**own, "service": "shop", "process": process, "uses_per_unit": 1} for process in SHOP]
    parts += [{**own, "service": "answers", "process": "network", "uses_per_unit": 1}]
    parts += [{**own, "service": "answers", "process": desk, "stand_by": "desks", "uses_per_unit": 1} for desk in DESKS]
    offered = options[retail & options["process"].isin(SHOP)]
    levels = [
        {**own, "process": process, "option": option, "measure": measure, "expected": level, "source": "fictional"}
        for process, option in offered[["process", "option"]].itertuples(index=False)
        for measure, level in zip(
            ("availability", "response_seconds", "throughput_per_day"), LEVELS[option], strict=True
        )
    ]  # fmt: skip
    answering = options.loc[retail & options["process"].isin(DESKS), ["process", "option"]]
    levels += [
        {**own, "process": process, "option": option, "measure": "availability", "expected": ANSWERED[option],
         "source": "fictional"}
        for process, option in answering.itertuples(index=False)
    ]  # fmt: skip
    bands = [
        {**own, "process": process, "measure": measure, "good_from": good, "bad_from": bad, "source": "fictional"}
        for process in SHOP
        for measure, good, bad in (("availability", 0.999, 0.9975), ("response_seconds", 0.5, 1.0))
    ]
    sites = tables["locations"].copy()
    home = sites["location"].isin(["retail_head_office", "retail_center"])
    sites["unemployment_rate"] = np.where(home, "0.053", "")
    source = "US Bureau of Labor Statistics, Current Population Survey, annual average of 2021"
    sites["unemployment_source"] = np.where(home, source, "")
    paths = [{**own, "country": "MEX", "wage_growth": 0.055, "currency_gain": -0.02, "source": "assumed"}]
    bid = retail & (options["owner"] == PROVIDERS[1][0]) & options["process"].isin(("payroll", "network"))
    quotes = [
        {**own, "process": process, "option": option, "per": "year", "low": round_figure(0.96 * price),
         "likely": price, "high": round_figure(1.12 * price), "source": "fictional, second round"}
        for process, option, price in options.loc[bid, ["process", "option", "price_per_year"]].itertuples(index=False)
    ]  # fmt: skip
    options.loc[bid, "price_per_year"] = np.nan
    expected = [
        ("prices", "buyer", 0.98, 1.0, 1.1, "fictional, two tenders"),
        ("volume", "provider", 0.9, 1.05, 1.3, "fictional, its offer"),
        ("unit_cost", "provider", 0.95, 1.04, 1.2, "fictional, its offer"),
        ("prices", "provider", 1.0, 1.03, 1.12, "fictional, its offer"),
    ]
    columns = ("figure", "party", "low", "likely", "high", "source")
    ranges = [{**own, **dict(zip(columns, row, strict=True))} for row in expected]
    frames = {"quotes": quotes, "ranges": ranges, "contracts": contracts, "transitions": transitions,
              "capacity": capacity, "services": services,
              "service_parts": parts, "service_levels": levels, "bands": bands, "wage_paths": paths}  # fmt: skip
    return {
        **tables,
        "options": options,
        "locations": sites,
        **{name: pd.DataFrame(rows) for name, rows in frames.items()},
    }


def main() -> None:
    """Write every table aside, then rename."""
    for name, table in build_tables().items():
        path = HERE / f"{name}.csv"
        aside = path.with_suffix(".part")
        table.to_csv(aside, index=False, lineterminator="\n")
        aside.replace(path)


if __name__ == "__main__":
    main()
