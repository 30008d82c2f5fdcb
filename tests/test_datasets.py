"""The data sets: generate.py remakes the files of datasets/, and they are what their cards say."""

import csv
import importlib.util
import math
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

DATASETS = Path(__file__).resolve().parent.parent / "datasets"
COLUMNS = {
    "four_points.csv": ["x", "y", "z", "target"],
    "three_regions.csv": ["x", "y", "label", "split"],
    "three_regions_weights.csv": ["layer", "neuron", "input", "weight"],
    "spiral.csv": ["x", "y", "label"],
    "moons.csv": ["x", "y", "label"],
    "yin_yang.csv": ["x", "y", "label"],
}
LOG = "three_regions_training_log.csv"
FLOATS = {"x", "y", "z", "weight"}  # the columns compared as floats, all others exactly


def load_generate() -> ModuleType:
    """Give datasets/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", DATASETS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = load_generate()


def read(path: Path) -> list[dict[str, str]]:
    """Give the rows of a CSV file, each a dict from the column to the text of the cell."""
    with path.open(newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def points(name: str) -> list[tuple[float, float, int]]:
    """Give x, y and label of each row of a CSV file of datasets/."""
    return [(float(r["x"]), float(r["y"]), int(r["label"])) for r in read(DATASETS / name)]


def assert_same(made: Path, kept: Path) -> None:
    """Fail unless two CSV files have the same columns and rows, floats to a relative 1e-12.

    The absolute 1e-15 is for the spiral where it crosses an axis and a coordinate is all rounding.
    """
    made_rows, kept_rows = read(made), read(kept)
    assert len(made_rows) == len(kept_rows)
    for k, (a, b) in enumerate(zip(made_rows, kept_rows)):
        assert list(a) == list(b)
        for column in a:
            if column in FLOATS:
                x, y = float(a[column]), float(b[column])
                assert math.isclose(x, y, rel_tol=1e-12, abs_tol=1e-15), (kept.name, k, column)
            else:
                assert a[column] == b[column], (kept.name, k, column)


def test_files_are_the_known_ones() -> None:
    """The folder holds the six files that generate.py writes, the training log and no other CSV."""
    assert {path.name for path in DATASETS.glob("*.csv")} == {*COLUMNS, LOG}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(name: str) -> None:
    """The first line of each file names its columns."""
    with (DATASETS / name).open(encoding="ascii") as file:
        assert file.readline().rstrip("\n").split(",") == COLUMNS[name]


def test_write_all_remakes_every_file(tmp_path: Path) -> None:
    """write_all makes the folder and writes into it the same data as is checked in."""
    folder = tmp_path / "new" / "folder"
    generate.write_all(folder)
    assert {path.name for path in folder.iterdir()} == set(COLUMNS)
    for name in COLUMNS:
        assert_same(folder / name, DATASETS / name)


def test_command_writes_into_the_given_folder(tmp_path: Path) -> None:
    """python datasets/generate.py DIR writes the files into DIR."""
    command = [sys.executable, str(DATASETS / "generate.py"), str(tmp_path)]
    subprocess.run(command, check=True)
    assert {path.name for path in tmp_path.iterdir()} == set(COLUMNS)


def test_command_writes_beside_itself_by_default(tmp_path: Path) -> None:
    """python generate.py without DIR writes the files into the folder of generate.py."""
    script = tmp_path / "home" / "generate.py"
    elsewhere = tmp_path / "elsewhere"
    script.parent.mkdir()
    elsewhere.mkdir()
    shutil.copy(DATASETS / "generate.py", script)
    subprocess.run([sys.executable, str(script)], check=True, cwd=elsewhere)
    assert {path.name for path in script.parent.glob("*.csv")} == set(COLUMNS)
    assert list(elsewhere.iterdir()) == []


def test_newlines_are_the_same_everywhere(tmp_path: Path) -> None:
    """The lines of a file that generate.py writes end in a bare newline, the last one too."""
    generate.write_all(tmp_path)
    for name in COLUMNS:
        data = (tmp_path / name).read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n") and not data.endswith(b"\n\n")


@pytest.mark.parametrize("name", COLUMNS)
def test_floats_read_back_exactly(name: str) -> None:
    """Each float is written as its repr, so that no digit is lost."""
    for row in read(DATASETS / name):
        for column in FLOATS & set(row):
            assert repr(float(row[column])) == row[column]


@pytest.mark.parametrize(
    ("name", "column", "counts"),
    [
        ("four_points.csv", "target", {"1": 2, "-1": 2}),
        ("spiral.csv", "label", {"1": 100, "-1": 100}),
        ("moons.csv", "label", {"1": 50, "-1": 50}),
        ("yin_yang.csv", "label", {"0": 100, "1": 100, "2": 100}),
        ("three_regions.csv", "split", {"train": 80, "val": 10, "test": 10}),
        ("three_regions_weights.csv", "layer", {"0": 32, "1": 48}),
    ],
)
def test_counts(name: str, column: str, counts: dict[str, int]) -> None:
    """Each file has the rows of each kind that its card says, and no others."""
    assert Counter(row[column] for row in read(DATASETS / name)) == counts


def test_four_points_are_the_worked_ones() -> None:
    """four_points holds the four known points in their order."""
    rows = [tuple(float(cell) for cell in r.values()) for r in read(DATASETS / "four_points.csv")]
    assert rows == [(2, 3, -1, 1), (3, -1, 0.5, -1), (0.5, 1, 1, -1), (1, 1, -1, 1)]


@pytest.mark.parametrize(
    ("split", "first", "counts"),
    [("train", 0, [37, 17, 26]), ("val", 80, [9, 1, 0]), ("test", 90, [7, 2, 1])],
)
def test_three_regions_splits(split: str, first: int, counts: list[int]) -> None:
    """The splits lie one after the other and have the known numbers of classes 0, 1 and 2."""
    rows = read(DATASETS / "three_regions.csv")[first : first + sum(counts)]
    assert {row["split"] for row in rows} == {split}
    assert [[row["label"] for row in rows].count(label) for label in "012"] == counts


def test_three_regions_labels() -> None:
    """Each point lies in the square, and its label follows from where it lies."""
    for x, y, label in points("three_regions.csv"):
        assert -2 <= x < 2 and -2 <= y < 2
        assert label == (0 if x < 0 else 1 if y < 0 else 2)


def test_three_regions_weights_fill_the_network() -> None:
    """Each weight of the MLP(2, [16, 3]) is there once, in order, within nin**-0.5 of 0."""
    rows = read(DATASETS / "three_regions_weights.csv")
    places = [(int(r["layer"]), int(r["neuron"]), int(r["input"])) for r in rows]
    hidden = [(0, neuron, i) for neuron in range(16) for i in range(2)]
    assert places == hidden + [(1, neuron, i) for neuron in range(3) for i in range(16)]
    for row in rows:
        assert abs(float(row["weight"])) <= (2 if row["layer"] == "0" else 16) ** -0.5


@pytest.mark.parametrize(
    ("split", "column", "tolerance"),
    [("train", "train_loss", 1e-12), ("val", "val_loss_before_update", 5e-7)],
)
def test_three_regions_first_loss(split: str, column: str, tolerance: float) -> None:
    """The data and the initial weights give the first loss in the training log."""
    hidden = [[0.0] * 2 for _ in range(16)]
    last = [[0.0] * 16 for _ in range(3)]
    for row in read(DATASETS / "three_regions_weights.csv"):
        layer = last if row["layer"] == "1" else hidden
        layer[int(row["neuron"])][int(row["input"])] = float(row["weight"])
    losses = []
    for row in read(DATASETS / "three_regions.csv"):
        if row["split"] == split:
            x, y = float(row["x"]), float(row["y"])
            h = [math.tanh(w[0] * x + w[1] * y) for w in hidden]
            logits = [sum(a * b for a, b in zip(w, h)) for w in last]
            total = sum(math.exp(logit) for logit in logits)
            losses.append(math.log(total) - logits[int(row["label"])])
    known = float(read(DATASETS / LOG)[0][column])
    assert sum(losses) / len(losses) == pytest.approx(known, rel=0, abs=tolerance)


def test_spiral_worked_points() -> None:
    """At j = 10 the angle is an eighth of a turn and the radius 0.5, so x = y = 0.5 / sqrt(2)."""
    rows = points("spiral.csv")
    side = 0.5 / math.sqrt(2)
    assert rows[20] == pytest.approx((side, side, 1))
    assert rows[21] == pytest.approx((-side, -side, -1))


def test_spiral_arms_are_opposite() -> None:
    """The arms grow outwards by 0.05 a point, and one is the other turned by half a turn."""
    rows = points("spiral.csv")
    for j, (one, two) in enumerate(zip(rows[0::2], rows[1::2])):
        assert math.hypot(one[0], one[1]) == pytest.approx(0.05 * j)
        assert two == pytest.approx((-one[0], -one[1], -1))
        assert one[2] == 1


def test_moons_noise() -> None:
    """The points lie around the two half circles, by noise of mean 0 and deviation 0.1."""
    noise: dict[str, list[float]] = {"upper x": [], "upper y": [], "lower x": [], "lower y": []}
    for k, (x, y, label) in enumerate(points("moons.csv")):
        t = math.pi * (k // 2) / 49
        if label == 1:
            noise["upper x"].append(x - math.cos(t))
            noise["upper y"].append(y - math.sin(t))
        else:
            noise["lower x"].append(x - (1 - math.cos(t)))
            noise["lower y"].append(y - (0.5 - math.sin(t)))
    for errors in noise.values():
        assert abs(sum(errors) / 50) < 0.04
        assert 0.08 < math.sqrt(sum(e * e for e in errors) / 50) < 0.125
        assert max(abs(e) for e in errors) < 0.4


def test_yin_yang_points_are_inside_the_circle() -> None:
    """No point is farther than 0.5 from (0.5, 0.5)."""
    assert all(math.hypot(x - 0.5, y - 0.5) <= 0.5 for x, y, _ in points("yin_yang.csv"))


def test_yin_yang_dots() -> None:
    """A point is of class 2 exactly if it is less than 0.1 from the centre of a dot."""
    for x, y, label in points("yin_yang.csv"):
        near = min(math.hypot(x - 0.25, y - 0.5), math.hypot(x - 0.75, y - 0.5))
        assert (near < 0.1) == (label == 2)


@pytest.mark.parametrize(
    ("x", "y", "label"),
    [
        (0.5, 0.9, 1),  # above
        (0.5, 0.1, 0),  # below
        (0.25, 0.5, 2),  # left dot
        (0.75, 0.55, 2),  # right dot
        (0.4, 0.45, 1),  # below, but in the head of yang
        (0.6, 0.55, 0),  # above, but in the head of yin
        (0.1, 0.1, None),  # outside
    ],
)
def test_yin_yang_class(x: float, y: float, label: int | None) -> None:
    """The class of a point is that of its part of the sign, and outside there is none."""
    assert generate.yin_yang_class(x, y) == label


def test_yin_yang_labels() -> None:
    """Each label is the class of its point, and half a turn swaps yin and yang."""
    for x, y, label in points("yin_yang.csv"):
        assert generate.yin_yang_class(x, y) == label
        assert generate.yin_yang_class(1 - x, 1 - y) == {0: 1, 1: 0, 2: 2}[label]


@pytest.mark.parametrize("name", ["three_regions", "three_regions_weights", "moons", "yin_yang"])
def test_seed_decides(name: str) -> None:
    """The same seed gives the same rows, another seed gives others."""
    make = getattr(generate, name)
    assert make(42) == make(42) == make()
    assert make(43) != make(42)


def test_xorshift_first_step() -> None:
    """From state 1 the first step is the one worked out by hand."""
    # 1 ^ (1 << 25), and of that ^ (it >> 27), which is 0
    state = 2**25 + 1
    rng = generate.XorShift(1)
    assert rng.u32() == (state * 0x2545F4914F6CDD1D >> 32) % 2**32
    assert rng.state == state


def test_xorshift_uniform_and_gauss() -> None:
    """uniform stays on [0, 1) and has mean 1/2; gauss_pair has mean 0 and deviation 1."""
    rng = generate.XorShift(7)
    u = [rng.uniform() for _ in range(10_000)]
    assert min(u) >= 0 and max(u) < 1
    assert sum(u) / len(u) == pytest.approx(0.5, abs=0.02)
    g = [e for _ in range(5_000) for e in rng.gauss_pair()]
    assert sum(g) / len(g) == pytest.approx(0, abs=0.05)
    assert sum(e * e for e in g) / len(g) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("seed", [0, -1, 2**64])
def test_xorshift_refuses_bad_seeds(seed: int) -> None:
    """A seed outside 1 to 2**64 - 1 is an error that says so."""
    with pytest.raises(ValueError, match="seed must be"):
        generate.XorShift(seed)


@pytest.mark.parametrize("path", sorted(DATASETS.glob("*.csv")), ids=lambda path: str(path.stem))
def test_every_file_has_a_card(path: Path) -> None:
    """Each file has a card that describes its columns; weights and log are in three_regions.md."""
    card = path.with_suffix(".md")
    if path.stem.startswith("three_regions_"):
        card = DATASETS / "three_regions.md"
        assert path.name in card.read_text(encoding="utf-8")
    text = card.read_text(encoding="utf-8")
    assert text.startswith(f"# {card.stem}\n")
    described = {
        column
        for line in text.splitlines()
        if line.startswith("| ")
        for column in line.split("|")[1].strip().split(", ")
    }
    assert set(path.read_text(encoding="ascii").splitlines()[0].split(",")) <= described
    for part in ("**What:**", "**How made:**", "**Good for:**", "MIT", "**Remake:**"):
        assert part in text
