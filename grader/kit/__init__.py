"""The kit: its manifest, where it lies, the marks of its gaps, its hidden tests and its misconceptions.

A kit is a value. Whoever starts (a command, a notebook, a worker of a batch) reads it once and hands it down.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from grader.base import messages
from grader.kit.manifest import read_manifest
from grader.kit.model import Manifest, Misconception

HERE = Path(__file__).resolve().parent
GRADER = HERE.parent
# In an installed wheel the exercises lie inside this package, in a checkout beside grader/.
KIT_FOLDER = HERE if (HERE / "exercises").is_dir() else GRADER.parent
NOTEBOOK = "micrograd.ipynb"  # the notebook edition of the exercises
README = "README.md"  # the learning path
# The edition that a handout holds has exercises and data sets, no answers, and a file that says where work is graded.
HAS_ANSWERS = (KIT_FOLDER / "solutions").is_dir()
GRADED_AT = "graded-at.txt"


@dataclass(frozen=True)
class Kit:
    """Exercises, solutions, data sets, hidden tests and misconceptions. Kits in the same folder are equal, whatever
    points their exercises have."""

    folder: Path
    manifest: Manifest = field(compare=False, repr=False)

    @property
    def exercises(self) -> Path:
        """The folder of the stubs and the manifest."""
        return self.folder / "exercises"

    @property
    def solutions(self) -> Path:
        return self.folder / "solutions"

    @property
    def datasets(self) -> Path:
        return self.folder / "datasets"

    @property
    def data(self) -> list[Path]:
        """The data sets, and what there is to say of them, as learners get them."""
        return sorted(path for path in self.datasets.iterdir() if path.suffix in (".csv", ".md"))

    @property
    def hidden_tests(self) -> Path:
        """The folder of the hidden tests, a pytest suite."""
        return HERE / "hidden"

    @property
    def is_checkout(self) -> bool:
        """Whether it is a checkout that can be changed, not an installed wheel."""
        return self.folder != HERE

    @property
    def has_answers(self) -> bool:
        """Whether it can grade: whether there are solutions, and with them the hidden tests and misconceptions."""
        return self.solutions.is_dir()

    @cached_property
    def misconceptions(self) -> Mapping[str, tuple[Misconception, ...]]:
        """Exercise id -> its misconceptions, the simplest first."""
        from grader.kit.misconceptions import catalogue  # only a wrong answer needs it

        return catalogue()

    def solution(self, file: str) -> str:
        """The text of a file of the solutions."""
        return (self.solutions / file).read_text(encoding="utf-8")

    def stub(self, file: str) -> str:
        """The text of a file of the exercises as a learner gets it."""
        return (self.exercises / file).read_text(encoding="utf-8")

    def with_points(self, points: Mapping[str, Fraction]) -> Kit:
        """The same kit, where these exercises have other points."""
        if not points:
            return self
        rows = (dataclasses.replace(e, points=points.get(e.id, e.points)) for e in self.manifest.exercises)
        return dataclasses.replace(self, manifest=dataclasses.replace(self.manifest, exercises=tuple(rows)))


@functools.cache
def read_kit(folder: Path = KIT_FOLDER) -> Kit:
    """The kit in a folder that holds exercises/, solutions/ and datasets/; the installed one if none is named.

    GraderError says all that is wrong with its manifest.
    """
    return Kit(folder, read_manifest(folder / "exercises" / "exercises.toml"))


def graded_at() -> str:
    """Where work is graded, as an edition without answers was told when it was made."""
    path = KIT_FOLDER / GRADED_AT
    return path.read_text(encoding="utf-8").strip() if path.is_file() else messages.GRADED_AT


def no_answers(what: str) -> str:
    """What an edition without answers says where it is asked for something that would need them."""
    return messages.NO_ANSWERS.format(what=what, where=graded_at())
