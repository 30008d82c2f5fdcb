"""Every number in the book is one that was computed here, or one that the text begins from.

`book_numbers/CHAPTER.py` has `claims()`, which yields pieces of the chapter's text with the numbers worked out, and
`GIVEN`, pieces with numbers that are nobody's result: inputs, sizes, dates. What examples print is run as it stands.
"""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from collections.abc import Iterator

import pytest
from book_numbers import history
from conftest import ROOT

from grader.book.source import AFTER, BEFORE, Text, chapters
from grader.kit import read_kit

BOOK = {chapter.name: chapter for chapter in chapters(read_kit())}
NUMBER = re.compile(r"(?<![\w.])\d+(?:(?:,|\{,\})\d{3})*(?:\.\d+)?(?:e-?\d+)?")
NO_CLAIM = re.compile(r"```python\n>>>.*?```|\]\([^)]*\)|https?://\S+|\w+\.\w+\.py", re.DOTALL)
SMALL = 10  # counting words, exponents and places need no proof


def text_of(name: str) -> str:
    """The text of a chapter with single spaces, without what no number is claimed in."""
    text = "\n\n".join(part.markdown for part in BOOK[name].parts if isinstance(part, Text))
    return " ".join(NO_CLAIM.sub(" ", text).split())


def unproved(text: str, proved: list[str]) -> Iterator[str]:
    """The numbers of a text that stand in none of these pieces of it, with the words around them."""
    covered = [range(found.start(), found.end()) for piece in proved for found in re.finditer(re.escape(piece), text)]
    for found in NUMBER.finditer(text):
        is_small = found[0].isdecimal() and int(found[0]) <= SMALL
        if not is_small and not any(found.start() in span for span in covered):
            yield text[max(0, found.start() - 40) : found.end() + 20]


@pytest.mark.parametrize("name", BOOK)
def test_every_number_is_computed(name: str) -> None:
    """What is claimed stands in the chapter as it was worked out, and no number stands there beside."""
    numbers = importlib.import_module(f"book_numbers.{name}")
    claims = [" ".join(claim.split()) for claim in numbers.claims()]
    given = [" ".join(piece.split()) for piece in numbers.GIVEN]
    text = text_of(name)
    assert [piece for piece in (*claims, *given) if piece not in text] == []
    assert list(unproved(text, [*claims, *given])) == []


def test_a_number_that_nobody_worked_out_is_found() -> None:
    """One in a piece that is claimed is not, one elsewhere is, also where it is the same."""
    assert list(unproved("so 14.5 it is, or 14.5 again", ["so 14.5 it"])) == ["so 14.5 it is, or 14.5 again"]
    assert list(unproved("9 lives of $10{,}000$", [])) == ["9 lives of $10{,}000$"]
    assert (
        list(unproved("1, 2 and $x^{n-1}$ or $\\frac{1}{3}$", [])) == []
    )  # what stands behind a small number is not part of it


@pytest.mark.parametrize("name", BOOK)
def test_examples_print_what_stands_there(name: str) -> None:
    """The examples of a chapter are one session, in the folder of the solutions."""
    text = "\n".join(part.markdown for part in BOOK[name].parts if isinstance(part, Text))
    source = "\n".join(re.findall(r"```python\n(>>>.*?)```", text, re.DOTALL))
    modules = {*sys.modules}
    sys.path.insert(0, str(ROOT / "solutions"))
    try:
        test = doctest.DocTestParser().get_doctest(source, {}, name, None, None)
        told: list[str] = []
        doctest.DocTestRunner().run(test, out=told.append)
    finally:
        sys.path.remove(str(ROOT / "solutions"))
        for module in {*sys.modules} - modules:
            del sys.modules[module]
    assert told == []


def test_what_history_says_has_a_source() -> None:
    """Every paragraph with a year refers to sources, each of its years stands in one of them, and none is idle."""
    listed = dict(history.LISTED)
    assert [*listed] == [*range(1, len(history.LISTED) + 1)]
    unknown = [
        (year, paragraph)
        for paragraph in history.PARAGRAPHS
        for year in history.years(paragraph)
        if not any(year in history.years(listed[number]) for number in history.referred(paragraph))
    ]
    assert unknown == []
    assert {number for paragraph in history.PARAGRAPHS for number in history.referred(paragraph)} == {*listed}


def test_every_chapter_has_its_numbers() -> None:
    names = {path.stem for path in (ROOT / "tests" / "book_numbers").glob("[!_]*.py")}
    assert names == {*BOOK} == {*BEFORE, *AFTER, *(file.removesuffix(".py") for file in read_kit().manifest.files)}
