"""Makes a wheel (the binary distribution format of Python packages) of files: the same files make the same wheel."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Mapping

from grader.base.zipped import zipped

WHEEL = "Wheel-Version: 1.0\nGenerator: mg-grade\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
ENTRY_POINTS = "[console_scripts]\nmg-grade = grader.cli:main\n"


def wheel_name(version: str) -> str:
    """The name of the file."""
    return f"mg_grade-{version}-py3-none-any.whl"


def wheel(version: str, files: Mapping[str, bytes], metadata: str, licence: str) -> bytes:
    """The wheel. metadata: the text of METADATA, whose version has to be this one."""
    info = f"mg_grade-{version}.dist-info"
    beside = {"METADATA": metadata, "WHEEL": WHEEL, "entry_points.txt": ENTRY_POINTS, "licenses/LICENSE": licence}
    whole = dict(sorted(files.items())) | {f"{info}/{name}": text.encode() for name, text in beside.items()}
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    rows.writerows((name, _digest(content), len(content)) for name, content in whole.items())
    rows.writerow((f"{info}/RECORD", "", ""))  # a file cannot hold its own digest
    whole[f"{info}/RECORD"] = record.getvalue().encode()
    return zipped(whole)


def _digest(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"sha256={digest}"
