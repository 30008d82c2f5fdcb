"""A zip with a page of feedback for each student, in the layout in which their platform takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from grader.base.zipped import zipped

FILE = "feedback.zip"
NAME = "feedback.html"
KEPT = "feedback"  # the setting: student -> by what in the zip their platform knows whose a file is
_LONGEST = 200  # bytes of a name


def pack(pages: Mapping[str, str], known_by: Mapping[str, str]) -> bytes:
    """The zip. pages: student -> page. known_by: student -> how the path begins; whoever has none gets a folder.

    The same pages make the same bytes.
    """
    files = {}
    for key, page in sorted(pages.items()):
        start = known_by.get(key, "")
        files[f"{start if _is_plain(start) else f'{key}/'}{NAME}"] = page.encode()
    return zipped(files)


def _is_plain(start: str) -> bool:
    """Whether it leads nowhere else, whatever somebody is called."""
    path = PurePosixPath(f"{start}x")
    is_short = all(len(part.encode()) <= _LONGEST for part in path.parts)
    return bool(start) and not path.is_absolute() and ".." not in path.parts and "\\" not in start and is_short
