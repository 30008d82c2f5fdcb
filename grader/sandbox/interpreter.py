"""What the worker's interpreter is, and which files it needs to run: those, and no others, are put in a sandbox."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.base import messages
from grader.base.errors import GraderError

# Extension modules whose libraries are not there by themselves. Those of screens and terminals are left out.
LINKED = ("zlib", "_bz2", "_lzma", "_ctypes", "_decimal", "_hashlib", "_ssl", "_sqlite3", "_uuid")
LOADER_SECONDS = 10.0
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
    folder = extensions[0] if extensions else f"{standard}/lib-dynload"
    modules = [str(path) for name in LINKED for path in Path(folder).glob(f"{name}.*.so")]
    return Needed(executable(), library, not_library, tuple(dict.fromkeys(_shared_libraries(executable(), modules))))


def _shared_libraries(program: str, modules: Sequence[str]) -> Iterator[str]:
    """What the program and extension modules are linked with, and what loads them.

    The program's own loader says so when it is asked (ld.so(8), LD_TRACE_LOADED_OBJECTS) in lines such as
    `libm.so.6 => /lib/libm.so.6 (0x..)` and `/lib/ld.so (0x..)`; where it cannot be asked (musl), ldd does.
    """
    asked = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(modules)}
    loads = {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}
    found: list[str] = []
    for command, env in (([program], asked | loads), (["ldd", program, *modules], {"PATH": os.defpath})):
        try:
            said = subprocess.run(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=LOADER_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GraderError(messages.NO_LIBRARIES.format(why=error)) from error
        paths = [line.rpartition("=>")[2].rpartition(" (")[0].strip() for line in said.stdout.splitlines()]
        found = [path for path in paths if path.startswith("/") and path not in modules]
        if found:
            return iter(found)
    raise GraderError(messages.NO_LIBRARIES.format(why="ldd"))
