"""From a report to the explorer, wherever the file of the report lies."""

import pandas as pd

from radsim.pages import read_run, report_page


def test_a_report_opens_the_explorer(opened, tmp_path):
    pd.DataFrame({"name": ["a", "b"], "number": [1, 2]}).to_csv(tmp_path / "rows.csv", index=False)
    path = tmp_path / "report.html"
    path.write_text(report_page(read_run(tmp_path)), encoding="utf-8")
    page = opened(path)
    with page.context.expect_page() as new:
        page.click("#explorer")
    explorer = new.value
    explorer.wait_for_load_state()
    assert explorer.locator("#value").text_content() == "0.1429"
    explorer.click('[data-spoil="0"]')
    assert explorer.locator('[aria-pressed="true"]').count() == 1
    # A change goes into the address of this page too.
    explorer.fill("#m", "0.5")
    assert "m=0.5" in explorer.evaluate("location.hash")
    assert page.trouble == []
