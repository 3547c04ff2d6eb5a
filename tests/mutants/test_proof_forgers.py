"""No forged or mismatched proof gets past any of three checkers, and every genuine one does.

The three are `radsim check`, the file of proofs_checks that knows no radsim, and the page's own
script.  `RADSIM_CASES=10000 pytest tests/mutants/test_proof_forgers.py -s` is the long run and
prints what was forged.
"""

import contextlib
import importlib.util
import inspect
import io
import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import typer
from forgers import FORMS, JUDGED, forged, genuine
from proof_judge import Case, csv_of

from radsim import Game, solve
from radsim.cli import check
from radsim.proof import form, prove, proving

ROOT = Path(__file__).parents[2]
CASES = int(os.environ.get("RADSIM_CASES", "1000"))
STANDALONE = ROOT / "proofs_checks" / "standalone_checker.py"
SCRIPT = ROOT / "radsim" / "pages" / "assets" / "proof.js"
BATCH = """
const { check } = require(process.argv[1]);
const read = (k, ending) => require("fs").readFileSync(`${process.argv[2]}/${k}.${ending}`, "utf8");
const found = [];
for (let k = 0; k < Number(process.argv[3]); k += 1) {
  const { verdict, words } = check(read(k, "json"), read(k, "csv"));
  found.push([verdict === "proved", words]);
}
console.log(JSON.stringify(found));
"""


def _quiet(run, *arguments, **options):
    """What a checker returns, and the words it says: one line if it refuses."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(*arguments, **options)
    if code:
        assert said.getvalue().count("\n") == 1, said.getvalue()
    return code == 0, said.getvalue()


def _package(proof, gains):
    try:
        check.check_command(proof, str(gains), harm="", kind="auto", gain="margin", picks=None)
    except typer.Exit as end:
        return end.exit_code
    return 0


def _module(source=None):
    spec = importlib.util.spec_from_loader("standalone_checker", loader=None)
    module = importlib.util.module_from_spec(spec)
    exec(compile(source or STANDALONE.read_text(), str(STANDALONE), "exec"), module.__dict__)
    return module


def _written(cases, folder):
    for k, case in enumerate(cases):
        (folder / f"{k}.json").write_bytes(case.proof)
        (folder / f"{k}.csv").write_bytes(case.gains)


def _by_python(cases, folder):
    alone = _module()
    return {
        "radsim check": [
            _quiet(_package, folder / f"{k}.json", folder / f"{k}.csv") for k in range(len(cases))
        ],
        "standalone": [
            _quiet(alone.main, [str(folder / f"{k}.json"), str(folder / f"{k}.csv")])
            for k in range(len(cases))
        ],
    }


def _by_page(cases, folder, script=SCRIPT):
    run = subprocess.run(
        ["node", "-e", BATCH, str(script), str(folder), str(len(cases))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


def _wrong(cases, verdicts):
    return [
        f"{case.kind}, true = {case.true}: {words.strip()} | {case.proof[:3000]!r} {case.gains!r}"
        for case, (accepted, words) in zip(cases, verdicts, strict=True)
        if accepted != case.true
    ]


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forged")
    found = list(forged(np.random.default_rng(1), int(1.3 * CASES)))
    _written(found, folder)
    return found, folder


@pytest.fixture(scope="module")
def genuine_cases(tmp_path_factory):
    rng, folder = np.random.default_rng(2), tmp_path_factory.mktemp("genuine")
    found = [genuine(rng) for _ in range(max(300, CASES // 10))]
    gains = rng.random(100_000)
    _, text = prove(solve(Game(gains, 12_000, 1_000.5)), ("multiple", 1.0))
    found.append(Case("100,000 points", text.encode(), csv_of(gains.tolist())))
    _written(found, folder)
    return found, folder


needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="no Node; tests/browser asks the same of Chromium"
)


def test_genuine_proofs_are_accepted(genuine_cases):
    cases, folder = genuine_cases
    for name, verdicts in _by_python(cases, folder).items():
        print(f"\n{name}: {sum(ok for ok, _ in verdicts)} of {len(cases)} genuine proofs accepted")
        assert not _wrong(cases, verdicts), name


@needs_node
def test_genuine_proofs_are_accepted_by_the_page(genuine_cases):
    verdicts = _by_page(*genuine_cases)
    print(f"\npage: {sum(ok for ok, _ in verdicts)} of {len(verdicts)} genuine proofs accepted")
    assert not _wrong(genuine_cases[0], verdicts)


def test_forgeries_are_refused(cases):
    cases, folder = cases
    lies = Counter(case.kind for case in cases if not case.true)
    truths = Counter(case.kind for case in cases if case.true)
    print(f"\n{lies.total()} forgeries, {truths.total()} changes that leave all true:")
    for kind in (*JUDGED, *FORMS, "a bit flipped"):
        print(f"{lies[kind]:6d} {truths[kind]:5d}  {kind}")
        assert lies[kind] > 0.4 * (lies[kind] + truths[kind]) > 0
    assert lies.total() >= CASES
    for name, verdicts in _by_python(cases, folder).items():
        wrong = _wrong(cases, verdicts)
        print(f"{name}: {len(wrong)} verdicts other than the judge's")
        assert not wrong, (name, wrong[:3])


@needs_node
def test_forgeries_are_refused_by_the_page(cases):
    wrong = _wrong(cases[0], _by_page(*cases))
    print(f"\npage: {len(wrong)} verdicts other than the judge's")
    assert not wrong, wrong[:3]


# One check less, and a forgery gets in: the same line in the three languages.
PLANTED = {
    "digest": (
        'if typed(game, Game, "game").digest() != proof.digest:',
        'found.hexdigest() == p["digest"]',
        "right === p.digest",
    ),
    "sums": (
        "if not least <= total <= most:",
        "least <= total <= most",
        "atMost(spent, exact(sum)) && atMost(exact(low), spent)",
    ),
    "W(q)": (
        '_same("lower", written(found.lower), proof.lower)',
        'p["lower"] == written(lower)',
        "p.lower === written(lower)",
    ),
    "max U(q, l)": (
        '_same("upper", written(found.upper), proof.upper)',
        'p["upper"] == written(upper)',
        "p.upper === written(upper)",
    ),
    "value": (
        '_same("value", written(found.interval[0]), proof.value)',
        'p["value"] == written(value)',
        "p.value === written(exact(below(lower)))",
    ),
    "width": (
        "if found.gap > WIDEST * scale:",
        "upper - lower <= WIDEST * scale",
        "atMost(times(width, [1000000n, 0]), scale)",
    ),
    "picks": (
        '_same("picks", _drawn(proof), proof.picks)',
        'drawn == p["picks"]',
        "JSON.stringify(drawn) === JSON.stringify(p.picks)",
    ),
    "checked points": (
        "if proof.validation and not covers(int(m), game.n, *proof.validation):",
        "rest < 0 or ways <= Fraction(delta) * math.comb(n + v, v)",
        "atMost([ways, 0], times(exact(delta), [choose(n + v, v), 0]))",
    ),
    "one identifier a pick": (
        "if len(texts) != len(proof.picks):",
        "len(texts) == len(picks)",
        "texts.length === picks.length",
    ),
    "one form": (
        "if _packed(_json(found)) != _packed(text):",
        "packed[0] == packed[1]",
        "packed(again) === packed(text)",
    ),
}


def _without(source, check, nothing):
    assert source.count(check) == 1, check
    return source.replace(check, nothing)


@pytest.mark.parametrize("name", PLANTED)
def test_a_checker_without_one_check_lets_a_forgery_in(name, cases, monkeypatch, tmp_path):
    cases, folder = cases
    in_package, in_file, in_page = PLANTED[name]
    nothing = "if False:" if in_package.startswith("if") else "pass"
    module = form if name == "one form" else proving
    mutant = dict(vars(module))
    exec(_without(inspect.getsource(module), in_package, nothing), mutant)
    mutant["Proof"] = form.Proof  # the one class of proofs that a checker takes
    function = "read_proof" if name == "one form" else "check_proof"
    monkeypatch.setattr(check, function, mutant[function])
    monkeypatch.setattr(check, "Refused", mutant.get("Refused", check.Refused))
    alone = _module(_without(STANDALONE.read_text(), in_file, "True"))
    let_in = {"radsim check": 0, "standalone": 0}
    for k, case in enumerate(cases[:1000]):
        if not case.true:
            files = folder / f"{k}.json", folder / f"{k}.csv"
            let_in["radsim check"] += _quiet(_package, *files)[0]
            let_in["standalone"] += _quiet(alone.main, [*map(str, files)])[0]
    if shutil.which("node"):
        script = tmp_path / "proof.js"
        script.write_text(_without(SCRIPT.read_text(), in_page, "true"))
        verdicts = _by_page(cases[:1000], folder, script)
        let_in["page"] = sum(v[0] > case.true for case, v in zip(cases, verdicts, strict=False))
    print(f"\nwithout {name}: {let_in}")
    assert all(let_in.values())
