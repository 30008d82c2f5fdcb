"""Finds the kit: in a checkout beside grader/, in an installed wheel inside it."""

from __future__ import annotations

from pathlib import Path

GRADER = Path(__file__).resolve().parent


def kit_folder() -> Path:
    """The folder that holds exercises/, solutions/ and datasets/."""
    installed = GRADER / "kit"
    return installed if installed.is_dir() else GRADER.parent


def in_checkout() -> bool:
    """Whether the kit is a checkout that can be changed, not an installed wheel."""
    return kit_folder() == GRADER.parent


def exercises() -> Path:
    return kit_folder() / "exercises"


def solutions() -> Path:
    return kit_folder() / "solutions"


def datasets() -> Path:
    return kit_folder() / "datasets"


def hidden_tests() -> Path:
    return GRADER / "hidden"
