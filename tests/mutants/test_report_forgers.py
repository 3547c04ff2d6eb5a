"""A failed run is forged in every way that came to mind; its page is never green.

What cannot be told: a table and its digest in the manifest forged together into what another run
would have written, saved failures taken away with them; a coverage table taken away; what the
notes and pictures say.
"""

import re

import pytest
from report_runs import (
    CLAIM,
    FORGED,
    RUNS,
    SIGNED_ONLY,
    cells,
    resigned,
    simulation,
    unsigned,
    verification,
)

from radsim.claims import CLAIMS
from radsim.data.instances import draw_instance
from radsim.data.saved import save
from radsim.pages import read_run, report_page


def green(folder):
    """Whether the page says that nothing failed, or that all that it shows is well."""
    try:
        page = report_page(read_run(folder))
    except (ValueError, OSError) as error:
        assert "\n" not in str(error)
        return False
    verdict = re.search(r'<p class="verdict (\w+)" id="verdict">([^<]*)', page)
    assert verdict is None or (verdict[1] == "good") == verdict[2].startswith("Nothing failed ·")
    return verdict is not None and verdict[1] == "good"


def test_a_run_without_failures_is_green(tmp_path):
    verification(tmp_path / "a")
    simulation(tmp_path / "b")
    assert green(tmp_path / "a")
    assert green(tmp_path / "b")


@pytest.mark.parametrize("name", RUNS)
def test_a_failed_run_is_not(name, tmp_path):
    RUNS[name](tmp_path / "run")
    assert not green(tmp_path / "run")


@pytest.mark.parametrize(
    "run, forge",
    [(run, forge) for run, _, forge in FORGED],
    ids=[f"{a}: {b}" for a, b, _ in FORGED],
)
def test_a_forged_page_is_not_green(run, forge, tmp_path):
    folder = tmp_path / "run"
    RUNS[run](folder)
    forge(folder)
    assert not green(folder)


UNSIGNED = [
    (run, name, forge)
    for run, name, forge in FORGED
    if run != "cell" and not name.endswith("no manifest") and name not in SIGNED_ONLY
]


@pytest.mark.parametrize(
    "run, forge",
    [(run, forge) for run, _, forge in UNSIGNED],
    ids=[f"{a}: {b}" for a, b, _ in UNSIGNED],
)
@pytest.mark.parametrize("sign", [resigned, unsigned])
def test_nor_is_one_whose_manifest_was_forged_too(run, forge, sign, tmp_path):
    folder = tmp_path / "run"
    RUNS[run](folder)
    forge(folder)
    sign(folder)
    assert not green(folder)


def test_a_saved_failure_shows_whatever_the_tables_say(tmp_path):
    verification(tmp_path)
    save(draw_instance(rng=1), tmp_path / "failed-1.json", index=1)
    assert not green(tmp_path)
    (tmp_path / "failed-1.json").write_text('{"gains": "forged"}')
    assert not green(tmp_path)
    (tmp_path / "failed-1.json").rename(tmp_path / "other.json")
    assert not green(tmp_path)


def test_a_claim_that_is_none_is_said(tmp_path):
    verification(tmp_path)
    cells("verdicts.csv", "claim", CLAIM, "V99")(tmp_path)
    titles = [failure.title for failure in read_run(tmp_path).failures]
    assert any("claim 'V99' is none that radsim writes" in title for title in titles)
    assert "V99" not in CLAIMS


def test_what_is_wrong_is_said_first_and_in_words(tmp_path):
    verification(tmp_path, status="VIOLATED")
    cells("verdicts.csv", "status", "VIOLATED", "ERROR")(tmp_path)
    page = report_page(read_run(tmp_path))
    assert "status &#39;ERROR&#39; is none that radsim writes (rows 3, 4)" in page
    assert page.index("ERROR") < page.index("<h2>Tables</h2>")
    assert 'class="verdict bad"' in page
