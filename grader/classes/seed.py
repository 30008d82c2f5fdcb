"""The seed of a class: drawn, so that nobody has seen its numbers; and kept, so that its reports stay as they are."""

from __future__ import annotations

import secrets

from grader.classes.gradebook import Gradebook
from grader.kit.asking import DEFAULT_SEED

BITS = 53  # too many to be tried, and a whole number in JSON everywhere


def drawn_seed() -> int:
    """A seed that nobody can guess."""
    return secrets.randbits(BITS)


def seed_of_class(gradebook: Gradebook) -> int:
    """The seed of a gradebook, drawn where it has none and holds nothing yet.

    One that was graded before classes had seeds of their own keeps the seed that it was graded with.
    """
    kept: int | None = gradebook.setting("seed")
    if kept is None:
        kept = DEFAULT_SEED if gradebook.fingerprints() else drawn_seed()
        gradebook.keep_setting("seed", kept)
    return kept
