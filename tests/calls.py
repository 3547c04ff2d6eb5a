"""A right call of every public function and class of radsim: its arguments by name."""

import importlib
import inspect
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

import radsim
from radsim import Game, Instance, constrain, solve
from radsim.analysis import side_by_side
from radsim.claims import CLAIMS
from radsim.conjecture import Trial, conjecture
from radsim.extensions import Damage, Market, RoundsGame
from radsim.selectors import SELECTORS
from radsim.teachers import TeacherDraw

# Rooms that a user calls; modules below them are called by radsim alone.
ROOMS = (
    "radsim",
    "radsim.game",
    "radsim.constrained",
    "radsim.hindsight",
    "radsim.mixtures",
    "radsim.solution",
    "radsim.enclosure",
    "radsim.data.instances",
    "radsim.data.gains",
    "radsim.data.validation",
    "radsim.inference",
    "radsim.sampling",
    "radsim.sampling.audit",
    "radsim.sampling.tails",
    "radsim.proof",
    "radsim.solvers",
    "radsim.teachers",
    "radsim.selectors",
    "radsim.claims",
    "radsim.analysis",
    "radsim.analysis.worst_group",
    "radsim.extensions",
    "radsim.conjecture",
    "radsim.testing",
    "radsim.adapters",
    "radsim.distillation",
    "radsim.pages",
)

RESULT = "a result, which radsim fills in"
INSIDE = "called by radsim alone, with what has been checked"
ERROR = "an error"
LEFT_OUT = {
    **dict.fromkeys(
        (
            "radsim.Solution radsim.Certificate radsim.Verdict radsim.Comparison "
            "radsim.claims.SampledComparison "
            "radsim.hindsight.Hindsight radsim.inference.Capital radsim.inference.MeanTest "
            "radsim.data.validation.Calibration radsim.data.validation.ErrorProfile "
            "radsim.sampling.Law radsim.sampling.audit.Audit radsim.teachers.TeacherAudit "
            "radsim.analysis.worst_group.WorstGroup radsim.testing.Result radsim.testing.Standing "
            "radsim.proof.Proof radsim.distillation.Outcome "
            "radsim.pages.Failure radsim.pages.Figure radsim.pages.Run radsim.pages.Table "
            "radsim.distillation.DataSet radsim.distillation.Student radsim.distillation.View "
            "radsim.mixtures.Mixture radsim.selectors.Guarantee radsim.analysis.Attack "
            "radsim.analysis.Recommendation radsim.analysis.Estimate "
            "radsim.analysis.Bench radsim.conjecture.Conjecture radsim.conjecture.Survey "
            "radsim.extensions.DeviationSolution radsim.extensions.Route radsim.extensions.Vote "
            "radsim.extensions.Advice radsim.extensions.AuditedUse "
            "radsim.extensions.TailLaw radsim.extensions.TwoPools radsim.extensions.RoundsSolution"
        ).split(),
        RESULT,
    ),
    **dict.fromkeys(
        (
            "radsim.game.counted radsim.game.warn_of_rate "
            "radsim.game.Count radsim.hindsight.by_gain "
            "radsim.hindsight.check_benchmarks radsim.inference.bet radsim.inference.no_capital "
            "radsim.hindsight.check_one_benchmark radsim.hindsight.many_benchmarks "
            "radsim.sampling.audit.successive_law radsim.sampling.audit.successive_sampling "
            "radsim.proof.text_of radsim.proof.written"
        ).split(),
        INSIDE,
    ),
    **dict.fromkeys(
        (
            "radsim.SolveError radsim.UncertifiedError radsim.proof.Refused radsim.testing.Broken "
            "radsim.testing.CheckFailed radsim.distillation.MissingData "
            "radsim.selectors.Nonsense radsim.conjecture.StatementError"
        ).split(),
        ERROR,
    ),
    "radsim.game.Array": "a type",
    "radsim.teachers.Teacher": "a type",
    "radsim.pages.explorer_page": "takes nothing",
    "radsim.pages.report_page": "takes a run that was read",
    "radsim.testing.replay": "reads a file: tests of files",
    "radsim.pages.read_run": "reads a folder: tests of files",
    "radsim.distillation.compare": "trains students; its setting has doors of its own",
    "radsim.distillation.load_data": "reads a file: tests of files",
    "radsim.distillation.read_table": "reads a file: tests of files",
}


@cache
def public():
    """From the dotted name of what can be called to it; a name stands where it is met first."""
    found = {}
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in module.__all__:
            thing = getattr(module, name)
            if callable(thing) and not any(thing is other for other in found.values()):
                found[f"{room}.{name}"] = thing
    return found


GAINS = [1.0, 0.5, 0.25, 0.75]
Q = [0.5, 0.5, 0.25, 0.75]


@cache
def game():
    return Game(GAINS, 1, 2)


@cache
def one_query():
    return Game(GAINS, 1, 1)


@cache
def groups():
    return constrain(game(), mistakes=[1, 1], groups=[0, 0, 1, 1])


@cache
def damage():
    return Damage([0, 0.5, 1], [0, 0.75, 1])


@cache
def rounds():
    return RoundsGame([GAINS, GAINS], 1, [1, 2])


def market():
    return Market(GAINS, [1, 0], [1, 2])


@cache
def instance():
    return Instance(
        "four",
        game(),
        labels=np.array([0, 1, 1, 0]),
        features=np.eye(4),
        probabilities=np.full((4, 2), 0.5),
        wrong=np.array([0.0, 1, 0, 0]),
    )


@cache
def solution():
    return solve(game())


@cache
def proof():
    from radsim.proof import prove

    return prove(solution(), ("multiple", 1.0))[1]


@cache
def asked():
    return conjecture("V <= b*max(g)", "c == 1")


@cache
def trial():
    return Trial(GAINS, GAINS, 1, 2, multiple=1)


@cache
def mixture():
    return solve(one_query(), "regret").mixture


def select(name, data=None, budget=2, **options):
    """A call of `select`."""
    data = GAINS if data is None else data
    return {"selector": name, "data": data, "budget": budget, "rng": 0} | options


def drawn(*arguments):
    """What `teachers` draw from, beside their own arguments."""
    return {"instance": instance(), "rng": 0}


class Model:
    """A trained model, as scikit-learn has it."""

    def predict_proba(self, x):
        return np.full((len(x), 2), 0.5)


def nothing(*arguments, **options):
    """A function that takes everything."""


def _testing(kind, subject, checks):
    """All checks left out: what they do is not looked at here."""
    id = next(iter(checks))
    options = {"only": [id], "skip": dict.fromkeys(checks, "slow"), "seed": 0, "profile": "fast"}
    return {kind: subject, "on_fail": None} | options


# From a dotted name to makers of arguments; the second ones on reach what the first leave out.
CALLS = {
    "radsim.Game": [
        lambda: {
            "gains": GAINS,
            "mistakes": 1,
            "budget": 2,
            "harm": 1.0,
            "capped": True,
            "abstain": True,
        },
        lambda: {"gains": GAINS, "harms": GAINS, "rate": 0.25, "budget": 1, "copy": True},
    ],
    "radsim.ConstrainedGame": [
        lambda: {
            "gains": GAINS,
            "stakes": GAINS,
            "mistakes": [1, 1],
            "budget": 2,
            "groups": [0, 0, 1, 1],
            "total": 1.5,
            "limits": [0.5] * 4,
            "costs": [1.0] * 4,
            "capped": True,
            "abstain": True,
        },
        lambda: {"gains": GAINS, "stakes": GAINS, "mistakes": 1},
    ],
    "radsim.StoredGame": [
        lambda: {
            "gains": np.array(GAINS),
            "mistakes": 1,
            "budget": 2,
            "harm": 1.0,
            "capped": True,
            "abstain": True,
            "column": "gain",
            "harm_column": "harm",
        },
        lambda: {"gains": np.array(GAINS), "harms": np.array(GAINS), "rate": 0.25},
    ],
    "radsim.constrain": [
        lambda: {
            "game": game(),
            "mistakes": [1, 1],
            "groups": [0, 0, 1, 1],
            "total": 1.5,
            "limits": [0.5] * 4,
            "costs": [1.0] * 4,
            "budget": 2,
            "capped": True,
            "abstain": True,
        }
    ],
    "radsim.contaminate": [lambda: {"game": game(), "profile": [0.5] * 4, "weight": 0.5}],
    "radsim.payoff": [lambda: {"game": game(), "q": Q, "l": [0.25] * 4}],
    "radsim.worst_case": [
        lambda: {"game": game(), "q": Q},
        lambda: {"game": groups(), "q": Q},
    ],
    "radsim.best_response": [lambda: {"game": game(), "l": [0.25] * 4}],
    "radsim.regret": [lambda: {"game": one_query(), "q": [0.25] * 4}],
    "radsim.competitive_ratio": [lambda: {"game": one_query(), "q": [0.25] * 4}],
    "radsim.mistakes_from_rate": [lambda: {"rate": 0.5, "n": 4}],
    "radsim.solve": [
        lambda: {
            "game": game(),
            "objective": "value",
            "method": "closed_form",
            "certify": True,
            "kernels": "numpy",
            "threads": 2,
        },
        lambda: {
            "game": groups(),
            "method": "linprog",
            "formulation": "learner",
            "algorithm": "highs-ds",
            "time_limit": 60.0,
        },
        lambda: {"game": game(), "method": "hedge", "gap": 0.1, "max_steps": 2_000},
        lambda: {"game": game(), "method": "convex", "constraints": lambda l: [l[0] <= 0.5]},
    ],
    "radsim.solve_many": [
        lambda: {
            "gains": [GAINS, GAINS],
            "mistakes": 1,
            "budget": 2,
            "harm": 1.0,
            "capped": True,
            "abstain": True,
            "kernels": "numpy",
            "certify": True,
        },
        lambda: {"gains": [GAINS], "mistakes": [1], "budget": [1], "harms": [GAINS]},
        lambda: {"gains": GAINS, "mistakes": 1, "offsets": [0, 1, 4], "threads": 2},
    ],
    "radsim.certify": [lambda: {"solution": solution()}],
    "radsim.enclose": [lambda: {"solution": solution()}],
    "radsim.check_answer": [
        lambda: {
            "game": game(),
            "q": Q,
            "l": [0.25] * 4,
            "value": 0.5,
            "objective": "value",
        }
    ],
    "radsim.water_level": [lambda: {"gains": GAINS, "stakes": GAINS, "mistakes": 1}],
    "radsim.sample": [lambda: {"inclusion": Q, "design": "pivotal", "rng": 0, "size": 2}],
    "radsim.sample_counts": [lambda: {"inclusion": Q, "design": "pivotal", "rng": 0, "size": 2}],
    "radsim.joint_inclusion": [lambda: {"inclusion": Q, "design": "sampford"}],
    "radsim.audit": [
        lambda: {
            "inclusion": Q,
            "design": "pivotal",
            "rng": 0,
            "game": game(),
            "tolerance": 0.1,
            "error": 1e-3,
            "max_draws": 1_000,
        }
    ],
    "radsim.Selector": [
        lambda: {"select": nothing, "takes": ("gains",), "says": "it", "inclusion": nothing}
    ],
    "radsim.select": [
        lambda: select(
            "rad",
            mistakes=1,
            harms=GAINS,
            capped=True,
            abstain=True,
            objective="value",
            design="pivotal",
        ),
        lambda: select("rad", mistakes=[1, 1], groups=[0, 0, 1, 1], harms=GAINS),
        lambda: select("rad", mistakes=1, harm=1.0),
        lambda: select("badge", np.full((4, 2), 0.5), embeddings=np.eye(4)),
        lambda: select("oracle", wrong=[0, 1, 0, 0], harms=GAINS),
        lambda: select("softmax", temperature=0.5),
        lambda: select("power", exponent=2.0),
        lambda: select("k_center", np.eye(4), labelled=np.eye(4)[:1]),
        lambda: select("k_center", np.eye(4), start=1),
        lambda: select(
            "probcover", np.full((4, 2), 0.5), embeddings=np.eye(4), labelled=np.eye(4)[:1]
        ),
        lambda: select("cluster_margin", embeddings=np.eye(4), clusters=[0, 0, 1, 1]),
        lambda: select("cluster_margin", embeddings=np.eye(4), surplus=1.5),
        lambda: select("unixkd", minibatch=3),
    ],
    "radsim.scorecard": [
        lambda: {
            "instance": instance(),
            "own": {"mine": SELECTORS["margin"]},
            "rng": 0,
            "error": 1e-3,
            "draws": 20,
        }
    ],
    "radsim.mistakes_upper_bound": [
        lambda: {"n_pool": 10, "n_validation": 5, "n_wrong": 1, "delta": 0.1}
    ],
    "radsim.error_profile": [
        lambda: {
            "gains": GAINS,
            "validation_gains": GAINS * 5,
            "validation_wrong": [0, 1, 0, 0] * 5,
            "classes": [0, 1, 1, 0],
            "validation_classes": [0, 1, 1, 0] * 5,
            "folds": 3,
            "n_bins": 3,
        }
    ],
    "radsim.limits_from_confidence": [lambda: {"confidences": Q, "slack": 0.1}],
    "radsim.Claim": [
        lambda: {
            "id": "M1",
            "statement": "it holds",
            "kind": "upper",
            "applies": nothing,
            "compare": nothing,
        }
    ],
    "radsim.check": [
        lambda: {
            "claim": CLAIMS["V1"],
            "instance": instance(),
            "method": "linprog",
            "rtol": 1e-9,
            "rng": 0,
            "error": 1e-9,
        }
    ],
    "radsim.Instance": [
        lambda: {
            "name": "four",
            "game": game(),
            "labels": np.array([0, 1, 1, 0]),
            "features": np.eye(4),
            "probabilities": np.full((4, 2), 0.5),
            "wrong": np.array([0.0, 1, 0, 0]),
        }
    ],
    "radsim.draw_instance": [
        lambda: {"rng": 0, "largest_n": 5},
        lambda: {
            "rng": 0,
            "family": "ties",
            "harm": 1.0,
            "mistakes": 2.0,
            "budget": 2.0,
            "capped": True,
            "abstain": False,
        },
    ],
    "radsim.sweep": [
        lambda: {
            "run": _rows,
            "cells": [{"x": 1}],
            "folder": Path("sweep"),
            "seed": 0,
            "jobs": 1,
            "resume": True,
            "progress": nothing,
            "say": nothing,
            "measured": (),
        }
    ],
    "radsim.hindsight.hindsight": [lambda: {"game": one_query(), "q": [0.25] * 4}],
    "radsim.mixtures.benchmark_value": [lambda: {"game": one_query(), "mixture": mixture()}],
    "radsim.mixtures.best_benchmarks": [lambda: {"game": one_query(), "mixture": mixture()}],
    "radsim.mixtures.blend": [lambda: {"parts": [mixture()], "shares": [1.0]}],
    "radsim.mixtures.mixture_infeasibility": [lambda: {"game": one_query(), "mixture": mixture()}],
    "radsim.mixtures.mixture_of_sets": [
        lambda: {"benchmarks": [1, 0], "sets": [[0], [1]], "weights": [0.25, 0.75]}
    ],
    "radsim.mixtures.systematic_mixture": [lambda: {"game": one_query(), "l": [0.25] * 4}],
    "radsim.data.instances.digits_instance": [lambda: {"rng": 0}],
    "radsim.data.instances.mixture_instance": [
        lambda: {"rng": 0, "n": 20, "n_classes": 3, "rate": 0.1, "budget": 3}
    ],
    "radsim.data.gains.gains_from_logits": [
        lambda: {"logits": [[2, 2], [-9, 50]], "kind": "entropy"}
    ],
    "radsim.data.gains.gains_from_logprobs": [
        lambda: {"logprobs": [[-0.5, -1.5], [-0.1, -2.5]], "kind": "margin"}
    ],
    "radsim.data.gains.softmax": [lambda: {"logits": [[2, 2], [-9, 50]]}],
    "radsim.data.gains.gains_from_probabilities": [
        lambda: {"probabilities": np.full((4, 2), 0.5), "kind": "margin"}
    ],
    "radsim.data.validation.calibration": [
        lambda: {"probabilities": Q, "wrong": [0, 1, 0, 0], "n_bins": 2}
    ],
    "radsim.data.validation.confidence_slack": [
        lambda: {"confidences": Q, "wrong": [0, 1, 0, 0], "delta": 0.1, "n_bins": 2}
    ],
    "radsim.inference.mean_at_least": [
        lambda: {
            "draws": Q,
            "bound": 0.1,
            "support": (0.0, 1.0),
            "tolerance": 0.1,
            "error": 0.1,
        }
    ],
    "radsim.sampling.Design": [
        lambda: {
            "draw": nothing,
            "law": nothing,
            "law_n": 4,
            "fixed_size": True,
            "with_replacement": False,
            "associated": "",
            "joint": nothing,
            "picks": nothing,
        }
    ],
    "radsim.sampling.law": [lambda: {"inclusion": Q, "design": "pivotal"}],
    "radsim.sampling.audit.audit_law": [
        lambda: {"inclusion": Q, "found": radsim.sampling.law(Q), "game": game()}
    ],
    "radsim.sampling.tails.bernstein_tail": [
        lambda: {"deviation": 1.0, "n_draws": 10, "variance": 0.25, "width": 1.0}
    ],
    "radsim.sampling.tails.design_tails": [
        lambda: {"deviation": 1.0, "inclusion": Q, "weights": GAINS, "design": "pivotal"}
    ],
    "radsim.sampling.tails.empirical_bernstein_radius": [
        lambda: {"draws": Q, "width": 1.0, "delta": 0.1}
    ],
    "radsim.sampling.tails.hoeffding_tail": [
        lambda: {"deviation": 1.0, "n_draws": 10, "width": 1.0}
    ],
    "radsim.sampling.tails.negative_association_tail": [
        lambda: {"deviation": 1.0, "weights": GAINS, "fixed_size": True}
    ],
    "radsim.sampling.tails.strongly_rayleigh_tail": [
        lambda: {"deviation": 1.0, "weights": GAINS, "n_chosen": 2}
    ],
    "radsim.proof.check_proof": [
        lambda: {"proof": radsim.proof.read_proof(proof()), "game": game()}
    ],
    "radsim.proof.prove": [
        lambda: {
            "solution": solution(),
            "harm": ("multiple", 1.0),
            "design": "pivotal",
            "seed": 0,
            "validation": (1000, 0, 0.5),
            "ids_at": lambda rows: {"id": [str(row) for row in rows]},
        }
    ],
    "radsim.proof.read_proof": [lambda: {"text": proof()}],
    "radsim.solvers.Solver": [
        lambda: {
            "solve": nothing,
            "rtol": 1e-9,
            "largest_n": 10,
            "examples": 5,
            "options": ("gap",),
        }
    ],
    "radsim.solvers.rows_for": [lambda: {"game": game(), "objective": "value"}],
    "radsim.teachers.BestResponse": [lambda: {"inclusion": Q} | drawn()],
    "radsim.teachers.Calibrated": [
        lambda: {"accuracy": 0.8, "temperature": 1.0, "n_classes": 3} | drawn()
    ],
    "radsim.teachers.ClassConditional": [lambda: {"confusion": np.eye(2)} | drawn()],
    "radsim.teachers.Clustered": [lambda: {"mistakes": 2} | drawn()],
    "radsim.teachers.Committee": [
        lambda: (
            {
                "honest_mistakes": (1, 1, 1),
                "n_arbitrary": 1,
                "aggregate": "majority",
                "confidence": 0.9,
                "n_classes": 3,
            }
            | drawn()
        )
    ],
    "radsim.teachers.Equilibrium": [lambda: {"mistake_probabilities": [0.25] * 4} | drawn()],
    "radsim.teachers.ExactCount": [lambda: {"mistakes": 2} | drawn()],
    "radsim.teachers.IndependentRate": [lambda: {"rate": 0.5} | drawn()],
    "radsim.teachers.RankCorrelated": [
        lambda: {"correlation": 0.3, "mistakes": 2, "design": "pivotal"} | drawn()
    ],
    "radsim.teachers.TeacherDraw": [
        lambda: {
            "wrong": [0, 1],
            "labels": [0, 1],
            "soft_labels": [[0.5, 0.5]] * 2,
            "truth": [0, 0],
        }
    ],
    "radsim.teachers.TeacherRow": [
        lambda: {"make": nothing, "says": "it", "needs": ("labels",), "replies": False}
    ],
    "radsim.teachers.aggregate_wrong": [
        lambda: {"soft": np.full((2, 1, 2), 0.5), "truth": [0], "aggregate": "majority"}
    ],
    "radsim.teachers.audit_draw": [
        lambda: {"instance": instance(), "draw": TeacherDraw(np.array([0.0, 1, 0, 0]))}
    ],
    "radsim.teachers.committee_bound": [lambda: {"honest_mistakes": [1, 1, 1], "n_arbitrary": 1}],
    "radsim.teachers.confusion_matrix": [lambda: {"n_classes": 3, "accuracy": 0.8, "rng": 0}],
    "radsim.teachers.rank_biserial": [lambda: {"gains": GAINS, "wrong": [0, 1, 0, 0]}],
    "radsim.teachers.rank_probabilities": [
        lambda: {"gains": GAINS, "correlation": 0.3, "mistakes": 1}
    ],
    "radsim.selectors.Selection": [lambda: {"indices": [0, 1], "inclusion": Q, "info": {"x": 1}}],
    "radsim.selectors.fits": [lambda: {"selector": SELECTORS["margin"], "instance": instance()}],
    "radsim.selectors.inclusion_on": [
        lambda: {"selector": SELECTORS["margin"], "instance": instance(), "wrong": [0, 1, 0, 0]},
        lambda: {"selector": SELECTORS["oracle"], "instance": instance(), "wrong": [0, 1, 0, 0]},
    ],
    "radsim.selectors.select_on": [
        lambda: {
            "selector": SELECTORS["margin"],
            "instance": instance(),
            "rng": 0,
            "wrong": [0, 1, 0, 0],
        }
    ],
    "radsim.selectors.guarantee_from_draws": [
        lambda: {
            "selector": SELECTORS["softmax"],
            "instance": instance(),
            "rng": 0,
            "error": 1e-3,
            "draws": 20,
            "settled": lambda low, high: True,
            "patience": 1.0,
            "progress": nothing,
        }
    ],
    "radsim.selectors.selector_of": [lambda: {"selector": "margin"}],
    "radsim.conjecture.Trial": [
        lambda: {
            "gains": (1, "1/3"),
            "harms": (1, "1/3"),
            "mistakes": 1,
            "budget": 1,
            "multiple": 1,
            "capped": True,
            "abstain": True,
        }
    ],
    "radsim.conjecture.conjecture": [lambda: {"statement": "V <= b*max(g)", "where": "c == 1"}],
    "radsim.conjecture.judge": [lambda: {"asked": asked(), "trial": trial()}],
    "radsim.falsify": [
        lambda: {
            "statement": "V <= b*max(g)",
            "where": "c == 1",
            "rng": 0,
            "games": 20,
            "seconds": 1.0,
            "step": nothing,
        }
    ],
    "radsim.analysis.advise": [
        lambda: {
            "gains": [1, 0.5, 0.25],
            "budget": 1,
            "checked_gains": [1, 0.5],
            "checked_wrong": [0, 1],
            "harm": 1.0,
            "error": 0.1,
        },
        lambda: {
            "gains": [1, 0.5, 0.25],
            "budget": 1,
            "checked_gains": [1, 0.5],
            "checked_wrong": [0, 1],
            "harms": [1, 1, 0.5],
            "checked_harms": [1, 0.5],
        },
    ],
    "radsim.analysis.attack": [
        lambda: {
            "selector": "margin",
            "pool": game(),
            "rng": 0,
            "error": 1e-3,
            "draws": 20,
            "tolerance": 0.02,
            "patience": 1.0,
            "progress": nothing,
        }
    ],
    "radsim.analysis.bench": [
        lambda: {
            "sizes": [2],
            "family": "uniform",
            "mistakes": lambda n: 1.0,
            "budget": lambda n: 1.0,
            "harm": ("multiple", 1.0),
            "solvers": [],
            "own": [],
            "seconds": 0.1,
            "repeats": 1,
            "seed": 0,
            "progress": nothing,
        }
    ],
    "radsim.analysis.comparisons": [
        lambda: {"claim": CLAIMS["V1"], "instance": instance(), "method": "linprog", "rng": 0}
    ],
    "radsim.analysis.side_by_side": [
        lambda: {
            "claims": ["V1"],
            "n_instances": 1,
            "seed": 0,
            "largest_n": 4,
            "method": "linprog",
        }
    ],
    "radsim.analysis.least_slack": [
        lambda: {"frame": side_by_side(["V1"], n_instances=1), "by": ["claim"]}
    ],
    "radsim.analysis.guarantee_in_error": [lambda: {"game": game(), "q": Q, "errors": [0.1, 0.2]}],
    "radsim.analysis.guarantee_in_mistakes": [lambda: {"game": game(), "q": Q}],
    "radsim.analysis.insurance": [lambda: {"game": one_query(), "n_points": 3}],
    "radsim.analysis.price_of_not_knowing": [
        lambda: {"game": game(), "guesses": [1, 2], "truths": [1]}
    ],
    "radsim.analysis.timings": [
        lambda: {
            "make": lambda n: Game(np.ones(n), 1),
            "methods": ["closed_form"],
            "sizes": [2],
            "objective": "value",
            "repeats": 1,
            "patience": 1.0,
        }
    ],
    "radsim.analysis.trade_off": [lambda: {"game": one_query(), "n_points": 3}],
    "radsim.analysis.value_in_budget": [lambda: {"game": game(), "budgets": [1, 2]}],
    "radsim.analysis.worst_group": [
        lambda: {"game": groups(), "method": "linprog", "certify": True},
        lambda: {
            "game": groups(),
            "method": "exponentiated_gradient",
            "gap": 0.1,
            "max_steps": 2_000,
        },
    ],
    "radsim.analysis.worst_group.group_guarantees": [lambda: {"game": groups(), "q": Q}],
    "radsim.analysis.worst_group.group_scorecard": [lambda: {"game": groups()}],
    "radsim.analysis.worst_group.weighted_game": [
        lambda: {"game": groups(), "weights": [0.5, 0.5]}
    ],
    "radsim.extensions.Damage": [lambda: {"sizes": [0, 0.5, 1], "damages": [0, 0.75, 1]}],
    "radsim.extensions.damage_from": [lambda: {"function": abs, "n_points": 5}],
    "radsim.extensions.solve_deviations": [lambda: {"game": one_query(), "damage": damage()}],
    "radsim.extensions.check_deviations": [
        lambda: {
            "game": one_query(),
            "damage": damage(),
            "inclusion": Q,
            "sizes": [[0.0, 0.5]] * 4,
            "weights": [[0.75, 0.25]] * 4,
            "value": 0.0,
        }
    ],
    "radsim.extensions.Market": [
        lambda: {"gains": GAINS, "mistakes": [1, 0], "prices": [1, 2], "budget": 2, "harm": 1.0},
        lambda: {"gains": GAINS, "mistakes": [1, 0], "prices": [1, 2], "harms": GAINS},
    ],
    "radsim.extensions.PricedStream": [
        lambda: {
            "level": 0.1,
            "threshold": 0.5,
            "harm": 1.0,
            "design": "ordered_pivotal",
            "rng": 0,
        }
    ],
    "radsim.extensions.route": [lambda: {"market": market()}],
    "radsim.extensions.vote": [lambda: {"market": market(), "members": [0, 1]}],
    "radsim.extensions.advise": [lambda: {"market": market()}],
    "radsim.extensions.certainty_mistakes": [
        lambda: {"gains": GAINS, "budget": 2, "rate": 0.5, "weight": 0.5, "harm": 1.0}
    ],
    "radsim.extensions.certainty_rate": [
        lambda: {"gains": GAINS, "budget": 2, "weight": 0.5, "harm": 1.0}
    ],
    "radsim.extensions.certainty_rate_at_share": [
        lambda: {"gains": GAINS, "budget": 2, "share": 0.5, "harm": 1.0}
    ],
    "radsim.extensions.RoundsGame": [
        lambda: {"gains": [GAINS, GAINS], "mistakes": 1, "budget": [1, 2], "harm": 1.0},
        lambda: {"gains": [GAINS, GAINS], "mistakes": 1, "harms": [GAINS, GAINS]},
    ],
    "radsim.extensions.solve_rounds": [lambda: {"game": rounds()}],
    "radsim.extensions.certify_rounds": [
        lambda: {
            "game": rounds(),
            "inclusion": [Q, Q],
            "mistake_probabilities": [Q, Q],
            "value": 0.0,
        }
    ],
    "radsim.extensions.design_at_price": [
        lambda: {"gains": GAINS, "stakes": GAINS, "budget": 2, "price": 0.5}
    ],
    "radsim.extensions.PriceHedge": [
        lambda: {
            "n_rounds": 3,
            "n": 4,
            "budget": 2,
            "largest_gain": 1.0,
            "largest_harm": 1.0,
            "tolerance": 0.1,
        }
    ],
    "radsim.extensions.tail_guarantee": [
        lambda: {"game": game(), "law": radsim.sampling.law(Q, "pivotal"), "share": 0.5}
    ],
    "radsim.extensions.best_tail_law": [
        lambda: {"game": game(), "share": 0.5, "inclusion": Q, "gap": 0.1, "max_steps": 3}
    ],
    "radsim.extensions.audit_loss": [
        lambda: {"n_answers": 8, "n_checks": 2, "spread": 1.0, "error": 0.1, "n_uses": 3}
    ],
    "radsim.extensions.two_use_loss": [
        lambda: {"n_answers": 8, "n_checks": 2, "error": 0.1, "gain": 1.0, "stake": 2.0}
    ],
    "radsim.extensions.least_blind_loss": [lambda: {"worth": 1.0, "harm": 2.0}],
    "radsim.extensions.least_audit_loss": [lambda: {"n_answers": 8, "n_checks": 2, "stake": 1.0}],
    "radsim.extensions.audited_use": [
        lambda: {
            "gains": [1.0, 1.0, 1.0],
            "stakes": [2.0, 2.0, 2.0],
            "uses": [[1, 1, 1], [0, 0, 0]],
            "checked": [0, 2],
            "wrong": [True, False],
            "error": 0.1,
        }
    ],
    "radsim.extensions.audit_evidence": [
        lambda: {"profile": [0.1, 0.2], "wrong": [True, False], "shifts": (1.0, 2.0)}
    ],
    "radsim.extensions.stage_errors": [lambda: {"error": 0.1, "n_stages": 3}],
    "radsim.extensions.two_pools": [lambda: {"game": game(), "n_validation": 2, "wrong": (1, 3)}],
    "radsim.extensions.price_of_a_bound": [
        lambda: {"game": game(), "n_validation": 2, "wrong": 1, "delta": 0.1}
    ],
    "radsim.testing.Check": [
        lambda: {
            "id": "X",
            "part": "contract",
            "says": "it",
            "test": nothing,
            "cases": nothing,
            "unless": nothing,
        }
    ],
    "radsim.testing.check_claim": [
        lambda: {
            "claim": "V2",
            "game": game(),
            "method": "linprog",
            "rtol": 1e-9,
            "rng": 0,
            "error": 1e-9,
        },
        lambda: {"claim": "V <= b*max(g)", "game": game(), "where": "c == 1"},
    ],
    "radsim.testing.check_design": [
        lambda: _testing("design", "pivotal", radsim.testing.DESIGN_CHECKS)
    ],
    "radsim.testing.check_selector": [
        lambda: _testing("selector", "margin", radsim.testing.SELECTOR_CHECKS)
    ],
    "radsim.testing.check_solver": [
        lambda: _testing("solver", "closed_form", radsim.testing.SOLVER_CHECKS)
    ],
    "radsim.testing.gains": [lambda: {"n": (1, 4), "elements": None, "ties": False}],
    "radsim.testing.games": [
        lambda: {
            "n": (2, 4),
            "harm": 1.0,
            "mistakes": "whole",
            "budget": 2.0,
            "ties": True,
            "capped": True,
            "abstain": True,
            "points": None,
        }
    ],
    "radsim.testing.instances": [lambda: {"n": 4, "takes": ("gains",)}],
    "radsim.testing.mistakes": [lambda: {"n": 4, "whole": True}],
    "radsim.testing.parametrize_with_checks": [
        lambda: {"subjects": ["margin"], "kind": "selector", "skip": {}}
    ],
    "radsim.testing.standings": [lambda: {"selector": SELECTORS["margin"], "seed": 0}],
    "radsim.adapters.modal_query": [
        lambda: {
            "selector": "rad",
            "rng": 0,
            "mistake_rate": 0.25,
            "embeddings": np.eye(4),
            "options": {},
        }
    ],
    "radsim.adapters.select_from_logits": [
        lambda: {
            "logits": np.zeros((4, 2)),
            "budget": 2,
            "rng": 0,
            "selector": "rad",
            "mistake_rate": 0.25,
            "embeddings": np.eye(4),
            "options": {},
        }
    ],
    "radsim.adapters.select_from_model": [
        lambda: {
            "model": Model(),
            "pool": np.eye(4),
            "budget": 2,
            "rng": 0,
            "selector": "rad",
            "mistake_rate": 0.25,
            "embeddings": np.eye(4),
            "options": {},
        }
    ],
    "radsim.distillation.Noise": [
        lambda: {
            "law": nothing,
            "exchangeable": True,
            "says": "it",
            "family": "mine",
            "uses": "",
            "answers": "",
            "patience": 0.5,
            "named": nothing,
        }
    ],
    "radsim.distillation.Strategy": [
        lambda: {
            "choose": nothing,
            "says": "it",
            "source": "mine",
            "reserve": nothing,
            "check": nothing,
            "learn": nothing,
            "stages": 2,
            "price": 3.0,
        }
    ],
    "radsim.distillation.Setting": [
        lambda: {
            "data": "digits",
            "student": "softmax",
            "gain": "margin",
            "teacher": "oracle",
            "labels": "hard",
            "noise": "gain^3",
            "rate": 0.3,
            "budget": 0.05,
            "rounds": 1,
            "n_labelled": 50,
            "n_validation": 50,
            "n_pool": 100,
            "n_test": 100,
        }
    ],
    "radsim.distillation.gaussian_mixture": [
        lambda: {"n": 20, "n_classes": 2, "dimension": 2, "distance": 1.0, "rng": 0}
    ],
    "radsim.distillation.scikit": [lambda: {"estimator": LogisticRegression()}],
    "radsim.adapters.select_from_probabilities": [
        lambda: {
            "probabilities": np.full((4, 2), 0.5),
            "budget": 2,
            "rng": 0,
            "selector": "rad",
            "mistake_rate": 0.25,
            "embeddings": np.eye(4),
            "options": {},
        }
    ],
}


def _rows(cell, rng):
    return [{"y": 1.0}]


def called(name):
    """How a call is made: a teacher is made, and draws."""
    thing = public()[name]
    if not name.startswith("radsim.teachers.") or "rng" in inspect.signature(thing).parameters:
        return thing
    if "__call__" not in vars(thing):
        return thing

    def draw(instance, rng, **own):
        return thing(**own)(instance, rng=rng)

    return draw
