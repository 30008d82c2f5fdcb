"""mg-grade gradebook DIR --forget STUDENT: removes a person from a class, and all of theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

from grader.base import messages
from grader.base.model import Student
from grader.base.text import printable
from grader.classes.adjustments import FILE, read_adjustments
from grader.classes.exports import feedback
from grader.classes.gradebook import Gradebook
from grader.classes.toml_file import unknown
from grader.classes.who import People, names, several_called, turned
from grader.cli.files import WATCH_LOCK, alone
from grader.cli.output import say
from grader.cli.written import adjusted, write_all
from grader.reports.forms import FORMS, form


def forget(folder: Path, name: str) -> int:
    """Forget who is called so, and say which of the instructor's own files still name them."""
    with Gradebook(folder) as gradebook, alone(folder), alone(folder, WATCH_LOCK, messages.WATCHED):
        who = _who(gradebook, name)
        entries = [entry.path for entry in read_adjustments(folder) if People([who]).called(entry.student)]
        is_clean = gradebook.forget(who.key)
        for path in folder.glob("*/*"):
            if path.name in {f"{who.key}{form(one).SUFFIX}" for one in FORMS}:
                path.unlink(missing_ok=True)
        pages = folder / feedback.FILE
        has_pages = pages.exists()
        pages.unlink(missing_ok=True)
        write_all(gradebook, folder, adjusted(gradebook, is_quiet=True))
    shown = printable(who.called)
    say(messages.FORGOTTEN.format(name=shown))
    if not is_clean:
        say(messages.FORGOTTEN_BUSY.format(folder=folder))
    if has_pages:
        say(messages.FORGOTTEN_PAGES.format(path=printable(str(pages))))
    if entries:
        say(messages.FORGOTTEN_ENTRIES.format(file=FILE, name=shown, entries=", ".join(entries)))
    for path in _naming(folder, who):
        if path.name != FILE or not entries:
            say(messages.FORGOTTEN_FILE.format(path=printable(str(path)), name=shown))
    return 0


def _who(gradebook: Gradebook, name: str) -> Student:
    """The one who is meant, also one whose work counts no longer."""
    everybody = [*gradebook.students(with_former=True), *gradebook.missing()]
    found = People(everybody).called(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(several_called(name, found))
    called = [text for who in everybody for text in (who.name, who.key)]
    raise click.UsageError(unknown(messages.NOBODY_CALLED, name, called))


def _naming(folder: Path, who: Student) -> Iterator[Path]:
    """The files in which what a person is called stands, as words of their own: an export of a platform, for instance,
    which may have the last name first. A number is left out, as it may stand for anything."""
    called = {who.key, who.name, who.email, *names(who.name), *turned(who.name)}
    texts = {text for text in called if text and not text.isdecimal()}
    spellings = {spelt for text in texts for spelt in (text, json.dumps(text)[1:-1])}
    words = "|".join(rf"(?<!\w){re.escape(spelt)}(?!\w)" for spelt in sorted(spellings))
    for path in sorted(folder.rglob("*")):
        if words and path.is_file() and re.search(words, path.read_bytes().decode("utf-8", "replace"), re.IGNORECASE):
            yield path
