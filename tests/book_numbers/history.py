"""The numbers of a chapter of the book: see test_book_numbers.py.

Nothing is worked out in this chapter. What proves its dates are the sources that it refers to, and a test there holds
the one against the other; here a paragraph counts as given where it refers to a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.book.source import folder
from grader.kit import read_kit

TEXT, _, SOURCES = (folder(read_kit()) / "history.md").read_text(encoding="utf-8").partition("## Sources\n")
PARAGRAPHS = [paragraph for paragraph in TEXT.split("\n\n") if not paragraph.startswith(("#", "!["))]
LISTED = [(int(number), text) for number, text in re.findall(r"^(\d+)\. (.*(?:\n .*)*)", SOURCES, re.MULTILINE)]


def referred(paragraph: str) -> list[int]:
    """Give the sources that a paragraph refers to: 3 and 4 for `[3]` and `[4]`, or for `[3, 4]`."""
    return [
        int(n) for several in re.findall(r"\[(\d[\d, ]*)\]", " ".join(paragraph.split())) for n in several.split(",")
    ]


def years(text: str) -> set[str]:
    """Give the years that a text names."""
    return set(re.findall(r"\b(?:1[6-9]|20)\d\d\b", re.sub(r"<https?://\S+>|\w+\u2013\w+", "", text)))


GIVEN: tuple[str, ...] = (
    *(paragraph for paragraph in PARAGRAPHS if referred(paragraph)),
    *(f"{number}. {text.partition('<')[0]}" for number, text in LISTED),
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from ()
