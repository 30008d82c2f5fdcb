"""The forms of a report, one module and one name each. To add one: write its module, and name it in FORMS.

A form's module has SUFFIX, of the file that it is written to, and render(report) -> str, the whole text with an end of
line at its end. It is imported when it is used.
"""

from __future__ import annotations

import importlib
from typing import Protocol

from grader.base.report import Report

# The name of a form, also of its option (--junit FILE), and its module in here.
FORMS = {
    "terminal": "terminal",
    "json": "json",
    "pytest-json": "pytest_json",
    "junit": "junit",
    "gradescope": "gradescope",
    "markdown": "markdown",
    "html": "html",
}


class Form(Protocol):
    """What the module of a form has."""

    SUFFIX: str

    def render(self, report: Report) -> str:
        """The whole report in this form."""


def form(name: str) -> Form:
    """The form of this name; KeyError where there is none."""
    module: Form = importlib.import_module(f"grader.reports.forms.{FORMS[name]}")
    return module
