"""A training as the page shows it: when there is something to see, and what."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator
from typing import Any

import pytest

from grader.explore.own_code import OwnCode, own_code
from grader.explore.training import TASKS, Settings, Training, examples
from grader.kit import read_kit
from grader.sandbox.confine import choose
from grader.site import showing
from grader.site.showing import Showing

KIT = read_kit()
MOONS = TASKS["moons"]
SHORT = dataclasses.replace(MOONS.settings, steps=12, hidden=(4,))


@pytest.fixture
def code() -> Iterator[OwnCode]:
    with own_code(KIT, None, choose().level) as found:
        yield found


def shown(code: OwnCode, settings: Settings = SHORT, task: str = "moons", every: int = 5) -> list[dict[str, Any]]:
    return list(Showing(KIT, TASKS[task], settings, code, 24).parts(every))


def test_what_is_shown(code: OwnCode) -> None:
    """Both losses are in every part; the first comes after one step, and is coarse; the last is fine, and judges."""
    parts = shown(code)
    assert (parts[0]["step"], parts[-1]["step"]) == (1, 12)
    losses = [loss for part in parts for loss in part["losses"]]
    assert len(losses) == 12
    assert [len(part["losses"]) for part in parts] == [
        part["step"] - before for part, before in zip(parts, [0, *(one["step"] for one in parts)], strict=False)
    ]
    assert all(math.isfinite(part["validation"]) for part in parts)
    assert parts[0]["validation"] != parts[-1]["validation"]
    sides = [len(part["boundary"]["decided"]) for part in parts]
    assert (sides[0], sides[-1]) == (8, 24)
    assert [set(part.get("accuracy", {})) for part in parts] == [set()] * (len(parts) - 1) + [{"train", "val"}]
    assert [len(part["examples"]["val"]["targets"]) for part in parts if "examples" in part] == [20]


@pytest.mark.parametrize("task", [name for name, task in TASKS.items() if task.classes])
def test_both_losses_move(task: str, code: OwnCode) -> None:
    settings = dataclasses.replace(TASKS[task].settings, steps=6, hidden=(4,))
    parts = shown(code, settings, task, every=1)
    for losses in ([part["losses"][0] for part in parts], [part["validation"] for part in parts]):
        assert len(set(losses)) == len(losses) > 1


def test_a_number_to_predict(code: OwnCode) -> None:
    """Four examples leave none for validation."""
    parts = shown(code, dataclasses.replace(TASKS["four-points"].settings, steps=20), "four-points")
    assert set(parts[-1]) == {"step", "steps", "losses", "parameters", "predictions"}
    assert len(parts[-1]["predictions"]) == 4


def test_where_the_loss_is_no_number_it_ends(code: OwnCode) -> None:
    parts = shown(code, dataclasses.replace(TASKS["four-points"].settings, lr=1e200), "four-points")
    assert parts[-1]["losses"][-1] is None
    assert parts[-1]["step"] < 10


def test_a_boundary_is_as_fine_as_there_is_time(code: OwnCode, monkeypatch: pytest.MonkeyPatch) -> None:
    def sides() -> list[int]:
        return [len(part["boundary"]["xs"]) for part in shown(code, every=1)]

    monkeypatch.setattr(showing, "TELLING", 1.0)
    monkeypatch.setattr(showing, "BOUNDARY_SECONDS", 60.0)
    assert sides()[:6] == [8, 12, 16, 20, 24, 24]
    monkeypatch.setattr(showing, "BOUNDARY_SECONDS", 0.0)
    assert sides()[:-1] == [8] * 11


def test_pictures_take_a_part_of_the_time(code: OwnCode, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they are slow, there are fewer."""

    def slow(*_: object) -> float:
        time.sleep(0.2)
        return 1.0

    monkeypatch.setattr(Training, "loss", slow)
    assert len(shown(code, every=1)) <= 6


def test_many_steps_at_a_time_are_the_same_steps(code: OwnCode) -> None:
    one = Training(KIT, MOONS, SHORT, code)
    expected = [one.step() for _ in range(7)]
    many = Training(KIT, MOONS, SHORT, code)
    assert many.steps(7, seconds=60.0) == expected
    assert len(many.steps(1_000_000, seconds=0.05)) < 1_000_000


def test_a_training_leaves_nothing_behind(code: OwnCode) -> None:
    """Whatever a question made is gone after the next step, and not put aside."""
    training = Training(KIT, MOONS, SHORT, code)
    counts = []
    for _ in range(4):
        training.loss(examples(KIT, MOONS)["train"])
        training.step()
        counts += code.ask("import gc", ["gc.get_freeze_count() + len(gc.get_objects())"])
    assert counts[-1] - counts[-2] < 100
