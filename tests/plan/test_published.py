"""Problems whose optimum is printed in a book."""

import itertools

import pandas as pd
import pytest

from sourcing.plan import choose


def test_decentralization_has_the_published_optimum():
    """H. P. Williams, Model Building in Mathematical Programming, decentralization: 14.9 thousand a year."""
    benefits = {"A": (10, 10), "B": (15, 20), "C": (10, 15), "D": (20, 15), "E": (5, 15)}
    cities = ("Bristol", "Brighton", "London")
    alternatives = pd.DataFrame(
        [
            (department, city, city, -float(benefit))
            for department, gains in benefits.items()
            for city, benefit in zip(cities, (*gains, 0), strict=True)
        ],
        columns=["process", "option", "place", "cost"],
    )
    links = pd.DataFrame(
        [
            ("A", "C", 1.0),
            ("A", "D", 1.5),
            ("B", "C", 1.4),
            ("B", "D", 1.2),
            ("C", "E", 2.0),
            ("D", "E", 0.7),
        ],
        columns=["process_a", "process_b", "traffic"],
    )
    pairs = list(itertools.combinations_with_replacement(cities, 2))
    costs = pd.DataFrame(
        [(*pair, cost) for pair, cost in zip(pairs, (5, 14, 13, 5, 9, 10), strict=True)],
        columns=["place_a", "place_b", "cost"],
    )
    rules = pd.DataFrame(
        {
            "rule": ["at most three departments a city"],
            "measure": "count",
            "where": "",
            "sense": "<=",
            "limit": 3,
            "for_each": "place",
        }
    )
    plan = choose(alternatives, rules, links, costs, gap=0.0)
    assert plan.objective == pytest.approx(-14.9)
    assert plan.choices["place"].tolist() == ["Bristol", "Brighton", "Brighton", "Bristol", "Brighton"]
