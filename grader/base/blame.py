"""Names the line of the kit that an error comes from, for whoever is writing there."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from pathlib import Path

from grader.base import messages


def blamed(error: BaseException, folder: str, but: Collection[str] = ()) -> str:
    """The error in a line, with the last place in a folder of the kit that led to it. but: files that are only on the
    way there."""
    place = folder
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    inside = [(Path(name), line) for name, line in frames if Path(name).parent.name == Path(folder).name]
    own = [(path.name, line) for path, line in inside if path.name not in but]
    if isinstance(error, SyntaxError) and error.filename:
        own.append((Path(error.filename).name, error.lineno))
    if own:
        place = f"{folder}/{own[-1][0]}:{own[-1][1]}"
    why = error.msg if isinstance(error, SyntaxError) else error
    return messages.BLAMED.format(place=place, kind=type(error).__name__, why=why)
