"""mg-grade: a graded exercise kit for micrograd, and its autograder.

The rooms, from the top down. A module imports only from its own room and from rooms further down.
"""

import sys

ROOMS = (
    ("cli",),
    ("site",),
    ("study", "explore", "classes", "upkeep"),
    ("book",),
    ("reports",),
    ("grading",),
    ("intake",),
    ("sandbox",),
    ("kit",),
    ("base",),
)
__version__ = "0.2.0"
PYTHON = ".".join(map(str, sys.version_info[:3]))
