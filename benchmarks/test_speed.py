"""Speed and memory of the closed form, of batches, stored pools and hedge; and of its peers.

`pytest benchmarks` runs small sizes; `RADSIM_BENCH=full pytest benchmarks` those of README.md.
Every call is inside the timer, its certificate and its peak of memory are taken after it.
"""

import os
import tracemalloc

import cvxpy as cp
import numpy as np
import pytest

from benchmarks.turns import FAMILIES
from radsim import Game, StoredGame, solve, solve_many, worst_case
from radsim.solvers import linprog

FULL = os.environ.get("RADSIM_BENCH") == "full"
SIZES = [10**k for k in range(2, 8)] if FULL else [100, 30_000]
PEERS_N = 10_000 if FULL else 200
MATRIX_N = 200 if FULL else 20
BATCH = (10_000, 1_000) if FULL else (20, 100)
STORED_N = 10_000_000 if FULL else 50_000
BUDGETS = {"b = 1": lambda n: 1.0, "b = n/100": lambda n: n / 100, "b = n/2": lambda n: n / 2}
LOOPS = ["numpy", "numba"]


def _need(kernels):
    if kernels == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")


def _game(n, budget=1.0, family="uniform"):
    return Game(FAMILIES[family](np.random.default_rng(0), n), 0.05 * n, budget)


def _solved(game, **options):
    return solve(game, certify=False, **options)


def _peak(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _rounds(n):
    return dict(rounds=max(5, min(200, 20_000_000 // n)), warmup_rounds=1)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("limit", ["sort", "one pass"])
def test_limits(benchmark, limit, n):
    gains = _game(n).gains
    benchmark.group = f"closed form, n = {n}"
    call = {"sort": lambda: np.sort(gains), "one pass": lambda: (1 / gains).sum()}[limit]
    benchmark.pedantic(call, **_rounds(n))
    benchmark.extra_info.update(n=n, family="uniform", method=limit, peak=_peak(call), gap=0.0)


@pytest.mark.parametrize("kernels", LOOPS)
@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n", SIZES)
def test_closed_form(benchmark, n, family, budget, kernels):
    _need(kernels)
    game = _game(n, max(1.0, BUDGETS[budget](n)), family)
    benchmark.group = f"closed form, n = {n}"

    def call():
        solution = solve(game, kernels=kernels, certify=False)
        return solution, solution.inclusion

    solution, _ = benchmark.pedantic(call, **_rounds(n))
    proof = solution.certificate
    assert proof.accepts(1e-12)
    benchmark.extra_info.update(
        n=n,
        family=family,
        method=f"closed form ({kernels}), {budget}",
        gap=abs(float(proof.gap)) / game.scale,
        peak=_peak(call),
    )


@pytest.mark.parametrize("how", ["loop", *LOOPS])
def test_batches(benchmark, how):
    count, n = BATCH
    gains = FAMILIES["uniform"](np.random.default_rng(0), BATCH)
    games = [Game(row, 0.05 * n) for row in gains]
    benchmark.group = f"{count} games of {n} points"
    if how == "loop":
        found = benchmark.pedantic(
            lambda: [s for s in map(_solved, games) if s.inclusion is not None], rounds=3
        )
    else:
        _need(how)
        found = benchmark.pedantic(
            solve_many,
            (gains, 0.05 * n),
            {"kernels": how, "certify": False},
            rounds=5,
            warmup_rounds=1,
        )
    proofs = [found[k].certificate for k in range(0, count, max(1, count // 50))]
    assert all(proof.accepts(1e-12) for proof in proofs)
    gap = max(abs(float(proof.gap)) / proof.scale for proof in proofs)
    benchmark.extra_info.update(n=n, family="uniform", method=how, gap=gap, peak=0)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_stored(benchmark, share, tmp_path):
    gains = np.random.default_rng(0).random(STORED_N, dtype=np.float32)
    np.save(tmp_path / "gains.npy", gains)
    game = StoredGame(tmp_path / "gains.npy", 0.05 * STORED_N, max(1.0, share * STORED_N))
    benchmark.group = f"on disk, n = {STORED_N}"
    solution = benchmark.pedantic(_solved, (game,), rounds=3, warmup_rounds=1)
    proof = solution.certificate
    assert proof.accepts(1e-12)
    benchmark.extra_info.update(
        n=STORED_N,
        family="uniform",
        method=f"float32 file, {solution.branch}, {len(solution.passes)} passes",
        gap=abs(proof.gap) / proof.scale,
        peak=_peak(lambda: _solved(game)),
    )


@pytest.mark.parametrize("asked", [0.1, 0.05, 0.02, 0.01] if FULL else [0.1])
def test_hedge(benchmark, asked):
    game = _game(30, 3.0)
    benchmark.group = "hedge, n = 30"
    solution = benchmark.pedantic(_solved, (game,), dict(method="hedge", gap=asked), rounds=1)
    gap = float(solution.certificate.gap) / game.scale
    assert gap * game.scale <= float(solution.stats["bound"]) * (1 + 1e-12)
    benchmark.extra_info.update(
        n=30, family="uniform", method=f"{solution.stats['steps']} steps", gap=gap, peak=0
    )


def _highs(algorithm):
    return lambda game: _solved(game, method="linprog", algorithm=algorithm).inclusion


def _cvxpy(solver, **options):
    def run(game):
        # The learner's program as a CVXPY user would write it.
        g, s, q = game.gains, game.stakes, cp.Variable(game.n, nonneg=True)
        tau, u = cp.Variable(nonneg=True), cp.Variable(game.n, nonneg=True)
        rows = [u >= cp.multiply(s, q) - tau, cp.sum(q) <= game.budget, q <= 1]
        problem = cp.Problem(cp.Maximize(g @ q - game.mistakes * tau - cp.sum(u)), rows)
        problem.solve(solver=solver, **options)
        return q.value

    return run


def _pdlp(game):
    highspy = pytest.importorskip("highspy", reason="a peer: pip install highspy")
    program, _ = linprog._learner(game, game.gains, game.stakes)
    matrix, model = program["A_ub"].tocsc(), highspy.HighsLp()
    columns = matrix.shape[1]
    model.num_col_, model.num_row_ = columns, matrix.shape[0]
    model.col_cost_ = program["c"]
    tops = [np.inf if top is None else top for _, top in program["bounds"]]
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.array(tops)
    model.row_lower_ = np.full(matrix.shape[0], -np.inf)
    model.row_upper_ = program["b_ub"]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", "pdlp")
    highs.setOptionValue("time_limit", 60.0)
    highs.passModel(model)
    highs.run()
    return np.array(highs.getSolution().col_value[: game.n])


PEERS = {
    "closed form": lambda game: _solved(game).inclusion,
    "HiGHS dual simplex": _highs("highs-ds"),
    "HiGHS interior point": _highs("highs-ipm"),
    "CVXPY, Clarabel": _cvxpy("CLARABEL"),
    "CVXPY, SCS": _cvxpy("SCS"),
    "CVXPY, OSQP": _cvxpy("OSQP"),
    "CVXPY, HiGHS": _cvxpy("HIGHS"),
    "HiGHS PDLP": _pdlp,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("peer", PEERS)
def test_peers(benchmark, peer):
    if peer.startswith("CVXPY") and peer.split(", ")[1].upper() not in cp.installed_solvers():
        pytest.skip("not installed")
    game = _game(PEERS_N, 0.01 * PEERS_N)
    benchmark.group = f"peers, n = {PEERS_N}, b = n/100"
    rounds = 50 if peer == "closed form" else 1
    q = benchmark.pedantic(PEERS[peer], (game,), rounds=rounds)
    _weigh(benchmark, game, q, peer)


def _weigh(benchmark, game, q, name):
    """What the peer's q guarantees, made feasible, beside the certified value."""
    best = solve(game)
    assert best.certificate.accepts(1e-12)
    q = np.clip(np.asarray(q, dtype=float), 0, 1)
    q *= min(1.0, game.budget / q.sum())
    value = worst_case(game, q)[0]
    assert value <= best.value + 1e-9 * game.scale
    benchmark.extra_info.update(
        n=game.n,
        family="uniform",
        method=name,
        value=value,
        certified=best.value,
        gap=(best.value - value) / game.scale,
        peak=0,
    )


def _matrix(game):
    """Learner's rows are points, the teacher's columns the one point that it mislabels."""
    return game.gains[:, None] - np.diag(game.stakes)


def _nashpy(game):
    nash = pytest.importorskip("nashpy", reason="a peer: radsim[peers]")
    return nash.Game(_matrix(game)).linear_program()[0]


def _quantecon(game):
    qe = pytest.importorskip("quantecon", reason="a peer: radsim[peers]")
    from quantecon.game_theory import NormalFormGame, Player, lemke_howson

    assert qe
    a = _matrix(game)
    return lemke_howson(NormalFormGame((Player(a), Player(-a.T))))[0]


MATRIX = {
    "closed form": lambda game: _solved(game).inclusion,
    "nashpy, linear program": _nashpy,
    "quantecon, Lemke-Howson": _quantecon,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("peer", MATRIX)
def test_explicit_matrix(benchmark, peer):
    game = Game(FAMILIES["uniform"](np.random.default_rng(0), MATRIX_N), 1)
    benchmark.group = f"explicit matrix, n = {MATRIX_N}, m = b = 1"
    rounds = 50 if peer == "closed form" else 1
    q = benchmark.pedantic(MATRIX[peer], (game,), rounds=rounds)
    _weigh(benchmark, game, q, peer)
