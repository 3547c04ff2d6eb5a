"""Odd statements, and odd addresses of functions of somebody's own."""

LONG, FAR = "x" * 300, "9" * 5000
FOX, RAW = "\N{FOX FACE}", "\udcff"  # an emoji, and a byte that is no text

# Functions of somebody's own, in `own.py` and files beside it.
OWN = dict.fromkeys(
    (
        *("own.py", "own.py:", ":f", "own.py:nope", "own.py:1", "own.py:f.g", "missing.py:f"),
        *("folder:f", "gains.csv:f", "own.py:number", "raises.py:f", "exits.py:f", "torn.py:f"),
        *("deep.py:f", f"{FOX}.py:f", f"{RAW}.py:f", "x" * 5000 + ".py:f", "."),
    )
)
# What is no statement; some would be run, or would not end, if they were more than read.
STATEMENT = dict.fromkeys(
    (
        *("V >=", "V >= k", "V", "1", "g", "V = 0", "V >= 0 or", "(V >= 0", "V >= 0)", "V >= 0;"),
        *("__import__('os').system('touch x') >= 0", "open('x') >= 0", "V.real >= 0", "g[0] >= 0"),
        *("9**9**9**9 >= V", "V >= 10**400", f"V >= {FAR}", "V >= 1e999", "V >= nan", "V >= 1j"),
        *("(" * 5000 + "V", "-" * 5000 + "V >= 0", "V >= 0" + " and V >= 0" * 5000, "not " * 5000),
        *("lambda: V", "V if m else b", "V := 0", "V >= 0 # all", "V \u2265 0", FOX),
        *("V \x00", "\x1b[31mV >= 0", RAW, LONG, "sum(g", "max()", "W(nope) <= V", "W() <= V"),
        *(
            "b == 1/0",
            "m / (m - m) >= 0",
            "f'{V}' >= 0",
            "V >= True",
            "V is 0",
            "V in g",
            "~V >= 0",
        ),
    )
)
