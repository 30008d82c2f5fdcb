"""Makes a Gradescope autograder: an archive with the grader, the kit, and the two scripts that Gradescope runs.

The scripts lie in gradescope/, and what they say to an instructor in messages.py.
"""

from __future__ import annotations

import re
import shlex
import zipfile
from pathlib import Path

from grader.base import messages
from grader.base.zipped import zipped
from grader.kit import Kit
from grader.reports.forms import gradescope
from grader.upkeep.package import distribution, package

SCRIPTS = Path(__file__).parent / "gradescope"


def archive(kit: Kit, sandbox: str, seed: int | None = None, policy: bytes | None = None) -> bytes:
    """The archive: setup.sh, run_autograder, requirements.txt, failed.json, and grader/ with the kit in it.

    The same kit makes the same archive. seed: in place of that of the policy. policy: the text of one, which is found
    in the folder where grading starts.
    """
    options = ["--sandbox", sandbox, *([] if seed is None else ["--seed", str(seed)])]
    programs = ("setup.sh", "run_autograder")
    files = {name: _filled((SCRIPTS / name).read_text(encoding="utf-8"), options) for name in programs}
    files["failed.json"] = gradescope.without_score(messages.ZIP_FAILED).encode()
    files["requirements.txt"] = "\n".join(_requirements()).encode() + b"\n"
    if policy is not None:
        files["mg-grade.toml"] = policy
    return zipped(files | package(kit), programs)


def kept_seed(path: Path) -> int | None:
    """The seed in an archive that was made before; None where there is none, or no such archive."""
    try:
        with zipfile.ZipFile(path) as file:
            script = file.read("run_autograder").decode()
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    options = re.search(r"^options=\(.*--seed (-?[0-9]{1,40})\b", script, re.MULTILINE)
    return int(options[1]) if options else None


def _filled(script: str, options: list[str]) -> bytes:
    """A script with the options of `grade` and its texts in the places of their @NAMES@."""
    texts = {name: shlex.quote(text) for name, text in messages.ZIP_SAYS.items()} | {"OPTIONS": shlex.join(options)}
    return re.sub("@([A-Z_]+)@", lambda name: texts[name[1]], script).encode()


def _requirements() -> list[str]:
    """What the grader needs at run time."""
    return [r for r in distribution().requires or [] if not re.search(r"extra\s*==", r)]
