"""A report is green only if nothing is open; means are not taken over pools of different units."""

import json

import pandas as pd
import pytest
from report_runs import verification

from radsim.pages import read_run, report_page
from radsim.pages.shown import shown_tables


def _page(folder, claims=None):
    if claims is not None:
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(manifest | {"claims": claims}))
    run = read_run(folder)
    return run, report_page(run)


def test_a_run_in_which_all_is_decided_is_green(tmp_path):
    verification(tmp_path)
    run, text = _page(tmp_path)
    assert (run.state, run.verdict) == ("good", "Nothing failed")
    assert 'class="verdict good"' in text


def test_an_inconclusive_verdict_makes_a_page_amber(tmp_path):
    frame = pd.DataFrame({"x": range(5), "status": ["HOLDS"] * 3 + ["UNDECIDED"] * 2})
    frame.to_csv(tmp_path / "mine.csv", index=False)
    run, text = _page(tmp_path)
    assert (run.state, run.verdict) == ("unsure", "Nothing failed, 2 of 5 inconclusive")
    assert 'class="verdict unsure"' in text and 'class="verdict good"' not in text
    assert 'class="UNDECIDED"' in text


def test_a_claim_that_nothing_tested_makes_a_page_amber(tmp_path):
    verification(tmp_path)
    run, text = _page(tmp_path, ["V1", "R2"])
    assert run.untested == ("R2",) and run.state == "unsure"
    assert "not tested, for want of an instance: R2" in text


@pytest.mark.parametrize("status", ["HOLDS", "UNDECIDED"])
def test_a_failure_is_red_whatever_else_is_open(status, tmp_path):
    frame = pd.DataFrame({"x": [1, 2], "status": ["VIOLATED", status]})
    frame.to_csv(tmp_path / "mine.csv", index=False)
    run, text = _page(tmp_path)
    assert run.state == "bad" and 'class="verdict bad"' in text


def _rows(unit):
    """Two pools, the second in another unit; rad earns half of b max g in both, margin a fifth."""
    rows = [
        {"cell": cell, "selector": who, "budget": 2, "largest_gain": gain, "lift": lift}
        | {"realised": share * 2 * gain, "guarantee": share * gain}
        for cell, gain in enumerate((1.0, unit))
        for who, share, lift in (("rad", 0.5, 1.5), ("margin", 0.2, 2.5))
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("unit", [1.0, 1e9, 1e-9])
def test_means_by_selector_do_not_hang_on_the_units_of_the_pools(unit):
    means = next(iter(shown_tables({"results.parquet": _rows(unit)}))).frame
    assert means["realised / (b max g)"].round(12).tolist() == [0.5, 0.2]
    assert means["guarantee / (b max g)"].round(12).tolist() == [0.25, 0.1]
    assert means["lift"].tolist() == [1.5, 2.5]
    assert not {"realised", "guarantee"} & set(means.columns)


def test_gains_without_a_scale_are_not_averaged():
    rows = _rows(1e9).drop(columns="largest_gain")
    means = next(iter(shown_tables({"results.parquet": rows}))).frame
    assert list(means.columns) == ["selector", "lift", "rows"]


def test_an_average_of_raw_gains_would_be_seen():
    """The mean of the raw numbers is that of the pool of the larger unit alone."""
    raw = _rows(1e9).groupby("selector", sort=False)["realised"].mean()
    assert raw["rad"] == pytest.approx(0.5e9)


def test_somebodys_own_claim_is_no_fault_and_its_violation_is_one(tmp_path):
    verification(tmp_path)
    text = (tmp_path / "verdicts.csv").read_text().replace(",V1,", ",own.py:MINE,")
    (tmp_path / "verdicts.csv").write_text(text)
    faults = " ".join(x.title for x in read_run(tmp_path).failures)
    assert "own.py:MINE is none" not in faults
    (tmp_path / "verdicts.csv").write_text(text.replace("HOLDS", "VIOLATED", 1))
    found = [x for x in read_run(tmp_path).failures if "own.py:MINE is violated" in x.title]
    # The folder never names code that its reader would run.
    assert found and "own.py" not in found[0].command
