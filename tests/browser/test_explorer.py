"""The explorer in a headless Chromium: its numbers are `solve`'s, and it can be used."""

import subprocess
import sys

import numpy as np
import pytest
from page_layout import GO, overlaps, sideways

from radsim import Game, Solution, competitive_ratio, regret, solve, worst_case
from radsim.game import Count
from radsim.pages import explorer_page

# All that the page says, at full precision; "NaN" where the theory says nothing.
READ = """() => ({
  ...Object.fromEntries(["value", "level", "worst", "regret", "ratio", "spent"].map(
    (id) => [id, document.getElementById(id).dataset.number])),
  rows: [...document.querySelectorAll("#numbers tbody tr")].map(
    (row) => [...row.cells].map((cell) => Number(cell.dataset.number))),
})"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(explorer_page(), encoding="utf-8")
    return path


def settings(rng, n_settings):
    """Random settings, with ties, zeros, tiny and huge gains, whole and broken m and b."""
    draws = (
        lambda n: rng.random(n),
        lambda n: rng.pareto(1.5, n),
        lambda n: rng.integers(0, 4, n).astype(float),
        lambda n: rng.integers(0, 11, n) / 10,
        lambda n: rng.random(n) * 10.0 ** rng.integers(-12, 13),
    )
    for k in range(n_settings):
        n = int(rng.integers(1, 13))
        g = draws[k % len(draws)](n)
        g[rng.random(n) < (0.2 if k % 3 == 0 else 0)] = 0
        m = float(rng.integers(0, n + 1)) if rng.random() < 0.7 else float(n * rng.random())
        if rng.random() < 0.6:  # else more than half would have no positive guarantee
            m = float(np.floor(m / 3)) if m == int(m) else m / 3
        b = 1.0 if rng.random() < 0.5 else float(rng.integers(1, n + 1))
        if rng.random() < 0.2:
            b = float(n * rng.random()) + 1e-3 * (n == 0)
        constant = rng.random() < 0.4
        harm = float(rng.choice([0, 0.5, 1, 2, 3 * rng.random()]))
        if constant:
            harm *= float(g.max())
        yield g.tolist(), m, b, harm, bool(constant), bool(rng.random() < 0.7)


def address(g, m, b, harm, constant, capped, plays="value"):
    amount = f"constant:{harm!r}" if constant else repr(harm)
    gains = ",".join(map(repr, g))
    draws = "capped" if capped else "uncapped"
    return f"#g={gains}&m={m!r}&b={b!r}&harm={amount}&draws={draws}&plays={plays}"


def game_of(g, m, b, harm, constant, capped):
    harms = np.full(len(g), harm) if constant else None
    return Game(g, Count(m), b, 1.0 if constant else harm, harms=harms, capped=capped)


def shown(page, *setting, plays="value"):
    """What the page shows for a setting; the setting goes in by the address, as a link's would."""
    page.evaluate(GO, address(*setting, plays=plays))
    return page.evaluate(READ)


def close(found, right, scale):
    """Equal to 1e-9 of the right answer; below 1e-12 of the game's scale a value is rounding."""
    return abs(float(found) - right) <= max(1e-9 * abs(right), 1e-12 * scale)


def disagreements(page, n_settings, seed=0):
    """Words on every number of the page that is not `solve`'s, and what the settings covered."""
    wrong, seen = [], set()
    for setting in settings(np.random.default_rng(seed), n_settings):
        game = game_of(*setting)
        scale = game.scale or 1.0
        solution = solve(game)
        page_says = shown(page, *setting)
        rows = np.array(page_says["rows"])
        q, l, reply = rows[:, 4], rows[:, 5], rows[:, 6]

        def ask(name, found, right, unit, setting=setting):
            if not close(found, right, unit):
                wrong.append(f"{name}: {found}, not {right!r}, of {setting}")

        ask("value", page_says["value"], solution.value, scale)
        ask("level", page_says["level"], float(solution.level), scale)
        ask("worst", page_says["worst"], worst_case(game, q)[0], scale)
        ask("reply", game.gains @ q - game.stakes * reply @ q, worst_case(game, q)[0], scale)
        if reply.sum() > game.mistakes * (1 + 1e-12):
            wrong.append(f"reply has {reply.sum()} mistakes: {setting}")
        # Where q and l are not unique the page may have others: they must prove the value.
        own = Solution(
            game=game, value=float(page_says["value"]), inclusion=q, mistake_probabilities=l,
            level=0.0, threshold=0.0, method="page",
        )  # fmt: skip
        if not own.certificate.accepts(1e-9):
            wrong.append(f"q and l prove {own.certificate}: {setting}")
        seen.add(("value", solution.stats["branch"]))
        for objective, measure in (("regret", regret), ("ratio", competitive_ratio)):
            try:
                right = solve(game, objective)
            except ValueError:
                right = None
            # The page has the closed form alone, and none is known for more queries than one.
            if right is None or right.method != "closed_form":
                seen.add((objective, "not stated"))
                if page_says[objective] != "NaN":
                    wrong.append(f"{objective} is not stated for {setting}")
                continue
            unit = scale if objective == "regret" else 1.0
            ask(objective, page_says[objective], right.value, unit)
            played = np.array(shown(page, *setting, plays=objective)["rows"])[:, 4]
            ask(f"{objective} of q", measure(game, played), right.value, unit)
            seen.add((objective, right.stats["branch"]))
    return wrong, seen


def test_numbers_agree_with_solve(opened, page_file):
    page = opened(page_file)
    wrong, seen = disagreements(page, 220)
    assert not wrong, wrong[:5]
    assert seen == {
        ("value", "water level"),
        ("value", "two prices"),
        ("value", "no positive guarantee"),
        *((objective, branch) for objective in ("regret", "ratio")
          for branch in ("not stated", "benchmark")),
        ("regret", "clamped"),
    }  # fmt: skip
    assert page.trouble == []


@pytest.mark.parametrize(
    ("right", "planted"),
    [
        ("x / s[i] : 0))) - m) / density", "x / s[i] : 0))) - 2 * m) / density"),  # V1, m doubled
        ("(x > tau ? tau / x : 1)", "(x > tau ? 0.999 * tau / x : 1)"),  # V3, q
        ("b * (t - level + above)", "b * (t + above)"),  # R2
        ("value = weight = level / (t + above)", "value = weight = level / t"),  # R1
        ("game.m !== Math.floor(game.m)", "false"),  # R stated for a broken m
        ("clip(amount - place, 0, 1)", "clip(amount - place - 1, 0, 1)"),  # one mistake short
    ],
)
def test_planted_errors_are_found(opened, page_file, tmp_path, right, planted):
    text = page_file.read_text(encoding="utf-8")
    assert text.count(right) == 1
    (tmp_path / "wrong.html").write_text(text.replace(right, planted), encoding="utf-8")
    wrong, _ = disagreements(opened(tmp_path / "wrong.html"), 60)
    assert wrong


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 768, 1200])
@pytest.mark.parametrize("n", [1, 3, 12])
def test_layout(opened, page_file, width, dark, n):
    g = [0.987, 0.123, 0.555, 0.05, 0, 0.333, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4][:n]
    page = opened(page_file, width=width, dark=dark, address=address(g, n / 3, 1.0, 1.0, False, 1))
    assert overlaps(page) == []
    assert sideways(page) <= 0
    assert page.trouble == []


def test_a_planted_overlap_is_found(opened, page_file, tmp_path):
    text = page_file.read_text(encoding="utf-8")
    assert text.count("row(base + 2 * texts, reply") == 1
    text = text.replace("row(base + 2 * texts, reply", "row(base + 1.3 * texts, reply")
    (tmp_path / "wrong.html").write_text(text + "<div style='width: 1500px'>wide", encoding="utf-8")
    page = opened(tmp_path / "wrong.html")
    assert overlaps(page)
    assert sideways(page) > 0


def test_bars_are_dragged(opened, page_file):
    page = opened(page_file, address=address([1.0, 0.5, 0.25], 1.0, 1.0, 1.0, False, True))
    grips = [page.locator(f'[data-point="{i}"] .grip').bounding_box() for i in range(3)]
    at = [box["y"] + box["height"] / 2 for box in grips]  # heights of the gains 1, 1/2, 1/4
    x, unit = grips[1]["x"] + grips[1]["width"] / 2, 2 * (at[1] - at[0])
    page.mouse.move(x, at[1])
    page.mouse.down()
    page.mouse.move(x, at[0] + 0.4 * unit)
    page.mouse.move(x, at[0] + 0.2 * unit)
    page.mouse.up()
    page.mouse.move(x, at[2])
    gains = np.array(page.evaluate(READ)["rows"])[:, 1].tolist()
    assert gains[0] == 1.0
    assert abs(gains[1] - 0.8) < 0.0101  # gains move in hundredths
    assert gains[2] == 0.25
    assert close(page.evaluate(READ)["value"], solve(Game(gains, 1)).value, 1.0)
    page.locator('[data-point="2"]').focus()
    for key in ("ArrowUp", "ArrowUp", "PageUp", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate(READ)["rows"][2][1] == 0.36
    assert page.trouble == []


def test_bars_follow_a_finger(opened, page_file):
    g = [1.0, 0.5, 0.25]
    page = opened(page_file, width=390, address=address(g, 1.0, 1.0, 1.0, False, True))
    page.locator("#plot").scroll_into_view_if_needed()
    grips = [page.locator(f'[data-point="{i}"] .grip').bounding_box() for i in range(3)]
    at = [box["y"] + box["height"] / 2 for box in grips]
    x, before = grips[1]["x"] + grips[1]["width"] / 2, page.evaluate("scrollY")
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        touches = [{"x": x, "y": y} for y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", at[1])
    for share in (0.8, 0.6, 0.4):  # of the way from the gain 1/2 to the gain 1
        touch("touchMove", at[0] + share * (at[1] - at[0]))
    touch("touchEnd")
    gains = [row[1] for row in page.evaluate(READ)["rows"]]
    assert abs(gains[1] - 0.8) < 0.0101
    assert gains[::2] == [1.0, 0.25]
    assert page.evaluate("scrollY") == before
    assert page.trouble == []


def test_controls_and_command(opened, page_file):
    page = opened(page_file)
    page.select_option("#preset", "two queries, one point at the level")
    assert close(page.evaluate(READ)["value"], 4.4, 20.0)
    page.fill("#m", "0.5")
    page.fill("#b", "1.5")
    page.get_by_text("constant h", exact=True).click()
    page.fill("#harm", "1.25")
    right = solve(Game([10, 3, 2], Count(0.5), 1.5, harms=[1.25] * 3))
    assert close(page.evaluate(READ)["value"], right.value, 15.0)
    assert page.locator("#regret").text_content() == "–"
    assert "whole m" in page.locator("#regret-note").text_content()
    command = page.locator("#command").text_content()
    run = subprocess.run(
        command.replace("radsim", f"{sys.executable} -m radsim.cli"),
        shell=True, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"{right.value:.8g}" in run.stdout
    page.get_by_text("with replacement", exact=True).click()
    page.fill("#m", "3")
    assert page.locator("#message").is_visible()
    assert "No selection" in page.locator("#message").text_content()
    page.click("#add")
    page.click("#remove")
    page.click("#remove")
    page.click("#random")
    page.click("#sort")
    gains = [row[1] for row in page.evaluate(READ)["rows"]]
    assert len(gains) == 2
    assert gains == sorted(gains, reverse=True)
    for plays in ("margin", "uniform", "regret", "ratio"):
        page.select_option("#plays", plays)
    assert page.trouble == []


@pytest.mark.parametrize(
    "address", ["#g=a,b&m=x&b=-1", "#g=&m=99&b=0", "#g=-1,1e999&harm=constant:no", "#m=%", "#"]
)
def test_a_broken_address_is_put_right(opened, page_file, address):
    page = opened(page_file, address=address)
    assert float(page.evaluate(READ)["value"]) >= 0
    assert page.trouble == []


def test_the_page_is_small():
    assert len(explorer_page().encode()) < 200_000
