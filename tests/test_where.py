"""The reader of `where` texts: what it takes, what it refuses and advises, and that the certificate reads the same."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.errors import FilterError
from sourcing.plan.certify.where import read_rowwise
from sourcing.where import match_where, parse_where, spell_where


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
    "is_abroad == yes or is_abroad == No and wave == 1",
    "is_abroad != YES and is_abroad in [true, FALSE]",
    "is_abroad\n!=\r\n\tyes\n",
    "is_abroad == ｙｅｓ",
    "'a' < owner in ['own', 'acme']",
    "-risk in [0.3, -0.3]",
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
    for _ in range(120):
        text = write_filter(rng, 3)
        mask = match_where(text, rows)
        assert mask.tolist() == [read_rowwise(text)(row) for row in records], text
        expected = rows.index.isin(rows.query(text, engine="python").index)
        assert mask.tolist() == expected.tolist(), text
        hits += 0 < mask.sum() < len(rows)
    assert hits > 25


def test_column_kinds_are_read_from_values(rows):
    table = rows.assign(kind=pd.Categorical(rows["owner"]), number=rows["wave"].astype(object))
    assert (match_where("kind == 'own'", table) == (rows["owner"] == "own")).all()
    assert (match_where("number > 1", table) == (rows["wave"] > 1)).all()
    assert match_where("owner == 'x' or wave == 1", rows.iloc[:0]).shape == (0,)


def test_a_column_named_as_a_truth_value_stands_in_backticks():
    table = pd.DataFrame({"no": [1, 2], "is_abroad": [True, False]})
    assert match_where("`no` == 2", table).tolist() == [False, True]
    assert match_where("is_abroad == no", table).tolist() == [False, True]
    assert [read_rowwise("`no` == 2 and is_abroad == no")(row) for row in table.to_dict("records")] == [False, True]


ADVICE = [
    ("owner == “acme”", "write straight quotes, as in 'acme'"),
    ("owner == ‘it is’ and wave == 1", "write straight quotes, as in 'it is'"),
    ("owner == 'acme’", "an open '"),
    ("owner = 'acme'", "write == to compare"),
    ("owner <> 'acme'", "write !="),
    ("owner ≠ 'acme'", "write !="),
    ("wave => 1", "write >="),
    ("wave =< 1", "write <="),
    ("wave == 1 & risk > 0", "write `and` between"),
    ("(wave == 1) && (risk > 0)", "write `and` between"),
    ("wave == 1 | risk > 0", "write `or` between"),
    ("wave == 1 || risk > 0", "write `or` between"),
    ("!(wave == 1)", "write `not`"),
    ("~(wave == 1)", "write `not`"),
    ("wave == 1 AND risk > 0", "write `and` in small letters"),
    ("wave == 1 Or risk > 0", "write `or` in small letters"),
    ("NOT wave == 1", "write `not` in small letters"),
    ("owner IN ['acme']", "write `in` in small letters"),
    ("wave is 1", "write =="),
    ("owner == acme", "put text in quotes: 'acme'."),
    ("acme == owner", "put text in quotes: 'acme'."),
    ("owner == `acme`", "put text in quotes: 'acme'."),
    ("owner == wavy", "put text in quotes: 'wavy', or did you mean the column 'wave'?"),
    ("owner == Acme Ltd", "put text in quotes: 'Acme Ltd'"),
    ("head count > 3", "in backticks: `head count`"),
    ("owner in [acme, own]", "put text in quotes: 'acme'"),
    ("owner in [owner]", "put text in quotes: 'owner'"),
    ("wner == 'acme'", "did you mean 'owner'?"),
    ("wave == rsk", "did you mean 'risk'?"),
    ("is_abroad == ja", "write True or False, or yes or no"),
    ("is_abroad == 'yes'", "compare is_abroad with True or False, or yes or no, without quotes"),
    ("owner == no", "compare owner with text in quotes, as in 'no'"),
    ("owner == 1", "as in '1'"),
    ("wave == '1'", "compare wave with a number, without quotes"),
    ("wave == owner", "compare columns that hold the same"),
    ("is_abroad", "as in `is_abroad == True`"),
    ("owner == 'own' or 'acme'", "name a column each time"),
    ("owner in 'acme'", "`owner in ['acme']`"),
    ("owner not in ('acme')", "`owner not in ['acme']`"),
    ("owner == ['acme', 'own']", "write `owner in ['acme', 'own']`"),
    ("owner != ('acme', 'own')", "write `owner not in ['acme', 'own']`"),
    ("'acme' in owner", "write the column left of `in`"),
    ("'acme' in ['acme']", "write the column left of `in`"),
    ("risk > 0,5", "write decimals with a point"),
    ("wave == None", "an empty text is ''"),
    ("wave + 1 == 2", "compare with a computed number"),
]


@pytest.mark.parametrize(("text", "hint"), ADVICE)
def test_what_is_refused_comes_with_what_to_write(text, hint, rows):
    with pytest.raises(FilterError, match=re.escape(hint)) as caught:
        match_where(text, rows)
    assert re.fullmatch(r"[^;]+; got .+ at .+\. Hint: .+[.?]", str(caught.value), re.DOTALL)


def write_operands(column):
    values = {
        "owner": ["'own'", "'acme'", '"it\'s"', "'no'"],
        "wave": ["-1", "0", "2.5", "risk", "-risk", "1_0"],
        "risk": ["0.3", "-.5", "1e-1", "wave", "`head count`"],
        "`head count`": ["1", "3", "wave"],
        "is_abroad": ["True", "no", "YES", "false"],
    }[column]
    space = st.sampled_from([" ", "  ", "\n", "\t "])
    signs = ["==", "!="] if column == "is_abroad" else ["==", "!=", "<", "<=", ">", ">="]
    compared = st.builds("{}{}{}{}{}".format, st.just(column), space, st.sampled_from(signs), space,
                         st.sampled_from(values))  # fmt: skip
    plain = [value for value in values if value not in ("risk", "-risk", "wave", "`head count`")]
    members = st.lists(st.sampled_from(plain), max_size=3).map(", ".join)
    among = st.builds("{}{}{}[{}]".format, st.just(column), space, st.sampled_from(["in ", "not in "]), members)
    return compared | among


COMPARISONS = st.sampled_from(["owner", "wave", "risk", "`head count`", "is_abroad"]).flatmap(write_operands)
TEXTS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds("not ({})".format, inner)
        | st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_tree_is_spelled_as_it_is_read_and_the_certificate_reads_both_the_same(text):
    records = [
        {"owner": owner, "wave": wave, "risk": risk, "head count": heads, "is_abroad": heads > 1}
        for owner, wave, risk, heads in [
            ("own", -1, 0.3, 1),
            ("acme", 0, -0.5, 3),
            ("it's", 2, 0.0, 0),
            ("no", 3, 3.0, 3),
        ]
    ]
    table = pd.DataFrame(records)
    tree = parse_where(text)
    spelled = spell_where(tree)
    assert parse_where(spelled) == tree
    mask = match_where(text, table).tolist()
    assert mask == [read_rowwise(text)(row) for row in records]
    assert mask == [read_rowwise(spelled)(row) for row in records]
