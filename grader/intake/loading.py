"""What a session loads of a submission."""

from __future__ import annotations

from grader.base.model import Submission
from grader.kit.model import Manifest
from grader.sandbox.session import Load


def what_to_load(submission: Submission, manifest: Manifest) -> Load:
    """The files of a submission, and the names in them that the exercises ask for."""
    symbols = tuple(dict.fromkeys(symbol for exercise in manifest.exercises for symbol in exercise.symbols))
    return Load(submission.files, submission.others, submission.packages, manifest.homes, symbols)
