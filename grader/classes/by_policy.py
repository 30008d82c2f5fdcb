"""Grades one submission as a policy says; the same for one of a class and for one alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from grader.base.model import Submission
from grader.base.report import Report, TestResult
from grader.classes.policy import Policy
from grader.grading.hidden_tests import Progress
from grader.grading.pipeline import grade
from grader.kit import Kit
from grader.kit.asking import DEFAULT_SEED
from grader.sandbox.levels import Level


def grade_by(
    policy: Policy,
    submission: Submission,
    kit: Kit,
    level: Level,
    only: Collection[str] = (),
    progress: Progress = lambda exercise: None,
) -> Report:
    """The report on a submission. only: ids of exercises, in place of those that the policy names."""
    seed = DEFAULT_SEED if policy.seed is None else policy.seed
    kit = kit.with_points(policy.points)
    report = grade(submission, kit, seed, only or policy.exercises, progress, level, policy.seconds)
    report = replace(report, visibility=policy.visibility)
    return _without_printed(report) if policy.printed is False else report


def _without_printed(report: Report) -> Report:
    """The report without what the code printed: it may be read by others than who wrote it."""

    def silent(test: TestResult) -> TestResult:
        return replace(test, finding=replace(test.finding, printed=())) if test.finding else test

    results = (replace(result, tests=tuple(map(silent, result.tests))) for result in report.results)
    return replace(report, results=tuple(results))
