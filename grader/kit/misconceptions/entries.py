"""What the modules of the catalogue are written with."""

from __future__ import annotations

from grader.kit.model import Misconception

Edit = tuple[str, str]

# What is said of the same mistake in several exercises.
NODE_FOR_NUMBER = "A whole node stands where one of its numbers should"
NODE_FOR_NUMBER_WHY = (
    "A gradient is a plain number. What is made of a whole Value is a Value again: take what it holds."
)
NOTHING_ARRIVES_WHY = (
    "Gradients stay as they were: either the function adds nothing to them, or the node does not know the function."
)


def wrong(
    exercise: str,
    name: str,
    title: str,
    explanation: str,
    *edits: Edit,
    only_when_large: tuple[str, str] | None = None,
) -> Misconception:
    """A misconception of an exercise; its id is made of both names."""
    return Misconception(f"{exercise}-{name}", exercise, title, explanation, edits, only_when_large)


def within(whole: str, *edits: Edit) -> Edit:
    """The edit of a text that stands in its file once, made of edits of texts that stand in it once."""
    new = whole
    for old, better in edits:
        if new.count(old) != 1:
            raise ValueError(f"{old!r} stands {new.count(old)} times in {whole!r}")
        new = new.replace(old, better)
    return whole, new
