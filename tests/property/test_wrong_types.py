"""What an argument cannot be is refused by a ValueError that names it, wherever it is given.

In full by RADSIM_WRONG_TYPES=1; otherwise a sixth of the calls, spread over all arguments.
"""

import inspect
import os
import warnings

import calls
import pytest
from wrong_values import bad_calls, kind_of, parameters_of

from radsim.door import flag, number

STEP = 1 if os.environ.get("RADSIM_WRONG_TYPES") else 6
COUNTS = {}
# Parameters that no call gives, and why.
NOT_GIVEN = {("radsim.testing.instances", "options"): "those of games"}


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numbers between 0 and 1 warn, as they should
        yield


def test_every_public_name_is_called_or_says_why_not():
    known = set(calls.CALLS) | set(calls.LEFT_OUT)
    assert not set(calls.CALLS) & set(calls.LEFT_OUT)
    assert set(calls.public()) == known


@pytest.mark.parametrize("name", calls.CALLS)
def test_every_argument_is_given(name):
    given = {argument for make in calls.CALLS[name] for argument in make()}
    needed = set(parameters_of(calls.public()[name]))
    assert needed - given == {argument for of, argument in NOT_GIVEN if of == name}


@pytest.mark.parametrize("name", calls.CALLS)
def test_right_calls_are_answered(name):
    for make in calls.CALLS[name]:
        calls.called(name)(**make())


@pytest.mark.parametrize("name", calls.CALLS)
def test_wrong_arguments_are_refused_by_name(name):
    thing = calls.public()[name]
    found = bad_calls(
        name, calls.called(name), calls.CALLS[name], parameters_of(thing), lambda k: k % STEP == 0
    )
    COUNTS[name] = found
    assert not found[1], "\n".join(found[1])


def test_count():
    n = sum(count for count, _ in COUNTS.values())
    bad = sum(len(lines) for _, lines in COUNTS.values())
    print(f"\n{len(COUNTS)} names, {n} calls with a wrong argument, {n // STEP} made, {bad} bad")


def test_kinds_are_read_off_annotations():
    rules = inspect.signature(calls.public()["radsim.constrain"]).parameters
    assert kind_of("radsim.constrain", rules["game"]) == ("plain game", False)
    assert kind_of("radsim.constrain", rules["capped"]) == ("flag", True)
    assert kind_of("radsim.constrain", rules["budget"]) == ("number", True)


def no_door(capped: bool, budget: float):
    """Takes everything for a flag, and fails inside for what is no number."""
    return budget * 2 if capped else budget + 1


def other_name(capped: bool, budget: float):
    return flag(capped, "covered") + number(budget, "budget")


def behind_a_door(capped: bool, budget: float):
    return flag(capped, "capped") + number(budget, "budget")


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        (no_door, ["capped=text): is taken", "budget=object): TypeError"]),
        (other_name, ["capped=text): does not name it: covered ="]),
    ],
)
def test_a_function_without_a_door_is_caught(forged, said):
    rules = inspect.signature(forged).parameters
    _, bad = bad_calls("forged", forged, [lambda: {"capped": True, "budget": 1}], rules)
    for words in said:
        assert any(words in line for line in bad)


def test_a_function_behind_a_door_is_not():
    rules = inspect.signature(behind_a_door).parameters
    makers = [lambda: {"capped": True, "budget": 1}]
    count, bad = bad_calls("ours", behind_a_door, makers, rules)
    assert count > 80
    assert not bad
