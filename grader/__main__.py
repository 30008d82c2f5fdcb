"""python -m grader is mg-grade."""

import contextlib
import os
import sys

# Python puts the current folder first, and that may be a learner's: their random.py is not to run here. (What Python
# itself imports before this line would: in a stranger's folder, use the command mg-grade, or python -P -m grader.)
with contextlib.suppress(OSError):
    if sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - a text to compare with
        del sys.path[0]

from grader.cli import main

if __name__ == "__main__":  # and not where a process that this one starts imports it
    main()
