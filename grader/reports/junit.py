"""JUnit XML as pytest writes it: a suite for each exercise, its points as properties."""

from __future__ import annotations

from xml.etree import ElementTree

from grader.model import ExerciseResult, Report, TestOutcome
from grader.reports.wording import explain


def render(report: Report) -> str:
    """The report as one XML document, ending with a newline."""
    root = ElementTree.Element("testsuites", name=report.manifest.name)
    for result in report.results:
        root.append(_suite(result))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(result: ExerciseResult) -> ElementTree.Element:
    counts = {status: sum(test.status == status for test in result.tests) for status in ("failed", "error")}
    suite = ElementTree.Element(
        "testsuite",
        name=result.exercise.id,
        tests=str(len(result.tests)),
        failures=str(counts["failed"]),
        errors=str(counts["error"]),
        skipped="0",
        time=f"{result.seconds:.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (
        ("points", f"{result.points:g}"),
        ("max_points", f"{result.exercise.points:g}"),
        ("status", str(result.status)),
    ):
        ElementTree.SubElement(properties, "property", name=name, value=value)
    suite.extend(_case(result, test) for test in result.tests)
    return suite


def _case(result: ExerciseResult, test: TestOutcome) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=result.exercise.id, name=test.id, time=f"{test.seconds:.3f}")
    if test.status != "passed":
        message = explain(test)
        kind = "failure" if test.status == "failed" else "error"
        ElementTree.SubElement(case, kind, message=message.splitlines()[-1] if message else "").text = message
    return case
