"""The fixtures of the hidden tests: one object each for a whole run, told by the runner which test comes next."""

from __future__ import annotations

import pytest

from grader.checking import CHECK, DRAW, Check, Draw


@pytest.fixture(scope="session")
def check(pytestconfig: pytest.Config) -> Check:
    """Puts probes to the submission and compares the answers."""
    return pytestconfig.stash[CHECK]


@pytest.fixture(scope="session")
def draw(pytestconfig: pytest.Config) -> Draw:
    """Random inputs, the same for the same seed and test."""
    return pytestconfig.stash[DRAW]
