"""How far searches go, as parameters: what is explored is decided here and never by a clock."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tries:
    """How many columns beyond those of the relaxed point each try takes, and its nodes."""

    extras: tuple[int, ...]
    nodes: int


@dataclass(frozen=True)
class SolveEffort:
    """How far one search goes.

    Attributes
    ----------
    exact_alternatives : int
        Up to so many alternatives a question that asks for no gap is answered exactly.
    widths : tuple of int
        Partial plans that one stage of an enumeration may hold, round by round.
    narrower : int
        In small cores a stage holds this part of it.
    core_extras : tuple of int
        Columns beyond those of the relaxed point in the small cores of an enumeration.
    prices : int
        Sets of row prices that bound partial plans, per round.
    linked, sampled : Tries
        Cores of a problem with more than choices under rules, and of one priced by a sample.
    near : Tries
        Cores in which a point at hand is bettered.
    small : int
        Up to so many whole-number columns the solver is asked for the whole at once.
    sampled_from, sample : int
        From so many choices on, row prices come from a sample of so many.
    least_touched : int
        A row counts for a sample if it touches at least so many choices.
    climb_steps : int
        Steps by which row prices of a sample are bettered.
    near_share : float
        A start within this share of the relaxation is nearly the best: only the proof is sought.
    cuts : int
        Times an answer that a tolerance let pass is forbidden and the search repeated.
    """

    exact_alternatives: int = 600
    widths: tuple[int, ...] = (500, 2000, 8000, 32_000, 128_000, 512_000)
    narrower: int = 4
    core_extras: tuple[int, ...] = (20, 40)
    prices: int = 24
    linked: Tries = Tries((40, 120), 100)
    sampled: Tries = Tries((80, 800, 4000), 1500)
    near: Tries = Tries((150,), 100)
    small: int = 240
    sampled_from: int = 3000
    sample: int = 1000
    least_touched: int = 100
    climb_steps: int = 14
    near_share: float = 1e-3
    cuts: int = 50


@dataclass(frozen=True)
class ExplainEffort:
    """How far questions about a plan go.

    Attributes
    ----------
    exact_processes : int
        Up to so many processes every answer is searched until nothing is left to prove.
    ranged_processes : int
        Up to so many processes the ends of a price's range are searched for.
    apart_processes : int
        Up to so many processes the farthest near-optimal plan is proven; beyond, within `apart_share` of them.
    apart_share : float
    tie_share : float
        Share of the objective by which a near-optimal plan may miss the cheapest at its distance.
    widths : tuple of int
        Partial plans that one stage of an enumeration may hold, narrowest first.
    rounds : tuple of int or None
        Widths, by place, at which all forced options are asked in turn; None for all widths and the solver.
    pool : int
        Plans kept to swap options into.
    lately : int
        Answers from which the next question's reach is guessed.
    prices : int
        Sets of row prices that bound every question of the same rows.
    first_step, least_step : float
        How far above its relaxation the first answer is looked for, as a share of the cost, and at least.
    likely : float
        Share of the last answers that the guessed reach would have held.
    core, cores, growth
        Part of the reach in which the first core is looked at, how many cores, and how they grow.
    forced_patience, price_patience : float
        How many times its even part of the time left one question may take.
    range_searches : int
        Searches behind one pair of ranges.
    linked : Tries
        Cores looked at before the proof of a question about a problem with more than choices under rules.
    split_points : int
        Into so many steps the range of a frontier is cut where processes are split.
    joint_members : int
        At most so many rules and bans are priced in pairs and lifted together.
    joint_sets : int
        Up to so many sets of rules and bans are asked one by one, more in one search over sets and plans.
    most_lifted : int
        Up to so many rules and bans the set that saves most is sought.
    """

    exact_processes: int = 60
    ranged_processes: int = 60
    apart_processes: int = 20
    apart_share: float = 0.2
    tie_share: float = 1e-3
    widths: tuple[int, ...] = (1000, 3000, 8000, 20_000, 64_000, 256_000, 1_000_000)
    rounds: tuple[int | None, ...] = (1, 3, None)
    pool: int = 400
    lately: int = 30
    prices: int = 24
    first_step: float = 5e-4
    least_step: float = 1e-7
    likely: float = 0.8
    core: float = 0.15
    cores: int = 4
    growth: float = 1.5
    forced_patience: float = 3.0
    price_patience: float = 0.5
    range_searches: int = 4
    linked: Tries = Tries((60,), 100)
    split_points: int = 24
    joint_members: int = 12
    joint_sets: int = 70
    most_lifted: int = 6


@dataclass(frozen=True)
class TogetherEffort:
    """How far a choice of many blocks together goes.

    Attributes
    ----------
    relaxed_rounds : int
        Rounds of prices over relaxed blocks.
    relaxed_part : float
        Part of the gap asked within which relaxed prices are settled, and at least `relaxed_least` of the objective.
    relaxed_least : float
    mixing : int
        Up to so many rounds, prices are halfway between the best so far and the master's.
    near : int
        Prices met last for which whole answers are asked first.
    whole_rounds : int
        Rounds of whole answers beyond those.
    block_part : float
        Part of the gap asked within which a block's whole answer is found.
    pick_part : float
        Part of the gap within which the master picks among whole answers.
    punishments : int
        Times the penalty beyond limits is raised tenfold.
    whole_alternatives : int
        Up to so many alternatives the whole is searched where a gap is left.
    """

    relaxed_rounds: int = 80
    relaxed_part: float = 0.05
    relaxed_least: float = 1e-6
    mixing: int = 12
    near: int = 3
    whole_rounds: int = 12
    block_part: float = 0.2
    pick_part: float = 0.2
    punishments: int = 4
    whole_alternatives: int = 6000


@dataclass(frozen=True)
class Effort:
    """How far a question's own search, the questions about its answer, and a choice of many blocks go.

    Attributes
    ----------
    solve : SolveEffort
    explain : ExplainEffort
    together : TogetherEffort
    repairs : bool
        Whether a question without a plan is told the repairs beside what clashes: on forty processes they take twenty
        times as long.
    """

    solve: SolveEffort = field(default_factory=SolveEffort)
    explain: ExplainEffort = field(default_factory=ExplainEffort)
    together: TogetherEffort = field(default_factory=TogetherEffort)
    repairs: bool = True


USUAL = Effort()
"""What is explored where nothing else is asked for."""
