"""JUnit XML as pytest writes it: a suite for each exercise, its points as properties."""

from __future__ import annotations

from xml.etree import ElementTree

from grader.base.report import ExerciseResult, Report, TestResult, Verdict
from grader.reports.wording import message

SUFFIX = ".xml"


def render(report: Report) -> str:
    """The report as one XML document, ending with a newline."""
    root = ElementTree.Element("testsuites", name=report.versions.kit)
    root.extend(_suite(result) for result in report.results)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(result: ExerciseResult) -> ElementTree.Element:
    verdicts = [test.verdict for test in result.tests]
    suite = ElementTree.Element(
        "testsuite",
        name=result.id,
        tests=str(len(verdicts)),
        failures=str(verdicts.count(Verdict.FAILED)),
        errors=str(verdicts.count(Verdict.ERROR)),
        skipped="0",
        time=f"{result.seconds:.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (("points", result.points), ("max_points", result.max_points)):
        ElementTree.SubElement(properties, "property", name=name, value=f"{value:g}")
    ElementTree.SubElement(properties, "property", name="status", value=str(result.status))
    suite.extend(_case(result.id, test) for test in result.tests)
    return suite


def _case(exercise: str, test: TestResult) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=exercise, name=test.id, time=f"{test.seconds:.3f}")
    if test.verdict is not Verdict.PASSED:
        text = message(test)
        kind = "failure" if test.verdict is Verdict.FAILED else "error"
        ElementTree.SubElement(case, kind, message=text.splitlines()[-1] if text else "").text = text
    return case
