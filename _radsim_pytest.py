"""pytest plugin of radsim: options, a fixture that checks claims, and a summary of slack.

It imports nothing of radsim until a test uses it: pytest loads it in every run.
"""

from __future__ import annotations

import math
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

_PROFILES = ("fast", "thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("radsim", "checks of selectors, solvers, designs and claims")
    group.addoption(
        "--radsim-seed",
        type=int,
        default=0,
        metavar="N",
        help="seed of radsim's checks (default 0); the same seed gives the same games",
    )
    group.addoption(
        "--radsim-profile",
        choices=_PROFILES,
        default="fast",
        help="how many games and samples radsim's checks draw (default fast)",
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    seed, profile = config.getoption("--radsim-seed"), config.getoption("--radsim-profile")
    if (seed, profile) == (0, "fast"):
        return None
    return f"radsim: seed {seed}, profile {profile}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    # A test that calls a check has imported radsim.testing when it was collected.
    if "radsim.testing" not in sys.modules and "radsim_check" not in getattr(
        item, "fixturenames", ()
    ):
        return (yield)
    from radsim.testing.run import PROFILES, RUN, Run

    run = Run(
        item.config.getoption("--radsim-seed"),
        PROFILES[item.config.getoption("--radsim-profile")],
    )
    token = RUN.set(run)
    try:
        return (yield)
    finally:
        RUN.reset(token)
        # User properties travel with the report, from the workers of pytest-xdist too.
        if run.notes:
            item.user_properties.append(("radsim", [list(note) for note in run.notes]))


@pytest.fixture
def radsim_check() -> Callable[..., Any]:
    """Check a claim on an instance inside a test: ``radsim_check("V2", instance)``.

    A VIOLATED verdict fails the test with the line that replays the game; arguments are those of
    `radsim.check`.
    """
    from radsim import CLAIMS, Claim, Instance, Verdict, check
    from radsim.data.saved import save
    from radsim.testing.run import RUN

    def run_claim(
        claim: str | Claim,
        instance: Instance,
        *,
        method: str = "linprog",
        rtol: float = 1e-9,
        rng: Any = None,
    ) -> Verdict:
        row = CLAIMS[claim] if isinstance(claim, str) else claim
        run = RUN.get()
        if rng is None:
            rng = run.seed if run else 0
        verdict = check(row, instance, method=method, rtol=rtol, rng=rng)
        if run is not None:
            slack = verdict.slack if math.isfinite(verdict.slack) else None
            run.notes.append((row.id, "claim", verdict.status, slack))
        if verdict.status == "VIOLATED":
            folder = Path("radsim-failures")
            folder.mkdir(exist_ok=True)
            path = folder / f"claim-{row.id}.json"
            save(replace(instance, name=f"claim {row.id}"), path)
            line = f"{shlex.quote(str(path))} --claims {shlex.quote(row.id)}"
            pytest.fail(
                f"claim {row.id} is VIOLATED: {verdict.label}, bound {verdict.bound:.10g}, "
                f"measured {verdict.measured}\n"
                f"  replay: radsim verify --replay {line}",
                pytrace=False,
            )
        return verdict

    return run_claim


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    worst: dict[str, tuple[dict[str, int], float, str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":
                continue
            for name, notes in report.user_properties:
                for check, subject, status, slack in notes if name == "radsim" else ():
                    counts, low, where = worst.get(check, ({}, math.inf, ""))
                    counts[status] = counts.get(status, 0) + 1
                    if slack is not None and slack < low:
                        low, where = slack, subject
                    worst[check] = (counts, low, where)
    if not worst:
        return
    terminalreporter.section("radsim: worst slack per claim and check")
    width = max(len(check) for check in worst)
    for check, (counts, low, where) in worst.items():
        told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        slack = "" if math.isinf(low) else f"  worst slack {low:.1e} ({where})"
        terminalreporter.write_line(f"{check:<{width}}  {told}{slack}")
