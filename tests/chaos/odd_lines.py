"""Odd command lines, from a small grammar, and for each what a person means by it."""

from dataclasses import dataclass

from chaos.odd_code import FAR, FOX, LONG, OWN, RAW, STATEMENT

# A text that is none of any list.
NO_NAME = (" ", "nope", "NOPE", "\n", "\x1b[31m", FOX, RAW, LONG, "-", "--", ".", "/", "~", "*")


@dataclass(frozen=True)
class Line:
    """A command line: refused, or (`means`) one that does what another does."""

    arguments: tuple[str, ...]
    means: tuple[str, ...] | None = None
    part: str = ""
    text: str = ""
    names: str = ""  # what a refusal must name


def _one(kind, plain):
    """From odd values of a kind of option to the plain values that they mean, if any."""
    return dict.fromkeys(("", *NO_NAME, *kind)) | plain


def _none(values, *more, but=()):
    """Those that mean nothing."""
    known = values if isinstance(values, dict) else dict.fromkeys(values)
    found = {*(value for value in known if known[value] is None), *more} - {*but}
    return dict.fromkeys(sorted(found))


COUNT = _one(
    ("1.5", "1e3", "0x10", "nan", "inf", "1,5", "1 2", "10%", "None", "True", FAR, "10**400"),
    {"+1": "1", " 1 ": "1", "1.0": "1", "1_0": "10", "01": "1", "1\n": "1"},
)
NUMBER = _one(
    (
        "nan",
        "inf",
        "-inf",
        "1e400",
        "0x10",
        "1,5",
        "1 2",
        "10%",
        "None",
        FAR,
        "1/2",
        "½",
        "10**400",
    ),
    {"+1": "1", " 1 ": "1", "1.0": "1", "1e0": "1", "1.": "1", "1_0": "10", "01": "1", "1\n": "1"},
)
SHARE = _one(
    ("nan", "inf", "1e400", "0x10", "1,5", "10%", "None", FAR, "1", "-0.1", "1.1", "2"),
    {".25": "0.25", "25e-2": "0.25", " 0.25": "0.25", "+0.25": "0.25"},
)
RATE = _one(
    (
        *(
            "-1",
            "nan",
            "inf",
            "1e400",
            "0x10",
            "1,5",
            "12",
            "None",
            FAR,
            "10**400",
            "½",
            "1/2",
            "-5%",
        ),
        *("%", "101%", "nan%", "1e400%", "1%%", "5 percent", "1_0%"),
    ),
    {".25": "25%", "25e-2": "25%", " 0.25": "25%", "+0.25": "25%", "1": "100%", "-0": "0%"},
)
DELTA = dict.fromkeys(RATE) | {
    "1": None,
    "-0": None,
    ".25": "25%",
    "25e-2": "25%",
    "+0.25": "25%",
    " 0.25": "25%",
}
del DELTA[""]  # as if it were not given
MISTAKES = _one(
    (
        *("0.12", ".5", "1e-3", "5e-324"),
        *("-1", "nan", "inf", "1e400", "0x10", "1,5", "1 2", "None", FAR, "21", "10**400", "½"),
        *("%", "101%", "-5%", "nan%", "1e400%", "1%%", "5 percent", "5%5", "% 5", " %", "1/2"),
    ),
    {"+1": "1", " 1 ": "1", "1.0": "1", "1e0": "1", "1_0": "10", "-0": "0", "1e-400": "0"}
    | {"10 %": "10%", " 10%": "10%", "1e1%": "10%", "100%": "100 %", "0%": "-0%", "20": "2e1"},
)
HARM = _one(
    (
        *("-1", "nan", "inf", "1e400", "0x10", "1,5", FAR, "constant:", "constant:x", "50%"),
        *("column:", "column:nope", "multiple:1", "constant:-1", ":1", "constant:nan"),
    ),
    {"+1": "1", " 1 ": "1", "1e0": "1", "-0": "0", "constant: 1": "constant:1", ".5": "0.5"},
)
BIG_SEED = {str(2**70): None, "-1": None, "-0": "0"}
NAME = _one(("margin ", "Margin", "margin,entropy", "1", "0", "None"), {})


def _names(known):
    first = known[0]
    return _one(
        (",", " , ", f"{first},nope", f"{first};{known[1]}", f"{first} {known[1]}", f"not {first}"),
        {
            f"{first},{first}": first,
            f" {first} ": first,
            f"{first},": first,
            f",{first}": first,
            f"{first} , {known[1]}": f"{first},{known[1]}",
        },
    )


# Files that are read; what is there is `gains.csv`, `folder` and what commands made.
READ = _one(("missing.csv", "folder", "gains.csv/", "gains.csv/x", "/dev/null", "x" * 5000), {})
# Files that are written: names that are odd, and good ones all the same.
WRITTEN = dict.fromkeys(
    (
        *("", "-", ".", "/", "~", "~/x.csv", "~root.csv", "folder", "gains.csv", "./gains.csv"),
        *("missing/x.csv", "gains.csv/x.csv", "/proc/x.csv", "x" * 300 + ".csv", "x/" * 3000),
    )
) | dict.fromkeys(
    (
        *("a b.csv", "a\nb.csv", "\x1b[31m.csv", f"{FOX}.csv", f"{RAW}.csv", "*.csv", "--x.csv"),
        *("x" * 200 + ".csv", "'.csv", "..csv"),
    ),
    "picks.csv",
)
PICTURE = _one(("x.jpg", "x", "x.PNG.", ".png/", "folder", "missing/x.png"), {})
FOLDER = dict.fromkeys(
    ("", "-", "~", "~/x", "gains.csv", "gains.csv/x", "/proc/x", LONG, "x" * 5000, "/dev/null")
)
JOBS = {"0": None, "-3": None, "-2": None, "1000000000": None} | _one(("1.5", "all", FAR), {})
FLAG = dict.fromkeys(("1", "true", "yes", "no", ""))
# Whatever is one character may separate, also where there is one column.
SEPARATOR = dict.fromkeys(("", "abc", ",,", '"', "\n", "tabs", LONG, "--", "\x1b[31m", "nope"))

SOLVE = ("solve", "gains.csv", "--mistakes", "1", "--out", "picks.csv")
SOLVE_ALONE = SOLVE[:4]
RATED = ("solve", "gains.csv", "--rate", "5%", "--out", "picks.csv")
CHECKED = ("solve", "gains.csv", "--checked", "10", "--wrong", "3", "--delta", "5%")
CHECKED += ("--out", "picks.csv")
CHECK = ("check", "proof.json", "--gains", "gains.csv")
SIMULATE = tuple("simulate --instances uniform --teachers uniform --draws 2 --out new".split())
SCORECARD = ("simulate", "--scorecard", "--instances", "uniform")
VERIFY = ("verify", "--instances", "0", "--claims", "V1")
DISTILL = ("distill", "--strategies", "margin", "--seeds", "1")
STUDY = ("distill", "--study", "smoke", "--out", "new")

CONJECTURE = ("conjecture", "V <= b*max(g)", "--games", "40")
ATTACK = ("attack", "margin", "--mistakes", "1", "--file", "gains.csv")
BENCH = ("bench", "--sizes", "5", "--solvers", "closed_form", "--repeats", "1")
BENCH += ("--seconds", "5")

# From a command, and an option of it, to odd values and what they mean.
GRAMMAR = (
    (SOLVE, "--mistakes", MISTAKES),
    (
        SOLVE,
        "--budget",
        NUMBER
        | {"0": None, "-1": None, "-0": None, "1e-400": None, "21": None}
        | {"10%": "2", "1e1 %": "2", "0%": None, "101%": None, "1e999%": None, "%": None},
    ),
    (RATED, "--rate", RATE),
    (CHECKED, "--checked", _none(COUNT, "0", "-1", "2", but=("1e3", "10%"))),
    (CHECKED, "--wrong", _none(COUNT, "-1", "11")),
    (CHECKED, "--delta", DELTA),
    (SOLVE, "--ids", READ),
    (SOLVE, "--gain-column", NAME),
    *((SOLVE, f"--{option}=", FLAG) for option in ("logits", "logprobs")),
    (SOLVE, "--seed", COUNT | BIG_SEED | {str(2**70): "2**70"}),
    (SOLVE, "--harm", HARM),
    *((SOLVE, f"--{option}", NAME) for option in ("kind", "gain", "objective", "method", "design")),
    (SOLVE, "--sep", SEPARATOR),
    (SOLVE, "--decimal", SEPARATOR),
    (CHECK, "--sep", SEPARATOR),
    (CHECK, "--decimal", SEPARATOR),
    (SOLVE, "--id", NAME),
    (SOLVE, "--out", WRITTEN),
    (SOLVE_ALONE, "--proof", WRITTEN),
    (SOLVE, "--plot", PICTURE),
    (SOLVE, "--picture", NAME),
    *((SOLVE, f"--{option}=", FLAG) for option in ("capped", "forced", "normalise", "header")),
    (CHECK, "--gains", READ),
    (CHECK, "--picks", READ),
    (CHECK, "--harm", {value: None for value in HARM if HARM[value] is None}),
    *((CHECK, f"--{option}", NAME) for option in ("kind", "gain", "id")),
    (SCORECARD, "--instances", _names(("uniform", "pareto"))),
    (SCORECARD, "--seed", COUNT | {"-1": None}),
    (SIMULATE, "--teachers", _none(NAME)),
    (SIMULATE, "--selectors", _none(NAME, but=("margin ", "margin,entropy"))),
    (SIMULATE, "--designs", _none(NAME)),
    (SIMULATE, "--draws", _none(COUNT, "0", "1", "-1")),
    (SIMULATE, "--delta", _none(SHARE, "0")),
    (SIMULATE, "--repetitions", _none(COUNT, "-1")),
    (SIMULATE, "--jobs", JOBS),
    (SIMULATE, "--out", FOLDER),
    (SIMULATE, "--replay", _none(COUNT, "-1", "0")),
    *((SIMULATE, f"--{option}=", FLAG) for option in ("resume", "scorecard")),
    (VERIFY, "--claims", _none(NO_NAME, "V1,nope", ",", "v1", "V 1", "V1;V2", "")),
    (VERIFY, "--instances", _none(COUNT, "-1")),
    (VERIFY, "--seed", _none(COUNT, "-1")),
    (VERIFY, "--jobs", JOBS),
    (VERIFY, "--out", FOLDER),
    (VERIFY, "--replay", _none(READ)),
    (VERIFY, "--readme", _none(READ)),
    *((DISTILL, f"--{option}", _none(NAME)) for option in ("data", "teacher", "noise")),
    *((DISTILL, f"--{option}", _none(NAME)) for option in ("labels", "student", "gain")),
    (DISTILL, "--rate", _none(SHARE, but=("1",))),
    (DISTILL, "--budget", _none(SHARE, "0", but=("1",))),
    (DISTILL, "--rounds", _none(COUNT, "0", "-1")),
    (DISTILL, "--seeds", _none(COUNT, "0", "-1")),
    (DISTILL, "--first-seed", _none(COUNT, "-1")),
    (DISTILL, "--validation", _none(COUNT, "-1")),
    (DISTILL, "--out", {x: None for x in WRITTEN if WRITTEN[x] is None and "gains.csv" not in x}),
    (CONJECTURE, "--where", STATEMENT | {"c ==": None, "m > n": None, ",": None, "b": None}),
    (CONJECTURE, "--games", _none(COUNT, "0", "-1")),
    (CONJECTURE, "--seconds", _none(NUMBER, "0", "-1")),
    (CONJECTURE, "--seed", _none(COUNT, "-1")),
    (CONJECTURE, "--prove", _none(COUNT, "-1")),
    (CONJECTURE, "--plot", PICTURE),
    (CONJECTURE, "--out", FOLDER),
    (CONJECTURE, "--replay", READ),
    (ATTACK, "--mistakes", _none(MISTAKES)),
    (ATTACK, "--budget", _none(NUMBER, "0", "-1", "21", "0%", "101%", but=("10%",))),
    (ATTACK, "--harm", _none(HARM)),
    (ATTACK, "--file", READ),
    *((ATTACK, f"--{option}", NAME) for option in ("kind", "gain")),
    (ATTACK, "--draws", _none(COUNT, "0", "1", "-1")),
    (ATTACK, "--error", _none(SHARE, "0")),
    (ATTACK, "--tolerance", _none(NUMBER, "-1")),
    (ATTACK, "--patience", _none(NUMBER, "0", "-1")),
    (ATTACK, "--seed", _none(COUNT, "-1")),
    (ATTACK, "--plot", PICTURE),
    (BENCH, "--sizes", _none(COUNT, "0", "-1", ",", "5,", "5;6", but=("1e3", "1,5"))),
    (BENCH, "--budget", _none(MISTAKES, "0", but=("21",))),
    (BENCH, "--mistakes", _none(MISTAKES)),
    (BENCH, "--harm", _none(HARM, "column:gain")),
    (BENCH, "--family", NAME),
    (BENCH, "--solvers", _none(NAME)),
    (BENCH, "--solver", OWN),
    (BENCH, "--seconds", _none(NUMBER, "0", "-1")),
    (BENCH, "--repeats", _none(COUNT, "0", "-1")),
    (BENCH, "--seed", _none(COUNT, "-1")),
    (BENCH, "--compare", READ),
    (BENCH, "--plot", PICTURE),
    (STUDY, "--jobs", JOBS),
    (STUDY, "--rows", _none(READ)),
)


def _with(base, option, value):
    """A line with an option set anew; one whose name ends in = is written in one word."""
    words = list(base)
    if option.endswith("="):
        return (*words, f"{option if not option.startswith('--header') else '--header='}{value}")
    if option in words:
        words[words.index(option) + 1] = value
        return tuple(words)
    return (*words, option, value)


def _grammar():
    for base, option, values in GRAMMAR:
        part = f"{base[0]} {option.rstrip('=')}"
        for value, plain in values.items():
            line = _with(base, option, value)
            means = None if plain is None else _with(base, option, str(_plain(plain)))
            yield Line(line, means, part, names=option.strip("-="))


def _plain(text):
    return 2**70 if text == "2**70" else text


BASES = (SOLVE, CHECK, SCORECARD, VERIFY, DISTILL, ("report", "run"), ("explore", "page.html"))
BASES += (("evidence", "folder"), CONJECTURE, ATTACK, BENCH)


def _any_command():
    """What is odd in the same way for every command."""
    for base in BASES:
        name, *rest = base
        for odd in (
            "--nope",
            "-x",
            "--",
            "---",
            "--nope=3",
            "-",
            "",
            " ",
            FOX,
            RAW,
            LONG,
            "--Help",
        ):
            # After "--" and for "-" comes a further argument, which there is none of.
            more = ("x",) if odd == "--" else ()
            yield Line((*base, odd, *more), None, "any command")
        yield Line((*base, "more", "and more"), None, "any command")
        yield Line((name.upper(), *rest), None, "any command")
        yield Line((f"{name} ", *rest), None, "any command")
        yield Line((name[:-1], *rest), None, "any command")
        yield Line(("--nope", *base), None, "any command")
        yield Line((*base, "--help=3"), None, "any command")
        for option in [word for word in base if word.startswith("--")]:
            yield Line((*base, option), None, "any command", names=option.strip("-"))
        if name not in ("simulate", "verify", "distill"):
            yield Line((name, *rest[1:], ""), None, "any command")


def _pairs():
    """Options that go against one another, or twice."""
    for words in (
        "simulate --scorecard --replay 0",
        "simulate --replay 0 --resume",
        "simulate --scorecard --resume",
        "simulate --scorecard --out x",
        "simulate --replay 0 --seed 3",
        "verify --replay proof.json --out x",
        "verify --replay proof.json --readme gains.csv",
        "verify --replay proof.json --claims nope",
        "verify --replay proof.json --instances 3",
        "verify --selector gains.csv:f",
        "verify --selector gains.csv",
        "distill --study smoke --rows rows.parquet --resume",
        "distill --study smoke --rows rows.parquet --jobs 2",
        "distill --study smoke --data mnist",
        "distill --study smoke --seeds 3",
        "distill --rows rows.parquet",
        "distill --resume",
        "distill --jobs 2",
        "solve gains.csv --mistakes 1 --mistakes 2",
        "solve gains.csv --mistakes 1 --capped --uncapped",
        "solve gains.csv --mistakes 1 --abstain --forced",
        "solve gains.csv --mistakes 1 --header --no-header",
        "solve gains.csv --mistakes 1 --seed 0 --seed 0",
        "solve gains.csv --mistakes 1 --out x.csv --proof x.csv",
        "solve gains.csv --mistakes 1 --out x.csv --proof ./x.csv",
        "solve gains.csv --mistakes 1 --out x.svg --plot x.svg",
        "solve gains.csv --mistakes 1 --objective regret --budget 2",
        "solve gains.csv --mistakes 1 --id gain --id nope",
        "solve gains.csv gains.csv --mistakes 1",
        "solve --mistakes 1",
        "solve gains.csv",
        "solve gains.csv --mistakes",
        "check proof.json",
        "check --gains gains.csv",
        "check proof.json --gains gains.csv --picks proof.json",
        "check gains.csv --gains proof.json",
        "explore page.html page.html",
        "explore folder",
        "explore gains.csv/x.html",
        "explore missing/x.html",
        "explore ~",
        "explore -",
        "report",
        "report missing",
        "report gains.csv",
        "report folder",
        "report -",
        "evidence missing",
        "evidence gains.csv",
        "evidence folder",
        "evidence --slow=1",
        "evidence --planted --planted",
        "check . --gains gains.csv",
        "solve . --mistakes 1",
        "solve / --mistakes 1",
        "solve ~ --mistakes 1",
        "solve folder --mistakes 1",
    ):
        yield Line(tuple(words.split()), None, "pairs")
    for statement in STATEMENT:
        yield Line(("conjecture", statement, "--games", "40"), None, "conjecture")
    for own in OWN:
        yield Line(("attack", own, *ATTACK[2:]), None, "attack")
    for name in (LONG, "x" * 5000, "a/" * 3000, "\n", RAW, FOX):
        for line in (
            ("solve", name, "--mistakes", "1"),
            ("check", name, "--gains", "gains.csv"),
            ("report", name),
            ("evidence", name),
            ("distill", "--data", name),
            ("distill", "--teacher", name),
            ("distill", "--study", "smoke", "--rows", name),
            ("verify", "--replay", name),
        ):
            yield Line(line, None, "names")
    for name in (LONG, "x" * 5000, "a/" * 3000):
        for line in (
            ("explore", name),
            ("report", "run", "--out", name),
            ("distill", "--out", name),
            ("distill", "--study", "smoke", "--out", name),
            ("verify", "--out", name),
            ("verify", "--readme", name),
        ):
            yield Line(line, None, "names")


def _good():
    """Odd, and good all the same."""
    plain = ("solve", "gains.csv", "--mistakes", "1", "--out", "picks.csv")
    yield Line(("solve", "--mistakes", "1", "--out", "picks.csv", "gains.csv"), plain, "good")
    yield Line(("solve", "--mistakes=1", "--out=picks.csv", "--", "gains.csv"), plain, "good")
    yield Line(("solve", "./gains.csv", "--mistakes", "1", "--out", "picks.csv"), plain, "good")
    yield Line(("solve", "folder/../gains.csv", *plain[2:]), plain, "good")
    yield Line(("solve", "-", *plain[2:]), plain, "good", text="gains.csv")
    yield Line((*plain, "--id", "gain", "--id", "gain"), (*plain, "--id", "gain"), "good")
    yield Line(("--help",), ("--help",), "good")
    yield Line(("--version", "--help"), ("--version",), "good")
    yield Line(("--version", "nope"), ("--version",), "good")


def lines():
    """All odd lines, in an order in which any few of them are of all kinds."""
    found = [*_good(), *_pairs(), *_any_command(), *_grammar()]
    step = next(k for k in range(97, 997) if all(len(found) % d or k % d for d in range(2, k + 1)))
    return [found[k * step % len(found)] for k in range(len(found))]
