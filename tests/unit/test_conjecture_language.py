"""The language of conjectures: what it says, what it refuses, and how it says so."""

import time
from fractions import Fraction as Q

import pytest

from radsim.conjecture.exact import Interval, evaluate
from radsim.conjecture.language import StatementError, parse, parse_conditions
from radsim.conjecture.solved import exact_letters
from radsim.conjecture.trials import Trial, proportional
from radsim.conjecture.words import FUNCTIONS, LETTERS, letters

GAME = proportional(Trial((Q(1), Q(1, 2), Q(1, 4)), (), Q(1), Q(1)), Q(0))
KNOWN = exact_letters(GAME, [*LETTERS, "W(uniform)", "W(margin)", "W(power)", "W(softmax)"])

# Worked by hand on g = (1, 1/2, 1/4), m = 1, b = 1, no harm.
SAYS = [
    ("V == 1/3", True),
    ("V", None),
    ("lam == V and tau == 1/3", True),
    ("0 <= V < 1/2 <= max(g) <= 1", True),
    ("g > 0", True),
    ("g >= 1/2", False),
    ("g >= h and h == 0 and s == g", True),
    ("sum(g) == 7/4 and mean(g) == 7/12", True),
    ("top(g, 3/2) == 5/4 and top(g, 0) == 0 and top(g, 9) == 7/4", True),
    ("quantile(g, 1/2) == 1/2 and quantile(g, 1/4) == 3/8", True),
    ("max(cumsum(sorted(g)) - i) == 0", True),
    ("min(g, 1/2) == g", False),
    ("min(max(g, 1/2)) == 1/2", True),
    ("sqrt(m + 3) == 2", True),
    ("1.414 < sqrt(2) < 1.415", True),
    ("sqrt(2)**2 == 2", None),
    ("sqrt(-1) > 0", None),
    ("1/(m - 1) > 0", None),
    ("m == 1 or 1/(m - 1) > 0", True),
    ("m == 2 and 1/(m - 1) > 0", False),
    ("implies(m == 1, V > 0)", True),
    ("not V > 0", False),
    ("2**-2 == 1/4 and (-2)**2 == 4 and -2**2 == -4", True),
    ("floor(3/2) == 1 and ceil(3/2) == 2 and abs(-m) == 1", True),
    ("capped and abstain and not forced and not uncapped", True),
    ("W(uniform) == 1/4 and W(margin) == 0", True),
    ("W(power) == 3/28", True),
    ("0 < W(softmax) < V", True),
    ("sum(q) == 1 and sum(l) == 1", True),
    ("R == 1/3 and rho == 1/2", True),
    ("top(g, -1) == 0", None),
    ("quantile(g, 2) == 0", None),
]


@pytest.mark.parametrize(("text", "says"), SAYS, ids=[text for text, _ in SAYS])
def test_what_a_statement_says(text, says):
    if text == "V":
        with pytest.raises(StatementError, match="this is a number, and a statement is true or"):
            parse(text)
    else:
        assert evaluate(parse(text), KNOWN) is says


def test_every_letter_and_function_is_said():
    said = " ".join(text for text, _ in SAYS)
    assert {name for name in LETTERS if name in said} == set(LETTERS) - set("nbc") | {"b", "c", "n"}
    assert all(f"{name}(" in said for name in FUNCTIONS)


REFUSED = [
    ("", 1, "is empty"),
    ("V >= k", 6, "no such letter 'k'; the letters are g, h, s"),
    ("V = 1", 3, "write == for equal"),
    ("V >= ", 5, "ends too soon"),
    ("V ≥ 0", 3, "'≥' is no sign of the language: write >="),
    ("λ >= 0", 1, "write lam"),
    ("ｇ >= 0", 1, "is no sign"),  # a letter that Python would take for g
    ("V^2 >= 0", 2, "write ** for a power"),
    ("V >= g[0]", 7, "a vector has no places"),
    ("V >= 0 & m > 0", 8, "write and"),
    ("V \0>= 0", 3, "is no sign"),
    ("V >= 'a'", 6, "without quotes"),
    ("(V >= 0", 1, "never closed"),
    ("V >= 0)", 7, "never opened"),
    ("V >= 0) and (m > 0", 7, "never opened"),
    ("(" * 41 + "V >= 0" + ")" * 41, 41, "more than 40 brackets"),
    ("(" * 10_000 + "V >= 0" + ")" * 10_000, 1001, "1000 at most"),
    ("V >= " + "1" * 5000, 1001, "1000 at most"),
    ("V >= " + "1" * 200, 6, "is no decimal number of at most 24 letters"),
    ("V >= 1e999999999", 6, "is no decimal number"),
    ("V >= 1e99", 6, "numbers go to"),
    ("V >= 0x10", 6, "is no decimal number"),
    ("V >= True", 6, "is no number"),
    ("V >= 1j", 6, "is no number"),
    ("9**9**9 > V", 4, "a power is a whole number"),
    ("V**m > 0", 4, "a power is a whole number"),
    ("V**10 > 0", 4, "a power is a whole number"),
    ("((V**9)**9)**9 > 0", 2, "powers beyond 64"),
    ("-" * 900 + "V > 0", 101, "is deeper than 100"),
    ("+".join("V" * 400) + "> 0", 1, "is deeper than 100"),
    ("__import__(m) > 0", 1, "no such function '__import__'"),
    ("g.__class__ == V", 1, "the language has no dots between names"),
    ("(lambda: V)() > 0", 8, "no functions of your own"),
    ("(x for x in g) > 0", 1, "the language has no loops"),
    ("V > 0 if m else 1 > 0", 1, "write implies(a, b)"),
    ("V > 0, m > 0", 1, "has no lists"),
    ("V in g", 1, "comparisons are"),
    ("g // 2 > 0", 3, "operations are"),
    ("(V > 0) + 1 > 0", 2, "is true or false"),
    ("(V > 0) > 1", 2, "is true or false"),
    ("V and m", 1, "compare it"),
    ("max > 0", 1, "max is a function"),
    ("max(V) > 0", 1, "max takes a vector, or several values"),
    ("sum(V) > 0", 5, "sum takes a vector here, not a number"),
    ("top(g) > 0", 1, "top takes a vector and a number"),
    ("sum(g, key=V) > 0", 11, "write == for equal"),
    ("sum(*g) > 0", 1, "sum takes values alone"),
    ("W(oracle) > 0", 1, "W takes a selector: rad, margin"),
    ("W(V > 0) > 0", 1, "W takes a selector"),
    ("V > 0 m", 1, "is not written as"),
]


@pytest.mark.parametrize(("text", "place", "words"), REFUSED, ids=[x[:30] for x, _, _ in REFUSED])
def test_what_is_no_statement(text, place, words):
    start = time.process_time()
    with pytest.raises(StatementError) as found:
        parse(text)
    assert time.process_time() - start < 2
    first, part, caret = str(found.value).splitlines()
    assert first.startswith(f"statement, place {place}: ")
    assert words in first
    assert len(first) < 250
    # The caret stands under the sign of that place.
    if text:
        assert part[caret.index("^") : caret.index("^") + 1] in ("?", text[place - 1 : place])


def test_conditions():
    found = parse_conditions("c == 1, 0 < m <= n/2 and b < n, forced,")
    assert [x.text for x in found] == ["c == 1", "0 < m", "m <= n/2", "b < n", "forced"]
    assert parse_conditions("  ") == ()
    assert letters(found[2]) == {"m", "n"}
    with pytest.raises(StatementError, match=r"^where, place 9: no such letter 'k'"):
        parse_conditions("c == 1, k > 0")


def test_an_interval_holds_what_is_not_rational():
    root = evaluate(parse("sqrt(2) > 0").args[0], {})
    assert isinstance(root, Interval)
    assert root.low**2 < 2 < root.high**2
    assert root.high - root.low < Q(1, 10**39)
