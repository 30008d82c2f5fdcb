"""What files that change and keys make of the state of watch: no terminal is needed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click
import pytest
from conftest import ROOT

from grader.base.report import Status
from grader.cli.watch_screen import pages
from grader.kit import read_kit
from grader.sandbox.confine import choose
from grader.study.upgrade import copy_kit
from grader.study.watching import State, Watching

KIT = read_kit()
SIZE = os.terminal_size((80, 50))


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    """A folder of one's own in which the first chapter is solved."""
    copy_kit(KIT, tmp_path)
    (tmp_path / "derivatives.py").write_text((ROOT / "solutions" / "derivatives.py").read_text())
    return Watching(tmp_path, KIT, choose().level)


def shown(state: State) -> str:
    return " ".join(click.unstyle(pages(state, SIZE)[state.page]).split())


def save(watching: Watching, state: State, file: str, old: str, new: str) -> State:
    """Change a file, and grade what that touches."""
    path = watching.folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    state, rest = watching.changed(state, {file})
    return watching.graded(state, rest)


def test_it_begins_with_what_is_to_be_done(watching: Watching) -> None:
    """The first exercise that does not pass is shown, and what was learnt in those that do."""
    state = watching.begin()
    assert state.shown == "manual-backprop"
    assert [result.id for result in state.learnt] == ["derivative", "gradient", "vector-product"]
    assert "Learnt: " in shown(state)


def test_keys_that_ask_first(watching: Watching) -> None:
    """Reset and solution ask before they do anything; any other key leads back."""
    state = watching.begin()
    path = watching.folder / "chain_rule.py"
    path.write_text(path.read_text().replace('raise NotImplementedError("manual-backprop")', "return {}", 1))
    asked = watching.pressed(state, "r")
    assert "Press r again" in shown(asked)
    assert "return {}" in path.read_text()
    assert "Press r again" not in shown(watching.pressed(asked, "x"))
    twice = watching.pressed(watching.pressed(asked, "x"), "r")
    assert "Press r again" in shown(twice)
    assert "is as it came" in shown(watching.pressed(asked, "r"))
    assert "return {}" not in path.read_text()
    wanted = watching.pressed(state, "s")
    assert (wanted.text, "Press s again" in shown(wanted)) == (None, True)
    assert "return" in shown(watching.pressed(wanted, "s"))


def test_pages_and_moves(watching: Watching) -> None:
    """The list has the screen to itself until another key; next and previous stay inside the kit."""
    state = watching.begin()
    listed = watching.pressed(state, "l")
    assert (listed.has_list, "Learnt" in shown(listed), "adamw" in shown(listed)) == (True, False, True)
    assert not watching.pressed(listed, "x").has_list
    assert watching.pressed(state, "n").shown == "nudge"
    assert watching.pressed(state, "p").shown == "vector-product"
    first = replace(state, shown="derivative")
    assert watching.pressed(first, "p").shown == "derivative"
    last = replace(state, shown=list(KIT.manifest.by_id)[-1])
    assert watching.pressed(last, "n").shown == last.shown


def test_hints_one_after_the_other(watching: Watching) -> None:
    """h shows one hint more each time."""
    state = watching.pressed(watching.begin(), "h")
    assert "Hint 1 of 4" in shown(state)
    assert "Hint 2 of 4" in shown(watching.pressed(state, "h"))


def test_what_passes_leads_on_and_what_breaks_leads_back(watching: Watching) -> None:
    """A change that makes an exercise pass leads to the next; one that breaks what passed leads there."""
    state = watching.begin()
    solution = (ROOT / "solutions" / "chain_rule.py").read_text()
    stub = (watching.folder / "chain_rule.py").read_text()
    state = save(watching, state, "chain_rule.py", stub, solution)
    assert state.result.status is Status.NOT_STARTED
    assert state.shown == "add"
    assert {"manual-backprop", "nudge", "manual-neuron"} == {result.id for result in state.learnt}
    state = save(watching, state, "derivatives.py", "(2 * h)", "(3 * h)")
    assert state.result.status in (Status.FAILED, Status.PARTIAL)
    assert state.shown == "derivative"


def test_trouble_stays_until_it_is_mended(watching: Watching) -> None:
    """What keeps the files from being graded is said, and the last results stay."""
    state = watching.begin()
    texts = {path: path.read_text() for path in watching.folder.glob("*.py")}
    notebook = (watching.folder / "micrograd.ipynb").read_text()
    for path in (*texts, watching.folder / "micrograd.ipynb"):
        path.unlink()
    gone, rest = watching.changed(state, {"engine.py"})
    gone = watching.graded(gone, rest)
    assert gone.trouble
    assert gone.studied == state.studied
    for path, text in texts.items():
        path.write_text(text)
    (watching.folder / "micrograd.ipynb").write_text(notebook)
    back, rest = watching.changed(gone, {"engine.py"})
    assert watching.graded(back, rest).trouble == ""
