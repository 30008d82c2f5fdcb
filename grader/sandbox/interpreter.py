"""What the worker's interpreter is, and which files it needs to run: those, and no others, are put in a sandbox."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import messages
from grader.errors import GraderError

THIRD_PARTY = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Needed:
    """Absolute paths. library: the folders of the standard library; not_library: folders of other packages in them;
    shared_libraries: those that the executable is linked with, and the program that loads them."""

    executable: str
    library: tuple[str, ...]
    not_library: tuple[str, ...]
    shared_libraries: tuple[str, ...]

    def library_entries(self) -> Iterator[str]:
        """The library in pieces that hold no other packages: its folders, or what is in them."""
        for folder in self.library:
            if not any(path.startswith(f"{folder}/") for path in self.not_library):
                yield folder
            else:
                yield from (entry.path for entry in os.scandir(folder) if entry.path not in self.not_library)


def executable() -> str:
    """The interpreter itself, where this one runs in a virtual environment or behind links."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


@functools.cache
def needed() -> Needed:
    """What this interpreter needs."""
    standard = os.path.dirname(os.path.realpath(os.__file__))  # noqa: PTH120 - paths as text, as mounts take them
    extensions = [os.path.realpath(path) for path in sys.path if path.endswith("lib-dynload")]
    library = (standard, *(path for path in extensions if not path.startswith(f"{standard}/")))
    others = [f"{folder}/{name}" for folder in library for name in THIRD_PARTY]
    not_library = tuple(path for path in others if Path(path).is_dir())
    programs = [executable(), *([zlib.__file__] if hasattr(zlib, "__file__") else [])]  # half of the library uses zlib
    return Needed(executable(), library, not_library, tuple(dict.fromkeys(_shared_libraries(programs))))


def _shared_libraries(programs: Sequence[str]) -> Iterator[str]:
    """What ldd says of programs: lines such as `libm.so.6 => /lib/libm.so.6 (0x..)` and `/lib/ld.so (0x..)`."""
    env = {"PATH": os.environ.get("PATH", os.defpath)}
    command = ["ldd", *programs]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, env=env)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GraderError(messages.NO_LDD.format(why=error)) from error
    for line in said.stdout.splitlines():
        path = line.rpartition("=>")[2].rpartition(" (")[0].strip()
        if path.startswith("/"):
            yield path
