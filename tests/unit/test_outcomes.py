"""What a verification concludes: counts of instances, one line, one level, the smallest game."""

import json
from dataclasses import replace

import numpy as np
import pytest
from commands import call

from radsim import CLAIMS, Claim, Comparison, Game, Instance, check, draw_instance, solve
from radsim.claims import SampledComparison, Verdict, checking
from radsim.inference import mean_at_least
from radsim.runs import outcomes, smallest, verify

OWN = """
from radsim import Claim, Comparison, solve

def compare(game, method, rng):
    found = solve(game, method=method).certificate.interval
    yield Comparison("V <= 0.4 max g", "upper", 0.4 * game.gains.max(), found, game.scale)

def broken(game, method, rng):
    raise KeyError("what")

FALSE = Claim("M1", "V is at most 0.4 max g", "upper", lambda game: game.gains.max() > 0, compare)
NEVER = Claim("M2", "of no game", "upper", lambda game: False, compare)
BROKEN = Claim("M3", "broken", "upper", lambda game: True, broken)
NO_CLAIM = 3
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The address of claims of one's own, in a folder of this test."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "own.py"
    path.write_text(OWN)
    return str(path)


def _record(index, *statuses, claim_id="V1", n_sampled=0):
    verdicts = tuple(
        (witness, Verdict(claim_id, status, "", 0.0, (0.0, 0.0), 0.0, 1, n_sampled))
        for witness, status in zip(verify.WITNESSES, statuses, strict=False)
    )
    runs = (verify.SolverRun("rational", True, 0.0, 0.0),)
    return verify.Record("x", index, draw_instance(rng=index), runs, verdicts)


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        ([("HOLDS", "HOLDS"), ()], "holds"),
        ([("HOLDS", "UNDECIDED")], "inconclusive"),
        ([("HOLDS", "HOLDS"), ("UNDECIDED", "UNDECIDED")], "inconclusive"),
        ([("HOLDS", "VIOLATED"), ("HOLDS", "HOLDS")], "violated"),
        ([("UNDECIDED", "VIOLATED")], "violated"),
        ([(), ()], "not tested"),
        ([], "not tested"),
    ],
)
def test_an_instance_counts_once_and_a_claim_is_as_bad_as_its_worst(statuses, outcome):
    records = [_record(k, *both) for k, both in enumerate(statuses)]
    (tally,) = outcomes.tallies(records, ["V1"])
    assert tally.verdict == outcome
    counts = (tally.violated, tally.holds, tally.inconclusive, tally.not_applicable)
    assert sum(counts) == len(records)


def test_the_conclusion_counts_what_is_not_tested_apart():
    records = [_record(0, "HOLDS", "HOLDS")]
    found = outcomes.tallies(records, ["V2", "V1"])
    told = outcomes.concluded(found, *outcomes.certificates(records))
    assert told == "1 claim holds, 0 violated, 1 not tested; 1 certificate accepted"


def test_violated_claims_come_first():
    records = [_record(0, "HOLDS", "HOLDS"), _record(1, "VIOLATED", "HOLDS", claim_id="V3")]
    assert [x.claim for x in outcomes.tallies(records, ["V1", "V3"])] == ["V3", "V1"]


def test_the_command_concludes_in_its_last_line(own):
    found = call("verify", "--instances", 2, "--claims", f"V1,{own}:NEVER", "--jobs", 1)
    assert found.exit_code == 0
    *_, last = found.stdout.splitlines()
    assert last.startswith("1 claim holds, 0 violated, 1 not tested; 14 certificates accepted; ")
    assert last.endswith(" s")
    assert "not tested: no instance met its hypotheses" in found.stdout
    assert all(len(x) <= 80 for x in found.stdout.splitlines() if x.startswith("V1"))


def test_a_violation_is_shown_on_its_smallest_game_and_replays(own):
    name = f"{own}:FALSE"
    found = call("verify", "--instances", 4, "--claims", name, "--jobs", 1)
    assert found.exit_code == 1
    assert "smallest game found  g = 1, c = 0, m = 0, b = 1, capped, abstain" in found.stdout
    assert "Game([1], mistakes=0, harm=0)" in found.stdout
    assert "0 claims hold, 1 violated; 28 certificates accepted" in found.stdout.splitlines()[-1]
    (line,) = (x for x in found.stdout.splitlines() if x.startswith("  replay: radsim "))
    again = call(*line.removeprefix("  replay: radsim ").split())
    assert again.exit_code == 1
    assert again.stdout.startswith("g = 1, c = 0, m = 0, b = 1, capped, abstain\n")
    assert "accepted" not in again.stdout  # no solver, no other claim
    assert again.stdout.count(" against ") == 2


def test_one_document_and_nothing_else(own):
    words = ("verify", "--instances", 3, "--jobs", 1, "--json", "--claims")
    found = call(*words, f"V1,{own}:FALSE,{own}:NEVER")
    assert found.exit_code == 1
    document = json.loads(found.stdout, parse_constant=pytest.fail)
    assert list(document) == [
        *("seed", "instances", "conclusion", "claims", "certificates", "solvers", "chance"),
        *("digits", "failures", "versions"),
    ]
    verdicts = {x["claim"]: x["verdict"] for x in document["claims"]}
    assert list(verdicts.values()) == ["violated", "holds", "not tested"]
    assert document["chance"] == {"error": 1e-9, "sampled": 0}
    assert document["certificates"] == {"accepted": 21, "refused": 0}
    (failed,) = document["failures"]
    assert eval(failed["game"]).n == 1 and "--claims" in failed["replay"]
    assert call(*words, f"V1,{own}:FALSE,{own}:NEVER").stdout == found.stdout


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ("own.py:BROKEN", "--claims own.py:BROKEN: instance 0: KeyError: 'what'"),
        ("own.py:NO_CLAIM", "--claims own.py:NO_CLAIM: is no Claim"),
        ("own.py:no", "--claims own.py: has no no"),
        ("no.py:FALSE", "--claims no.py: No such file"),
        ("no_such_module:FALSE", "ModuleNotFoundError"),
        (":FALSE", "must be FILE.py:NAME or MODULE:NAME"),
        ("own:", "must be FILE.py:NAME or MODULE:NAME"),
        ("V99", "--claims"),
    ],
)
def test_what_is_no_claim_is_refused_in_a_line(own, claims, words):
    found = call("verify", "--instances", 1, "--jobs", 1, "--claims", claims)
    assert (found.exit_code, found.stdout) == (2, "")
    assert words in found.stderr and found.stderr.count("\n") == 1


def test_a_file_is_never_asked_which_code_to_run(own):
    found = call(
        "verify", "--instances", 4, "--claims", f"{own}:FALSE", "--jobs", 1, "--out", "run"
    )
    assert found.exit_code == 1
    saved = next(x for x in (smallest.Path("run")).glob("failed-*FALSE.json"))
    assert "own.py" in json.loads(saved.read_text())["name"]
    (smallest.Path("own.py")).write_text("raise SystemExit(7)")
    assert call("verify", "--replay", saved).exit_code == 0


# --- one level for all verdicts of a run ---


def _coin(n_draws, k=1, p=0.5):
    def compare(game, method, rng):
        for j in range(k):
            draws = rng.random(n_draws) < p
            yield SampledComparison(f"mean {j}", "lower", 0.5, draws, (0, 1), 0.4, 1.0)

    return Claim("C", "a coin", "lower", lambda game: True, compare)


def test_the_level_of_a_run_is_split_over_all_its_checks_and_comparisons(monkeypatch):
    seen = []

    def spy(*arguments, **options):
        seen.append(options["error"])
        return mean_at_least(*arguments, **options)

    monkeypatch.setattr(checking, "mean_at_least", spy)
    monkeypatch.setattr(verify, "claim_at", lambda name: _coin(5, k=3))
    verify.run(4, ["V1", "V2"], 0, jobs=1, error=0.01)
    n = 4 * 2 * len(verify.WITNESSES) * 3
    assert len(seen) == n
    assert sum(seen) == pytest.approx(0.01) and len(set(seen)) == 1


def test_tight_comparisons_take_half_of_the_level_a_side(monkeypatch):
    seen = []

    def spy(*arguments, **options):
        seen.append(options["error"])
        return mean_at_least(*arguments, **options)

    monkeypatch.setattr(checking, "mean_at_least", spy)

    def compare(game, method, rng):
        yield SampledComparison("x", "tight", 0.5, [0.5], (0, 1), 0.1, 1.0)

    tight = Claim("C", "", "tight", lambda game: True, compare)
    assert check(tight, Instance("", Game([1], 0)), error=0.02).status == "UNDECIDED"
    assert seen == [0.01, 0.01]


@pytest.mark.parametrize(
    ("kind", "mean", "status"),
    [
        ("lower", 0.8, "HOLDS"),
        ("lower", 0.2, "VIOLATED"),
        ("upper", 0.8, "VIOLATED"),
        ("upper", 0.2, "HOLDS"),
        ("tight", 0.5, "HOLDS"),
        ("tight", 0.8, "VIOLATED"),
        ("tight", 0.2, "VIOLATED"),
    ],
)
def test_the_kind_says_which_side_is_wrong(kind, mean, status):
    def compare(game, method, rng):
        yield SampledComparison("x", kind, 0.5, rng.random(4000) < mean, (0, 1), 0.1, 1.0)

    found = check(Claim("C", "", kind, lambda game: True, compare), Instance("", Game([1], 0)))
    assert (found.status, found.n_sampled) == (status, 1)
    assert (found.slack >= 0) == (status == "HOLDS")


LEVEL, CHECKS, RUNS = 0.2, 20, 300


def _alarms(level):
    """Share of runs with a false alarm: each of their checks is of a coin that is just fair."""
    game = Instance("", Game([1], 0))
    fair = _coin(250)
    alarms = [
        any(
            check(fair, game, rng=np.random.default_rng([k, j]), error=level).status == "VIOLATED"
            for j in range(CHECKS)
        )
        for k in range(RUNS)
    ]
    return np.array(alarms, dtype=float)


def test_a_run_of_true_claims_errs_as_seldom_as_it_says():
    split = _alarms(LEVEL / CHECKS)
    assert mean_at_least(1 - split, 1 - LEVEL, (0, 1), tolerance=0.1).status == "HOLDS"


def test_a_level_that_is_not_split_is_caught():
    whole = _alarms(LEVEL)
    assert mean_at_least(1 - whole, 1 - LEVEL, (0, 1), tolerance=0.1).status == "VIOLATED"


def test_a_refused_certificate_is_shown_on_its_smallest_game(monkeypatch):
    row = verify.ROWS["linprog"]

    def wrong(game, method="closed_form", certify=True, **options):
        found = solve(game, method=method, certify=False, **options)
        if method == "linprog" and game.n > 1 and not options:
            return replace(found, inclusion=found.inclusion * 0)
        return found

    monkeypatch.setattr(verify, "solve", wrong)
    assert row.rtol < 1
    games = [Game([5, 4, 3], mistakes=1), Game([0.7, 0.3, 0.2, 0.1], mistakes=1, budget=2)]
    records = [
        verify.verify_instance(Instance("x", game), k, ["V7"], witnesses=("rational",))
        for k, game in enumerate(games)
    ]
    (failed,) = smallest.first_failures(records)
    assert failed.what == "linprog's certificate is refused" and failed.instances == 2
    assert failed.game.n == 2 and failed.fractions.startswith("g = (1, ")


def test_the_claims_of_the_table_rest_on_no_samples():
    """Their laws are listed: chance has no part in their verdicts."""
    instance = Instance("x", Game([3, 2, 1], mistakes=1, budget=2))
    for row in CLAIMS.values():
        if row.applies(instance.game):
            items = list(row.compare(instance.game, "linprog", np.random.default_rng(0)))
            assert all(isinstance(item, Comparison) for item in items), row.id
