"""Submissions that are made to cost their reader time or memory: the name of each -> what is handed in."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

MIB = 1024 * 1024


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _tar(*members: tuple[str, bytes, bytes]) -> bytes:
    """A tar of (name, type, data), whatever those are."""
    out = b""
    for name, kind, data in members:
        info = tarfile.TarInfo(name)
        info.type, info.size = kind, len(data)
        out += info.tobuf(tarfile.USTAR_FORMAT) + data + b"\0" * (-len(data) % 512)
    return out + b"\0" * 1024


def _sparse(name: str, size: int) -> bytes:
    """A member that is nothing but a hole: https://www.gnu.org/software/tar/manual/html_node/Standard.html."""
    info = tarfile.TarInfo(name)
    info.type = tarfile.GNUTYPE_SPARSE
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[386:398], head[398:410], head[482:483], head[483:495] = (
        b"%011o " % size,
        b"%011o " % 0,
        b"\0",
        b"%011o " % size,
    )
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def _many_entries(number: int) -> bytes:
    """A zip whose list of members is long, and all of them are one."""
    name = b"a.py"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    entry = struct.pack("<4s4B4H3L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, len(name), *[0] * 6) + name
    listed = entry * number
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, number, number, len(listed), len(local))
    where = struct.pack("<4sLQL", b"PK\6\7", 0, len(local) + len(listed), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + listed + end64 + where + end


def _filler(size: int) -> bytes:
    """Text that does not look like a bomb: it is compressed, but not beyond reason."""
    return b"".join(b"#" * (MIB - 4096) + os.urandom(2048).hex().encode() for _ in range(size // MIB))


def _versions(number: int) -> dict[str, bytes]:
    """Files that all hold something for every exercise, each another; there is a limit for all of them together."""
    stubs = (path.read_text() for path in (Path(__file__).parents[1] / "exercises").glob("*.py"))
    text = re.sub(r"raise NotImplementedError\(.*\)", "pass", "".join(stubs))
    text += "a\n" * (2 * MIB // number - len(text) // 2 - 100)
    return {f"v{i}.py": f"{text}# {i}\n".encode() for i in range(number)}


def _cut_off(number: int) -> dict[str, bytes]:
    """Archives that end too early, each with a few files before that."""
    files = ((f"{i}.txt", b"0", os.urandom(600)) for i in range(5))
    whole = gzip.compress(_tar(*files))
    return {f"w{i}.tar.gz": whole[:-100] for i in range(number)}


def _nested(depth: int) -> bytes:
    files = {f"junk{depth}-{i}.py": _filler(MIB)[: MIB - 1] for i in range(19)}
    return zipped(files | ({"n.zip": _nested(depth - 1)} if depth > 1 else {}))


def _notebook(part: bytes, size: int = 8 * MIB - 200) -> bytes:
    """A notebook in whose metadata something is repeated."""
    start = b'{"nbformat": 4, "nbformat_minor": 4, "cells": [], "metadata": {"a": ['
    return start + b",".join([part] * (size // (len(part) + 1))) + b"]}}"


def _cells(number: int) -> bytes:
    cell = json.dumps({"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": "x"})
    return (
        '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [' + ",".join([cell] * number) + "]}"
    ).encode()


def _keys(number: int) -> bytes:
    return ('{"cells": [], "metadata": {' + ",".join(f'"{i}":{{}}' for i in range(number)) + "}}").encode()


def _many_notebooks() -> bytes:
    heavy = _notebook(b"{}", 6 * MIB)
    return zipped({f"part{i}.ipynb": heavy for i in range(21)})


BOMBS: dict[str, Callable[[], dict[str, bytes]]] = {
    "tar, digits in a pax header": lambda: {"w.tar": _tar(("x", tarfile.XHDTYPE, b"1" * 1_000_000))},
    "tar.gz, digits in a pax header": lambda: {
        "w.tar.gz": gzip.compress(_tar(("x", tarfile.XHDTYPE, b"1" * 20_000_000)))
    },
    "tar, a long name": lambda: {"w.tar": _tar(("x", tarfile.GNUTYPE_LONGNAME, b"a" * 30 * MIB), ("y", b"0", b""))},
    "tar, holes": lambda: {"w.tar": b"".join(_sparse(f"a{i}.py", 60 * MIB) for i in range(24)) + _tar()},
    "tar, holes in notebooks": lambda: {
        "w.tar": b"".join(_sparse(f"a{i}.ipynb", 60 * MIB) for i in range(24)) + _tar()
    },
    "tar.gz, zeros": lambda: {"w.tar.gz": gzip.compress(_tar() + b"\0" * 1024 * MIB, 1)},
    "tar.bz2, zeros": lambda: {"w.tar.bz2": bz2.compress(_tar(("a.py", b"0", b"\0" * 300 * MIB)), 1)},
    "tar.xz, a dictionary": lambda: {
        "w.tar.xz": lzma.compress(
            _tar(("a.py", b"0", b"x = 1\n")), filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1024 * MIB, "preset": 0}]
        )
        if os.environ.get("MG_GRADE_ALL_LEVELS")
        else b"\xfd7zXZ\0"
    },
    "zip, many entries": lambda: {"w.zip": _many_entries(600_000)},
    "zip, deep names": lambda: {"w.zip": zipped({f"{i}/" + "a/" * 490 + "n.txt": b"" for i in range(9_900)})},
    "archives that end too early": lambda: _cut_off(1_900),
    "versions of all files": lambda: _versions(60),
    "zip, nested": lambda: {f"w{i}.zip": _nested(3) for i in range(3)},
    "zips of zips": lambda: {
        "w.zip": zipped({f"{i}.zip": zipped({f"{j}.zip": b"PK" for j in range(500)}) for i in range(99)})
    },
    "notebook, dicts": lambda: {"w.ipynb": _notebook(b'{"a":{}}')},
    "notebook, nested dicts": lambda: {"w.ipynb": _notebook(b'{"a":' * 300 + b"1" + b"}" * 300)},
    "notebook, nested lists": lambda: {"w.ipynb": _notebook(b"[" * 300 + b"]" * 300)},
    "notebook, many keys": lambda: {"w.ipynb": _keys(700_000)},
    "notebook, many cells": lambda: {"w.ipynb": _cells(80_000)},
    "notebook, outputs": lambda: {"w.ipynb": b'{"cells": [{"outputs": [' + b"[]," * 15_000_000 + b"[]]}]}"},
    "notebooks in a zip": lambda: {"w.zip": _many_notebooks()},
    "notebooks in a folder": lambda: {f"w{i}.ipynb": _notebook(b"{}", 6 * MIB) for i in range(40)},
    "names of control characters": lambda: {
        "w.zip": zipped({"\x1b" * 60_000 + f"{i}.ipynb": b"{" for i in range(255)})
    },
    "text, marimo": lambda: {"w.py": b"import marimo\n" * 70_000},
    "text, spaces": lambda: {"engine.py": b" " * 1_000_000 + b"mg_check("},
    "text, other encodings": lambda: {f"a{i}.py": b"# coding: latin-1\n" + b"\xe9" * 900_000 for i in range(60)},
}


def main(name: str, folder: str) -> None:
    """Make one in a folder. It takes memory, which whoever measures a process must not have taken before it."""
    for file, data in BOMBS[name]().items():
        Path(folder, file).write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
