"""Makes a Gradescope autograder: an archive with the grader, the kit, and the two scripts that Gradescope runs."""

from __future__ import annotations

import importlib.metadata
import io
import re
import zipfile

from grader.kit import GRADER, Kit

SETUP = """#!/usr/bin/env bash
# Run once, when Gradescope builds the image.
set -euo pipefail
here=${AUTOGRADER:-/autograder}/source
apt-get update -qq
# A sandbox needs no more than this; where it cannot run in Gradescope's containers, Landlock takes its place.
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv bubblewrap
python3 -m venv "$here/venv"
"$here/venv/bin/python" -m pip install --quiet -r "$here/requirements.txt"
"""
RUN = """#!/usr/bin/env bash
# Run for each submission. Where the grader fails, or has no sandbox, it writes no results.json: Gradescope then shows
# that grading failed, and not a zero.
set -uo pipefail
root=${{AUTOGRADER:-/autograder}}
cd "$root/source"
mkdir -p "$root/results"
"${{PYTHON:-$root/source/venv/bin/python}}" -m grader grade "$root/submission" \\
  --gradescope "$root/results/results.json" --submission-metadata "$root/submission_metadata.json"{options}
exit 0
"""


def archive(kit: Kit, sandbox: str, seed: int | None = None, policy: bytes | None = None) -> bytes:
    """The archive: setup.sh, run_autograder, requirements.txt, and grader/ with the kit in it.

    seed: in place of that of the policy. policy: the text of one, which is found in the folder where grading starts.
    """
    options = f" --sandbox {sandbox}" + ("" if seed is None else f" --seed {seed}")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        _add(file, "setup.sh", SETUP.encode(), 0o755)
        _add(file, "run_autograder", RUN.format(options=options).encode(), 0o755)
        _add(file, "requirements.txt", "\n".join(_requirements()).encode() + b"\n")
        if policy is not None:
            _add(file, "mg-grade.toml", policy)
        folders = {"grader": GRADER}
        parts = (kit.exercises, kit.solutions, kit.datasets)
        for folder in parts:
            folders[f"grader/kit/{folder.name}"] = folder
        for inside, folder in folders.items():
            for path in sorted(folder.rglob("*")):
                is_kit = inside == "grader" and any(path.is_relative_to(part) for part in parts)
                if path.is_file() and "__pycache__" not in path.parts and not is_kit:
                    _add(file, f"{inside}/{path.relative_to(folder).as_posix()}", path.read_bytes())
    return made.getvalue()


def _add(file: zipfile.ZipFile, name: str, data: bytes, mode: int = 0o644) -> None:
    info = zipfile.ZipInfo(name)  # of a fixed date: the same kit makes the same archive
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, data)


def _requirements() -> list[str]:
    """What the grader needs at run time."""
    return [r for r in importlib.metadata.requires("mg-grade") or [] if not re.search(r"extra\s*==", r)]
