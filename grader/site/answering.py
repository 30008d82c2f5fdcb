"""Answers the page, in the learner's browser: a method for each question of README.md. engine/grader.js calls it."""

from __future__ import annotations

import dataclasses
import gc
import json
import shutil
import sys
import time
import traceback
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from grader import PYTHON, __version__
from grader.base import messages
from grader.base.errors import MgGradeError, StudyError
from grader.base.report import ExerciseResult, Report
from grader.base.text import for_html, printable
from grader.base.whole_files import MIB
from grader.base.zipped import zipped
from grader.explore.own_code import GapError
from grader.grading.hidden_run import collected
from grader.grading.pipeline import grade
from grader.grading.reference import reference
from grader.intake.submission import read_submission
from grader.kit import Kit, read_kit
from grader.kit.gaps import gaps
from grader.kit.model import Exercise
from grader.reports import drawing, fragment
from grader.reports.forms import json as json_form
from grader.reports.wording import where_next
from grader.sandbox.confine import LIMITS
from grader.sandbox.inside.browser import RECURSIONS
from grader.study import folder as study_folder
from grader.study.graded import solution, touched
from grader.study.merge import merged

FOLDER = Path("/home/learner")  # in the memory of the worker
RUN_SECONDS = 60.0  # for a grading: it is somebody's own time, and WebAssembly is slower
MOST_FILES = 200
ZIP = "micrograd.zip"
DAY = 86_400.0  # seconds that a training may take

Files = Mapping[str, str]
Part = Callable[[Mapping[str, Any]], None]


class Answering:
    """The questions by name. tell: takes what is to be said before the answer: {"progress"} or {"part"}."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.tell: Part = lambda said: None
        self._kit = read_kit()
        self._folder = folder

    def loaded(self) -> dict[str, Any]:
        """What a page needs to begin with."""
        manifest = self._kit.manifest
        chapters: dict[str, dict[str, Any]] = {}
        for one in manifest.exercises:
            stem = one.file.removesuffix(".py")
            chapter = chapters.setdefault(stem, {"id": stem, "title": one.chapter, "file": one.file, "exercises": []})
            chapter["exercises"].append(one.id)
        return {
            "version": __version__,
            "python": PYTHON,
            "kit": {"name": manifest.name, "version": manifest.version},
            "chapters": list(chapters.values()),
            "exercises": {one.id: _exercise(one) for one in manifest.exercises},
            "files": {file: self._kit.stub(file) for file in manifest.files},
            "texts": {"no_answer": messages.SITE_NO_ANSWER, "broken": messages.SITE_BROKEN},
        }

    def grade(self, files: Files, only: Sequence[str] = ()) -> dict[str, Any]:
        """The report on these files."""
        begin = time.monotonic()
        self._write(files)
        submission = read_submission(self._folder, self._kit.manifest, is_own=True)

        def tell(exercise: Exercise) -> None:
            self.tell({"progress": {"exercise": exercise.id}})

        report = grade(submission, self._kit, only=only, progress=tell, level=LIMITS, seconds=RUN_SECONDS)
        todo = report.to_work_on
        return {
            "report": json_form.as_data(report),
            "results": {result.id: _result(result, report) for result in report.counted},
            "next": todo.id if todo else "",
            "current": where_next(report),
            "notes": list(map(str, report.notes)),
            "tracebacks": list(report.tracebacks),
            "seconds": round(time.monotonic() - begin, 3),
        }

    def touched(self, changed: Sequence[str]) -> list[str]:
        """What a change of these files can have an effect on."""
        return touched(self._kit.manifest, changed)

    def gaps(self, files: Files) -> dict[str, dict[str, Any]]:
        """Where the gap of each exercise is."""
        places = {gap.exercise: (file, gap) for file, text in files.items() for gap in gaps(text)}
        found = {}
        for one in self._kit.manifest.exercises:
            if one.gap in places:
                file, gap = places[one.gap]
                found[one.id] = {"file": file, "first": gap.start + 1, "last": gap.end}
        return found

    def hint(self, exercise: str, number: int) -> dict[str, Any]:
        """One of the hints of an exercise."""
        hints = self._exercise(exercise).hints
        number = max(1, min(number, len(hints)))
        text = hints[number - 1]
        return {"text": text, "html": f"<p>{for_html(text)}</p>", "number": number, "of": len(hints)}

    def solution(self, exercise: str) -> dict[str, str]:
        """What the solutions have in its gap."""
        self._write(dict.fromkeys(self._kit.manifest.files[:1], ""))
        return {"text": solution(self._folder, self._kit, self._exercise(exercise), has_passed=True)}

    def reset(self, exercise: str, files: Files) -> dict[str, Any]:
        """The file of an exercise with its gap as it came."""
        self._write(files)
        one = self._exercise(exercise)
        study_folder.reset(self._folder, self._kit, one)
        return {"files": {one.file: (self._folder / one.file).read_text("utf-8")}}

    def merge(self, base: Files, ours: Files, theirs: Files) -> dict[str, Any]:
        """A learner's files in a new version of what was handed out."""
        files, conflicts = {}, {}
        for name in [*theirs, *(name for name in ours if name not in theirs)]:
            if name not in ours or name not in theirs:
                files[name] = ours.get(name, theirs.get(name, ""))
                continue
            sides = (text.split("\n") for text in (base.get(name, ""), ours[name], theirs[name]))
            found = merged(*sides)
            files[name] = "\n".join(found.lines)
            if found.conflicts:
                conflicts[name] = list(found.conflicts)
        return {"files": files, "conflicts": conflicts}

    def graph(
        self, expression: str, inputs: Sequence[str], files: Files | None = None, reference: bool = False
    ) -> dict[str, Any]:
        """The graph of an expression, as the learner's engine makes it."""
        from grader.explore import expression as expressions
        from grader.explore.graph import graph
        from grader.explore.own_code import own_code

        parsed = expressions.parse(self._kit.manifest, expression, inputs)
        with own_code(self._kit, self._code(files, reference), LIMITS, is_at_terminal=False) as code:
            drawn = graph(parsed, code)
        return {
            "svg": drawing.svg(drawn.nodes),
            "text": "\n".join(drawing.tree(drawn.nodes, own=not reference)),
            "nodes": [{**dataclasses.asdict(node), "is_right": node.is_right} for node in drawn.nodes],
            "why_no_gradients": _refused(drawn.why_no_gradients) if drawn.why_no_gradients else None,
        }

    def datasets(self) -> dict[str, Any]:
        """What can be trained on."""
        from grader.explore.training import LEARNING_RATES, TASKS

        tasks = {
            name: {"classes": task.classes, "settings": dataclasses.asdict(task.settings)}
            for name, task in TASKS.items()
        }
        return {"datasets": tasks, "learning_rates": LEARNING_RATES}

    def train(
        self,
        dataset: str,
        settings: Mapping[str, Any] | None = None,
        files: Files | None = None,
        reference: bool = False,
        every: int = 10,
        side: int = 24,
    ) -> dict[str, Any]:
        """Train, and tell how far it is every so many steps; the last part is the answer."""
        from grader.explore.own_code import own_code
        from grader.explore.training import LEARNING_RATES, TASKS
        from grader.site.showing import Showing

        if dataset not in TASKS:
            raise StudyError(messages.SITE_NO_DATASET.format(name=printable(dataset), names=", ".join(TASKS)))
        task = TASKS[dataset]
        wanted = {name: value for name, value in (settings or {}).items() if value is not None}
        if "hidden" in wanted:
            wanted["hidden"] = tuple(wanted["hidden"])
        if wanted.get("optimiser", task.settings.optimiser) != task.settings.optimiser:
            wanted.setdefault("lr", LEARNING_RATES[wanted["optimiser"]])
        chosen = dataclasses.replace(task.settings, **wanted)
        told: dict[str, Any] = {}
        with own_code(self._kit, self._code(files, reference), LIMITS, DAY, is_at_terminal=False) as code:
            for told in Showing(self._kit, task, chosen, code, side).parts(every):
                self.tell({"part": told})
        return told

    def zip(self, files: Files) -> dict[str, str]:
        """An archive of the files, in base64."""
        folder = self._kit.manifest.name
        made = zipped({f"{folder}/{name}": text.encode() for name, text in files.items()})
        return {"name": ZIP, "base64": b64encode(made).decode()}

    def unzip(self, base64: str) -> dict[str, Any]:
        """The files of the kit in an archive: of several of one name that which is nearest to the top."""
        try:
            with zipfile.ZipFile(BytesIO(b64decode(base64))) as archive:
                return {"files": dict(_members(archive, self._kit))}
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
            raise StudyError(messages.SITE_NO_ZIP.format(files=", ".join(self._kit.manifest.files))) from error

    def _exercise(self, name: str) -> Exercise:
        found = self._kit.manifest.by_id.get(name)
        if found is None:
            raise StudyError(messages.SITE_NO_EXERCISE.format(id=printable(name)))
        return found

    def _code(self, files: Files | None, reference: bool) -> Path | None:
        if reference:
            return None
        self._write(files or {})
        return self._folder

    def _write(self, files: Files) -> None:
        """Have these files in the folder, and nothing else."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        for name, text in files.items():
            if PurePosixPath(name).name == name:  # a page's own names, which are no paths
                (self._folder / name).write_text(text, encoding="utf-8")


def _exercise(one: Exercise) -> dict[str, Any]:
    plain = ("id", "title", "file", "minutes", "bonus", "gap", "learnt", "symbols", "needs")
    return {name: getattr(one, name) for name in plain} | {"points": float(one.points), "hints": len(one.hints)}


def _result(result: ExerciseResult, report: Report) -> dict[str, Any]:
    return {
        "status": str(result.status),
        "points": float(result.points),
        "carried_forward": result.carried_forward,
        "html": "".join(fragment.told(result, report)),
    }


def _refused(error: MgGradeError) -> dict[str, str]:
    """Why something cannot be; and the exercise that is still to be written, if it is that."""
    if isinstance(error, GapError):
        return {"error": messages.SITE_GAP.format(id=error.exercise), "exercise": error.exercise}
    return {"error": str(error), "exercise": ""}


def _members(archive: zipfile.ZipFile, kit: Kit) -> Iterator[tuple[str, str]]:
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in sorted(archive.infolist()[:MOST_FILES], key=lambda entry: entry.filename.count("/")):
        name = PurePosixPath(entry.filename).name
        if name in kit.manifest.files and entry.file_size <= MIB:
            found.setdefault(name, entry)
    if not found:
        raise ValueError("nothing of the kit")
    for name, entry in found.items():
        yield name, archive.read(entry).decode("utf-8")


def prepared() -> Answering:
    """With all in memory that takes long to come there: hidden tests, known mistakes, the reference."""
    from grader.explore import graph, own_code  # noqa: F401 - imported now, not at the first question
    from grader.site import showing  # noqa: F401

    sys.setrecursionlimit(RECURSIONS)  # known mistakes are tried in here, and are to end where the learner's code does
    answering = Answering()
    kit = read_kit()
    collected(kit)
    assert kit.misconceptions
    reference(kit)
    gc.collect()
    return answering


def answer(answering: Answering, op: str, fields: str) -> str:
    """The answer to a question, or why there is none, as JSON. fields: as JSON."""
    try:
        return json.dumps({"result": getattr(answering, op)(**json.loads(fields))})
    except MgGradeError as error:
        return json.dumps(_refused(error))
    except Exception as error:  # noqa: BLE001 - the page lives on, whatever fails here
        why = f"{type(error).__name__}: {error}"
        return json.dumps({"error": messages.SITE_INTERNAL.format(why=why), "traceback": traceback.format_exc()})
