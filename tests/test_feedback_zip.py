"""Feedback on its way back: a zip in which each platform finds whose a page is, by the rules that it has."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

from conftest import ROOT, Run

from grader.classes.exports import feedback

POLICY = 'format = 1\nexercises = ["derivative"]\n'
WORK = ROOT / "solutions" / "derivatives.py"


def moodle_takes(path: str) -> str | None:
    """The number of the participant, as importziplib.php of Moodle finds it: of the first part of a path that is
    name_number_type_plugin."""
    for part in path.split("/"):
        found = part.split("_", 4)
        if len(found) >= 4 and found[1].isdecimal() and found[2] == "assignsubmission":
            return found[1]
    return None


def canvas_takes(path: str) -> tuple[str, str] | None:
    """The numbers of the student and of a file that was handed in, as assignment.rb of Canvas finds them."""
    numbers = [part for part in path.rpartition("/")[2].split("_") if part.isdecimal()]
    return (numbers[0], numbers[1]) if len(numbers) >= 2 else None


def test_feedback_in_the_layout_of_the_platform(tmp_path: Path, mg_grade: Run) -> None:
    """Canvas, Moodle and Brightspace find their students; whoever they have not named has a folder; whoever handed in
    nothing that can be graded hears why; who is up for review is left out, and told of."""
    class_, out = tmp_path / "class", tmp_path / "out"
    class_.mkdir()
    for name in (
        "doejane_101_900_derivatives.py",
        "doejane_101_901_derivatives-1.py",
        "leeann_LATE_102_902_derivatives.py",
    ):
        shutil.copy(WORK, class_ / name)
    for name in ("Zoë_Ünal_201_assignsubmission_file_", "301-77 - Bo Li - Nov 3, 2026 915 AM", "gil"):
        (class_ / name).mkdir()
        shutil.copy(WORK, class_ / name)
    (class_ / "hal").mkdir()
    (class_ / "hal" / "essay.pdf").write_bytes(b"%PDF")
    (class_ / "ida").mkdir()
    (class_ / "ida" / "derivatives.py").write_text(WORK.read_text().replace("return", "return 1 +", 1))
    (class_ / "ida" / "work.rar").write_bytes(b"Rar!\x1a\x07\x00")
    (tmp_path / "policy.toml").write_text(POLICY)
    done = mg_grade("batch", class_, "--out", out, "--policy", tmp_path / "policy.toml")
    assert done.returncode == 0, done.stderr
    done = mg_grade("export", out, "--to", "feedback")
    assert (done.returncode, "ida: " in done.stderr) == (1, True)
    assert "folders of their own: gil, hal. Hand them on yourself" in done.stdout
    with zipfile.ZipFile(out / "feedback.zip") as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "could not be graded" in pages["hal/feedback.html"]
    assert "only essay.pdf" in pages.pop("hal/feedback.html")
    names = set(pages)
    assert len(names) == 5
    assert set(map(canvas_takes, names)) - {None} == {("101", "901"), ("102", "902")}
    assert set(map(moodle_takes, names)) - {None} == {"201"}
    assert "301-77 - Bo Li - Nov 3, 2026 915 AM/feedback.html" in names
    assert "gil/feedback.html" in names
    for name, page in pages.items():
        (title,) = re.findall(r"<h1>(.*?)</h1>", page)
        assert title.split()[0].casefold()[:2] in name.casefold()
        assert "<strong>3</strong>" in page
    assert mg_grade("export", out, "--to", "feedback", "-o", tmp_path / "again.zip").returncode == 1
    assert (tmp_path / "again.zip").read_bytes() == (out / "feedback.zip").read_bytes()


def test_no_name_leads_out_of_the_zip() -> None:
    """What a student is called is no path."""
    starts = ("../x_1_2_", "/etc/x_", "a\\..\\b_", "a/../b_", "x" * 300)
    packed = feedback.pack(
        {f"s{i}": "" for i in range(len(starts))}, {f"s{i}": start for i, start in enumerate(starts)}
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == [f"s{i}/feedback.html" for i in range(len(starts))]
