"""Finds the exercise that somebody names."""

from __future__ import annotations

from grader.base import messages
from grader.base.errors import StudyError
from grader.base.text import printable
from grader.kit.model import Exercise, Manifest


def exercise_of(manifest: Manifest, exercise_id: str) -> Exercise:
    """The exercise with this id; StudyError where there is none, with the one whose id is spelt much alike."""
    exercise = manifest.by_id.get(exercise_id)
    if exercise is None:
        import difflib  # for whoever mistypes

        near = difflib.get_close_matches(exercise_id.lower(), manifest.by_id, 1)
        text = messages.UNKNOWN_EXERCISE_NEAR if near else messages.UNKNOWN_EXERCISE
        shown = printable(exercise_id)
        raise StudyError(text.format(id=shown, near="".join(near), ids=", ".join(manifest.by_id)))
    return exercise
