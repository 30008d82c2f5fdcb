"""mg-grade batch --dry-run: who is who in a class, and what would be read. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterable

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.text import short_path
from grader.cli.output import say
from grader.intake.layouts import Entry
from grader.intake.submission import gather
from grader.intake.tree import Refused
from grader.kit.model import Manifest
from grader.sandbox.inside.reading.kinds import is_taken

MOST_NAMED = 50  # files of a submission that are not read


def dry_run_of(entries: Iterable[Entry], manifest: Manifest) -> None:
    """Print the attempts that would be graded, and what of each would be read and what would not."""
    students: set[str] = set()
    readable: set[str] = set()
    for entry in entries:
        who = entry.student
        students.add(who.key)
        number = f" ({who.id})" if who.id and who.id != who.name else ""
        late = messages.DRY_LATE if entry.is_late else ""
        text = messages.DRY_STUDENT
        say(text.format(name=who.name, number=number, attempt=entry.number, late=late, shown=entry.shown))
        left_out = {short_path(str(path)): None for path in entry.tree if not is_taken(path)}
        try:
            submission = gather(entry.tree, manifest, who.name, entry.shown)
        except (Refused, SubmissionError) as why:
            say(messages.DRY_REFUSED.format(why=why))
        else:
            readable.add(who.key)
            for file in submission.files:
                left_out.pop(short_path(file.path), None)
            say(messages.DRY_READ.format(files=", ".join(file.path for file in submission.files)))
            for note in submission.notes:
                say(f"  {note}")
        if left_out:
            names = [*left_out][:MOST_NAMED] + ["..."] * (len(left_out) > MOST_NAMED)
            say(messages.DRY_NOT_READ.format(files=", ".join(names)))
    say(messages.DRY_DONE.format(students=len(students), readable=len(readable)))
