"""How a `where` text is refused: what must hold, what stands there, and what to write in its place."""

from __future__ import annotations

import re

from sourcing.errors import FilterError

GRAMMAR = "use == != < <= > >= in, not in, and, or, not, ( )"
WANTED = "where must be comparisons on columns"
MOST_SHOWN = 80
"""Letters of a text that an error quotes."""
CURLY = "“”„‟«»‘’‚‛‹›´′″"
"""Quotes that word processors and spreadsheets put in place of ' and \"."""
SIGNS = {
    "&": "write `and` between comparisons",
    "&&": "write `and` between comparisons",
    "|": "write `or` between comparisons",
    "||": "write `or` between comparisons",
    "!": "write `not`",
    "~": "write `not`",
    "<>": "write !=",
    "≠": "write !=",
    "=<": "write <=",
    "≤": "write <=",
    "=>": "write >=",
    "≥": "write >=",
    "=": "write == to compare",
}
"""Signs of other languages and what to write in their place."""
_SIGN = re.compile(r"==|!=|<=|>=|<>|=<|=>|&&|\|\||[=&|!~≠≤≥]")
_OWN_SIGNS = frozenset({"==", "!=", "<=", ">="})
_WORDS = re.compile(r"[^\W\d]\w*(?:[ .-]+\w+)+")
_JOINING = frozenset({"and", "or", "not", "in", "is"})


def refuse(text: str, got: str, hint: str = GRAMMAR, wanted: str = WANTED) -> FilterError:
    """Make the error of a text: what must hold, what stands there, and what to do."""
    shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
    end = "" if hint.endswith("?") else "."
    return FilterError(f"{wanted}; got {got} at {shown!r}. Hint: {hint}{end}")


def match_sign(text: str, position: int) -> str:
    """Match the sign at a position, taking the longest; "" where there is none of `SIGNS` or ours.

    Raises
    ------
    FilterError
        A sign of another language.
    """
    found = _SIGN.match(text, position)
    sign = found[0] if found else ""
    if sign in SIGNS:
        raise refuse(text, "a single =" if sign == "=" else f"the sign {sign}", SIGNS[sign])
    return sign


def refuse_curly(text: str, position: int) -> FilterError:
    """Make the error of a curly quote, with the text that stands in it in straight ones."""
    rest = re.split(f"[{CURLY}'\"]", text[position + 1 :], maxsplit=1)
    quoted = rest[0] if len(rest) == 2 else ""
    example = f", as in {quoted!r}" if quoted.strip() else ""
    return refuse(text, f"the curly quote {text[position]}", f"write straight quotes{example}")


def refuse_syntax(text: str, bare: str, kind: str) -> FilterError:
    """Make the error of a text that is no syntax.

    Parameters
    ----------
    text : str
        As it was written.
    bare : str
        The same with nothing left within its quotes.
    kind : str
        What the parser calls the fault.
    """
    words = re.findall(r"[^\W\d]\w*", bare)
    for word in words:
        if word.lower() in _JOINING - {"is"} and word != word.lower():
            return refuse(text, f"the word {word}", f"write `{word.lower()}` in small letters")
    if "is" in (word.lower() for word in words):
        return refuse(text, "the word is", "write == or !=")
    for found in _WORDS.finditer(bare):
        parts = re.split(r"[ .-]+", found[0])
        if not _JOINING & set(parts):
            hint = f"put text in quotes: {found[0]!r}, and a column's name with spaces in backticks: `{found[0]}`"
            return refuse(text, f"the bare words {found[0]}", hint)
    return refuse(text, f"text that cannot be read ({kind})")
