"""Every page of the site, as it is built: as wide as the screen, with its menu, font and names.

The site is built once, or the one that RADSIM_SITE names is taken.
"""

import html
import importlib.util
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from page_layout import sideways

import radsim

ROOT = Path(__file__).parents[2]
WIDTHS = (390, 1280)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    if named := os.environ.get("RADSIM_SITE"):
        return Path(named).resolve()
    missing = [name for name in ("sphinx", "furo", "myst_nb") if not importlib.util.find_spec(name)]
    if missing:
        pytest.skip(f'no {missing[0]}: pip install -e ".[docs]"')
    folder = tmp_path_factory.mktemp("site")
    build = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-b", "html",
         ROOT / "docs", folder, "-d", tmp_path_factory.mktemp("doctrees")],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert build.returncode == 0, build.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def pages(site):
    found = sorted(site.rglob("*.html"))
    assert len(found) > 60
    return found


def trouble_of(opened, paths, site, width):
    """What is wrong with pages at a width, in both themes: one sentence each."""
    page = opened(paths[0], width=width)
    wrong = []
    for path in paths:
        name = path.relative_to(site)
        page.trouble.clear()
        page.emulate_media(color_scheme="light")
        page.goto(path.as_uri())
        grounds = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if (by := sideways(page)) > 0:
                wrong.append(f"{name}, {width} px, {scheme}: {by} px too wide")
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            grounds.append(sum(map(int, re.findall(r"\d+", ground)[:3])))
        if not grounds[0] > 600 > 200 > grounds[1]:
            wrong.append(f"{name}: the ground is not light, then dark: {grounds}")
        if page.locator("math").count() and not page.evaluate(
            """async () => {
              await document.fonts.ready;
              const family = getComputedStyle(document.querySelector("math")).fontFamily;
              return family.includes("radsim math") && document.fonts.check('16px "radsim math"');
            }"""
        ):
            wrong.append(f"{name}: the font of its formulas is not there")
        wrong += [f"{name}: {words}" for words in page.trouble]
    page.trouble.clear()
    return wrong


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_the_screen(opened, pages, site, width):
    assert trouble_of(opened, pages, site, width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_that_is_too_wide_is_found(opened, site, tmp_path, width):
    text = (site / "theory.html").read_text(encoding="utf-8")
    wide = tmp_path / "wide.html"
    wide.write_text(text.replace("</h1>", "</h1><div style='width: 1500px'>wide</div>", 1))
    wrong = trouble_of(opened, [wide], tmp_path, width)
    assert any("too wide" in words for words in wrong)
    # Beside no style sheet and no font, it is neither dark nor set in the font of formulas.
    assert any("font of its formulas" in words for words in wrong)
    assert any("light, then dark" in words for words in wrong)


def test_every_page_leads_to_the_explorer(pages, site):
    explorer = (site / "explorer.html").resolve()
    for path in pages:
        if path == explorer:
            continue
        links = re.findall(r'href="([^"#]*explorer\.html)', path.read_text(encoding="utf-8"))
        assert explorer in {(path.parent / link).resolve() for link in links}, path


def signatures(text):
    """What a page of the reference describes: from the id to the signature."""
    found = re.findall(r'<dt class="sig sig-object py" id="([^"]+)">(.*?)</dt>', text, re.S)
    return {
        name: re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", signature)))
        for name, signature in found
    }


def test_the_reference_is_public_and_typed(site):
    folder = site / "generated" / "api"
    found = {}
    for path in folder.glob("*.html"):
        found |= signatures(path.read_text(encoding="utf-8"))
    for name in radsim.__all__:
        assert f"radsim.{name}" in found, name
    described = {name.rsplit(".", 1)[0] for name in found} - {"radsim"}
    for hidden in ("cli", "simplex", "greedy", "door", "writing", "reading", "documents"):
        assert not any(module.startswith(f"radsim.{hidden}") for module in described), hidden
    for name in ("solve", "sample", "check", "worst_case", "audit", "select", "sweep"):
        parameters = found[f"radsim.{name}"].partition("(")[2]
        assert re.search(r"\w: \w", parameters), found[f"radsim.{name}"]
        assert "→" in parameters, name
    for name, signature in found.items():
        for spelled_out in ("ForwardRef", "_NestedSequence", " object at 0x", "<function"):
            assert spelled_out not in signature, (name, signature)


def test_tables_and_gallery_have_every_row(site):
    from radsim import DESIGNS, SOLVERS
    from radsim.distillation import STRATEGIES

    def codes(name):
        text = (site / "generated" / name).read_text(encoding="utf-8")
        found = re.findall(r"<code[^>]*>(.*?)</code>", text, flags=re.S)
        return {html.unescape(re.sub("<[^>]*>", "", words)) for words in found}

    solvers = {method for rows in SOLVERS.values() for method in rows}
    assert solvers <= codes("choices/which-solver.html")
    assert set(DESIGNS) <= codes("choices/which-design.html")
    assert set(STRATEGIES) <= codes("choices/which-strategy.html")
    assert {*DESIGNS, *STRATEGIES} <= codes("gallery/index.html")
