"""A replay runs what its caller names or radsim has, never what the saved file says."""

import json
import shlex

import numpy as np
import pytest
from commands import call

from radsim import Selector
from radsim.testing import CheckFailed, check_selector, replay
from radsim.testing import replays as module

GAME = {
    "name": "mine",
    "gains": [1.0, 0.5],
    "harms": [1.0, 0.5],
    "mistakes": 1.0,
    "budget": 1.0,
    "capped": True,
    "abstain": False,
}
FAILED = {
    "kind": "selector",
    "check": "shape",
    "subject": "margin",
    "address": {"row": "margin"},
    "seed": 0,
    "profile": "fast",
    "words": "",
    "game": GAME,
}
DESIGN = {key: x for key, x in FAILED.items() if key != "game"} | {
    "kind": "design",
    "subject": "pivotal",
    "address": {"row": "pivotal"},
    "inclusion": [0.5, 0.5],
}
CODE = "import os\nos.mkdir({!r})\n\ndef f(gains, budget, *, rng):\n    return [0]\n"


def written(folder, document):
    path = folder / "failed.json"
    path.write_text(json.dumps(document))
    return path


def refused(path, *options):
    """The one line with which a replay is refused."""
    found = call("verify", "--replay", path, *options)
    assert found.exit_code == 2, found.output
    assert found.exception is None or isinstance(found.exception, SystemExit)
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("document", [FAILED, DESIGN])
def test_rows_of_radsim_replay_as_they_are(document, tmp_path):
    assert replay(written(tmp_path, document)).status == "passed"
    assert call("verify", "--replay", tmp_path / "failed.json").exit_code == 0


def test_an_older_file_with_the_game_among_the_rest_is_read(tmp_path):
    flat = {key: x for key, x in FAILED.items() if key != "game"} | GAME
    assert replay(written(tmp_path, flat)).status == "passed"


@pytest.mark.parametrize(
    "address", [{"file": "FILE", "name": "f", "takes": []}, {"file": "FILE", "name": "f"}]
)
def test_no_code_is_run_that_the_file_names(address, tmp_path):
    code, ran = tmp_path / "evil.txt", tmp_path / "ran"
    code.write_text(CODE.format(str(ran)))
    path = written(tmp_path, FAILED | {"address": address | {"file": str(code)}})
    assert "add --selector FILE.py:NAME" in refused(path)
    with pytest.raises(ValueError, match="no code is run that a file names"):
        replay(path)
    assert call("report", tmp_path).exit_code == 0
    assert not ran.exists()
    # Whoever names the file runs it.
    found = call("verify", "--replay", path, "--selector", f"{code}:f")
    assert found.exit_code == 0, found.output
    assert ran.exists()


def test_the_saved_file_knows_the_file_it_came_from(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    source = tmp_path / "a file's $(touch X) own.py"
    source.write_text("def f(gains, budget, *, rng):\n    return [0, 0]\n")
    own = module.subject_of(f"{source}:f", "selector")
    with pytest.raises(CheckFailed) as error:
        check_selector(own, only=["budget"])
    (path,) = tmp_path.glob("*.json")
    line = error.value.result.replay
    assert line == module.replay_line("selector", path, Selector(own))
    words = shlex.split(line)
    assert words[-2:] == ["--selector", f"{source}:f"]
    found = call(*words[1:])
    assert found.exit_code == 1
    assert "another file" not in found.stdout
    source.write_text("def f(gains, budget, *, rng):\n    return [0]\n")
    found = call(*words[1:])
    assert found.exit_code == 0
    assert "is another file than the one in which it failed" in found.stdout


def test_what_a_selector_takes_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FOLDER", tmp_path)

    def own(probabilities, budget, *, rng):
        return [0] * len(probabilities)

    with pytest.raises(CheckFailed):
        check_selector(Selector(own, ("probabilities",)), only=["budget"])
    (path,) = tmp_path.glob("*.json")
    assert replay(path, Selector(own, ("probabilities",))).status == "failed"
    kept = json.loads(path.read_text())
    assert kept["address"] is None  # a function within another is in no file by its name
    assert np.shape(kept["probabilities"])[0] == len(kept["game"]["gains"])


@pytest.mark.parametrize(
    "options, words",
    [
        (["--selector", "mine.py"], "--selector 'mine.py' must be FILE.py:NAME"),
        (["--selector", ":f"], "must be FILE.py:NAME"),
        (["--selector", "mine.py:f;g"], "must be FILE.py:NAME"),
        (["--selector", "none.py:f"], "--selector none.py: No such file"),
        (["--selector", "/dev/zero:f"], "--selector /dev/zero: no regular file"),
        (["--selector", "wrong.py:f"], "--selector wrong.py: SyntaxError: "),
        (["--selector", "raises.py:f"], "--selector raises.py: ZeroDivisionError: "),
        (["--selector", "own.py:g"], "--selector own.py: has no g"),
        (["--selector", "own.py:f.g"], "--selector own.py: has no f.g"),
        (["--selector", "own.py:x"], "--selector own.py:x: is no function"),
        (["--solver", "own.py:f"], "--solver own.py:f: failed.json is of a selector"),
    ],
)
def test_a_function_that_is_none_is_refused_in_one_line(options, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text("x = 1\ndef f(gains, budget, *, rng):\n    return [0]\n")
    (tmp_path / "wrong.py").write_text("def f(:\n")
    (tmp_path / "raises.py").write_text("1 / 0\n")
    written(tmp_path, FAILED)
    assert words in refused("failed.json", *options)


def test_the_options_go_with_replay_alone(tmp_path):
    found = call("verify", "--instances", 0, "--selector", "own.py:f")
    assert found.exit_code == 2
    assert "--selector own.py:f: only with --replay" in found.stderr
    assert "is a game" in refused(written(tmp_path, GAME), "--design", "own.py:f")


NAN = float("nan")
DAMAGED = [
    (FAILED | {"seed": "0"}, "seed: must be a valid integer, not '0'"),
    (FAILED | {"seed": True}, "seed: must be a valid integer, not True"),
    (FAILED | {"seed": -1}, "seed: must be greater than or equal to 0"),
    (FAILED | {"seed": 10**400}, "a whole number of 401 digits"),
    (FAILED | {"profile": "slow"}, "profile"),
    (FAILED | {"profile": 3}, "profile: must be a valid string, not 3"),
    (FAILED | {"check": "magic"}, "check"),
    (FAILED | {"check": ["shape"]}, "check: must be a valid string, not a list"),
    (FAILED | {"kind": "magic"}, "kind: must be 'selector', 'solver' or 'design', not 'magic'"),
    (FAILED | {"more": 1}, "more: is not known"),
    (FAILED | {"address": {"row": "magic"}}, "address.row"),
    (FAILED | {"address": {"row": "margin", "name": "f"}}, "address: needs row, or file and name"),
    (FAILED | {"address": {"row": ["margin"]}}, "address.row: must be a valid string"),
    (FAILED | {"address": None}, "no code is run"),
    (FAILED | {"inclusion": [0.5]}, "a design, and nothing else, needs inclusion"),
    (DESIGN | {"inclusion": []}, "inclusion"),
    (DESIGN | {"inclusion": [0.5, "x"]}, "inclusion.1: must be a valid number, not 'x'"),
    (DESIGN | {"inclusion": [[0.5]]}, "inclusion.0: must be a valid number, not a list"),
    (DESIGN | {"inclusion": [-0.5]}, "inclusion.0: must be greater than or equal to 0"),
    (DESIGN | {"inclusion": [1e300]}, "inclusion.0: must be less than or equal to 1000000"),
    (DESIGN | {"game": GAME}, "and no design, needs a game"),
    (FAILED | {"features": [[1.0]]}, "features: needs one row, of one length, for each point"),
    (FAILED | {"features": [[1.0], [1.0, 2.0]]}, "features: needs one row, of one length"),
    (FAILED | {"labels": [0, 0.5]}, "labels.1: must be a valid integer, not 0.5"),
    (FAILED | {"probabilities": [[0.5, 0.5], 0.1]}, "probabilities"),
    *(
        (FAILED | {"game": GAME | change}, words)
        for change, words in [
            ({"capped": "no"}, "game.capped: must be a valid boolean, not 'no'"),
            ({"capped": 1}, "game.capped: must be a valid boolean, not 1"),
            ({"gains": [NAN, 1.0]}, "NaN is no number of JSON"),
            ({"gains": [True, 1.0]}, "game.gains.0: must be a valid number, not True"),
            ({"gains": "x"}, "game.gains: must be a valid list, not 'x'"),
            ({"gains": []}, "gains"),
            ({"gains": [1.0]}, "harms"),
            ({"gains": [[1.0, 0.5]]}, "game.gains.0: must be a valid number, not a list"),
            ({"gains": [-1.0, 0.5]}, "gains[0] = -1"),
            ({"mistakes": 5.0}, "mistakes = 5"),
            ({"mistakes": None}, "game.mistakes: must be a valid number, not None"),
            ({"budget": 1e300}, "budget"),
            ({"budget": 10**400}, "a whole number of 401 digits"),
            ({"index": 1.5}, "game.index: must be a valid integer, not 1.5"),
        ]
    ),
]


@pytest.mark.parametrize("document, words", DAMAGED)
def test_a_damaged_case_is_refused_in_one_line(document, words, tmp_path):
    path = written(tmp_path, document)
    line = refused(path)
    assert line.startswith(f"radsim: {path}: "), line
    assert words in line
    with pytest.raises(ValueError):
        replay(path)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"capped": "no"}, "capped: must be a valid boolean, not 'no'"),
        ({"gains": [1.0] * 3}, "harms"),
        ({"index": "0; touch X"}, "index: must be a valid integer, not '0; touch X'"),
        ({"check": None}, "kind: is missing"),
        ({"more": 1}, "more: is not known"),
    ],
)
def test_a_damaged_game_is_refused_in_one_line(change, words, tmp_path):
    assert words in refused(written(tmp_path, GAME | change))


def test_a_name_that_is_too_long_for_a_file_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FOLDER", tmp_path)

    def own(gains, budget, *, rng):
        raise RuntimeError("half \ud800 a character")

    own.__name__ = "f" * 500
    with pytest.raises(CheckFailed):
        check_selector(own, only=["budget"])
    (path,) = tmp_path.glob("*.json")
    assert "half ? a character" in json.loads(path.read_text())["words"]
    assert replay(path, own).status == "failed"
