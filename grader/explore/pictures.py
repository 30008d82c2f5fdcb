"""A graph as SVG: by graphviz where it is installed, and else the kit's own drawing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from grader.base.report import NodeShown
from grader.reports import drawing

GRAPHVIZ_SECONDS = 20


def graph_svg(nodes: Sequence[NodeShown]) -> str:
    """The graph as one SVG document."""
    program = shutil.which("dot")
    if program is None:
        return drawing.svg(nodes)
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=drawing.dot(nodes),
            capture_output=True,
            encoding="utf-8",
            timeout=GRAPHVIZ_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return drawing.svg(nodes)
    return done.stdout
