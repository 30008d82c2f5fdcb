"""A class as the platforms give it: whose is what, and which attempt."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.base.errors import SubmissionError
from grader.classes.roster import join, read_roster
from grader.classes.who import People
from grader.intake import layouts
from grader.intake.layouts import Entry, read_class
from grader.intake.layouts.entries import Found, Platform, Top
from grader.intake.layouts.folders import Folders
from grader.intake.layouts.students import by_student, student
from grader.intake.tree import Tree

X = "x = 1\n"


def make(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def shown(entries: list[Entry]) -> list[tuple[str, str, list[str]]]:
    """(name, id, files) of every entry."""
    return [(e.student.name, e.student.id, sorted(str(path) for path in e.tree)) for e in entries]


CANVAS = {
    "doejane_101_9001_engine.py": X,
    "doejane_101_9002_nn.py": X,
    "odonnellmary_LATE_102_9003_micrograd.ipynb": "{}",
    "muellerjrgen_103_9004_work_final.zip": "",
}
MOODLE = {
    "Jane Doe_777001_assignsubmission_file_/engine.py": X,
    "Jane Doe_777001_assignsubmission_onlinetext_/onlinetext.html": "<p>",
    "Anne-Marie O'Neil_777002_assignsubmission_file_/deep/er/engine.py": X,
    "李 小龙_777003_assignsubmission_file_/micrograd.ipynb": "{}",
    "李 小龙_777003_assignsubmission_comments_/1.html": "<p>",
}
GRADESCOPE = {
    "submission_5001/engine.py": X,
    "submission_5002/engine.py": X,
    "submission_5003/engine.py": X,
    "submission_metadata.yml": """---
submission_5001:
  :submitters:
  - :name: Jane Doe
    :sid: '301'
    :email: jane@example.edu
  :created_at: 2026-11-20 20:00:00.123 Z
  :score: 1.0
submission_5002:
  :submitters:
  - :name: Bob Roe
    :sid: '302'
    :email: bob@example.edu
  - :name: Eve Poe
    :sid:
    :email: eve@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-21 01:30:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
    time: 2026-11-21 01:30:00.000000000 Z
""",
}
GITHUB = {
    "autograd-lab-ada/engine.py": X,
    "autograd-lab-bob-the-2nd/src/engine.py": X,
    "autograd-lab-eve/README.md": "",
}


def test_canvas(tmp_path: Path) -> None:
    """Canvas: name, id and lateness from the name of each file, and the file's own name."""
    entries, _ = read_class(make(tmp_path / "class", CANVAS))
    assert shown(entries) == [
        ("doejane", "101", ["engine.py", "nn.py"]),
        ("muellerjrgen", "103", ["work_final.zip"]),
        ("odonnellmary", "102", ["micrograd.ipynb"]),
    ]
    assert [entry.is_late for entry in entries] == [False, False, True]


def test_canvas_anonymous(tmp_path: Path) -> None:
    """Canvas gives who is not named a code, of which capitals are a part; LATE stands in front of it."""
    files = ("anon_aB3_9_engine.py", "anon_aB3_10_nn.py", "LATE_anon_Ab3_11_engine.py", "anon_123_12_engine.py")
    entries, _ = read_class(make(tmp_path / "class", dict.fromkeys(files, X)))
    assert {(e.student.name, e.student.id, len(e.tree), e.is_late) for e in entries} == {
        ("anon aB3", "aB3", 2, False),
        ("anon Ab3", "Ab3", 1, True),
        ("anon 123", "123", 1, False),
    }


def test_canvas_without_files(tmp_path: Path) -> None:
    """Who typed a text or gave a link on Canvas is there, with nothing that can be graded."""
    files = ("roebob_102_text.html", "poeeve_LATE_103_link.html", "anon_x9_text.html", "index.html")
    entries, _ = read_class(make(tmp_path / "class", dict.fromkeys(files, "<p>")))
    assert shown(entries) == [
        ("anon x9", "x9", ["text.html"]),
        ("poeeve", "103", ["link.html"]),
        ("roebob", "102", ["text.html"]),
    ]
    assert [entry.is_late for entry in entries] == [False, True, False]


def test_canvas_names_of_several_parts(tmp_path: Path) -> None:
    """A name may have parts; the first number is the student's, whatever follows."""
    files = ("van_der_bergjan_101_9_engine.py", "van_der_bergjan_101_10_nn.py", "le_roy_LATE_102_11_7_8_engine.py")
    entries, _ = read_class(make(tmp_path / "class", dict.fromkeys(files, X)))
    assert shown(entries) == [
        ("le_roy", "102", ["7_8_engine.py"]),
        ("van_der_bergjan", "101", ["engine.py", "nn.py"]),
    ]


def test_canvas_without_a_name(tmp_path: Path) -> None:
    """Where Canvas has left nothing of a name, there is the number."""
    entries, _ = read_class(make(tmp_path, {"_104_9001_engine.py": X, "_104_9002_nn.py": X}))
    assert shown(entries) == [("104", "104", ["engine.py", "nn.py"])]


def test_canvas_attempts(tmp_path: Path) -> None:
    """Canvas numbers what is handed in again; an attempt has the newest of each file up to then."""
    files = {"doejane_101_1_engine.py": "1", "doejane_101_2_nn.py": "1", "doejane_101_3_engine-1.py": "2"}
    entries, _ = read_class(make(tmp_path / "class", files))
    assert [(entry.number, sorted(map(str, entry.tree))) for entry in entries] == [
        (1, ["engine.py", "nn.py"]),
        (2, ["engine.py", "nn.py"]),
    ]
    newest = next(content for path, content in entries[1].tree.items() if path.name == "engine.py")
    assert isinstance(newest, Path)
    assert newest.read_text() == "2"


def test_moodle(tmp_path: Path) -> None:
    """Moodle: name and number from each folder; text that was typed online is the same student's."""
    entries, _ = read_class(make(tmp_path / "class", MOODLE))
    assert {(e.student.name, e.student.id) for e in entries} == {
        ("Jane Doe", "777001"),
        ("Anne-Marie O'Neil", "777002"),
        ("李 小龙", "777003"),
    }
    assert len(entries) == 3


def test_moodle_groups(tmp_path: Path) -> None:
    """Moodle names groups as it names people, and the folder of those who are in none without a number."""
    files = {"Team A_201_assignsubmission_file/engine.py": X, "Default group_assignsubmission_file/engine.py": X}
    entries, _ = read_class(make(tmp_path / "class", files))
    assert [(e.student.name, e.student.id) for e in entries] == [("Default group", ""), ("Team A", "201")]


def test_gradescope(tmp_path: Path) -> None:
    """Gradescope: the metadata say who, also of a group, and when; without them there is the number."""
    pytest.importorskip("yaml")
    entries, notes = read_class(make(tmp_path / "class", GRADESCOPE))
    assert notes == []
    assert sorted((e.student.name, e.student.id, e.student.email) for e in entries) == [
        ("Bob Roe", "302", "bob@example.edu"),
        ("Eve Poe", "", "eve@example.edu"),
        ("Jane Doe", "301", "jane@example.edu"),
        ("submission_5003", "", ""),
    ]
    times = {e.student.name: e.submitted for e in entries}
    assert times["Jane Doe"] == datetime(2026, 11, 20, 20, 0, 0, 123000, UTC)
    assert times["Bob Roe"] == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


def test_gradescope_without_metadata_that_can_be_read(tmp_path: Path) -> None:
    """Metadata that are no YAML are told of, and cost the names only."""
    pytest.importorskip("yaml")
    files = {**GRADESCOPE, "submission_metadata.yml": "a: [b\n"}
    entries, notes = read_class(make(tmp_path / "class", files))
    assert [e.student.name for e in entries] == ["submission_5001", "submission_5002", "submission_5003"]
    assert len(notes) == 1
    assert "submission_metadata.yml" in notes[0]


def test_github_classroom(tmp_path: Path) -> None:
    """GitHub Classroom: the login is what follows the name of the assignment, hyphens and all."""
    entries, _ = read_class(make(tmp_path / "autograd-lab-submissions", GITHUB))
    assert [e.student.name for e in entries] == ["ada", "bob-the-2nd", "eve"]


@pytest.mark.parametrize(
    ("around", "folders", "students"),
    [
        ("class", ["smith-john", "smith-jane"], ["smith-jane", "smith-john"]),
        ("class", ["lab-1-mary-ann", "lab-1-mary-lee"], ["mary-ann", "mary-lee"]),
        ("class", ["ps2-ada", "ps2-bob"], ["ada", "bob"]),
        ("graphs-submissions", ["graphs-mary-ann", "graphs-mary-lee"], ["mary-ann", "mary-lee"]),
        ("class", ["graphs-mary-ann", "graphs-mary-lee"], ["graphs-mary-ann", "graphs-mary-lee"]),
    ],
)
def test_what_may_be_a_name_stays(tmp_path: Path, around: str, folders: list[str], students: list[str]) -> None:
    """Of the beginning that all names share only what is surely the assignment's is taken off, and a note says so."""
    entries, notes = read_class(make(tmp_path / around, {f"{name}/engine.py": X for name in folders}))
    assert [e.student.name for e in entries] == students
    assert len(notes) == 1
    assert ("--prefix" in notes[0]) == (students == sorted(folders))


def test_a_prefix_that_is_told(tmp_path: Path) -> None:
    """A prefix that is given is taken off; one that no name has is an error."""
    folder = make(tmp_path / "class", {f"graphs-{name}/engine.py": X for name in ("mary-ann", "mary-lee")})
    for prefix in ("graphs", "graphs-"):
        assert [e.student.name for e in read_class(folder, prefix)[0]] == ["mary-ann", "mary-lee"]
    with pytest.raises(SubmissionError, match="begins with 'lab-'"):
        read_class(folder, "lab-")


def test_brightspace(tmp_path: Path) -> None:
    """Brightspace: number, name and time; a file that is handed in later joins those before it."""
    files = {
        "11-9 - Jane Doe - Nov 20, 2026 1159 PM - engine.py": X,
        "11-9 - Jane Doe - Nov 20, 2026 1159 PM - a - b_1_2_nn.py": X,
        "11-9 - Jane Doe - Nov 21, 2026 905 AM - losses.py": X,
        "12-9 - Bob Roe - Nov 19, 2026 12:30 AM/engine.py": X,
        "index.html": "",
    }
    entries, _ = read_class(make(tmp_path / "class", files))
    assert shown(entries) == [
        ("Bob Roe", "12", ["engine.py"]),
        ("Jane Doe", "11", ["a - b_1_2_nn.py", "engine.py"]),
        ("Jane Doe", "11", ["a - b_1_2_nn.py", "engine.py", "losses.py"]),
    ]
    times = [entry.submitted for entry in entries if entry.submitted]
    assert [f"{time:%d %H:%M}" for time in times] == ["19 00:30", "20 23:59", "21 09:05"]


def test_blackboard(tmp_path: Path) -> None:
    """Blackboard: login and time; the files of one time are one attempt, and a text alone holds nothing to grade."""
    files = (
        "Lab_1_jdoe_attempt_2026-11-20-23-59-59.txt",
        "Lab_1_jdoe_attempt_2026-11-20-23-59-59_engine.py",
        "Lab_1_jdoe_attempt_2026-11-20-23-59-59_a_1_2_nn.py",
        "Lab_1_jdoe_attempt_2026-11-19-10-00-00_engine.py",
        "Lab_1_broe_attempt_2026-11-19-10-00-00.txt",
    )
    entries, _ = read_class(make(tmp_path / "class", dict.fromkeys(files, X)))
    assert shown(entries) == [
        ("broe", "broe", []),
        ("jdoe", "jdoe", ["engine.py"]),
        ("jdoe", "jdoe", ["a_1_2_nn.py", "engine.py"]),
    ]
    assert f"{entries[2].submitted:%d %H:%M:%S}" == "20 23:59:59"


def test_logins_with_an_underscore(tmp_path: Path) -> None:
    """What all names of a Blackboard download begin with is the assignment."""
    start, time = "Home_work 1_", "_attempt_2026-11-20-10-00-00"
    files = {
        f"{start}{login}{time}_{file}": X for login in ("a_roe", "b_roe", "jdoe") for file in ("engine.py", "nn.py")
    }
    entries, _ = read_class(make(tmp_path, files))
    assert [name for name, *_ in shown(entries)] == ["a_roe", "b_roe", "jdoe"]


def test_nbgrader(tmp_path: Path) -> None:
    """The exchange of nbgrader: login and time, which is exact."""
    files = (
        "ada+ps1+2026-11-21 12:00:00 UTC+0a1d",
        "ada+ps1+2026-11-20 12_00_00.5 UTC",
        "bob+ps1+2026-11-20 13:00:00 UTC",
    )
    entries, _ = read_class(make(tmp_path / "class", {f"{name}/micrograd.ipynb": "{}" for name in files}))
    assert [(e.student.name, e.student.id, e.number) for e in entries] == [
        ("ada", "ada", 1),
        ("ada", "ada", 2),
        ("bob", "bob", 1),
    ]
    assert entries[1].submitted == datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_autolab(tmp_path: Path) -> None:
    """Autolab: the address, and a version for each attempt, of which the tenth is later than the ninth."""
    files = ("j_doe@cs.example.edu_10_engine.py", "j_doe@cs.example.edu_9_engine.py", "bo@cs.example.edu_1_a_1_2.py")
    entries, _ = read_class(make(tmp_path / "class", dict.fromkeys(files, X)))
    assert [(e.student.name, e.student.email, e.number, e.shown) for e in entries] == [
        ("bo@cs.example.edu", "bo@cs.example.edu", 1, files[2]),
        ("j_doe@cs.example.edu", "j_doe@cs.example.edu", 1, files[1]),
        ("j_doe@cs.example.edu", "j_doe@cs.example.edu", 2, files[0]),
    ]


def test_a_mixture_in_a_wrapped_archive(tmp_path: Path) -> None:
    """All of them in one tree, in an archive with a folder around it, and the same for the folder itself."""
    everything = {**CANVAS, **MOODLE, **{k: v for k, v in GRADESCOPE.items() if "5003" in k}, "ada/engine.py": X}
    folder = make(tmp_path / "class", everything)
    archive = tmp_path / "class.zip"
    archive.write_bytes(zipped({f"download/{name}": text for name, text in everything.items()}))
    names = [(e.student.key, e.number) for e in read_class(folder)[0]]
    assert [(e.student.key, e.number) for e in read_class(archive)[0]] == names
    assert len(names) == 3 + 3 + 1 + 1


class Lms(Platform):
    """A platform for the test below: folders user=NAME, and a file of its own beside them."""

    metadata = "users.lms"

    def takes(self, name: str, is_folder: bool) -> bool:
        return is_folder and name.startswith("user=")

    def entries(self, tops: Sequence[Top]) -> Found:
        folders = [top for top in tops if top.is_folder]
        notes = [top.name for top in tops if not top.is_folder]
        return Found([Entry(student(top.name.removeprefix("user=")), top.tree, top.name) for top in folders], notes)


@pytest.mark.parametrize("is_archive", [False, True])
def test_a_platform_is_added_by_naming_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_archive: bool) -> None:
    """A platform that is in PLATFORMS gets the folders that it takes and its metadata, and the others get the rest."""
    monkeypatch.setattr(layouts, "PLATFORMS", (*layouts.PLATFORMS, Lms()))
    files = {"user=ada/engine.py": X, "users.lms": "", "bob/engine.py": X, **CANVAS}
    path = make(tmp_path / "class", files)
    if is_archive:
        path = tmp_path / "class.zip"
        path.write_bytes(zipped(files))
    entries, notes = read_class(path)
    assert [e.student.name for e in entries] == ["ada", "bob", "doejane", "muellerjrgen", "odonnellmary"]
    assert notes == ["users.lms"]


def test_attempts(tmp_path: Path) -> None:
    """Attempts are folders in a student's own one; who is only called like somebody's attempt is a student, and so is
    who is called as somebody else."""
    files = {
        "ada/attempt_1/engine.py": "1",
        "ada/attempt 2/engine.py": "2",
        "bob/engine.py": "1",
        "bob-attempt9/engine.py": "9",
        "eve/engine.py": "2",
        "eve.py": "1",
    }
    folder = make(tmp_path / "class", files)
    os.utime(folder / "eve.py", (1, 1))
    entries, notes = read_class(folder)
    texts = [
        (e.student.name, e.number, next(p.read_text() for p in e.tree.values() if isinstance(p, Path))) for e in entries
    ]
    assert texts == [
        ("ada", 1, "1"),
        ("ada", 2, "2"),
        ("bob", 1, "1"),
        ("bob-attempt9", 1, "9"),
        ("eve", 1, "2"),
        ("eve.py", 1, "1"),
    ]
    assert [note.partition(":")[0] for note in notes] == ["bob-attempt9", "eve, eve.py"]


def test_who_joins_a_class_changes_no_name(tmp_path: Path) -> None:
    """A prefix that was taken off before is taken off again, whatever all names begin with now."""
    folder = make(tmp_path / "class", {f"hw1-{name}/engine.py": X for name in ("li-wei", "li-na", "bob")})
    entries, _ = read_class(folder, kept=["hw1-li-"])
    assert [entry.student.name for entry in entries] == ["hw1-bob", "na", "wei"]
    assert {entry.prefix for entry in entries} == {"", "hw1-li-"}


@settings(max_examples=50, deadline=1000)
@given(
    st.sampled_from(["{}", "x_y_attempt_{}", "1-2 - A - Jan 1, {} 100 AM - a.py", "a_1_2_b-{}.py", "a@b_{}_c", "{}_"]),
    st.sampled_from(["0001-01-01-00-00-00.txt", "9999-12-31-23-59-59.txt", "0001", "9999", "9" * 5_000, "_" * 60_000]),
    st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]),
)
def test_no_name_ends_a_class(form: str, text: str, zone: str) -> None:
    """Neither a date, nor digits, nor any length of a name is more than a name, and it takes no time."""
    name = form.format(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        for platform in (*layouts.PLATFORMS, Folders()):
            if platform.takes(name, is_folder=False):
                tree: Tree = {PurePosixPath(name): b""}
                (found,) = by_student(platform.entries([Top(name, is_folder=False, tree=tree)]).entries)
                assert len(found[0].student.name) < 300
    time.tzset()


@pytest.mark.parametrize("is_archive", [False, True])
@pytest.mark.parametrize("around", ["all", "all/class", "all/class/hw"])
def test_a_class_in_folders(tmp_path: Path, around: str, is_archive: bool) -> None:
    """However many folders a class is wrapped in, with a file of nobody's in any of them."""
    files = {f"{around}/ada/engine.py": X, f"{around}/bob/engine.py": X, "notes.txt": "", "all/notes.txt": ""}
    path = tmp_path / "c.zip"
    path.write_bytes(zipped(files)) if is_archive else make(path, files)
    entries, notes = read_class(path)
    assert [name for name, _, _ in shown(entries)] == ["ada", "bob"]
    assert notes == []


def test_folders_that_may_be_sections(tmp_path: Path) -> None:
    """Folders with folders of other names in each are told of; copies of one repository are not."""
    sections = {f"{section}/{name}{section}/engine.py": X for section in "AB" for name in ("ada", "bob")}
    _, notes = read_class(make(tmp_path / "c", sections))
    assert [note.startswith("A, B: each is taken for a student") for note in notes] == [True]
    forks = {f"{name}/{folder}/engine.py": X for name in ("ada", "bob") for folder in ("exercises", "solutions")}
    assert read_class(make(tmp_path / "d", forks))[1] == []


def test_one_student_in_an_archive(tmp_path: Path) -> None:
    """It is said, as for a folder."""
    (tmp_path / "c.zip").write_bytes(zipped({"ada/engine.py": X}))
    _, (note,) = read_class(tmp_path / "c.zip")
    assert "one student, ada. If it is a class, unpack it" in note


@pytest.mark.parametrize("is_archive", [False, True])
def test_loose_files_of_any_name(tmp_path: Path, is_archive: bool) -> None:
    """What holds Python is somebody's, and has a name, whatever its ending is."""
    files = {"ada.txt": "def f():\n    pass\n", "bob": "x", "cy.py": X, "notes.txt": "def", "README.txt": "def f():\n"}
    path = tmp_path / "c.zip"
    path.write_bytes(zipped(files)) if is_archive else make(path, files)
    assert [name for name, _, _ in shown(read_class(path)[0])] == ["ada", "bob", "cy"]


def test_what_is_no_submission(tmp_path: Path) -> None:
    """Loose files of other kinds, hidden ones and what systems leave behind are passed over; an empty class is told."""
    folder = make(tmp_path / "class", {"grades.csv": "", ".git/config": "", "__MACOSX/ada/._engine.py": "", "a.md": ""})
    with pytest.raises(SubmissionError, match="no submissions"):
        read_class(folder)
    with pytest.raises(SubmissionError, match="does not exist"):
        read_class(tmp_path / "nowhere")


@pytest.mark.parametrize("is_archive", [False, True])
def test_what_systems_leave_behind_is_nobodys(tmp_path: Path, is_archive: bool) -> None:
    """Neither a student nor a part of what a student handed in, whatever the case of its name."""
    own = {"ada/engine.py": X, "bob/engine.py": X}
    left = ("desktop.ini", "Thumbs.db", "._bob", ".DS_Store", "__MACOSX/._ada", "$RECYCLE.BIN/engine.py")
    files = {**own, **dict.fromkeys(left, ""), **{f"ada/{name}": "" for name in (*left, "Desktop.ini")}}
    path = make(tmp_path / "class", files)
    if is_archive:
        path = tmp_path / "class.zip"
        path.write_bytes(zipped(files))
    entries, _ = read_class(path)
    assert shown(entries) == [("ada", "", ["engine.py"]), ("bob", "", ["engine.py"])]


def test_who_handed_in_something_else_is_there(tmp_path: Path) -> None:
    """A student whose folder holds nothing that can be graded is in the class all the same."""
    entries, _ = read_class(make(tmp_path / "class", {"ada/essay.pdf": "", "bob/engine.py": X}))
    assert [e.student.name for e in entries] == ["ada", "bob"]


@settings(max_examples=300)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
@example("CON", "con.md")
@example("lpt1 x", "NUL")
def test_keys_are_safe_and_differ(first: str, second: str) -> None:
    """A key is a file name anywhere, and two students have two."""
    one, other = student(first), student(second)
    for who in (one, other):
        assert who.key
        assert not set(who.key) & set('/\\:*?"<>|\0\n')
        assert who.key not in (".", "..")
        assert not PureWindowsPath(f"{who.key}.md").is_reserved()
    if one.name.casefold() != other.name.casefold():
        assert one.key.casefold() != other.key.casefold()


def test_one_student_is_not_two(tmp_path: Path) -> None:
    """The folders of one student's work are not taken for students, and that it is one is told."""
    files = {"ada/micrograd/engine.py": X, "ada/micrograd/nn.py": X, "ada/test/test_engine.py": X}
    entries, notes = read_class(make(tmp_path / "class", files))
    assert [e.student.name for e in entries] == ["ada"]
    assert "one student, ada" in notes[0]


def test_two_students_whose_names_differ_in_case(tmp_path: Path) -> None:
    """bob and BOB are two people, with files of their own on every system; one number is one person."""
    files = {"bob/engine.py": X, "BOB/engine.py": X, "Doe Jane_7_assignsubmission_file/engine.py": X}
    files["doe jane_7_assignsubmission_file_nn.py"] = X
    entries, _ = read_class(make(tmp_path / "class", files))
    assert [entry.student.name for entry in entries if not entry.student.id] == ["bob", "BOB"]
    assert len({entry.student.key.casefold() for entry in entries}) == 3


def test_a_file_named_as_metadata_makes_no_class(tmp_path: Path) -> None:
    """A student's own file that has the name of Gradescope's metadata makes no class of the student's folder."""
    files = {"ada/engine.py": X, "ada/nn.py": X, "ada/submission_metadata.yml": ""}
    entries, _ = read_class(make(tmp_path / "class", files))
    assert [e.student.name for e in entries] == ["ada"]


def test_a_stray_file_beside_the_class(tmp_path: Path) -> None:
    """A read-me beside the folder that wraps a class does not make one student of all."""
    files = {"download/ada/engine.py": X, "download/bob/engine.py": X, "readme.txt": ""}
    entries, _ = read_class(make(tmp_path / "class", files))
    assert [e.student.name for e in entries] == ["ada", "bob"]


def test_nobody_takes_the_number_of_another(tmp_path: Path) -> None:
    """What a student chooses in the name of a file says nothing of who they are."""
    files = {
        "mallory_123_901_Ada Lovelace_456_assignsubmission_file_engine.py": X,
        "Mallory M_124_assignsubmission_file_Ada Lovelace_456_assignsubmission_file_engine.py": X,
        "Eve_125_assignsubmission_file_eve_456_7_engine.py": X,
    }
    entries, notes = read_class(make(tmp_path / "class", files))
    assert sorted(e.student.id for e in entries) == ["", "123", "125"]
    assert len(notes) == 1
    assert "Mallory M_124_" in notes[0]


def test_nobody_takes_the_number_of_another_by_a_name(tmp_path: Path) -> None:
    """Nor does what people are called, where a platform lets them choose it."""
    name = "Ada Lovelace_456_assignsubmission_file_x"
    folders = {f"{whose}_assignsubmission_file_/engine.py": X for whose in ("Ada Lovelace_456", f"{name}_124")}
    entries, _ = read_class(make(tmp_path / "folders", folders))
    assert [(e.student.name, e.student.id) for e in entries] == [("Ada Lovelace", "456"), (name, "124")]
    files = {f"{whose}_assignsubmission_file_engine.py": X for whose in ("Ada Lovelace_456", f"{name}_124")}
    entries, notes = read_class(make(tmp_path / "files", files))
    assert [e.student.id for e in entries if list(e.tree) == [PurePosixPath("engine.py")]] == ["456"]
    assert len(entries) == 2
    assert name in notes[0]


def test_logins_that_end_alike(tmp_path: Path) -> None:
    """Blackboard has a _ in logins too: doe and j_doe are two people."""
    files = (
        f"Lab_1_{login}_attempt_2026-11-20-23-59-5{i}_engine.py" for i, login in enumerate(("doe", "j_doe", "ada"))
    )
    entries, _ = read_class(make(tmp_path / "class", dict.fromkeys(files, X)))
    assert [(e.student.id, e.number) for e in entries] == [("ada", 1), ("doe", 1), ("j_doe", 1)]


def test_one_value_of_metadata_costs_no_name(tmp_path: Path) -> None:
    """What stands in the place of a number or a time is text, whatever YAML would make of it."""
    pytest.importorskip("yaml")
    of = "{name}:\n  :submitters:\n  - :name: {who}\n    :sid: {sid}\n    :email: {email}\n  :created_at: {at}\n"
    bad = of.format(name="submission_1", who="Yes", sid="2026-13-45", email="!!int x", at="!!timestamp x")
    good = of.format(name="submission_2", who="Ada", sid="0123", email="a@x", at="2026-11-20 20:00:00.5 -05:00")
    files = {"submission_1/engine.py": X, "submission_2/engine.py": X, "submission_metadata.yml": bad + good}
    entries, notes = read_class(make(tmp_path / "class", files))
    assert [(e.student.name, e.student.id) for e in entries] == [("Ada", "0123"), ("Yes", "2026-13-45")]
    assert [e.submitted and e.submitted.hour for e in entries] == [20, None]
    assert notes == []


def test_everybody_is_called_something(tmp_path: Path) -> None:
    """Also whose name is of spaces, or has no suffix to take off."""
    entries, _ = read_class(make(tmp_path / "class", {"ada/engine.py": X, "  /engine.py": X, "work": X}))
    assert all(e.student.name for e in entries)
    assert {"ada", "work"} < {e.student.name for e in entries}


def test_a_link_that_leads_nowhere_costs_nobody_else(tmp_path: Path) -> None:
    """At the top of a class as well: one to itself, and one whose target no system takes."""
    folder = make(tmp_path / "class", {"ada/engine.py": X, "bob/engine.py": X})
    (folder / "loop").symlink_to("loop")
    (folder / "far").symlink_to("x" * 4000)
    assert [e.student.name for e in read_class(folder)[0]] == ["ada", "bob", "far", "loop"]


def test_nobody_is_left_out(tmp_path: Path) -> None:
    """An empty folder, a link, and an archive of another kind belong to somebody as well."""
    folder = make(tmp_path / "class", {"ada/engine.py": X, "carl.rar": "", "env/engine.py": X})
    (folder / "empty").mkdir()
    (folder / "linked").symlink_to(folder / "ada")
    assert [e.student.name for e in read_class(folder)[0]] == ["ada", "carl", "empty", "env", "linked"]


def test_numbers_of_parts_are_no_attempts(tmp_path: Path) -> None:
    """On Canvas part-1.py and part-2.py are two parts of one attempt."""
    (entry,) = read_class(make(tmp_path / "class", {"ada_1_10_part-1.py": X, "ada_1_11_part-2.py": X}))[0]
    assert sorted(map(str, entry.tree)) == ["part-1.py", "part-2.py"]


def test_an_account_that_is_called_like_a_number_is_not_meant() -> None:
    """Whom an instructor means by a number is not who took it for a name, though the key of that one is the same."""
    ada, mallory = replace(student("ada"), id="1001"), student("1001")
    assert People([ada, mallory]).called("1001") == [mallory, ada]
    assert People([ada, mallory]).called("ada") == [ada]
    assert People([ada, replace(mallory, name="ada")]).called("ada") == [ada]
    eve = student("Poe, Eve", "77")
    assert [People([ada, eve]).called(name) for name in ("Eve Poe", "poe, eve", "Poe Eve")] == [[eve], [eve], []]
    assert People([student("Eve Poe")]).called("Poe, Eve") == [student("Eve Poe")]


def test_two_people_with_one_key(tmp_path: Path) -> None:
    """Two who would have the same file of a report are two all the same."""
    files = {"ada_5_10_engine.py": X, "ada-5/engine.py": X, f"{'x' * 220}a/engine.py": X, f"{'x' * 220}b/engine.py": X}
    entries, _ = read_class(make(tmp_path / "class", files))
    assert len({e.student.key.casefold() for e in entries}) == 4
    assert all(len(e.student.key.encode()) < 200 for e in entries)


def test_one_member_does_not_stop_a_class(tmp_path: Path) -> None:
    """In the archive of a class, what cannot be read is its owner's alone."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada/engine.py", X)
        archive.writestr("mallory/engine.py", "#" + " " * 3_000_000)
        archive.writestr("eve/engine.py", X, zipfile.ZIP_LZMA)
    entries, _ = read_class(path)
    assert [e.student.name for e in entries] == ["ada", "eve", "mallory"]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """A name with bytes that are no UTF-8, or with control characters, is shown escaped."""
    folder = tmp_path / "class"
    for name in (b"Jos\xe9", b"\x1b[31mred", b"plain"):
        (folder / os.fsdecode(name)).mkdir(parents=True)
        (folder / os.fsdecode(name) / "engine.py").write_text(X)
    for entry in read_class(folder)[0]:
        assert entry.shown.isprintable()
        entry.student.key.encode()
        entry.student.name.encode()


def test_a_namesake_on_the_roster(tmp_path: Path) -> None:
    """Who is known by a name alone does not join whoever the roster knows by a number; two namesakes are nobody."""
    roster = tmp_path / "roster.csv"
    roster.write_text("name,id\nEve Poe,77\n")
    entries = [Entry(student("Eve Poe", number), {}, number, source="Moodle/") for number in ("77", "78", "79")]
    for some, missing in ((entries, 0), (entries[1:], 1), (entries[1:2], 0)):
        joined = join(some, read_roster(roster))
        assert len(joined.missing) == missing
        assert len({entry.student.key for entry in joined.entries}) == len(some)


@pytest.mark.parametrize(
    "text",
    [
        "name,id\nZoë Müller,101\nAnna van der Berg,102\nJuan Carlos de la Cruz,103\n",
        "Student,ID,Section\n    Points Possible,,\n"
        '"Müller, Zoë",101,A\n"van der Berg, Anna",102,A\n"de la Cruz, Juan Carlos",103,B\n"Student, Test",9,A\n',
        "LastName,FirstName,ID\nMüller,Zoë,101\nvan der Berg,Anna,102\nde la Cruz,Juan Carlos,103\n",
    ],
    ids=["a roster", "Canvas's gradebook", "with names apart"],
)
def test_last_names_of_several_words_on_the_roster(tmp_path: Path, text: str) -> None:
    """Whose number is on the roster is found there though Canvas runs the words of a last name together; Canvas's own
    gradebook is a roster, without its rows that are nobody's."""
    names = ("mullerzoe_101_7_engine.py", "vanderberganna_102_8_engine.py", "delacruzjuancarlos_103_9_engine.py")
    folder = make(tmp_path / "class", dict.fromkeys(names, X))
    (tmp_path / "roster.csv").write_text(text)
    joined = join(read_class(folder)[0], read_roster(tmp_path / "roster.csv"))
    assert (joined.missing, joined.strangers) == ([], {})
    assert {entry.student.id for entry in joined.entries if " " in entry.student.name} == {"101", "102", "103"}


@pytest.mark.parametrize(
    ("columns", "matched"), [("name,id,github\nAda,101,ada-l\n", "hw1-ada-l"), ("name,id\nAda,101\n", "")]
)
def test_an_account_that_is_called_like_a_number(tmp_path: Path, columns: str, matched: str) -> None:
    """A GitHub account is a person's where the roster says so, and not where it is called like the person's number:
    anybody can take such an account."""
    folder = make(tmp_path / "class", {f"{name}/engine.py": X for name in ("hw1-101", "hw1-ada-l", "hw1-bob")})
    roster = tmp_path / "roster.csv"
    roster.write_text(columns)
    joined = join(read_class(folder)[0], read_roster(roster))
    assert [entry.shown for entry in joined.entries if entry.student.name == "Ada"] == ([matched] if matched else [])
    assert len(joined.missing) == (not matched)
