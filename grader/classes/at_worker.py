"""What a worker of a cluster does for `batch --scheduler`: says what it is, and grades one submission at a time.

Both take and give text and bytes alone. The scheduler imports this module too, so whatever grades is imported late.
"""

from __future__ import annotations

import json
import pickle
import threading
from dataclasses import replace

_only_one = threading.Lock()  # a process grades one at a time, however many threads it was given


def examined(wanted: str) -> bytes:
    """What this worker is: its versions, and the level at which it confines what it grades, found by the canaries.

    wanted: as choose() takes it; where there is none such, why is the reason and level "".
    """
    from grader import PYTHON, __version__
    from grader.base.errors import NoSandboxError
    from grader.classes.batch import kit_print
    from grader.kit import read_kit
    from grader.sandbox.confine import choose

    kit = read_kit()
    level, why = "", ""
    try:
        level = choose(wanted).level.name
    except NoSandboxError as error:
        why = str(error)
    found = {
        "grader": __version__,
        "kit": kit.manifest.name,
        "version": kit.manifest.version,
        "print": kit_print(kit),
        "python": PYTHON,
        "level": level,
        "why": why,
    }
    return json.dumps(found).encode()


def graded(packed: bytes) -> bytes:
    """The answer on a job, which is packed as cluster.py does it: the grading as answers.py tells it."""
    from grader.classes.answers import told
    from grader.classes.batch import failed, grade_one
    from grader.kit import read_kit

    with _only_one:
        # What comes from the command may be code anyway: a worker of Dask runs whatever its scheduler's clients send.
        job = replace(pickle.loads(packed), kit=read_kit().folder)  # noqa: S301
        try:
            return told(grade_one(job))
        except Exception as error:  # noqa: BLE001 - a fault of ours is one submission's, and is reported
            return told(failed(job, error))
