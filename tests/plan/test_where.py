import numpy as np
import pandas as pd
import pytest

from sourcing.errors import FilterError
from sourcing.plan.certify.where import read_rowwise
from sourcing.where import match_where


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "owner": rng.choice(["own", "acme", "it's", 'a"b'], 40),
            "wave": rng.integers(-2, 4, 40),
            "risk": np.round(rng.uniform(-1, 1, 40), 1),
            "is_abroad": rng.random(40) < 0.5,
            "head count": rng.integers(0, 5, 40),
            "मूल्य": rng.integers(0, 5, 40),
            "gap": [np.nan] + [1.0] * 39,
            "mixed": [1, "a"] * 20,
            "when": pd.Timestamp("2020-01-01"),
            "_column0": 1,
        }
    )


HOSTILE = [
    "().__class__.__bases__[0].__subclasses__() == 1",
    "owner.__class__ == 'x'",
    "__import__('os').system('true') == 0",
    "wave.real == 1",
    "open('x') == 1",
    "owner[0] == 'o'",
    "owner == f'{wave}'",
    "(w := 1) == wave",
    "(lambda: 1)() == wave",
    "[w for w in [1]] == wave",
    "wave == 1 if wave else wave == 2",
    "wave + 1 == 2",
    "(wave == 1) & (risk > 0)",
    "wave == 1 | risk",
    "~(wave == 1)",
    "wave ** 9 == 1",
    "@wave == 1",
    "wave == 1; risk == 2",
    "wave == 1 # note",
    "wave = 1",
    "wave is 1",
    "is_abroad",
    "not is_abroad",
    "1 == 1",
    "True",
    "'x'",
    "0 < 1 < wave",
    "wave == 1e400",
    "wave == -1e400",
    "wave == " + "9" * 400,
    "wave == 1j",
    "owner == b'x'",
    "wave == None",
    "wave == ...",
    "wave == [1]",
    "owner in 'own'",
    "owner in owner",
    "'o' in ['o']",
    "wave in [risk]",
    "wave in [*[1]]",
    "wave in {1: 2}",
    "wave in {1}",
    "owner == 1",
    "wave == '1'",
    "wave == True",
    "is_abroad == 1",
    "is_abroad < True",
    "wave in [1, '1']",
    "-owner == 'x'",
    "owner == -'x'",
    "gap > 0",
    "mixed == 1",
    "when == '2020-01-01'",
    "nothing == 1",
    "`no such` == 1",
    "owner == 'open",
    "`head count == 1",
    "owner == 'a\\d'",
    "wave == 1or risk == 2",
    "(" * 300 + "wave == 1" + ")" * 300,
    "(" * 31 + "wave == 1" + ")" * 31,
    "not " * 400 + "wave == 1",
    "wave == " + "-" * 1900 + "1",
    "wave in " + "[" * 200 + "]" * 200,
    "wave == 1 or " * 200 + "wave == 1",
    "wave ==",
    "== 1",
    "wave == 1 2",
    "\x00",
    "wave == 1\x00",
    "yield == 1",
    "await wave == 1",
    "import os",
    "",
]


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=lambda text: text[:30].replace("\x00", "NUL"))
def test_text_outside_the_whitelist_is_refused(text, rows):
    with pytest.raises(FilterError, match="Hint:"):
        match_where(text, rows)


@pytest.mark.parametrize("text", [3, True, ["wave == 1"], object()])
def test_where_that_is_no_text_is_refused(text, rows):
    with pytest.raises(FilterError):
        match_where(text, rows)


@pytest.mark.parametrize("text", [None, np.nan, pd.NA, "", "  \n"])
def test_blank_means_all_rows(text, rows):
    assert match_where(text, rows).all()


FINE = [
    "0 < wave <= 2",
    "wave < risk",
    "-1 < -risk < 1",
    "--wave == 1",
    "owner == \"it's\" or owner == 'a\"b'",
    "`head count` >= 3",
    "`head count` in [1, 2] and _column0 == 1",
    "not wave in (1, 2)",
    "wave not in [1, 2]",
    "not (wave == 1 or not owner == 'own') and is_abroad != True",
    "owner in []",
    "owner in ('own',)",
    "owner < 'b'",
    "1 == wave",
    "wave ==\n 1",
    "wave\u00a0== 1",
    "  wave == 1",
    "मूल्य > 2",
    "wave == 1_0 or risk > .5 or risk < 1e-1",
    "is_abroad in [True]",
    "wave != 99999999999999999999",
    "((((((((((wave == 1))))))))))",
]


@pytest.mark.parametrize("text", FINE)
def test_both_readers_agree_on_what_is_fine(text, rows):
    rowwise = [read_rowwise(text)(row) for row in rows.to_dict("records")]
    assert match_where(text, rows).tolist() == rowwise


def write_filter(rng, depth):
    if depth == 0 or rng.random() < 0.3:
        column, values = [
            ("owner", ["'own'", "'acme'", '"it\'s"']),
            ("wave", ["-1", "0", "2", "1.5"]),
            ("risk", ["0.3", "-0.5", "0"]),
            ("`head count`", ["1", "3"]),
        ][int(rng.integers(4))]
        kind = rng.random()
        if kind < 0.3:
            picked = ", ".join(rng.choice(values, 2))
            return f"{column} {rng.choice(['in', 'not in'])} [{picked}]"
        sign = rng.choice(["==", "!=", "<", "<=", ">", ">="])
        return f"{column} {sign} {rng.choice(values)}"
    if rng.random() < 0.25:
        return f"not ({write_filter(rng, depth - 1)})"
    join = rng.choice([" and ", " or "])
    return "(" + join.join(write_filter(rng, depth - 1) for _ in range(int(rng.integers(2, 4)))) + ")"


def test_readers_agree_with_each_other_and_with_pandas_on_random_filters(rows):
    rng = np.random.default_rng(5)
    records = rows.to_dict("records")
    hits = 0
    for _ in range(250):
        text = write_filter(rng, 3)
        mask = match_where(text, rows)
        assert mask.tolist() == [read_rowwise(text)(row) for row in records], text
        expected = rows.index.isin(rows.query(text, engine="python").index)
        assert mask.tolist() == expected.tolist(), text
        hits += 0 < mask.sum() < len(rows)
    assert hits > 50


def test_column_kinds_are_read_from_values(rows):
    table = rows.assign(kind=pd.Categorical(rows["owner"]), number=rows["wave"].astype(object))
    assert (match_where("kind == 'own'", table) == (rows["owner"] == "own")).all()
    assert (match_where("number > 1", table) == (rows["wave"] > 1)).all()
    assert match_where("owner == 'x' or wave == 1", rows.iloc[:0]).shape == (0,)
