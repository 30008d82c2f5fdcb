"""How long the files of a class take: grades.csv, three forms of each report, the page of the class and of pairs.

    python tests/benchmarks/pages.py [students]

First when nothing is there, with all pairs to be compared; then again, as after another deadline.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import ROOT
from test_pages import book_of, graded_work

from grader.classes.gradebook import Gradebook
from grader.cli.written import write_all


def main(students: int = 400) -> None:
    work = {"stubs": graded_work(ROOT / "exercises"), "right": graded_work(ROOT / "solutions")}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        book_of(out, work, students)
        with Gradebook(out) as book:
            for what in ("for the first time", "again"):
                begin = time.perf_counter()
                write_all(book, out)
                print(f"the files of {students} students, {what:18} {time.perf_counter() - begin:5.2f} s")
        print(f"the page of the class {(out / 'index.html').stat().st_size / 1000:8.0f} KB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
