"""The explorer's game: the reader is the teacher; numbers are `payoff`'s and `worst_case`'s."""

import numpy as np
import pytest
from page_layout import GO, overlaps, sideways

from radsim import Game, payoff, select, solve, worst_case
from radsim.game import Count
from radsim.pages import explorer_page

GAINS = [0.95, 0.9, 0.82, 0.7, 0.64, 0.5, 0.41, 0.3, 0.22, 0.1]
SCORES = """() => Object.fromEntries([...document.querySelectorAll("#scores tbody tr")].map(
  (row) => [row.dataset.learner, [...row.querySelectorAll("[data-number]")]
    .map((x) => x.dataset.number)]))"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(explorer_page(), encoding="utf-8")
    return path


def address(gains, m, b, harm=1.0, capped=True):
    draws = "capped" if capped else "uncapped"
    return f"#g={','.join(map(repr, gains))}&m={m!r}&b={b!r}&harm={harm!r}&draws={draws}"


def right_scores(game, spoiled):
    """Of each learner: what it earns against the points spoiled, and the least it can earn."""
    l = np.zeros(game.n)
    for place, i in enumerate(spoiled):
        l[i] = min(1.0, game.mistakes - place)
    if game.capped:
        margin = select("margin", game.gains, game.budget, rng=0).inclusion
    else:
        margin = np.where(np.arange(game.n) == np.argmax(game.gains), game.budget, 0.0)
    learners = {
        "margin": margin,
        "uniform": np.full(game.n, game.budget / game.n),
        "RAD": solve(game).inclusion,
    }
    return {name: (payoff(game, q, l), worst_case(game, q)[0]) for name, q in learners.items()}


def disagreements(opened, path, n_games):
    rng = np.random.default_rng(2)
    wrong, page = [], opened(path)
    for _ in range(n_games):
        n = int(rng.integers(2, 13))
        gains = (rng.integers(0, 11, n) / 10).tolist()
        m = float(rng.integers(1, n)) - (0.5 if rng.random() < 0.3 else 0.0)
        b, capped = float(rng.integers(1, n + 1)), bool(rng.random() < 0.7)
        harm = float(rng.choice([0.0, 0.5, 1.0, 2.0]))
        game = Game(gains, Count(m), b, harm, capped=capped)
        spoiled = rng.permutation(n)[: int(np.ceil(m))].tolist()
        page.evaluate(GO, address(gains, m, b, harm, capped))
        for i in spoiled:
            page.click(f'[data-spoil="{i}"]')
        page.click("#reveal")
        found, right = page.evaluate(SCORES), right_scores(game, spoiled)
        for name, numbers in right.items():
            unit = game.scale or 1.0
            # Where RAD's inclusion probabilities are not unique, only its guarantee is.
            asked = (0, 1) if name != "RAD" or game.scale == 0 else (1,)
            wrong += [
                f"{name}[{k}]: {found[name][k]}, not {numbers[k]!r}, of {gains, m, b, harm, capped}"
                for k in asked
                if abs(float(found[name][k]) - numbers[k]) > 1e-9 * unit
            ]
            if float(found[name][0]) < float(found[name][1]) - 1e-9 * unit:
                wrong.append(f"{name} earns less than the least: {found[name]}")
        page.click("#again")
    return wrong + page.trouble


def test_the_scores_are_those_of_the_game(opened, page_file):
    assert disagreements(opened, page_file, 40) == []


@pytest.mark.parametrize(
    ("right", "planted"),
    [
        ("x * (game.g[i] - game.s[i] * l[i])", "x * (game.g[i] - game.h[i] * l[i])"),
        ("Math.max(0, game.m - place)", "Math.max(0, game.m - place - 1)"),
        ("const reply = radsim.worstCase(game, q);", "const reply = { value: value.value, l };"),
        ("uniform: (game) => game.g.map(() => game.b / game.g.length)",
         "uniform: (game) => game.g.map(() => 1 / game.g.length)"),
    ],
)  # fmt: skip
def test_planted_errors_are_found(opened, page_file, tmp_path, right, planted):
    text = page_file.read_text(encoding="utf-8")
    assert text.count(right) == 1
    (tmp_path / "wrong.html").write_text(text.replace(right, planted), encoding="utf-8")
    assert disagreements(opened, tmp_path / "wrong.html", 12)


def test_a_round(opened, page_file):
    page = opened(page_file, address=address(GAINS, 2.0, 3.0))
    assert "2 mistakes left" in page.locator("#spent-words").inner_text()
    assert page.locator("#ending").is_hidden()
    assert "?" in page.locator("#scores").inner_text()
    page.click('[data-spoil="0"]')
    assert "1 mistake left, of 2" in page.locator("#spent-words").inner_text()
    page.click('[data-spoil="4"]')
    assert "All 2 mistakes spent" in page.locator("#spent-words").inner_text()
    page.click('[data-spoil="5"]')  # there is none left for it
    assert page.locator('#spoil [aria-pressed="true"]').count() == 2
    page.click("#reveal")
    game = Game(GAINS, 2, 3)
    words = page.locator("#ending").inner_text().replace("−", "-")
    worst = worst_case(game, select("margin", GAINS, 3, rng=0).inclusion)[0]
    assert f"Against margin the best reply spoils points 1 and 2 and leaves {worst:.4g}" in words
    assert "Against RAD the best reply" in words
    assert "you found as much" in words
    assert f"RAD earns at least {solve(game).value:.4g} whatever you spoil" in words
    assert f"margin down to {worst:.4g}" in words
    # Revealed, another choice is told at once; the best one is recognised.
    page.click('[data-spoil="4"]')
    page.click('[data-spoil="1"]')
    assert page.locator("#scores tbody tr", has_text="✓").count() == 3
    page.click("#again")
    assert page.locator("#ending").is_hidden()
    assert page.locator('#spoil [aria-pressed="true"]').count() == 0
    assert page.trouble == []


def test_half_a_mistake(opened, page_file):
    page = opened(page_file, address=address([1.0, 0.8, 0.6, 0.4], 1.5, 2.0, 0.5))
    for i in (2, 0, 1):  # the third is refused: one and a half are spent
        page.click(f'[data-spoil="{i}"]')
    labels = page.locator("#spoil button").all_inner_texts()
    assert [label.split("\n")[-1] for label in labels] == ["✕ 0.5", "0.8", "✕", "0.4"]
    assert "All 1.5 mistakes spent" in page.locator("#spent-words").inner_text()
    page.click("#reveal")
    words = page.locator("#ending").inner_text()
    assert "Against margin the best reply spoils point 1 and 50 % of point 2" in words
    assert page.trouble == []


def test_another_game_keeps_what_can_be_kept(opened, page_file):
    page = opened(page_file, address=address(GAINS, 3.0, 3.0))
    for i in (9, 0, 4):
        page.click(f'[data-spoil="{i}"]')
    page.click("#remove")
    assert page.locator("#spoil button").count() == 9
    assert page.locator('#spoil [aria-pressed="true"]').count() == 2
    page.fill("#m", "1")
    assert page.locator('#spoil [aria-pressed="true"]').count() == 1
    page.fill("#m", "0")
    assert "no mistakes" in page.locator("#spent-words").inner_text()
    page.click('[data-spoil="0"]')
    assert page.locator('#spoil [aria-pressed="true"]').count() == 0
    page.fill("#m", "9")
    page.click("#reveal")
    assert "RAD asks nothing" in page.locator("#ending").inner_text()
    assert page.trouble == []


def test_by_keyboard_and_for_a_screen_reader(opened, page_file):
    page = opened(page_file, address=address(GAINS, 2.0, 3.0))
    page.locator('[data-spoil="0"]').focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    # The focus stays on the point that was chosen.
    assert page.evaluate("document.activeElement.dataset.spoil") == "2"
    chosen = page.locator('#spoil [aria-pressed="true"]')
    names = [chosen.nth(k).get_attribute("aria-label") for k in range(chosen.count())]
    assert names == ["spoil point 1, gain 0.95", "spoil point 3, gain 0.82"]
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "reveal":
            break
    page.keyboard.press("Enter")
    assert page.locator("#ending").is_visible()
    assert page.locator("#ending").get_attribute("role") == "status"
    assert page.locator("#spent-words").get_attribute("role") == "status"
    assert page.get_by_role("row", name="RAD").count() == 1
    assert page.trouble == []


def test_a_finger_is_enough(opened, page_file):
    page = opened(page_file, width=390, address=address(GAINS, 2.0, 3.0))
    page.locator('[data-spoil="0"]').tap()
    assert page.locator('#spoil [aria-pressed="true"]').count() == 1
    sizes = page.evaluate(
        "[...document.querySelectorAll('#spoil button')].map((x) => x.getBoundingClientRect())"
        ".map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 44  # as large as a finger
    assert page.trouble == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("n", [1, 12])
def test_layout(opened, page_file, width, dark, n):
    gains = [0.987, 0.123, 0.555, 0.05, 0, 0.333, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4][:n]
    page = opened(page_file, width=width, dark=dark, address=address(gains, 0.5 + (n > 1), 1.0))
    page.click('[data-spoil="0"]')
    if n > 1:
        page.click('[data-spoil="3"]')
    page.click("#reveal")
    assert overlaps(page) == []
    assert sideways(page) <= 0
    assert page.trouble == []
