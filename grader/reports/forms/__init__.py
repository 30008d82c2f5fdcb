"""The forms of a report, one module and one name each. To add one: write its module, and name it in FORMS.

A form's module has SUFFIX, of the file that it is written to, and render(report) -> str, the whole text with an end of
line at its end. It is imported when it is used.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.base import messages
from grader.base.errors import GraderError
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
# What no form can be called: what `export` writes beside them, and the other options of `grade`.
TAKEN = {
    *("csv", "canvas", "moodle", "feedback"),
    *(
        "exercise",
        "policy",
        "submission-metadata",
        "seed",
        "fail-under",
        "sandbox",
        "unsafe-no-sandbox",
        "quiet",
        "help",
    ),
}


@dataclass(frozen=True)
class Form:
    """A form that is ready to be used."""

    name: str
    SUFFIX: str
    _render: Callable[[Report], str]

    def render(self, report: Report) -> str:
        """The whole report in this form; GraderError names the form that fails."""
        try:
            return self._render(report)
        except Exception as error:
            raise _broken(self.name, error) from error


def form(name: str) -> Form:
    """The form of this name; KeyError where there is none, GraderError where its module is not as it should be."""
    try:
        module = importlib.import_module(f"grader.reports.forms.{FORMS[name]}")
        return Form(name, module.SUFFIX, module.render)
    except Exception as error:
        if name not in FORMS:
            raise
        raise _broken(name, error) from error


def written() -> list[str]:
    """The names of the forms that are written to files; GraderError where a form cannot be called so."""
    for name in FORMS:
        if name in TAKEN:
            raise GraderError(messages.FORM_NAME_TAKEN.format(name=name))
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise GraderError(messages.FORM_NAME.format(name=name))
    return [name for name in FORMS if name != "terminal"]


def _broken(name: str, error: Exception) -> GraderError:
    why = f"{type(error).__name__}: {error}"
    return GraderError(messages.FORM_BROKEN.format(name=name, module=FORMS[name], why=why))
