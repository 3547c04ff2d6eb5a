"""A wrong solver in any row: whatever asks it refuses the answer, and writes nothing."""

from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from radsim import (
    SOLVERS,
    ConstrainedGame,
    Game,
    Instance,
    StoredGame,
    UncertifiedError,
    check,
    scorecard,
    select,
    solve,
    solve_many,
)
from radsim.adapters import modal_query, select_from_probabilities
from radsim.analysis import sensitivity, trade_offs
from radsim.claims import CLAIMS
from radsim.cli import app
from radsim.distillation.loop import compare
from radsim.distillation.setting import Setting
from radsim.plots import PICTURES
from radsim.runs import simulate
from radsim.solvers import asking
from radsim.solvers.water import batches

# `radsim.analysis` has a function of the same name.
worst_group = import_module("radsim.analysis.worst_group")

NAN = float("nan")
GAINS = [0.9, 0.7, 0.4, 0.4, 0.1]
PLAIN = Game(GAINS, 1)
OTHER = Game(GAINS[::-1], 2)
CONSTRAINED = ConstrainedGame(GAINS, [2 * g for g in GAINS], [1, 1], 2, groups=[0, 0, 1, 1, 1])
OTHER_CONSTRAINED = CONSTRAINED.replace(gains=GAINS[::-1], stakes=[2 * g for g in GAINS[::-1]])


def _another(row, game, options):
    other = OTHER if game.kind == "plain" else OTHER_CONSTRAINED
    return row.solve(other, **options)


def _wrong_l(row, game, options):
    good, other = row.solve(game, **options), _another(row, game, options)
    return replace(good, mistake_probabilities=other.mistake_probabilities, mixture=other.mixture)


SPOILS = {
    "q rolled": lambda row, game, more: (
        good := row.solve(game, **more),
        replace(good, inclusion=np.roll(good.inclusion, 1)),
    )[1],
    "l of another game": _wrong_l,
    "value doubled": lambda row, game, more: (
        good := row.solve(game, **more),
        replace(good, value=2 * good.value),
    )[1],
    "NaN in q": lambda row, game, more: replace(
        row.solve(game, **more), inclusion=np.full(game.n, NAN)
    ),
    "NaN value": lambda row, game, more: replace(row.solve(game, **more), value=NAN),
    "q too short": lambda row, game, more: replace(row.solve(game, **more), inclusion=np.ones(1)),
    "another game": _another,
    "nothing": lambda row, game, more: None,
}
ROWS = [(*key, method) for key, rows in SOLVERS.items() if key[0] != "stored" for method in rows]


def plant(monkeypatch, key, method, spoil):
    row = SOLVERS[key][method]
    wrong = replace(row, solve=lambda game, **options: spoil(row, game, options))
    monkeypatch.setitem(SOLVERS[key], method, wrong)


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize(("kind", "objective", "method"), ROWS)
def test_a_wrong_answer_of_every_row_is_refused(kind, objective, method, spoil, monkeypatch):
    game = PLAIN if kind == "plain" else CONSTRAINED
    assert solve(game, objective, method).certificate.accepts(0.1)
    plant(monkeypatch, (kind, objective), method, SPOILS[spoil])
    with pytest.raises(UncertifiedError, match=rf"^{method}: .*rtol .*certify=False") as caught:
        solve(game, objective, method)
    assert len(str(caught.value).splitlines()) == 1
    solve(game, objective, method, certify=False)


STORED = {
    "level halved": lambda s: replace(s, rule=replace(s.rule, level=s.rule.level / 2)),
    "threshold doubled": lambda s: replace(s, rule=replace(s.rule, threshold=2 * s.threshold)),
    "value doubled": lambda s: replace(s, value=2 * s.value),
    "NaN value": lambda s: replace(s, value=NAN),
    "another game": lambda s: replace(s, game=replace(s.game, budget=2)),
}


@pytest.mark.parametrize("spoil", STORED)
def test_a_wrong_rule_for_a_stored_pool_is_refused(spoil, monkeypatch, tmp_path):
    np.save(tmp_path / "gains.npy", np.array(GAINS))
    game = StoredGame(tmp_path / "gains.npy", 1)
    solve(game)
    plant(
        monkeypatch,
        ("stored", "value"),
        "closed_form",
        lambda row, game, more: STORED[spoil](row.solve(game, **more)),
    )
    with pytest.raises(UncertifiedError):
        solve(game)
    solve(game, certify=False)


def _wrong_rows(spoil):
    right = batches.load("numpy")

    def rows(q, *given):
        level, density, total, over = right.rows(q, *given)
        return spoil(q, level), density, total, over

    return lambda kernels: SimpleNamespace(rows=rows)


def _rolled(q, level):
    q[:] = np.roll(q, 1)
    return level


def _emptied(q, level):
    q[30:60] = NAN
    return level


@pytest.mark.parametrize("spoil", [_rolled, _emptied, lambda q, level: 2 * level])
def test_a_batch_is_refused_for_one_wrong_game(spoil, monkeypatch):
    gains = np.random.default_rng(0).random((5, 30))
    solve_many(gains, 3)
    monkeypatch.setattr(batches, "load", _wrong_rows(spoil))
    with pytest.raises(UncertifiedError, match=r"game \d"):
        solve_many(gains, 3)
    solve_many(gains, 3, certify=False)


ROLLED = SPOILS["q rolled"]
INSTANCE = Instance("planted", Game(np.linspace(1, 0.1, 30), 3))
PROBABILITIES = np.column_stack((np.linspace(0.5, 0.9, 30), np.linspace(0.5, 0.1, 30)))
MODEL = SimpleNamespace(predict_proba=lambda pool: PROBABILITIES)
PATHS = {
    "select": lambda: select("rad", GAINS, 1, rng=0, mistakes=1),
    "select, groups": lambda: select(
        "rad", GAINS, 2, rng=0, mistakes=[1, 1], groups=[0, 0, 1, 1, 1]
    ),
    "scorecard": lambda: scorecard(INSTANCE),
    "probabilities": lambda: select_from_probabilities(PROBABILITIES, 3, rng=0),
    "modal": lambda: modal_query(rng=0)(MODEL, PROBABILITIES, 3),
    "m": lambda: sensitivity.price_of_not_knowing(PLAIN, [1, 2], [1, 2]),
    "budget": lambda: sensitivity.value_in_budget(PLAIN, [1, 2]),
    "trade-off": lambda: trade_offs.trade_off(PLAIN, 3),
    "insurance": lambda: trade_offs.insurance(PLAIN, 3),
    "groups": lambda: worst_group.group_scorecard(CONSTRAINED),
    "tails": lambda: simulate.tails(INSTANCE, 0, 10),
    "wrong count": lambda: simulate.wrong_count(INSTANCE),
    "distillation": lambda: compare(Setting(data="digits"), ["rad"], 0),
    "guarded": lambda: compare(Setting(data="digits"), ["guarded"], 0),
}


def _plant_closed_forms(monkeypatch):
    for key, rows in SOLVERS.items():
        if "closed_form" in rows and key[0] != "stored":
            plant(monkeypatch, key, "closed_form", ROLLED)


@pytest.mark.parametrize("path", PATHS)
def test_whatever_hands_out_an_answer_asks(path, monkeypatch):
    _plant_closed_forms(monkeypatch)
    with pytest.raises(UncertifiedError):
        PATHS[path]()


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "level"])
def test_pictures_are_of_certified_answers(name, monkeypatch, tmp_path):
    _plant_closed_forms(monkeypatch)
    with pytest.raises(UncertifiedError):
        PICTURES[name](Game(np.linspace(1, 0.1, 30), 3), tmp_path / "picture.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_is_undecided_on_a_wrong_witness(claim, monkeypatch):
    game = INSTANCE.game.replace(gains=GAINS, harms=GAINS, mistakes=1, budget=1)
    row = CLAIMS[claim]
    if not row.applies(game) or claim in (
        "A3",
        "N2",
        "N7",
        "S6",
        "V5",
        "V6",
    ):  # these ask no witness
        return
    plant(monkeypatch, ("plain", "value"), "linprog", ROLLED)
    plant(monkeypatch, ("plain", "regret"), "linprog", ROLLED)
    plant(monkeypatch, ("plain", "ratio"), "linprog", ROLLED)
    plant(monkeypatch, ("constrained", "value"), "linprog", ROLLED)
    assert check(row, Instance("planted", game)).status == "UNDECIDED"


def test_worst_group_refuses_bounds_that_do_not_meet(monkeypatch):
    good = worst_group.worst_group(CONSTRAINED)
    monkeypatch.setattr(worst_group, "_program", lambda game: replace(good, upper=good.upper + 1))
    with pytest.raises(UncertifiedError, match="do not meet"):
        worst_group.worst_group(CONSTRAINED)
    assert worst_group.worst_group(CONSTRAINED, certify=False).gap > 0.5


COMMANDS = {
    "solve": "solve gains.csv --mistakes 1 --out picks.csv --plot level.png",
    "solve regret": "solve gains.csv --mistakes 1 --objective regret --out picks.csv",
    "solve, picture": "solve gains.csv --mistakes 1 --method rational --out picks.csv "
    "--plot a.png --picture budget",
    "scorecard": "simulate --scorecard --instances uniform",
    "simulate": "simulate --instances uniform --teachers uniform --draws 20 --repetitions 1 "
    "--jobs 1 --out run",
    "distill": "distill --strategies rad --seeds 1 --out rows.csv",
    "study": "distill --study smoke --jobs 1 --out study",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_in_one_line_and_writes_nothing(command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gains.csv").write_text("gain\n" + "\n".join(map(str, GAINS)) + "\n")
    _plant_closed_forms(monkeypatch)
    run = CliRunner().invoke(app, COMMANDS[command].split())
    assert run.exit_code == 1, run.output
    assert len(run.stderr.strip().splitlines()) == 1
    assert "radsim: closed_form: the answer is not certified" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["gains.csv"]


def test_a_folder_that_was_there_keeps_what_was_in_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    given = COMMANDS["simulate"].split()
    assert CliRunner().invoke(app, given).exit_code == 0
    (tmp_path / "run" / "parts" / "000000.parquet").unlink()
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    _plant_closed_forms(monkeypatch)
    assert CliRunner().invoke(app, [*given, "--resume"]).exit_code == 1
    after = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    assert after == before


def test_verify_reports_a_wrong_solver_and_leaves_the_readme(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "README.md"
    page.write_text("<!-- evidence:begin -->\n<!-- evidence:end -->\n")
    _plant_closed_forms(monkeypatch)
    given = "verify --instances 2 --claims V1 --jobs 1 --out run --readme README.md"
    run = CliRunner().invoke(app, given.split())
    assert run.exit_code == 1
    assert "NOT CERTIFIED" in run.output
    assert page.read_text() == "<!-- evidence:begin -->\n<!-- evidence:end -->\n"
    assert list((tmp_path / "run").glob("failed-*.json"))
    assert not (tmp_path / "run" / "digits.png").exists()


def test_what_was_asked_for_is_what_is_certified():
    loose = solve(PLAIN, method="hedge", gap=0.2)
    assert loose.certificate.gap <= 0.2 * PLAIN.scale
    with pytest.raises(UncertifiedError, match="another question"):
        asking.asked(solve(PLAIN), PLAIN, "regret", "closed_form", 1e-9)
