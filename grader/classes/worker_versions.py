"""What a worker of a cluster must be, to grade as this machine would, and what it is said to be."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from grader import PYTHON, __version__
from grader.base import messages
from grader.base.errors import LearnerFault
from grader.base.text import printable
from grader.classes.answers import Nonsense
from grader.classes.batch import kit_print
from grader.kit import Kit
from grader.sandbox.protocol import parse_reply

DISTRIBUTION = "mg-grade"
MAX_TEXT = 2000
EXAMINED_KEYS = {"grader", "kit", "version", "print", "python", "level", "why"}

Known = tuple[str, str]  # which mg-grade is installed on a machine, and its Python


def ours(kit: Kit) -> dict[str, str]:
    """What this machine is, in the words of at_worker.examined."""
    return {
        "grader": __version__,
        "kit": kit.manifest.name,
        "version": kit.manifest.version,
        "print": kit_print(kit),
        "python": PYTHON,
    }


def examination(answer: object) -> dict[str, str]:
    """What a worker says that it is: texts. Nonsense where it says something else."""
    if type(answer) is not bytes:
        raise Nonsense("something else than bytes")
    try:
        data = parse_reply(answer)
    except LearnerFault as error:
        raise Nonsense("no strict JSON object") from error
    if set(data) != EXAMINED_KEYS or not all(type(text) is str and len(text) < MAX_TEXT for text in data.values()):
        raise Nonsense("other keys than expected")
    return data


def differs(found: Mapping[str, str], kit: Kit) -> str:
    """That a worker is of another version, with both; nothing where it is of the same."""
    own = ours(kit)
    if all(found[name] == text for name, text in own.items()):
        return ""
    theirs, here = (messages.CLUSTER_VERSIONS.format(**one, mark=one["print"][:8]) for one in (found, own))
    return messages.CLUSTER_OTHER.format(theirs=printable(theirs), ours=here)


def known_here() -> Known:
    """What is installed on this machine."""
    try:
        return version(DISTRIBUTION), PYTHON
    except PackageNotFoundError:  # a checkout that was not installed
        return __version__, PYTHON


def known(versions: Any) -> Known:
    """What Dask says of one machine; whatever is in there is a stranger's."""
    grader = python = messages.CLUSTER_NONE
    with contextlib.suppress(KeyError, TypeError, AttributeError):
        python = ".".join(str(versions["host"]["python"]).split(".")[:3])
        grader = str(versions["packages"][DISTRIBUTION] or grader)
    return printable(grader[:100]), printable(python[:100])


def installed_otherwise(theirs: Known) -> str:
    """That something else is installed on a machine."""
    there, here = (
        messages.CLUSTER_VERSIONS_KNOWN.format(grader=one[0], python=one[1]) for one in (theirs, known_here())
    )
    return messages.CLUSTER_OTHER.format(theirs=there, ours=here)
