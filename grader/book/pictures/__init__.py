"""The pictures of the book, made as SVG by code of our own; what is drawn is computed, and the words are in
exercises/book/LANGUAGE/pictures.toml.

To add one, write a function in the module of its chapter, name it in PICTURES there, and give it its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.base import messages
from grader.base.blame import blamed
from grader.base.errors import GraderError
from grader.book.pictures import derivatives, optim, train
from grader.book.pictures.given import Given, labels
from grader.book.source import LANGUAGE
from grader.grading.reference import reference
from grader.kit import Kit

# The name of a picture -> what draws it.
PICTURES: Mapping[str, Callable[[Given], str]] = {**derivatives.PICTURES, **optim.PICTURES, **train.PICTURES}


def pictures(kit: Kit) -> dict[str, str]:
    """All pictures: {name: SVG text}. GraderError where one cannot be drawn, with the reason."""
    words = labels(kit, LANGUAGE)
    solutions = reference(kit).namespace
    made = {}
    for name, draw in PICTURES.items():
        try:
            made[name] = draw(Given(words[name], solutions, kit))
        except Exception as error:  # whatever a solution does that somebody is writing, or a word that is not there
            why = blamed(error, "grader/book/pictures")
            raise GraderError(messages.PICTURE_NOT_DRAWN.format(picture=name, why=why)) from error
    return made
