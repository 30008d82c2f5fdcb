"""The pictures of the book, made as SVG by code of our own; what is drawn is computed, and the words are in
exercises/book/LANGUAGE/pictures.toml.

To add one, write a function in the module of its chapter, name it in PICTURES there, and give it its words.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.base import messages
from grader.base.blame import blamed
from grader.base.errors import GraderError
from grader.book.pictures import (
    chain_rule,
    derivatives,
    engine,
    graph,
    history,
    introduction,
    losses,
    nn,
    optim,
    tensor,
    train,
)
from grader.book.pictures.given import Given, labels
from grader.book.source import LANGUAGE
from grader.grading.reference import reference
from grader.kit import Kit

# The name of a picture -> what draws it.
PICTURES: Mapping[str, Callable[[Given], str]] = {
    **introduction.PICTURES,
    **derivatives.PICTURES,
    **chain_rule.PICTURES,
    **engine.PICTURES,
    **nn.PICTURES,
    **losses.PICTURES,
    **optim.PICTURES,
    **train.PICTURES,
    **graph.PICTURES,
    **tensor.PICTURES,
    **history.PICTURES,
}


def pictures(kit: Kit) -> dict[str, str]:
    """All pictures: {name: SVG text}. GraderError where one cannot be drawn, with the reason."""
    words = labels(kit, LANGUAGE, PICTURES)
    solutions = reference(kit).namespace
    return {name: _drawn(name, Given(words[name], solutions, kit)) for name in PICTURES}


def _drawn(name: str, given: Given) -> str:
    try:
        return PICTURES[name](given)
    except GraderError:
        raise
    except Exception as error:  # whatever a solution or a picture does that somebody is writing
        places = {Path(frame.filename).parent.name for frame in traceback.extract_tb(error.__traceback__)}
        why = blamed(error, "solutions" if "solutions" in places else "grader/book/pictures")
        raise GraderError(messages.PICTURE_NOT_DRAWN.format(picture=name, why=why)) from error
