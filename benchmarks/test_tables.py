"""Speed of every claim, teacher and strategy: one call each on one instance, and what came of it.

Solvers are in test_solvers.py, designs in test_sampling.py.
"""

import numpy as np
import pytest

from radsim import CLAIMS, TEACHERS, check, draw_instance, solve
from radsim.data.instances import digits_instance
from radsim.distillation import STRATEGIES, Setting
from radsim.distillation.loop import compare


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims(benchmark, claim):
    drawn = (draw_instance(rng=np.random.default_rng([5, k]), largest_n=5) for k in range(100))
    instance = next(x for x in drawn if CLAIMS[claim].applies(x.game))
    benchmark.group = "one check of a claim, n up to 5"
    verdict = benchmark.pedantic(
        check, (CLAIMS[claim], instance), {"method": "rational"}, rounds=3, warmup_rounds=1
    )
    assert verdict.status == "HOLDS"
    benchmark.extra_info.update(n=instance.game.n, method=claim, gap=abs(float(verdict.slack)))


@pytest.mark.parametrize("teacher", TEACHERS)
def test_teachers(benchmark, teacher):
    instance = digits_instance(rng=0)  # has all that a teacher may need
    solution = solve(instance.game)
    made = TEACHERS[teacher].make(instance, np.asarray(solution.inclusion), solution)
    benchmark.group = f"one draw of a teacher, n = {instance.game.n}"
    draw = benchmark.pedantic(
        made, (instance,), {"rng": np.random.default_rng(0)}, rounds=5, warmup_rounds=1
    )
    assert draw.wrong.shape == (instance.game.n,)
    benchmark.extra_info.update(n=instance.game.n, method=teacher)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_strategies(benchmark, strategy):
    setting = Setting(noise="gain^3")
    compare(setting, ["uniform"], 0)  # split and first student are kept for all
    benchmark.group = "one seed of a strategy on digits"
    (outcome,) = benchmark.pedantic(compare, (setting, [strategy], 0), rounds=1)
    # Equal cost: no strategy has more than the budget of answers, and all train on what they have.
    assert outcome.n_queried <= 45 and outcome.trusted_accuracy > outcome.labelled_accuracy
    assert 0 <= outcome.test_accuracy <= 1
    benchmark.extra_info.update(method=strategy)
