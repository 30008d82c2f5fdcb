"""The export of a Gradescope assignment: folders submission_123456/, and a file that says whose they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from grader.base import messages
from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Cells, Content, Refused, read_bytes
from grader.sandbox.inside.reading.left_out import MAX_BYTES as MAX_METADATA

_FOLDER = re.compile(r"submission_\d+")
_BEFORE_ZONE = re.compile(r"\s+(?=Z$|[+-]\d\d:?\d\d$)")


class Gradescope(Platform):
    """A submission belongs to a student or to a group, each of whom has it; without metadata it has its number only."""

    metadata = "submission_metadata.yml"

    def takes(self, name: str, is_folder: bool) -> bool:
        return is_folder and _FOLDER.fullmatch(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        content = next((top.tree[PurePosixPath(top.name)] for top in tops if not top.is_folder), None)
        told = _told(content)
        entries = [entry for top in tops if top.is_folder for entry in _of_one(top, told.by_folder.get(top.name))]
        return Found(entries, told.notes)


@dataclass(frozen=True)
class _Told:
    """What the metadata say of each submission, and why they say nothing where they cannot be read."""

    by_folder: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _of_one(top: Top, told: Any) -> Iterator[Entry]:
    told = told if isinstance(told, dict) else {}
    submitters = told.get(":submitters")
    people = [person for person in submitters if isinstance(person, dict)] if isinstance(submitters, list) else []
    submitted = _time(told.get(":created_at"))
    for person in people:
        text = {key: str(person.get(f":{key}") or "") for key in ("name", "sid", "email")}
        named = student(text["name"] or text["email"] or top.name, text["sid"] or text["email"])
        named = replace(named, id=text["sid"], email=text["email"])
        yield Entry(named, top.tree, top.name, submitted=submitted)
    if not people:
        yield Entry(student(top.name), top.tree, top.name)


def _told(content: Content | None) -> _Told:
    if content is None or isinstance(content, Cells | Refused):
        return _Told()
    try:
        import yaml  # an extra: only these exports need it

        # Every value as the text that it is, and objects of Ruby as what they hold: no value can be a wrong one.
        by_folder = yaml.load(read_bytes(content, MAX_METADATA), yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    except ModuleNotFoundError:
        return _Told(notes=[messages.NO_YAML])
    except (Refused, ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        return _Told(notes=[messages.METADATA_UNREADABLE.format(why=str(error).partition("\n")[0])])
    return _Told(by_folder) if isinstance(by_folder, dict) else _Told()


def submitted_at(metadata: Path) -> datetime | None:
    """When the submission was handed in that an autograder of Gradescope is run for, by its submission_metadata.json;
    None where that does not say."""
    try:
        told = json.loads(metadata.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return _time(told.get("created_at")) if isinstance(told, dict) else None


def _time(value: Any) -> datetime | None:
    if isinstance(value, dict):
        value = value.get("utc") or value.get("time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(_BEFORE_ZONE.sub("", value.strip().replace(" UTC", "Z")))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
