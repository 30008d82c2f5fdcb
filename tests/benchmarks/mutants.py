"""Which small changes to the solutions do the hidden tests not notice?

    pip install cosmic-ray; python tests/benchmarks/mutants.py [file ..]

Applies every operator of cosmic-ray to every line between `# exercise` and `# end` in solutions/, grades each mutant,
and lists those that get full marks: with the reason where they are right all the same, and otherwise as what is
missing in the hidden tests (exit status 1).
"""

from __future__ import annotations

import dataclasses
import importlib
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Mutants that are right: (a part of the line as it becomes, why).
RIGHT = (
    ("self / -1", "dividing by -1 is multiplying by it"),
    ("len(out) <= 1", "a layer has at least one neuron"),
    ("out[ -1]", "the last of one is the first"),
    ("i < last", "nothing comes after the last"),
    ("is not last", "small whole numbers are one object"),
    ("is label", "small whole numbers are one object"),
    ("max(len(items), 2)", "a size above the number of items makes one batch all the same"),
    ("max(len(items), 0)", "what the batches of nothing are is not asked: right answers differ"),
)


def in_a_gap(text: str) -> set[int]:
    """The numbers of the lines that learners write."""
    numbers: set[int] = set()
    inside = False
    for number, line in enumerate(text.splitlines()):
        inside = (inside or line.strip().startswith("# exercise:")) and line.strip() != "# end"
        if inside:
            numbers.add(number)
    return numbers


def mutants(text: str) -> Iterator[tuple[str, str, str]]:
    """Every mutant of a text once: (the line as it was, as it is, the whole text)."""
    mutate_code = importlib.import_module("cosmic_ray.mutating").mutate_code
    plugins = importlib.import_module("cosmic_ray.plugins")
    gaps, lines, seen = in_a_gap(text), text.splitlines(), {text}
    for name in plugins.operator_names():
        if "Variable" in name:  # they want to be told which
            continue
        occurrence = 0
        while (mutant := mutate_code(text.encode(), plugins.get_operator(name)(), occurrence)) is not None:
            occurrence += 1
            changed = [i for i, (a, b) in enumerate(zip(lines, mutant.splitlines(), strict=False)) if a != b]
            if mutant not in seen and changed and set(changed) <= gaps:
                seen.add(mutant)
                yield lines[changed[0]].strip(), mutant.splitlines()[changed[0]].strip(), mutant


def survives(file: str, text: str) -> bool:
    """Whether the solutions with this text in place of a file get all the points of that file."""
    from grader.grading.pipeline import grade
    from grader.intake.submission import read_submission
    from grader.kit import read_kit
    from grader.sandbox.confine import LIMITS

    manifest = read_kit().manifest
    solutions = read_submission(ROOT / "solutions", manifest)
    files = tuple(dataclasses.replace(f, text=text) if f.path == file else f for f in solutions.files)
    own = [exercise.id for exercise in manifest.exercises if exercise.file == file]
    report = grade(dataclasses.replace(solutions, files=files), read_kit(), only=own, level=LIMITS)
    return all(r.points == r.max_points for r in report.counted) and not report.grader_faults


def main() -> int:
    unexplained = total = 0
    with ProcessPoolExecutor() as pool:
        for path in sorted((ROOT / "solutions").glob("*.py")):
            if sys.argv[1:] and path.name not in sys.argv[1:]:
                continue
            rows = list(mutants(path.read_text(encoding="utf-8")))
            outcomes = pool.map(survives, [path.name] * len(rows), [text for _, _, text in rows])
            alive = [row for row, lives in zip(rows, outcomes, strict=True) if lives]
            total += len(rows)
            print(f"{path.name}: {len(rows)} mutants, {len(alive)} survive", flush=True)
            for before, after, _ in alive:
                why = next((reason for part, reason in RIGHT if part in after), "")
                unexplained += not why
                print(f"    {before}\n    {after}\n        {why or 'NOT NOTICED'}", flush=True)
    print(f"{total} mutants, {unexplained} that should have been noticed")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
