"""Audits (N8): the bound beside what is measured on 1e5 draws; `python -m benchmarks.audits`."""

import sys

import numpy as np
from scipy import stats

from radsim.extensions import audit_loss, least_audit_loss, least_blind_loss, two_use_loss

ERROR = 0.05
SEED = 20261127


def teachers(b: int, gains: np.ndarray, stakes: np.ndarray, uses: list[np.ndarray]):
    """Where the answers are wrong: at random, by stakes, by count in one use, at the break-even."""
    rng = np.random.default_rng(SEED)
    order = np.argsort(-stakes)
    for share in (0.2, 0.45, 0.5, 0.55, 0.8):
        k = round(share * b)
        yield f"at random, {share:.0%}", rng.permutation(b) < k
        yield f"largest stakes, {share:.0%}", np.isin(np.arange(b), order[:k])
    yield "one half of the uses", uses[2] > 0
    # The worst of many tries: a teacher that is nearly indifferent between two uses.
    best, worst = None, -np.inf
    for _ in range(300):
        wrong = rng.random(b) < rng.uniform(0.3, 0.7)
        worth = np.sort([float(w @ (gains - stakes * wrong)) for w in uses])
        gap = worth[-1] - worth[-2]
        if 0 < gap < audit_loss(b, b // 4, float(stakes.max()), ERROR, len(uses)) and gap > worst:
            best, worst = wrong, gap
    if best is not None:
        yield "searched", best


def shortfalls(gains, stakes, uses, wrong, a, n_draws, rng) -> np.ndarray:
    """What the kept use falls short of the best in hindsight, in every draw."""
    b = len(gains)
    table = np.stack(uses)
    worth = table @ (gains - stakes * wrong)
    lost = table * (stakes * wrong)
    found = np.empty(n_draws)
    for start in range(0, n_draws, 5000):
        n = min(5000, n_draws - start)
        checked = rng.random((n, b)).argpartition(a - 1, axis=1)[:, :a]
        estimates = table @ gains - b / a * np.stack(
            [lost[j][checked].sum(axis=1) for j in range(len(uses))], axis=1
        )
        found[start : start + n] = worth.max() - worth[estimates.argmax(axis=1)]
    return found


def main(n_draws: int = 100_000) -> None:
    rng = np.random.default_rng(SEED + 1)
    b = 80
    gains = rng.uniform(0.5, 1, b)
    stakes = gains + 1
    half = (np.arange(b) % 2).astype(float)
    uses = [np.ones(b), np.zeros(b), half, 1 - half]
    print(f"b = {b} answers, {len(uses)} uses, error {ERROR:g}, {n_draws} draws each, seed {SEED}")
    print(f"{'teacher':<24}{'checks':>7}{'bound':>9}{'95 %':>9}{'worst':>9}{'above':>9}{'p':>10}")
    spread = float(stakes.max() * 2)
    failed = 0
    for a in (5, 20, 40):
        bound = audit_loss(b, a, spread, ERROR, len(uses))
        for name, wrong in teachers(b, gains, stakes, uses):
            lost = shortfalls(gains, stakes, uses, wrong, a, n_draws, rng)
            above = int((lost > bound * (1 + 1e-12)).sum())
            p = float(stats.binom.sf(above - 1, n_draws, ERROR))
            failed += p < 1e-9
            print(
                f"{name:<24}{a:>7}{bound:>9.2f}{np.quantile(lost, 1 - ERROR):>9.2f}"
                f"{lost.max():>9.2f}{above / n_draws:>9.4f}{p:>10.2g}"
            )
    print("two uses, all answers or none, gain 1, stake 2: the exact bound, and it times .8")
    print(
        f"{'checks':>7}{'exact':>8}{'Serfling':>10}{'above':>9}{'above .8':>10}{'every rule':>12}"
    )
    for a in (5, 20, 40):
        exact = two_use_loss(b, a, ERROR)
        rates = []
        for factor in (1.0, 0.8):
            k = [x for x in range(b + 1) if abs(b - 2 * x) > factor * exact]
            rates.append(max((_wrong_use(b, a, x, n_draws, rng) for x in k), default=0.0))
        print(
            f"{a:>7}{exact:>8.0f}{audit_loss(b, a, 2.0, ERROR):>10.1f}{rates[0]:>9.4f}"
            f"{rates[1]:>10.4f}{least_audit_loss(b, a):>12.2f}"
        )
        failed += rates[0] > ERROR + 6 * np.sqrt(ERROR / n_draws) or rates[1] <= ERROR
    print(f"no check: every rule loses {least_blind_loss(b, b):g} of {b} against some teacher")
    print(f"{failed} of these against the statement")
    sys.exit(int(failed > 0))


def _wrong_use(b: int, a: int, k: int, n_draws: int, rng: np.random.Generator) -> float:
    keeps = rng.hypergeometric(k, b - k, a, n_draws) * 2.0 < a
    return float((~keeps if b > 2 * k else keeps).mean())


if __name__ == "__main__":
    main(*(int(float(x)) for x in sys.argv[1:2]))
