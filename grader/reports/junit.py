"""JUnit XML as pytest writes it: a suite for each exercise, its points as properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree


def render(report: Mapping[str, Any]) -> str:
    """A report, as the data of its JSON, as one XML document, ending with a newline."""
    root = ElementTree.Element("testsuites", name=report["kit"]["name"])
    for exercise in report["exercises"]:
        root.append(_suite(exercise))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(exercise: Mapping[str, Any]) -> ElementTree.Element:
    tests = exercise["tests"]
    counts = {status: sum(test["status"] == status for test in tests) for status in ("failed", "error")}
    suite = ElementTree.Element(
        "testsuite",
        name=exercise["id"],
        tests=str(len(tests)),
        failures=str(counts["failed"]),
        errors=str(counts["error"]),
        skipped="0",
        time=f"{exercise['seconds']:.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name in ("points", "max_points"):
        ElementTree.SubElement(properties, "property", name=name, value=f"{exercise[name]:g}")
    ElementTree.SubElement(properties, "property", name="status", value=exercise["status"])
    suite.extend(_case(exercise["id"], test) for test in tests)
    return suite


def _case(exercise: str, test: Mapping[str, Any]) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=exercise, name=test["id"], time=f"{test['seconds']:.3f}")
    if test["status"] != "passed":
        message = test["message"]
        kind = "failure" if test["status"] == "failed" else "error"
        ElementTree.SubElement(case, kind, message=message.splitlines()[-1] if message else "").text = message
    return case
