"""The trainings that the book has pictures of: what is kept of them is what comes out, and the pictures say that."""

from __future__ import annotations

import itertools
import math
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from conftest import copy_of_the_kit

from grader import cli
from grader.book import runs
from grader.book.pictures import PICTURES, optim
from grader.book.pictures.given import Given, labels
from grader.book.pictures.regions import loops
from grader.book.pictures.svg import moves
from grader.book.source import LANGUAGE
from grader.grading.reference import reference
from grader.kit import NOTEBOOK, read_kit

KIT = read_kit()
AT = [k / 10 for k in range(-20, 21)]
# Losses are kept with seven digits. Another machine's exp and tanh may differ in the sixteenth, and a thousand steps
# make more of that, but not much: 1e-15 more or less in the first weights is 4e-12 in the last loss of the spiral.
CLOSE = 1e-6


def given(picture: str) -> Given:
    return Given(labels(KIT, LANGUAGE, PICTURES)[picture], reference(KIT).namespace, KIT)


def texts(picture: str) -> list[str]:
    """The words in a picture as it is drawn."""
    root = ElementTree.fromstring(PICTURES[picture](given(picture)))
    return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]


def agree(name: str, count: int | None = None) -> None:
    """So many first rows of a run, or all of it, are those that are kept."""
    kept = runs.recorded(KIT, name)
    again = list(itertools.islice(runs.RUNS[name][0](KIT), count))
    assert len(again) == (count or len(kept))
    for row, expected in zip(again, kept, strict=False):
        if name == "spiral":  # what the network says is kept in hundredths
            step, accuracy, loss, y, *said = row
            row = (step, accuracy, loss, y, *(100 * max(-0.99, min(0.99, number)) for number in said))
            assert row[4:] == pytest.approx(expected[4:], abs=0.5 + 100 * CLOSE)
            row, expected = row[:4], expected[:4]
        assert row == pytest.approx(expected, rel=CLOSE)


@pytest.mark.parametrize(("name", "rows"), [("batches", 3), ("overfitting", 3), ("spiral", 1)])
def test_runs_begin_as_they_are_kept(name: str, rows: int) -> None:
    agree(name, rows)


@pytest.mark.world
@pytest.mark.parametrize("name", runs.RUNS)
def test_runs_are_as_they_are_kept(name: str) -> None:
    """The first quarter of each; where MG_GRADE_RUNS is set, all of it, which takes five minutes."""
    agree(name, None if os.environ.get("MG_GRADE_RUNS") else math.ceil(len(runs.recorded(KIT, name)) / 4))


def test_what_is_kept_is_small() -> None:
    """Every run has its file, of some 20 KB at most, and there are no others."""
    sizes = {path.name: path.stat().st_size for path in runs.folder(KIT).iterdir()}
    assert {*sizes} == {f"{name}.csv" for name in runs.RUNS}
    assert max(sizes.values()) < 25_000


@pytest.mark.world
def test_runs_are_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`release --runs` trains, keeps what came out, and draws that; with --check it is refused, and changes nothing."""
    kit = copy_of_the_kit(tmp_path)
    monkeypatch.setattr("grader.cli.kit.read_kit", lambda: kit)
    monkeypatch.setattr(runs, "OVERFITTING_STEPS", 3)
    monkeypatch.setattr(runs, "RUNS", {"overfitting": runs.RUNS["overfitting"]})
    with pytest.raises(click.UsageError, match="Leave one of them out"):
        cli.commands.main(["release", "--check", "--runs"], standalone_mode=False)
    assert len(runs.recorded(kit, "overfitting")) == 301
    cli.commands.main(["release", "--runs"], standalone_mode=False)
    changed = {"book/runs/overfitting.csv", f"book/{LANGUAGE}/pictures/overfitting.svg", NOTEBOOK}
    assert set(capsys.readouterr().out.split()) == {f"exercises/{file}" for file in changed}
    assert runs.recorded(kit, "overfitting") == runs.recorded(KIT, "overfitting")[:4]


# What the pictures say.


def test_the_ends_in_the_bowl() -> None:
    """SGD shortens each coordinate by its own share a step; the others get to where the words say, AdaGrad and RMSProp
    nearest."""
    ends = {name: optim.way(reference(KIT).namespace, *way[:2])[-1] for name, way in optim.WAYS.items()}
    assert ends["sgd"] == pytest.approx((-4 * (1 - 0.035) ** 40, (1 - 25 * 0.035) ** 40))
    heights = {name: optim.steepness(*end) for name, end in ends.items()}
    assert sorted(heights, key=heights.__getitem__) == ["rmsprop", "adagrad", "adamw", "momentum", "sgd"]
    shown = [float(text.removeprefix("f = ")) for text in texts("bowl") if re.fullmatch(r"f = [\d.]+", text)]
    assert shown == pytest.approx([*heights.values()], rel=0.05)


def test_the_ends_of_three_learning_rates() -> None:
    """Each step makes the distance from 2/3 that of 1 - 6 lr: 0.88, 0.1 and -1.1 times as long."""
    shown = [float(found[1]) for text in texts("learning-rates") if (found := re.fullmatch(r"f = ([\d.]+)", text))]
    assert shown == pytest.approx(
        [11 / 3 + 3 * (7 / 3 * (1 - 6 * rate) ** 6) ** 2 for rate in (0.02, 0.15, 0.35)], 2e-3
    )


def test_batches_end_in_the_order_of_their_sizes() -> None:
    """After as many examples the smaller batches have the smaller loss, and only single samples jump."""
    rows = runs.recorded(KIT, "batches")
    losses = {size: [loss for of, _, loss in rows if of == size] for size in (80, 10, 1)}
    assert losses[80][-1] > losses[10][-1] > losses[1][-1]
    rises = {size: max(after - before for before, after in itertools.pairwise(of)) for size, of in losses.items()}
    assert rises[80] < 0
    assert rises[10] < 0.01 < 0.1 < rises[1]
    assert [text for text in texts("batches") if "steps" in text] == ["1,600 steps", "160 steps", "20 steps"]


def test_overfitting_is_what_is_shown() -> None:
    """The training loss falls in every step; the validation loss rises from its lowest on, which the words name."""
    _, train, val = zip(*runs.recorded(KIT, "overfitting"), strict=True)
    assert all(after < before for before, after in itertools.pairwise(train))
    best = val.index(min(val))
    assert all(after > before for before, after in itertools.pairwise(val[best:]))
    assert val[-1] > 2 * val[best]
    assert f"{val[best]:.2f} at step {best}" in texts("overfitting")


def test_the_spiral_is_learnt() -> None:
    """More and more is right, in the end all but one: two points of different labels are the same."""
    found = [float(re.search(r"([\d.]+) %", text)[1]) for text in texts("spiral-boundary")]  # type: ignore[index]  # else it fails
    assert found == sorted(found)
    assert found[-1] == 99.5


# What regions are drawn with.


def area(loop: list[tuple[float, float]]) -> float:
    """What a closed line goes around, with a sign."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise([*loop, loop[0]])) / 2


def test_the_outline_of_a_circle() -> None:
    """One line, near the circle everywhere."""
    (loop,) = loops(AT, [[1.3 - math.hypot(x, y) for x in AT] for y in AT])
    assert [math.hypot(*point) for point in loop] == pytest.approx([1.3] * len(loop), abs=0.01)
    assert abs(area(loop)) == pytest.approx(math.pi * 1.3**2, rel=0.01)


def test_regions_with_a_hole_and_at_the_edge() -> None:
    """A hole has a line of its own, that runs the other way; what reaches beyond is closed along the edge."""
    ring = loops(AT, [[0.4 - abs(1.2 - math.hypot(x, y)) for x in AT] for y in AT])
    assert sum(map(area, ring)) == pytest.approx(
        math.copysign(math.pi * (1.6**2 - 0.8**2), sum(map(area, ring))), rel=0.01
    )
    assert area(ring[0]) * area(ring[1]) < 0
    (half,) = loops(AT, [[x - 0.55 for x in AT] for _ in AT])
    assert abs(area(half)) == pytest.approx(1.45 * 4)
    (all_of_it,) = loops(AT, [[1.0] * len(AT)] * len(AT))
    assert abs(area(all_of_it)) == pytest.approx(16)
    assert loops(AT, [[-1.0] * len(AT)] * len(AT)) == []


@pytest.mark.parametrize(("height", "count"), [(0.4, 1), (-0.4, 2)])
def test_corners_across_from_each_other(height: float, count: int) -> None:
    """They belong together where the middle between them is above 0, whichever they are."""
    values = [[1.0, -1.0 + height], [-1.0 + height, 1.0]]
    assert len(loops([0, 1], values)) == count
    assert len(loops([0, 1], [row[::-1] for row in values])) == count


def test_a_path_of_small_moves() -> None:
    """What is rounded does not add up."""
    assert moves([(1.04, 2), (1.98, 1.5), (2.96, 1.5)]) == "m1 2l1-0.5l1 0"
    assert moves([(1, 2), (3, 4)], "h0") == "m1 2h0m2 2h0"
