"""The hidden tests as an ordinary pytest suite, for whoever writes one:

    pytest PATH-OF-HIDDEN --submission=DIR -k mul

(With = in between: else pytest takes DIR for a folder of tests as well, and looks for its settings there.)
The conftest of the hidden tests loads this plugin. Where a submission is graded it is not loaded: see hidden_run.py.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from pathlib import Path

import pytest

from grader.base import messages
from grader.base.errors import MgGradeError
from grader.grading.hidden_tests import HiddenTests, Hooks
from grader.intake.loading import what_to_load
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.asking import DEFAULT_SEED
from grader.sandbox.confine import choose
from grader.sandbox.session import Session


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mg-grade")
    group.addoption("--submission", type=Path, metavar="DIR", help=messages.HELP_SUBMISSION)
    group.addoption("--seed", type=int, default=DEFAULT_SEED, help=messages.HELP_SEED)


def pytest_configure(config: pytest.Config) -> None:
    # Where the submission lies beside another pytest.ini, pytest takes that for its settings.
    config.addinivalue_line("markers", "exercise(id): the exercise that a hidden test belongs to")
    config.pluginmanager.register(_ByHand())


class _ByHand(Hooks):
    """One run of the tests that were chosen on one submission."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        options = session.config.option
        if options.collectonly or not getattr(session, "items", None):  # with pytest-xdist the workers have them
            return (yield)
        if options.submission is None:
            raise pytest.UsageError(messages.SUBMISSION_NEEDED)
        kit = read_kit()
        try:
            submission = read_submission(options.submission, kit.manifest)
        except MgGradeError as error:
            raise pytest.UsageError(str(error)) from error
        load = what_to_load(submission, kit.manifest)
        with Session(load, choose().level, math.inf) as worker:
            refused = dict(submission.refused)
            self.tests = HiddenTests(worker, kit, options.seed, refused, kit.manifest.by_id, is_by_hand=True)
            session.items[:] = self.tests.chosen(session.items)
            return (yield)
