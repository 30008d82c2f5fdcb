"""What came when."""

from __future__ import annotations

from grader.book.pictures.given import Given
from grader.book.pictures.svg import GREY, INK, SMALL, Picture

# The year -> what it belongs to; that is a colour.
EVENTS = {
    1676: 1,
    1847: 1,
    1943: 2,
    1951: 1,
    1958: 2,
    1970: 3,
    1986: 2,
    2014: 1,
    2015: 3,
    2017: 2,
    2020: 3,
    2024: 2,
}
KINDS = {"mathematics": 1, "networks": 2, "programs": 3}
ROW = 40


def timeline(given: Given) -> str:
    """Years from top to bottom, and what came."""
    words = given.labels
    picture = Picture(640, 76 + ROW * len(EVENTS), words["title"])
    for number, (kind, colour) in enumerate(KINDS.items()):
        x = 40 + 200 * number
        picture.mark((x, 34), colour, 7)
        picture.text(x + 16, 34, words[kind], colour, SMALL, "start")
    picture.path([(116, 62), (116, 56 + ROW * len(EVENTS))], GREY, 2)
    for number, (year, colour) in enumerate(EVENTS.items()):
        y = 80 + ROW * number
        picture.text(96, y, str(year), colour, anchor="end", bold=True)
        picture.mark((116, y), colour, 7)
        picture.text(140, y, words[str(year)], INK, SMALL, "start")
    return picture.svg()


PICTURES = {"timeline": timeline}
