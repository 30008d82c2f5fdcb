"""The numbers of a chapter of the book: see test_book_numbers.py."""

from __future__ import annotations

from collections.abc import Iterator

GIVEN: tuple[str, ...] = ()


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from ()
