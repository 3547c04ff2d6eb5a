"""Calls over the public surface with NumPy told to raise: prints each that raises."""

import tempfile
from pathlib import Path

import numpy as np

import radsim
from radsim import (
    CLAIMS,
    DESIGNS,
    SELECTORS,
    SOLVERS,
    TEACHERS,
    Game,
    Instance,
    StoredGame,
    analysis,
    audit,
    best_response,
    certify,
    check,
    competitive_ratio,
    constrain,
    contaminate,
    draw_instance,
    enclose,
    error_profile,
    joint_inclusion,
    limits_from_confidence,
    mistakes_from_rate,
    mistakes_upper_bound,
    payoff,
    regret,
    sample,
    sample_counts,
    sampling,
    scorecard,
    selectors,
    solve,
    solve_many,
    water_level,
    worst_case,
)
from radsim.runs.verify import verify_instance
from radsim.sampling.tails import design_tails


def main():
    """What was called and raised, or changed the state, and how."""
    state = np.geterr()
    folder = Path(tempfile.mkdtemp())
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(3), 8)
    probabilities[0] = 1 - 1e-300, 1e-300, 0
    pools = {
        "plain": np.array([9, 7, 4, 4, 1, 1, 1, 0.0]),
        "tiny": np.array([9, 7, 4, 4, 1, 1, 1, 0.0]) * 1e-300,
        "subnormal": np.arange(8) * 5e-324,
        "huge": np.array([9, 7, 4, 4, 1, 1, 1, 0.0]) * 1e300,
        "far apart": 10.0 ** np.array([-300, -200, -100, -10, 0, 10, 100, 150]),
    }
    failed = []

    def run(words, call):
        try:
            call()
        except (ValueError, radsim.SolveError) as error:
            if "encountered" in str(error):
                failed.append((words, repr(error)))
        except Exception as error:
            failed.append((words, repr(error)))
        if np.geterr() != state:
            failed.append((words, "the state was changed"))
            np.seterr(**state)

    def of_solution(game, objective, method):
        solution = solve(game, objective, method)
        solution.certificate.accepts()
        certify(solution)
        if objective == "value" and game.kind == "plain":
            enclose(solution)
        return solution

    def of_stored(gains, arguments):
        np.save(folder / "gains.npy", gains)
        solution = solve(StoredGame(folder / "gains.npy", **arguments))
        solution.certificate.accepts()
        list(solution.inclusion())
        solution.sample(rng=0)

    def of_many(gains, arguments):
        found = solve_many([gains, gains], **arguments)
        found[0].certificate.accepts()

    for name, gains in pools.items():
        for arguments in (
            {"mistakes": 2, "budget": 3},
            {"mistakes": 1, "harm": 0},
            {"mistakes": 0.5, "budget": 1e-300, "abstain": False},
            {"mistakes": 2, "budget": 3, "capped": False},
            {"mistakes": 0, "budget": 2, "harms": gains[::-1]},
        ):
            where = f"{name} {arguments}"
            game = Game(gains, **arguments)
            limited = constrain(game, groups=[0, 0, 0, 0, 1, 1, 1, 1], mistakes=[0.5, 0.5])
            for kind, objective in SOLVERS:
                for method in SOLVERS[kind, objective]:
                    if kind == "stored" or method == "hedge":
                        continue
                    this = game if kind == "plain" else limited
                    run(
                        f"{where} {kind} {objective} {method}",
                        lambda t=this, o=objective, m=method: of_solution(t, o, m),
                    )
            if "harms" not in arguments:
                run(f"{where} stored", lambda g=gains, a=arguments: of_stored(g, a))
                run(f"{where} many", lambda g=gains, a=arguments: of_many(g, a))
            q = np.full(8, min(1.0, game.budget / 8))
            l = np.full(8, game.mistakes / 8)
            for call in (payoff, worst_case, best_response):
                at = {"payoff": (q, l), "worst_case": (q,), "best_response": (l,)}[call.__name__]
                run(f"{where} {call.__name__}", lambda c=call, a=at, g=game: c(g, *a))
            run(f"{where} regret", lambda g=game, q=q: regret(g, q))
            run(f"{where} ratio", lambda g=game, q=q: competitive_ratio(g, q))
            run(
                f"{where} contaminate",
                lambda g=game, l=l: solve(contaminate(g, l, 0.5)).certificate,
            )
            run(f"{where} level", lambda g=game: water_level(g.gains, g.stakes, g.mistakes))
            run(f"{where} mistakes", lambda g=game, q=q: analysis.guarantee_in_mistakes(g, q))
            run(f"{where} error", lambda g=game, q=q: analysis.guarantee_in_error(g, q, [0, 0.1]))
            run(f"{where} budget", lambda g=game: analysis.value_in_budget(g, [1, 2]))
            run(f"{where} trade-off", lambda g=game: analysis.trade_off(g, 5))
            instance = Instance(
                name,
                game,
                probabilities=probabilities,
                labels=np.arange(8) % 3,
                features=rng.normal(size=(8, 2)) * max(gains.max(), 1e-3)
                if gains.max() < 1e100
                else rng.normal(size=(8, 2)),
            )
            for claim, row in CLAIMS.items():
                if claim == "A4" and not game.capped:
                    continue  # the external solver takes half a minute, by the same lines
                run(
                    f"{where} {claim}",
                    lambda c=row, g=game, i=instance: c.applies(g) and check(c, i),
                )
            run(f"{where} verify", lambda i=instance: verify_instance(i, 0, ["V1"]))
            run(f"{where} scorecard", lambda i=instance: scorecard(i))
            for selector, row in SELECTORS.items():
                run(
                    f"{where} {selector}",
                    lambda r=row, i=instance: selectors.select_on(r, i, rng=0),
                )
            solution = solve(game)
            for teacher, row in TEACHERS.items():
                run(
                    f"{where} {teacher}",
                    lambda r=row, i=instance, s=solution: r.make(i, s.inclusion, s)(i, rng=rng),
                )

    for name, q in {
        "plain": np.array([1, 0.5, 0.5, 0.25, 0.75, 0]),
        "tiny": np.array([1e-300, 1 - 1e-16, 0.5, 0.5, 1e-200, 1e-16]),
        "subnormal": np.array([5e-324] * 3 + [1e-310, 1, 0.5]),
    }.items():
        for design in DESIGNS:
            run(f"{name} {design} sample", lambda q=q, d=design: sample(q, d, rng=0))
            run(f"{name} {design} counts", lambda q=q, d=design: sample_counts(q, d, rng=0, size=9))
            run(f"{name} {design} joint", lambda q=q, d=design: joint_inclusion(q, d))
            run(f"{name} {design} law", lambda q=q, d=design: sampling.law(q, d))
            run(f"{name} {design} audit", lambda q=q, d=design: audit(q, d, rng=0, max_draws=2_000))
            run(f"{name} {design} tails", lambda q=q, d=design: design_tails(0.1, q, q, d))
    large = rng.random(3_000) ** 9
    for design in DESIGNS:
        run(f"large {design}", lambda d=design: sample(large, d, rng=0))
    run("bound", lambda: mistakes_upper_bound(10_000, 500, 3, 1e-12))
    run("profile", lambda: error_profile(large[:500], np.arange(500) % 9 == 0, large))
    run("limits", lambda: limits_from_confidence([0, 1e-300, 1], 1e-300))
    run("drawn", lambda: [draw_instance(rng=k) for k in range(50)])
    run("rate", lambda: mistakes_from_rate(5e-324, 3))
    return failed
