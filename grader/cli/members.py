"""Who is in a class that is to be graded, under the names of its roster and of when it was graded before. What is to be
said of that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.base import messages
from grader.classes.gradebook import FILE, Gradebook
from grader.classes.roster import Joined, join, read_roster
from grader.cli.output import say
from grader.cli.written import remove_report
from grader.intake.layouts import Entry, read_class
from grader.intake.layouts.students import APART, apart_from
from grader.kit import Kit
from grader.sandbox.levels import Level


def members(
    submissions: Path, prefix: str, roster: Path | None, kit: Kit, level: Level, kept: Sequence[str] = ()
) -> Joined:
    """The class, under the names of its roster where there is one; what is to be said of it is said."""
    people = None if roster is None else read_roster(roster)
    entries, notes = read_class(submissions, prefix, level, kept)
    class_ = Joined(entries, [], {}) if people is None else join(entries, people)
    for name, other in class_.strangers.items():
        text = messages.NUMBER_ON_ROSTER if other else messages.NOT_ON_ROSTER
        notes.append(text.format(name=name, other=other))
    if class_.missing:
        names = ", ".join(who.name for who in class_.missing)
        notes.append(messages.ROSTER_MISSING.format(number=len(class_.missing), names=names))
    for note in [*notes, *_notes_on_parts(class_.entries, kit.manifest.files)]:
        say(note, err=True)
    return class_


def _notes_on_parts(entries: list[Entry], files: Sequence[str]) -> Iterator[str]:
    """Loose files such as `Jane Doe - engine.py` and `Jane Doe - nn.py` may be the work of one person."""
    stems = "|".join(file.removesuffix(".py") for file in files)
    parts: dict[str, list[str]] = {}
    for entry in entries:
        found = re.fullmatch(rf"(.*\w)[\W_]+(?:{stems})\.\w+", entry.shown)
        if found and not entry.student.id:
            parts.setdefault(found[1], []).append(entry.shown)
    for some in parts.values():
        if len(some) > 1:
            yield messages.PARTS_OF_ONE.format(files=", ".join(some), number=len(some))


def kept_prefixes(out: Path) -> list[str]:
    """What was taken off the names when this class was graded before."""
    if not (out / FILE).is_file():
        return []
    with Gradebook(out) as gradebook:
        return gradebook.setting("prefixes") or []


def keep_names(gradebook: Gradebook, entries: Sequence[Entry], prefix: str, out: Path) -> None:
    """Keep the prefix that was taken off, and leave out whoever was called something else before, which is said."""
    kept = gradebook.setting("prefixes") or []
    if prefix:  # it holds in place of those that it is a part of, or that are a part of it
        kept = [one for one in kept if not one.startswith(prefix) and not prefix.startswith(one)]
    gradebook.keep_setting("prefixes", sorted({*kept, *(entry.prefix for entry in entries)} - {""}))
    keys = {entry.student.key for entry in entries}
    now = {entry.shown: entry.student for entry in entries}
    for grading in {grading.student.key: grading for grading in gradebook.latest()}.values():
        key = grading.student.key
        if key in keys or grading.shown not in now:
            continue
        gradebook.keep_attempts({key: 0})
        remove_report(out, key)
        say(messages.RENAMED.format(shown=grading.shown, before=key, now=now[grading.shown].key), err=True)


def apart_from_before(gradebook: Gradebook, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, nobody under the key of somebody who was in this class before and is written otherwise, which is
    said: bob and BOB may be two people, and are one file for some systems."""
    known = {grading.student.key: grading.student for grading in gradebook.latest()}
    found = apart_from(known, entries)
    apart = [now for now, then in zip(found, entries, strict=True) if now.student.key != then.student.key]
    names = [entry.student.name for entry in apart if APART in entry.student.key]
    if names:
        say(messages.ALIKE_BEFORE.format(names=", ".join(dict.fromkeys(names))), err=True)
    return found
