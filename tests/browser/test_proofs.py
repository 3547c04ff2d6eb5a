"""The explorer checks proofs: the judge's verdicts in Chromium, and a person's way to them."""

import numpy as np
import pytest
from forgers import forged, genuine
from page_layout import overlaps, sideways
from proof_judge import csv_of

from radsim import Game, solve
from radsim.pages import explorer_page
from radsim.proof import prove

GAINS = [0.95, 0.9, 0.82, 0.7, 0.64, 0.5, 0.41, 0.3, 0.22, 0.1]
ADDRESS = f"#g={','.join(map(str, GAINS))}&m=2&b=3"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(explorer_page(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proof")
    _, text = prove(solve(Game(GAINS, 2, 3)), ("multiple", 1.0))
    (folder / "picks.proof.json").write_text(text)
    (folder / "gains.csv").write_bytes(csv_of(GAINS))
    (folder / "other.csv").write_bytes(csv_of(GAINS[::-1]))
    (folder / "broken.json").write_text(text[:-20])
    return folder


def verdict(page, *paths):
    page.evaluate("document.getElementById('verdict').className = ''")
    page.locator("#proof-files").set_input_files(list(map(str, paths)))
    page.locator("#verdict.proved, #verdict.refused, #verdict.unreadable").wait_for()
    return page.locator("#verdict").inner_text()


def test_the_judges_verdicts(opened, page_file):
    rng = np.random.default_rng(4)
    cases = [*(genuine(rng) for _ in range(60)), *forged(rng, 300)]
    assert sum(not case.true for case in cases) > 200
    texts = [[case.proof.decode(errors="replace"), case.gains.decode()] for case in cases]
    page = opened(page_file)
    found = page.evaluate("all => all.map((both) => proofs.check(...both).verdict)", texts)
    assert [x == "proved" for x in found] == [case.true for case in cases]
    assert page.trouble == []


def test_a_proof_with_its_gains(opened, page_file, files):
    page = opened(page_file)
    words = verdict(page, files / "picks.proof.json", files / "gains.csv")
    assert "Proved: picks.proof.json, from gains.csv (10 points)" in words
    assert "The value lies between" in words
    assert "pivotal with seed 0 draws these rows" in words
    words = verdict(page, files / "picks.proof.json", files / "other.csv")
    assert "Refused: picks.proof.json, from other.csv. digest" in words
    words = verdict(page, files / "broken.json", files / "gains.csv")
    assert "Unreadable" in words
    assert "no proof among the files" in verdict(page, files / "gains.csv")
    assert page.trouble == []


def test_a_proof_alone_is_checked_with_the_gains_of_the_page(opened, page_file, files):
    page = opened(page_file, address=ADDRESS)
    words = verdict(page, files / "picks.proof.json")
    assert "Proved: picks.proof.json, from the gains above" in words
    page.select_option("#preset", "three points")
    assert not page.locator("#verdict").is_visible()
    assert "Refused" in verdict(page, files / "picks.proof.json")
    assert page.trouble == []


@pytest.mark.parametrize("where", ["#drop", "#plot"])  # beside the box it would replace the page
def test_dropped_files(opened, page_file, files, where):
    page = opened(page_file)
    page.evaluate(
        """([all, where]) => {
          const dataTransfer = new DataTransfer();
          for (const [name, text] of all) dataTransfer.items.add(new File([text], name));
          for (const kind of ["dragenter", "drop"]) {
            document.querySelector(where).dispatchEvent(new DragEvent(kind, { dataTransfer }));
          }
        }""",
        [
            [[x.name, x.read_text()] for x in files.iterdir() if "other" not in x.name][:3],
            where,
        ],
    )
    page.locator("#verdict.proved, #verdict.unreadable").wait_for()
    assert page.locator("#drop.over").count() == 0
    assert page.trouble == []


def test_a_hundred_thousand_points(opened, page_file, tmp_path):
    gains = np.random.default_rng(0).random(100_000)
    _, text = prove(solve(Game(gains, 12_000, 100)), ("multiple", 1.0))
    (tmp_path / "big.json").write_text(text)
    (tmp_path / "big.csv").write_bytes(csv_of(gains.tolist()))
    page = opened(page_file)
    page.context.set_default_timeout(60_000)
    assert "(100 in all)" in verdict(page, tmp_path / "big.json", tmp_path / "big.csv")
    assert page.trouble == []


def test_the_digest_is_that_of_web_crypto(opened, page_file):
    # The page's own, for a page of a file may be given none; here there is one to compare with.
    page = opened(page_file)
    same = page.evaluate(
        """async () => {
          if (!crypto.subtle) return null;
          for (const n of [0, 1, 55, 56, 63, 64, 65, 1000]) {
            const bytes = new Uint8Array(n).map((_, i) => 7 * i + n);
            const right = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
            const hex = Array.from(right, (x) => x.toString(16).padStart(2, "0")).join("");
            if (hex !== proofs.sha256(bytes)) return n;
          }
          return true;
        }"""
    )
    assert same in (None, True)


def test_by_keyboard(opened, page_file, files):
    page = opened(page_file)
    page.locator("#copy").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "proof-files"
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files([files / "picks.proof.json", files / "gains.csv"])
    page.locator("#verdict.proved").wait_for()
    assert page.locator("#verdict").get_attribute("role") == "status"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("gains", ["gains.csv", "other.csv"])
def test_layout(opened, page_file, files, width, dark, gains):
    page = opened(page_file, width=width, dark=dark, address=ADDRESS)
    verdict(page, files / "picks.proof.json", files / gains)
    assert overlaps(page) == []
    assert sideways(page) <= 0
    colours = page.evaluate(
        """() => ["color", "backgroundColor"].map((name) =>
          getComputedStyle(document.getElementById("verdict"))[name].match(/\\d+/g).map(Number))"""
    )
    ink, ground = (sum(colour[:3]) for colour in colours)
    assert abs(ink - ground) > 380  # legible, whichever is the darker
    assert (ground < ink) == dark
    assert page.trouble == []
