"""The instructor's policy: what it may say, and which key of it is wrong."""

from __future__ import annotations

import math
import tempfile
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.base.errors import PolicyError
from grader.classes.policy import Deadline, Policy, read_policy
from grader.classes.toml_file import MAX_BYTES
from grader.kit import read_kit

MANIFEST = read_kit().manifest
FULL = """format = 1
seed = 3
time_budget = 30
exercises = ["add", "mul"]
[points]
mul = 10
[deadline]
at = 2026-11-20T23:59:00+01:00
penalty_per_day = 10
most = 50
grace_minutes = 15
"""
AT = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


def _read(folder: Path, text: str | bytes) -> Policy:
    path = folder / "mg-grade.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_policy(path, MANIFEST)


def _deadline(penalty: int, most: int = 100, grace_minutes: int = 0) -> Deadline:
    return Deadline(AT, Fraction(penalty), Fraction(most), Fraction(grace_minutes))


def test_everything(tmp_path: Path) -> None:
    """Every key is read as it is written."""
    assert _read(tmp_path, FULL) == Policy(3, 30, ("add", "mul"), {"mul": Fraction(10)}, _deadline(10, 50, 15))


def test_format_is_enough(tmp_path: Path) -> None:
    """What is left out stays as the kit has it."""
    policy = _read(tmp_path, "format = 1")
    assert policy == Policy()
    assert read_kit().with_points(policy.points).manifest == MANIFEST


@pytest.mark.parametrize(
    "text", ["points.mul = 10", "points = {mul = 10}", '[points]\n"mul" = 10', "[ points ]\nmul=10.0"]
)
def test_ways_to_write_points(tmp_path: Path, text: str) -> None:
    """TOML has several ways to write a table, and all of them do."""
    assert _read(tmp_path, f"format = 1\r\n{text}\r\n").points == {"mul": 10}


def test_a_time_without_offset(tmp_path: Path) -> None:
    """Without an offset the deadline is UTC."""
    policy = _read(tmp_path, "format = 1\ndeadline = {at = 2026-11-20T22:59:00, penalty_per_day = 5}")
    assert policy.deadline == _deadline(5)


@pytest.mark.parametrize(
    ("text", "key", "fragment"),
    [
        ("", "format: ", "format = 1"),
        ("seed = 1\nformat = 2", "format: ", "format = 1"),
        ("\nformat = true", "format: ", "format = 1"),
        ("format = 1.0", "format: ", "format = 1"),
        ("format = 1\nseed = = 2", "", "not TOML"),
        ("format = 1\nexercises = [", "", "not TOML"),
        ("format = 1\nseed = 1\nseed = 2", "", "not TOML"),
        ("format = 1\n\nsede = 2", "sede: ", "Did you mean 'seed'?"),
        ("format = 1\nzzzz = 2", "zzzz: ", "no key 'zzzz'"),
        ("format = 1\n[pionts]\nmul = 2", "pionts: ", "Did you mean 'points'?"),
        ("format = 1\nseed = true", "seed: ", "whole number"),
        ("format = 1\nseed = 1.5", "seed: ", "whole number"),
        ("format = 1\nseed = -1", "seed: ", "whole number"),
        ("format = 1\n# seed = 1\nseed = '1'", "seed: ", "whole number"),
        ("format = 1\ntime_budget = inf", "time_budget: ", "finite"),
        ("format = 1\ntime_budget = true", "time_budget: ", "finite"),
        ("format = 1\ntime_budget = 0", "time_budget: ", "at least 1"),
        ("format = 1\nexercises = []", "exercises: ", "at least one"),
        ("format = 1\nexercises = 'mul'", "exercises: ", "at least one"),
        ("format = 1\nexercises = ['mul', 1]", "exercises: ", "at least one"),
        ("format = 1\nexercises = [\n  'add',\n  'mull',\n]", "exercises[2]: ", "Did you mean 'mul'?"),
        ("format = 1\nexercises = [\n  'add', # 'add'\n  'mul',\n  'add',\n]", "exercises[3]: ", "twice"),
        ("format = 1\npoints = 3", "points: ", "[points]"),
        ("format = 1\n[points]\nadd = 1\nmull = 10", "points.mull: ", "Did you mean 'mul'?"),
        ("format = 1\n[points]\nadd = 1\nmul = -1", "points.mul: ", "not negative"),
        ("format = 1\n[points]\nmul = nan", "points.mul: ", "finite"),
        ("format = 1\n[points]\nmul = true", "points.mul: ", "finite"),
        ("format = 1\n[points]\nmul = '10'", "points.mul: ", "finite"),
        ("format = 1\n[points]\nadd = 1e308\nmul = 1e308", "points: ", "finite"),
        (f"format = 1\n[points]\nmul = 1{'0' * 400}", "points.mul: ", "finite"),
        ("format = 1\npoints.add = 1\npoints.mul = -1", "points.mul: ", "not negative"),
        ("format = 1\nseed = 1\npoints = {add = 1, mul = -1}", "points.mul: ", "not negative"),
        ("format = 1\n[points.mul]\nx = 1", "points.mul: ", "finite"),
        ("format = 1\nexercises = ['mul']\n[points]\nmul = 0", "points: ", "add up to 0"),
        ("format = 1\ndeadline = 2026-11-20", "deadline: ", "[deadline]"),
        ("format = 1\n[deadline]\npenalty_per_day = 1", "deadline: ", "no 'at'"),
        ("format = 1\n[deadline]\nat = 2026-11-20T10:00:00", "deadline: ", "no 'penalty_per_day'"),
        ("format = 1\n[deadline]\npenalty_per_day = 1\nat = 2026-11-20", "deadline.at: ", "date and time"),
        ("format = 1\n[deadline]\npenalty_per_day = 1\nat = '2026-11-20T10:00:00'", "deadline.at: ", "date and time"),
        ("format = 1\n[deadline]\nat = 2026-13-20T10:00:00\npenalty_per_day = 1", "", "not TOML"),
        (
            "format = 1\n[deadline]\nat = 2026-11-20T10:00:00\npenalty_per_day = 101",
            "deadline.penalty_per_day: ",
            "0 to 100",
        ),
        (
            "format = 1\n[deadline]\nat = 2026-11-20T10:00:00\npenalty_per_day = 1\nmost = -1",
            "deadline.most: ",
            "not negative",
        ),
        (
            "format = 1\n[deadline]\nat = 2026-11-20T10:00:00\npenalty_per_day = 1\nseed = 1",
            "deadline.seed: ",
            "no key 'seed'",
        ),
        ("format = 1\n[deadline]\ngrace_minute = 1", "deadline.grace_minute: ", "Did you mean 'grace_minutes'?"),
        ("format = 1\nseed = 3\n[points]\nseed = 4", "points.seed: ", "no exercise 'seed'"),
        (b"format = 1\n# \xff", "", "UTF-8"),
        ("\ufeffformat = 1", "", "not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(tmp_path: Path, text: str | bytes, key: str, fragment: str) -> None:
    """A wrong policy gives one or two lines that name the file, the key and what is wrong."""
    with pytest.raises(PolicyError) as caught:
        _read(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'mg-grade.toml'}: {key}")
    assert fragment in message and message.count("\n") < 2


def test_what_is_no_file(tmp_path: Path) -> None:
    """A missing file, a folder and a file that is too big are told in a line."""
    with pytest.raises(PolicyError, match="No such file"):
        read_policy(tmp_path / "missing.toml", MANIFEST)
    with pytest.raises(PolicyError, match="directory"):
        read_policy(tmp_path, MANIFEST)
    with pytest.raises(PolicyError, match="1 MiB"):
        _read(tmp_path, "#" * (MAX_BYTES + 1))
    assert _read(tmp_path, "format = 1\n".ljust(MAX_BYTES, "#")) == Policy()


def test_points_are_applied() -> None:
    """The manifest gets the policy's points, 0 too, and is the same in all else."""
    changed = read_kit().with_points({"mul": Fraction(10), "add": Fraction()}).manifest
    assert [int(changed.by_id[i].points) for i in ("mul", "add")] == [10, 0]
    assert changed.by_id["exp"] == MANIFEST.by_id["exp"]
    assert [e.id for e in changed.exercises] == [e.id for e in MANIFEST.exercises]


@pytest.mark.parametrize(
    ("late", "penalty"),
    [
        (timedelta(days=-3), 0),
        (timedelta(0), 0),
        (timedelta(seconds=1), 0.1),
        (timedelta(days=1), 0.1),
        (timedelta(days=1, seconds=1), 0.2),
        (timedelta(days=3), 0.3),
        (timedelta(days=5), 0.5),
        (timedelta(days=100), 0.5),
    ],
)
def test_the_penalty(late: timedelta, penalty: float) -> None:
    """Each day or part of a day costs its share, up to the most."""
    deadline = _deadline(10, 50)
    assert float(deadline.penalty(deadline.days_late(AT + late))) == penalty


@pytest.mark.parametrize(("seconds", "penalty"), [(1, 0), (900, 0), (901, 0.1), (86_400, 0.1), (86_401, 0.2)])
def test_the_grace(seconds: int, penalty: float) -> None:
    """Within the grace nothing is lost; after it, the days count from the deadline."""
    deadline = _deadline(10, grace_minutes=15)
    assert float(deadline.penalty(deadline.days_late(AT + timedelta(seconds=seconds)))) == penalty


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60),
        st.lists(
            st.sampled_from([*FULL.splitlines(), "points.mul = 1", "[[points]]", "x = [", '"', "a.b.c = 1e999"])
        ).map(lambda lines: "\n".join(["format = 1", *lines])),
    ).map(lambda text: text if isinstance(text, bytes) else text.encode(errors="surrogatepass"))
)
def test_any_text(text: bytes) -> None:
    """Whatever the file holds, there comes a Policy or a PolicyError that names the file."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            policy = _read(Path(folder), text)
        except PolicyError as error:
            said = str(error)
        else:
            said = f"{Path(folder) / 'mg-grade.toml'}: "
            assert all(0 <= points < math.inf for points in policy.points.values())
    assert said.startswith(f"{Path(folder) / 'mg-grade.toml'}: ")
    assert all(line.isprintable() for line in said.splitlines())
