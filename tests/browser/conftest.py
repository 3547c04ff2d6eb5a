"""A headless Chromium: the one named by RADSIM_BROWSER, else Debian's or Chrome, else a skip."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def chromium():
    named = os.environ.get("RADSIM_BROWSER")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium, or name one in RADSIM_BROWSER")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        if named:
            raise
        pytest.skip('no Playwright: pip install -e ".[browser]"')
    with sync_playwright() as playwright:
        # CI containers run as root, where Chromium's sandbox cannot start.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium):
    """Open a file; whatever the page logs, throws or asks of a network ends up in `page.trouble`.

    A page that was opened well must have no trouble when the test ends.
    """
    pages = []

    def open_file(path, *, width=1200, dark=False, address=""):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            has_touch=width < 500,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.trouble = []
        page.on("console", lambda message: page.trouble.append(message.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith(("file:", "data:")) or page.trouble.append(request.url)
            ),
        )
        page.goto(f"{path.resolve().as_uri()}{address}")
        pages.append(page)
        return page

    yield open_file
    for page in pages:
        page.context.close()
