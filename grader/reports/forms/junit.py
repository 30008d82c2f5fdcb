"""JUnit XML as pytest writes it: a suite for each exercise, its points as properties, and one for the grade."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from grader.base.points import shown
from grader.base.report import ExerciseResult, Report, TestResult, Verdict
from grader.base.text import for_markup
from grader.reports.wording import adjustment, comment, message

SUFFIX = ".xml"


def render(report: Report) -> str:
    """The report as one XML document, ending with a newline."""
    root = ElementTree.Element("testsuites", name=report.versions.kit)
    root.extend(_suite(result) for result in report.results)
    root.append(_grade(report))
    for element in root.iter():
        element.text = for_markup(element.text) if element.text else None
        element.attrib = {name: for_markup(value) for name, value in element.items()}
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
    points, most = shown(result.points), shown(result.max_points)
    excused = [("excused", result.excused)] if result.excused else []
    _add_properties(suite, [("points", points), ("max_points", most), ("status", str(result.status)), *excused])
    suite.extend(_case(result.id, test) for test in result.tests)
    return suite


def _grade(report: Report) -> ElementTree.Element:
    """A suite without tests: no property may stand beside the suites."""
    suite = ElementTree.Element("testsuite", name="grade", tests="0", failures="0", errors="0", skipped="0", time="0")
    points = [("points", shown(report.given)), ("max_points", shown(report.max_points))]
    _add_properties(
        suite,
        [
            *points,
            *(("adjustment", adjustment(one)) for one in report.adjustments),
            *(("comment", comment(one)) for one in report.comments),
        ],
    )
    return suite


def _add_properties(suite: ElementTree.Element, named: Iterable[tuple[str, str]]) -> None:
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in named:
        ElementTree.SubElement(properties, "property", name=name, value=value)


def _case(exercise: str, test: TestResult) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=exercise, name=test.id, time=f"{test.seconds:.3f}")
    if test.verdict is not Verdict.PASSED:
        text = message(test)
        kind = "failure" if test.verdict is Verdict.FAILED else "error"
        ElementTree.SubElement(case, kind, message=text.splitlines()[-1] if text else "").text = text
    return case
