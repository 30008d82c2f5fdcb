"""What 60 hostile submissions cost a class of 200, in a batch that is killed five times.

    python tests/benchmarks/attacked_class.py [honest] [hostile]

At each level: the seconds of the honest ones alone, and those of all together beside the most that they may be. It
fails where anybody's grade is another than alone, or where anything is left of a batch.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["MG_GRADE_ALL_LEVELS"] = "1"

from attacked_class import trial

from grader.sandbox.confine import LEVELS


def main(right: int = 140, wrong: int = 60) -> None:
    for level in LEVELS:
        with tempfile.TemporaryDirectory() as folder:
            alone, together, most = trial(Path(folder), level, right, wrong, kills=5)
        print(f"{level.name:12} {right} honest {alone:5.0f} s, with {wrong} hostile {together:5.0f} s of {most:5.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
