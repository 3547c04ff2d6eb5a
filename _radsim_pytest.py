"""pytest plugin of radsim: options, a fixture that checks claims, and a summary of slack.

It imports nothing of radsim until a test uses it: pytest loads it in every run.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
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
            item.user_properties.append(("radsim", [_plain(*note) for note in run.notes]))


def _plain(check: str, subject: str, status: str, slack: float | None) -> list[str | float | None]:
    """A note as pytest-xdist can send it: a claim of somebody's own may have numbers of NumPy."""
    return [str(check), str(subject), str(status), None if slack is None else float(slack)]


@pytest.fixture(scope="session")
def radsim_check() -> Callable[..., Any]:
    """Check a claim on a game inside a test: ``radsim_check("V2", game)``.

    It is `radsim.testing.check_claim`, of the whole session, so that Hypothesis may call a test
    that takes it many times.
    """
    from radsim.testing import check_claim

    return check_claim


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
