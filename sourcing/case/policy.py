"""Policy (levers we choose) and Outlook (what may befall us): every number that is not in a table of the case."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from sourcing.case.reading import is_share, split_numeral, value_numeral
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

INF = float("inf")
HIGH_SHARE = 2.0
"""A share between the whole and this is more likely too much than per cent."""
BUDGET_RULE = "Cash cost stays within the budget"
RISK_RULE = "Expected loss stays within the cap"
"""Names of the rules that the levers `budget_share` and `risk_cap_share` make."""
UNIT, GROUP = "unit", "group"
"""Whom a rule limits: each unit by itself, or all units together."""
DISTINCT, QUARTER = "distinct_", "quarter"
"""Of group rules: begins a measure that counts values in use; what `for_each` says of calendar quarters."""
WORST_TENTH = "worst_tenth"
"""Measure of group rules: cash and losses on average over the worst tenth of futures."""
QUARTERLY = ("knowledge_transfer_hours", "transition_spend", "count")
"""What moves take while they are under way, evenly from start to go-live; count: moves under way."""
TODAY = "as_is"
"""What `relative_to` says of a rule whose limit is a share of the same amount today."""


def lever(
    default: Any,
    unit: str,
    meaning: str,
    low: float = 0.0,
    high: float = INF,
    source: str = "",
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a lever: its default, unit, meaning, range or choices, and source."""
    about = {"unit": unit, "meaning": meaning, "low": low, "high": high, "source": source or "house rule"}
    about["choices"] = choices
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Levers:
    """What Policy and Outlook share: every field is checked once, here."""

    def __post_init__(self) -> None:
        for each in fields(self):
            object.__setattr__(self, each.name, read_lever(each.name, getattr(self, each.name)))


@dataclass(frozen=True)
class Policy(Levers):
    """Levers that the unit chooses. Each field's metadata holds unit, meaning, range and source."""

    budget_share: float = lever(
        INF,
        "share of as-is cash cost",
        "most the plan may cost in cash; inf means no limit",
        source="house rule: no limit until the unit sets one; 0.8 to 1 is usual where a saving is asked",
    )
    risk_cap_share: float = lever(
        INF,
        "share of as-is expected loss",
        "most the plan may risk; inf means no limit",
        source="house rule: no limit until the unit sets one; 1 to 2, as moving work adds risks that staying has not",
    )
    attitude: str = lever(
        "mean",
        "mean, worst_tenth, worst_limit, chance, regret or figures",
        "what the plan looks at beside its mean: the worst tenth of futures (weighed by worst_weight, or limited by "
        "worst_share), how often the budget holds (chance_share), its largest regret under the named stresses, or so "
        "many figures at their bad ends (bad_figures)",
        source="house rule: the mean, for a plan is one of many that a group carries; caution is the unit's own choice",
        choices=("mean", "worst_tenth", "worst_limit", "chance", "regret", "figures"),
    )
    worst_weight: float = lever(
        1.0,
        "ratio",
        "what money in the worst tenth of futures counts beside money on average, where attitude is worst_tenth",
        0,
        1000,
        "house rule: as much as the mean; 0.25 to 4 worth trying, and the pack shows the curve",
    )
    worst_share: float = lever(
        1.0,
        "share of today's worst tenth",
        "most that cash and losses may come to in the worst tenth of futures, where attitude is worst_limit",
        source="house rule: no worse than keeping everything as it is; 0.8 to 1.1",
    )
    chance_share: float = lever(
        0.9,
        "share of futures",
        "least share of futures in which each limit on all cash holds, where attitude is chance",
        0.5,
        1,
        "house rule: nine futures of ten; 0.8 to 0.99",
    )
    bad_figures: float = lever(
        3.0,
        "figures",
        "how many uncertain figures turn out at their bad ends at once, where attitude is figures",
        0,
        1000,
        "house rule: three; for n figures that move alone about 1 + 1.3 sqrt(n) is exceeded in one of ten at most "
        "(Bertsimas and Sim, 2004, The Price of Robustness)",
    )
    risk_futures: float = lever(
        10_000,
        "futures",
        "how many futures the choice looks at, where attitude is worst_tenth, worst_limit or chance",
        100,
        1_000_000,
        "house rule: the worst tenth then has a thousand; 500 to 100,000",
    )
    price_of_fit: float = lever(
        0.0,
        "currency per FTE point",
        "what a point of strategic fit is worth",
        source="house rule: 0, so that cash alone decides until the unit says what fit is worth; a tenth of a year's "
        "wage a head is a start",
    )
    price_of_customer_value: float = lever(
        0.0,
        "ratio",
        "what a unit of customer value is worth in cash",
        0,
        10,
        "house rule: 0, since a "
        "margin from customers is an estimate of the unit's own; 1 counts it as cash, 0.5 by half",
    )
    price_of_social_value: float = lever(
        0.0,
        "currency per FTE point",
        "what a point of social value is worth",
        source="house rule: 0, so that cash alone decides until the unit says what a job where work is scarce is worth",
    )
    commoditization_threshold: float = lever(
        0.5,
        "index",
        "from here a process counts as commoditized",
        0,
        1,
        "house rule: middle of the scale; 0.4 to 0.6, and packs say how many postures would change",
    )
    core_threshold: float = lever(
        0.5,
        "index",
        "from here a process counts as core",
        0,
        1,
        "house rule: middle of the scale; 0.4 to 0.6, lower draws the core wider",
    )
    capability_threshold: float = lever(
        0.5, "index", "below this own capability counts as weak", 0, 1, "house rule: middle of the scale; 0.4 to 0.6"
    )
    threshold_spread: float = lever(
        0.05,
        "index",
        "how far each of these thresholds may lie to either side when it is asked how sure a posture is",
        0,
        0.5,
        "house rule, 0 to 0.1: a fifth of a point of a five-point scale",
    )
    min_coverage: float = lever(
        0.5,
        "share of weight",
        "least share of an index that must be scored",
        0,
        1,
        "house rule: most of an index must be judged; 0.4 to 0.8",
    )
    posture_bars: bool = lever(
        True,
        "yes or no",
        "owners barred by posture are set aside before optimizing",
        source="house rule: yes; core work is kept as Prahalad and Hamel (1990), Harvard Business Review, and Quinn "
        "and Hilmer (1994), Sloan Management Review, advise",
    )
    readiness_floor: float = lever(
        0.0,
        "index",
        "processes less ready than this do not move",
        0,
        1,
        "house rule: 0, as a process that is not ready is dearer to move (readiness_stretch), not impossible; 0 to 0.4",
    )
    readiness_stretch: float = lever(
        0.5,
        "share",
        "how much longer and dearer a move is for a wholly unready process",
        0,
        10,
        "house rule within 0.1 to 0.54, the bounds of added duration of equipment and development in Mott MacDonald "
        "(2002), Review of Large Public Procurement, HM Treasury",
    )
    aggregate_weights: str = lever(
        "priorities",
        "priorities or judgments",
        "what of several assessors is averaged: their weights or, where all compared pairs, their comparisons",
        source="Forman and Peniwati (1998), European Journal of Operational Research 108",
        choices=("priorities", "judgments"),
    )
    consistency_limit: float = lever(
        0.1,
        "ratio",
        "comparisons less consistent than this are asked about again",
        0,
        1,
        "Saaty (1980), The Analytic Hierarchy Process: a tenth",
    )
    judgment_draws: float = lever(
        10_000,
        "draws",
        "draws of weights and scores",
        100,
        1_000_000,
        "house rule: shares are then known to half a point of a hundred (1 / (2 sqrt 10,000)); 1,000 to 100,000",
    )
    weights_drawn: str = lever(
        "around",
        "around or any",
        "weights are drawn around the stated ones, or as if any were as good",
        source="house rule: stated weights say something; any, after Lahdelma, Hokkanen and Salminen (1998), European "
        "Journal of Operational Research 106, where they are disputed",
        choices=("around", "any"),
    )
    weight_precision: float = lever(
        30.0,
        "judgments",
        "weight of the stated weights: drawn ones scatter as after so many judgments",
        1,
        1e6,
        "house rule: two of three drawn weights of a quarter then lie within 8 points of a hundred; 10 to 100",
    )
    confidence_floor: float = lever(
        0.8,
        "share of draws",
        "a posture held in fewer draws than this is called unsettled",
        0,
        1,
        "house rule: four draws of five; 0.7 to 0.95",
    )
    evidence_gap: float = lever(
        0.25,
        "share of scale",
        "from here a score and its evidence are called apart",
        0,
        1,
        "house rule: one point of a scale of five; 0.2 to 0.5",
    )
    readiness_gate: float = lever(
        0.5,
        "index",
        "a unit less ready than this takes on no new transfer to outside owners",
        0,
        1,
        "house rule: middle of the scale; 0.3 to 0.6",
    )
    competitor_conflict: str = lever(
        "bar_if_sold",
        "bar, bar_if_sold or price",
        "owners that compete with us: barred, barred where we sell the very service, or priced",
        source="house rule: who sells the very service gains most from what it learns; bar is the cautious end",
        choices=("bar", "bar_if_sold", "price"),
    )
    rival_conflict: str = lever(
        "bar",
        "bar or price",
        "owners that serve a rival, for processes with customer data: barred or priced",
        source="house rule: customer data at a rival's provider is barred, the cautious end",
        choices=("bar", "price"),
    )
    price_of_conflict: float = lever(
        0.0,
        "currency per FTE point",
        "what a point of conflict of interest costs",
        source="house rule: 0, so that cash alone decides until the unit says what a conflict costs",
    )
    partnership_floor: float = lever(
        0.0,
        "index",
        "outside owners scored below this as partners take no new work",
        0,
        1,
        "house rule: 0, nobody is barred by a score until the unit asks for it; 0.3 to 0.5",
    )
    price_of_partnership: float = lever(
        0.0,
        "currency per FTE point",
        "what a point of partnership is worth",
        source="house rule: 0, so that cash alone decides until the unit says what a partner is worth",
    )
    use_ranges: bool = lever(
        True,
        "yes or no",
        "money stands at the mean of its ranges, with how far it may lie from it; no: as stated, without a range",
        source="house rule: a plan is carried out once, and a budget must hold what it costs on average",
    )
    country_factors: bool = lever(
        True,
        "yes or no",
        "exchange rates and wages of other countries are uncertain, with the spread of their history; no: as stated; "
        "nothing without use_ranges",
        source="reference figures: exchange rates 2010 to 2025 (Federal Reserve), consumer prices 2010 to 2024 "
        "(World Bank)",
    )
    governance_heads_outside: float = lever(
        0.03,
        "own people per head",
        "people who govern work with outside owners (contract, performance, program office), per head as-is",
        0,
        1,
        "house rule, 0.02 to 0.05: with the share of price about 5 % of the contract value of a deal at home, where "
        "published surveys say 3 to 6 % on average and 15 % at most (people3; Out-Law)",
    )
    governance_heads_per_provider: float = lever(
        0.25,
        "own people per provider",
        "people who deal with an outside owner at all, where providers.fixed_cost_per_year is empty",
        0,
        10,
        "house rule, 0 to 1: beside governance by heads, a quarter of a contract manager's year for each provider",
    )
    governance_heads_per_site: float = lever(
        1.0,
        "own people per site",
        "people who run an own site abroad where no work is today, if locations.fixed_cost_per_year is empty",
        0,
        10,
        "house rule, 0.5 to 3: a site has a head, however few work there; one at home is shared with other units, and "
        "premises are in overhead and non-labor cost",
    )
    governance_heads_site: float = lever(
        0.02,
        "own people per head",
        "people who govern own work at another site, per head as-is",
        0,
        1,
        "house rule, 0.01 to 0.04: less than outside, for no contract is kept",
    )
    governance_share_outside: float = lever(
        0.02,
        "share of price",
        "what else governance of work with outside owners costs: invoices, audits, advice",
        0,
        1,
        "house rule, 0.01 to 0.03: see governance_heads_outside",
    )
    governance_share_site: float = lever(
        0.0,
        "share of run cost",
        "what else governance of own work at another site costs, beside its people",
        0,
        1,
        "house rule: 0, for governance_heads_site holds it; 0.01 to 0.03 where a shared center charges for its time",
    )
    governance_share_per_hour: float = lever(
        0.05,
        "share per hour",
        "how many more people govern and own the outcome with each hour of time difference",
        0,
        1,
        "house rule, 0 to 0.1: an hour less of common working day in twenty",
    )
    retained_share: float = lever(
        0.03,
        "own people per head",
        "people kept to own what an outside owner delivers, beyond governance, per head as-is",
        0,
        1,
        "house rule, 0.02 to 0.1: no published share of heads was found",
    )
    expected_incentives: bool = lever(
        True,
        "yes or no",
        "expected outcome fees, credits, shared gains and volume charges of contracts are in the plan's cash",
        source="house rule: yes; a form that changes what is paid on average changes what a plan costs",
    )
    risk_premium_share: float = lever(
        0.3,
        "share of standard deviation",
        "what a provider asks for each unit of spread of its yearly profit when contract forms are compared",
        0,
        1,
        "house rule, 0.1 to 0.6 worth trying; the principle is that of Buehlmann (1970), Mathematical Methods in Risk "
        "Theory: mean less a share of the standard deviation",
    )
    move_defaults: bool = lever(
        True,
        "yes or no",
        "empty cells on severance, hiring, parallel running and attrition take the suite's figures; no: they are 0",
        source="house rule: a cost that is not known is not nothing; each figure has its own source (docs/defaults.md)",
    )
    redeployed_share: float = lever(
        0.25,
        "share of people whose job ends",
        "people who find another job in the unit and get no severance, where a move does not say",
        0,
        1,
        "house rule: 0 to 0.5; half of what is known of a public employer (GAO-01-388, 2001: about half of those "
        "affected by three competitions stayed in federal service)",
    )
    service_years: float = lever(
        5.0,
        "years",
        "length of service that severance is worked from, where a move does not say",
        0,
        40,
        "house rule: 1 to 10; the middle of 1, 5 and 10 years at which the World Bank's Doing Business (2020) compares "
        "severance; the US median is 3.9 (BLS, Employee Tenure in 2024)",
    )
    margin_bars: bool = lever(
        False,
        "yes or no",
        "deals that starve the provider are set aside before optimizing",
        source="house rule: such deals are flagged, not barred, since the provider's cost is an estimate",
    )
    service_bars: bool = lever(
        True,
        "yes or no",
        "options that cannot meet a service are set aside before optimizing",
        source="house rule: a promise to customers is no matter of price",
    )
    hurdle_share: float = lever(
        0.0,
        "share of one year's labor and price today",
        "what a move must be worth beyond its cost; 0 means none",
        source="house rule: none; OMB Circular A-76 (2003), attachment C, asks 10 % of personnel cost over all years, "
        "so 0.5 over five",
    )
    hurdle_sum: float = lever(
        0.0,
        "currency per move",
        "the same as a sum; 0 means none",
        source="house rule: none; OMB Circular A-76 (2003), attachment C, sets one for a whole competition",
    )
    hurdle_takes: str = lever(
        "smaller",
        "smaller or larger",
        "which of the two hurdles counts where both are set",
        source="OMB Circular A-76 (2003), attachment C: the lesser of the two",
        choices=("smaller", "larger"),
    )
    material_share: float = lever(
        0.01,
        "share of as-is cash cost",
        "a change of cash below this is called not material; it changes no plan",
        0,
        1,
        "house rule: a hundredth, what ISA 320 (application material) names as an example for total expenses; 0.005 to "
        "0.02",
    )
    gap: float = lever(
        0.0,
        "share of objective",
        "proven gap at which the search may stop; 0 means exact",
        0,
        1,
        "house rule: exact; up to 0.001 where hundreds of processes take long",
    )
    time_limit: float = lever(
        60.0,
        "seconds",
        "longest time of one search",
        0.001,
        source="house rule: units of up to 60 processes take seconds (benchmarks); 10 to 3,600",
    )
    explain_time: float = lever(
        600.0,
        "seconds",
        "safety limit of each kind of question why; where it is hit, page one says what was not looked at",
        0.1,
        source="house rule: hit on no shipped unit; 60 to 36,000",
    )
    solver: str = lever(
        "HiGHS",
        "name",
        "HiGHS for the suite's own search, or a solver that PuLP finds here",
        source="Huangfu and Hall (2018), Mathematical Programming Computation 10: HiGHS; comes with the suite",
    )


@dataclass(frozen=True)
class Outlook(Levers):
    """What may befall the unit. Each field's metadata holds unit, meaning, range and source."""

    loss_multiple: float = lever(
        1.0,
        "years of run cost",
        "what mending a serious failure, or replacing who did the work, costs for a fully critical process, beyond the "
        "days lost; where the table losses gives no amount",
        0,
        100,
        "house rule, 0.25 to 5: claims, emergency cover, tender and hand-over of critical work cost months of it, and "
        "of work that can wait next to nothing",
    )
    operational_rate: float = lever(
        0.02,
        "events per year",
        "serious operational failures",
        0,
        10,
        "house rule: one in fifty years; 0.01 to 0.1, no published rate by process was found",
    )
    move_failure: float = lever(
        0.1,
        "probability per move",
        "a move fails seriously: it is undone or done again",
        0,
        1,
        "assumed, below the one in six (17 %) of information technology projects over USD 15 million that overran by "
        "200 % or more (McKinsey and Oxford, 2012): most moves are smaller",
    )
    structural_rate: float = lever(
        0.05,
        "events per year",
        "a provider fails, ends the deal early or exploits it",
        0,
        10,
        "assumed between the 4.2 % of speculative-grade firms that default in a year (Moody's, 1983 to 2015; S&P has "
        "3.7 % in 2023, 11 % in 1991) and the 11 % of deals that end early in a year, which is quoted second hand",
    )
    venture_rate: float = lever(
        0.07,
        "events per year",
        "a joint venture fails, is dissolved early or turns against us",
        0,
        10,
        "about half of joint ventures fail or fall short (McKinsey, 2014, asking practitioners: 40 to 60 %; Ankura, "
        "2016: at least half); spread over ten years, which is assumed",
    )
    location_rate: float = lever(
        0.05,
        "events per year at risk index 1",
        "a site is hit by country risk",
        0,
        10,
        "house rule: one in twenty years at the riskiest country; 0.01 to 0.2",
    )
    key_person_rate: float = lever(
        0.11,
        "events per year",
        "a given person who knows the work leaves of their own will",
        0,
        10,
        "SHRM (2016), all industries of the United States: 19 % leave in a year, 8 points of it not of their own will",
    )
    walk_out_rate: float = lever(
        0.1,
        "events per year",
        "the team of a provider that its price starves walks out",
        0,
        10,
        "house rule, 0.05 to 0.3: twice as likely as that the provider itself fails",
    )
    brand_rate: float = lever(
        0.05,
        "events per year",
        "the people of an outside owner harm the brand with the customers they speak to",
        0,
        10,
        "house rule, 0.01 to 0.2: once in twenty years",
    )


LEVERS = {each.name: each for kind in (Policy, Outlook) for each in fields(kind)}
OTHER_LEVERS = "levers"
"""Name of a notebook's parameter that holds the levers its parameters do not name: a dict of name to value."""


def require_lever(name: str) -> None:
    """Raise InputError, with the near name, unless a lever is called so."""
    if name not in LEVERS:
        near = hint_near(str(name), LEVERS)
        raise InputError(f"A lever must be a field of Policy or Outlook; got {name!r}. {near}")


def read_lever(name: str, value: Any) -> Any:
    """Bring a value to the type of the lever and check its range.

    Raises
    ------
    InputError
        The name is not a lever, or the value is not of its type or range.

    Examples
    --------
    >>> read_lever("price_of_fit", "1500")
    1500.0
    >>> read_lever("posture_bars", "no"), read_lever("core_threshold", "60 %")
    (False, 0.6)
    """
    require_lever(name)
    about = LEVERS[name].metadata
    if isinstance(LEVERS[name].default, bool):
        flag = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(str(value).lower())
        if flag is None:
            raise InputError(f"{name} must be yes or no; got {value!r}. Hint: write yes or no.")
        return flag
    if about["choices"]:
        if value not in about["choices"]:
            wanted = " or ".join([", ".join(about["choices"][:-1]), about["choices"][-1]])
            raise InputError(f"{name} must be {wanted}; got {value!r}. {hint_near(str(value), about['choices'])}")
        return str(value)
    if isinstance(LEVERS[name].default, str):
        return str(value)
    number = _read_number(value, about)
    if not about["low"] <= number <= about["high"]:
        raise InputError(
            f"{name} must be a number from {about['low']:g} to {about['high']:g} ({about['unit']}); "
            f"got {value!r}. Hint: {_hint_number(number, about)}."
        )
    return number


def _read_number(value: Any, about: Mapping[str, Any]) -> float:
    """Read a number as cells of tables are read, inf for no limit; NaN where it is none or could be two."""
    if not isinstance(value, str):
        try:
            return float(value)
        except (TypeError, ValueError):
            return float("nan")
    numeral = split_numeral(value)
    if numeral is None or numeral.unclear == "," or (numeral.sign and not _takes_sign(numeral.sign, about)):
        return INF if value.strip().lower() == "inf" else float("nan")
    return value_numeral(numeral, numeral.mark or ".")


def _takes_sign(sign: str, about: Mapping[str, Any]) -> bool:
    return sign == "%" and (is_share(about["unit"]) or about["high"] <= 1)


def _hint_number(number: float, about: Mapping[str, Any]) -> str:
    """Hint at what a figure out of range may have meant: per cent of a share, else what the lever is."""
    is_per_cent = about["high"] == 1 and HIGH_SHARE < number <= 100
    return f"{number:g} per cent is written {number / 100:g}" if is_per_cent else str(about["meaning"])


def read_policy(policy: pd.DataFrame, business_unit: str, name: str) -> Any:
    """Read what the table policy sets a lever to for a unit, its own row before that of all units; else the default.

    A value that is none counts as not set: it is a fault of its own.

    Examples
    --------
    >>> import pandas as pd
    >>> policy = pd.DataFrame({"business_unit": ["a", ""], "name": ["core_threshold"] * 2, "value": ["0.6", "0.7"]})
    >>> [read_policy(policy, unit, "core_threshold") for unit in ("a", "b")]
    [0.6, 0.7]
    """
    rows = policy[(policy["name"] == name) & policy["business_unit"].isin([business_unit, ""])]
    for value in rows.sort_values("business_unit", ascending=False, kind="stable")["value"]:
        try:
            return read_lever(name, value)
        except InputError:
            continue
    return LEVERS[name].default


def pick_levers(names: Mapping[str, Any]) -> dict[str, Any]:
    """Pick the levers out of a notebook's names: `settle(case, **pick_levers(globals()))`.

    Parameters
    ----------
    names : mapping of str to any
        Names of levers to their values, and under the name `levers` a dict of any others; other names are left alone.

    Returns
    -------
    dict of str to str, int, float or bool
        As given; "" and None mean "as the case says", wherever the other place says something.

    Raises
    ------
    InputError
        `levers` is no dict or holds a name that is not a lever's, or a lever has two values.

    Examples
    --------
    >>> pick_levers({"price_of_fit": 5, "levers": {"core_threshold": 0.6}, "case_folder": "data/tiny"})
    {'price_of_fit': 5, 'core_threshold': 0.6}
    """
    picked = {name: names[name] for name in LEVERS if name in names}
    others = names.get(OTHER_LEVERS, {})
    if not isinstance(others, dict):
        raise InputError(
            f"{OTHER_LEVERS} must be a dict of levers by name; got {others!r}. Hint: {{'core_threshold': 0.6}}."
        )
    for name, value in others.items():
        require_lever(name)
        earlier = picked.get(name, "")
        if value in ("", None):
            picked.setdefault(name, value)
        elif earlier in ("", None) or read_lever(name, earlier) == read_lever(name, value):
            picked[name] = value
        else:
            raise InputError(
                f"A lever must have one value; got {name} = {earlier!r} and {value!r} in {OTHER_LEVERS}. "
                f"Hint: leave it out of {OTHER_LEVERS}."
            )
    return picked
