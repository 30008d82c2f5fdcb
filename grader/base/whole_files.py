"""Writes a file whole, or leaves what stood there."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file, also one that a link leads to, once the new one is on disk; it keeps the rights that it had.

    What is no ordinary file (a pipe, a device) is written to. OSError where that cannot be done.
    """
    path = path.resolve()
    mode = path.stat().st_mode if path.exists() else 0o644
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
        Path(temporary).chmod(stat.S_IMODE(mode))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
