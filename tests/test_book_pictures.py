"""The pictures of the book: SVG that can be read on any page, with numbers that were worked out."""

from __future__ import annotations

import itertools
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browser import chromium
from conftest import ROOT, copy_of_the_kit

from grader import cli
from grader.base.errors import GraderError
from grader.book.pictures import PICTURES, chain_rule, derivatives, engine, history, pictures, tensor, words
from grader.book.pictures.given import Given, Words, labels
from grader.book.pictures.plot import Plot, ticks
from grader.book.pictures.svg import DARK, LIGHT, NAMES, Picture
from grader.book.source import LANGUAGE
from grader.grading.reference import reference
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.upkeep import release

KIT = read_kit()
FOLDER = ROOT / "exercises" / "book" / LANGUAGE
SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES, SMALLEST = 30_000, 13
TINT = 0.1  # of a colour in a box, as svg.py has it


def given(picture: str) -> Given:
    return Given(labels(KIT, LANGUAGE, PICTURES)[picture], reference(KIT).namespace, KIT)


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return pictures(KIT)


@dataclass(frozen=True)
class Placed:
    """Words in a picture, and about where they stand at most."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def placed(svg: str) -> list[Placed]:
    found = []
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size, x, y = (float(element.get(name, "")) for name in ("font-size", "x", "y"))
        pieces = [(element.text, size)]
        for span in element:
            pieces += [(span.text, float(span.get("font-size", size))), (span.tail, size)]
        wide = sum(words.width(text, own) for text, own in pieces if text)
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        found.append(Placed("".join(element.itertext()), left, y - 0.75 * size, left + wide, y + 0.1 * size))
    return found


def shown(picture: str, drawn: dict[str, str]) -> list[str]:
    """The words in a picture, one after the other."""
    return [text.text for text in placed(drawn[picture])]


# What holds for every picture.


def test_pictures_files_and_words_agree() -> None:
    """Every picture has its file and its words, and there are no others."""
    read = tomllib.loads((FOLDER / "pictures.toml").read_text(encoding="utf-8"))
    assert {path.name for path in (FOLDER / "pictures").iterdir()} == {f"{name}.svg" for name in PICTURES}
    assert {*read} == {*PICTURES}


class Noting(Words):
    """Words that note which of them are asked for."""

    def __getitem__(self, word: str) -> str:
        self.asked = {*getattr(self, "asked", ()), word}
        return super().__getitem__(word)


@pytest.mark.parametrize("name", PICTURES)
def test_every_word_is_used(name: str) -> None:
    noting = Noting(given(name).labels, Path(), name)
    PICTURES[name](Given(noting, reference(KIT).namespace, KIT))
    assert noting.asked == {*noting}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_stands_on_its_own(name: str, drawn: dict[str, str]) -> None:
    """Small well-formed SVG with a title and its own paper, which asks for nothing from elsewhere."""
    svg = drawn[name]
    root = ElementTree.fromstring(svg)
    assert len(svg.encode()) <= MOST_BYTES
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == given(name).labels["title"]
    assert root.find(f"{SVG}rect[@class='paper']") is not None
    assert not re.search(r"href|url\(|<script|<image|\bid=", svg)
    assert not re.search(
        r"\d\.\d{3}|nan|inf\b|e-\d", re.sub(r"<style>.*?</style>|<title>.*?</title>|<text.*?</text>", "", svg)
    )


@pytest.mark.parametrize("name", PICTURES)
def test_words_are_large_enough(name: str, drawn: dict[str, str]) -> None:
    root = ElementTree.fromstring(drawn[name])
    sizes = [float(element.get("font-size", "")) for element in root.iter() if element.get("font-size")]
    assert min(sizes) * 640 / float(root.get("width", "")) >= SMALLEST


@pytest.mark.parametrize("name", PICTURES)
def test_words_stay_inside_and_apart(name: str, drawn: dict[str, str]) -> None:
    """No words reach beyond the picture or over each other, in the widest of fonts."""
    root = ElementTree.fromstring(drawn[name])
    width, height = (float(root.get(size, "")) for size in ("width", "height"))
    found = placed(drawn[name])
    assert [t for t in found if t.left < 0 or t.top < 0 or t.right > width or t.bottom > height] == []
    assert [(one.text, other.text) for one, other in itertools.combinations(found, 2) if _overlap(one, other)] == []


def _overlap(one: Placed, other: Placed) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) > max(one.top, other.top)


def test_words_that_stand_badly_are_found() -> None:
    picture = Picture(300, 100, "A title")
    picture.text(150, 40, "in the middle")
    picture.text(170, 45, "over it")
    picture.text(290, 80, "beyond")
    found = placed(picture.svg())
    assert [text.text for text in found if text.right > 300] == ["beyond"]
    assert [_overlap(found[0], other) for other in found[1:]] == [True, False]


def _light(colour: str) -> float:
    """How bright a colour is (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(colour: str, paper: str) -> str:
    """The colour of a box: a little of one on paper."""
    mixed = [TINT * int(colour[i : i + 2], 16) + (1 - TINT) * int(paper[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part):02x}" for part in mixed)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_words_can_be_told_from_what_is_behind(scheme: tuple[str, ...]) -> None:
    """Every colour has a contrast of 4.5:1 on paper and in its own box; so have ink, blue and grey in any box."""
    *colours, _thin, paper = scheme
    by_name = dict(zip(NAMES, colours, strict=True))
    assert f"fill-opacity:{TINT:g}".replace("0.", ".") in Picture(1, 1, "").svg()
    pairs = [(colour, behind) for colour in colours for behind in (paper, _mixed(colour, paper))]
    pairs += [(by_name[n], _mixed(by_name[box], paper)) for n in ("0", "1", "9") for box in ("0", "1", "2", "3")]
    for colour, behind in pairs:
        light, dark = sorted((_light(colour), _light(behind)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (colour, behind)


@pytest.mark.world  # a browser
def test_a_browser_shows_them(drawn: dict[str, str], tmp_path: Path) -> None:
    """In a real browser every word stays inside of its picture, in the fonts that are here."""
    page_text = "".join(f'<section id="{name}">{svg}</section>' for name, svg in drawn.items())
    (tmp_path / "all.html").write_text(f"<!doctype html><title>all</title>{page_text}", encoding="utf-8")
    with chromium() as browser:
        page = browser.open(tmp_path / "all.html")
        beyond = page.evaluate(
            """() => [...document.querySelectorAll("text")].filter(text => {
                 const own = text.getBBox(), whole = text.ownerSVGElement.viewBox.baseVal;
                 return own.width == 0 || own.x < 0 || own.y < 0
                        || own.x + own.width > whole.width || own.y + own.height > whole.height;
               }).map(text => [text.closest("section").id, text.textContent])"""
        )
        assert beyond == []
        assert browser.said == browser.refused == []


# What they are written by.


@pytest.mark.world
def test_a_changed_picture_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`release --check` names a picture that is not what it makes, or is not there; `release` makes it."""
    kit = copy_of_the_kit(tmp_path)
    monkeypatch.setattr("grader.cli.kit.read_kit", lambda: kit)
    folder = kit.exercises / "book" / LANGUAGE / "pictures"
    (folder / "secant.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "trace.svg").unlink()
    expected = [f"exercises/book/{LANGUAGE}/pictures/{name}.svg" for name in ("secant", "trace")]
    assert cli.commands.main(["release", "--check"], standalone_mode=False) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if ".md:" not in line] == expected
    assert [line.rpartition(": ")[2] for line in said if ".md:" in line] == ["there is no picture pictures/trace.svg."]
    cli.commands.main(["release"], standalone_mode=False)
    assert (folder / "secant.svg").read_bytes() == (FOLDER / "pictures" / "secant.svg").read_bytes()
    assert cli.commands.main(["release", "--check"], standalone_mode=False) == 0


def test_learners_get_no_pictures_of_their_own() -> None:
    """The pictures are not among the files that a learner's folder is made of."""
    assert [file for file in release.stubs(KIT) if file.endswith(".svg")] == []


def test_the_book_beside_the_exercises_is_no_submission(tmp_path: Path) -> None:
    """A folder of exercises with the book in it is read as one without, and there is nothing to say of it."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    found = [read_submission(tmp_path / "exercises", KIT.manifest)]
    shutil.rmtree(tmp_path / "exercises" / "book")
    found.append(read_submission(tmp_path / "exercises", KIT.manifest))
    assert found[0] == found[1]
    assert {file.path for file in found[0].files} == {*KIT.manifest.files}


def test_a_word_that_is_missing_is_named(tmp_path: Path) -> None:
    kit = copy_of_the_kit(tmp_path)
    path = kit.exercises / "book" / LANGUAGE / "pictures.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("tangent =", "tangents ="), encoding="utf-8")
    with pytest.raises(GraderError, match=rf"{re.escape(str(path))}: \[secant\] has no tangent\.$"):
        release.files(kit)


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        (
            "solutions/derivatives.py",
            "return (f(x + h) - f(x)) / h",
            "return (f(x + h) - f(x)) / 0",
            r"solutions/derivatives\.py:\d+: ZeroDivisionError",
        ),
        (
            f"exercises/book/{LANGUAGE}/pictures.toml",
            "{slope}",
            "{slop}",
            r"grader/book/pictures/derivatives\.py:\d+: KeyError",
        ),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_named(tmp_path: Path, file: str, old: str, new: str, why: str) -> None:
    kit = copy_of_the_kit(tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(GraderError, match=f"the picture secant of the book cannot be drawn. {why}"):
        release.files(kit)


# What is drawn.


def test_the_slopes_of_secants_and_tangent(drawn: dict[str, str]) -> None:
    """(60 - 20) / 2 and (37 - 20) / 1, and 6x - 4 at 3."""
    found = re.findall(r"slope (\d+)", " ".join(shown("secant", drawn)))
    assert found == [f"{(3 * x**2 - 4 * x + 5 - 20) / (x - 3):g}" for x in (5, 4)] + [f"{6 * 3 - 4}"]


def test_the_errors_of_differences() -> None:
    """The central difference is best near 1e-5, the forward one near 1e-8, as far as their errors are the curve's own
    they fall with h and its square, and noise takes over below."""
    found = {name: dict(points) for name, points in derivatives.errors(given("error-of-h")).items()}
    best = {name: min(errors, key=errors.__getitem__) for name, errors in found.items()}
    assert 1e-6 <= best["central"] <= 1e-5
    assert 1e-9 <= best["forward"] <= 1e-7
    assert found["forward"][1e-3] / found["forward"][1e-4] == pytest.approx(10, rel=1e-2)
    assert found["central"][1e-2] / found["central"][1e-3] == pytest.approx(100, rel=1e-2)
    assert found["central"][1e-12] > 1e-6


def test_the_way_down() -> None:
    """The moves of the chapter: from 3 to 1.6, 1.04 and 0.816, towards 2/3."""
    path = derivatives.descent_path(given("descent"))
    assert path[:4] == pytest.approx([3, 1.6, 1.04, 0.816])
    assert abs(path[-1] - 2 / 3) < 0.03


def test_gradients_in_the_graph(drawn: dict[str, str]) -> None:
    """All gradients are those that are worked out by hand; on the way some are left open, and at first all."""
    by_hand = given("graph-gradients").solutions["manual_backprop"](2.0, -3.0, 10.0, -2.0)
    open_ones = {"graph-data": {*by_hand}, "graph-halfway": {*"abce"}, "graph-gradients": set()}
    for picture, unknown in open_ones.items():
        texts = shown(picture, drawn)
        rows = [texts[i : i + 5] for i in range(0, len(texts), 5)]
        found = {row[0].partition(" ")[0]: row[4] for row in rows}
        assert found == {
            name: "?" if name in unknown else f"{value:g}".replace("-", words.MINUS) for name, value in by_hand.items()
        }


def test_two_paths(drawn: dict[str, str]) -> None:
    """y = 3x^3 has the slope 9x^2, 36 at 2, which is the sum over both paths."""
    known = chain_rule.path_slopes(given("two-paths"))
    assert known["dy/dx"] == sum(known[f"dy/du{n}"] * known[f"du{n}/dx"] for n in (1, 2)) == 9 * 2**2
    texts = shown("two-paths", drawn)
    assert texts[-5:] == ["36", "=", f"6 {words.TIMES} 4", "+", f"4 {words.TIMES} 3"]


def test_the_years_of_history(drawn: dict[str, str]) -> None:
    """Every year of the picture is one of the chapter, and they are in order."""
    years = [text for text in shown("timeline", drawn) if text.isdecimal()]
    assert [int(year) for year in years] == sorted(history.EVENTS)
    text = (FOLDER / "history.md").read_text(encoding="utf-8").partition("## Sources")[0]
    assert [year for year in years if not re.search(rf"\b{year}\b", text)] == []


def test_what_accumulates_and_in_which_order(drawn: dict[str, str]) -> None:
    """a + a has the slope 2. With y = b(b + 1) and b = 2a the slope at 1 is 8a + 2 = 10, and too early it is 6."""
    assert engine.twice_used(given("accumulate")) == (2, 1)
    assert [text for text in shown("accumulate", drawn) if "grad: " in text] == ["a.grad: 1", "a.grad: 2"]
    early, in_time = (engine.in_order(given("wrong-order"), order) for order in ("ybsa", "ysba"))
    assert early == {"y": (1, 1), "b": (3, 5), "s": (2, 2), "a": (6, 6)}
    assert in_time == {"y": (1, 1), "s": (2, 2), "b": (5, 5), "a": (10, 10)}
    assert [text for text in shown("wrong-order", drawn) if text in ("6", "10")] == ["6", "10"]


def test_the_numbers_of_networks(drawn: dict[str, str]) -> None:
    """The neuron of the chapter, the parameters of the network, and how many nodes two layers take."""
    assert {"n = 0.8814", "o = 0.7071", "b = 6.8814"} <= {*shown("neuron", drawn)}
    assert "16 + 20 + 5 = 41 parameters" in shown("mlp", drawn)
    assert [tensor.counted(given("nodes"), width, False) for width in (2, 100)] == [32, 30_608]
    assert {"32 Values", "16 Tensors", "30,608 Values"} <= {*shown("nodes", drawn)}


def test_the_network_of_the_nodes_is_one() -> None:
    """Both of its graphs have the same result."""
    one, other = (tensor.network(given("nodes"), 3, of_tensors) for of_tensors in (False, True))
    assert one.data == pytest.approx(other.data)


def test_shapes_of_gradients(drawn: dict[str, str]) -> None:
    """A gradient has the shape of what it belongs to, and in a product the inner sizes are the same."""
    known = tensor.shapes(given("matrix-shapes"))
    assert {name: known[f"{name}.grad"] for name in ("W", "x", "z")} == {"W": (2, 3), "x": (3, 1), "z": (2, 1)}
    found = [tuple(map(int, text.split(" × "))) for text in shown("matrix-shapes", drawn) if "×" in text]  # noqa: RUF001
    for result, one, other in (found[0:3], found[3:6], found[6:9]):
        assert one[1] == other[0]
        assert result == (one[0], other[1])


def test_losses_and_the_trace(drawn: dict[str, str]) -> None:
    assert [text for text in shown("squared-and-log", drawn) if "log 0" in text] == [
        f"{words.MINUS}log 0.1 = 2.30",
        f"{words.MINUS}log 0.5 = 0.69",
    ]
    assert "3 nodes, 3 edges" in shown("trace", drawn)


# What they are drawn with.


def test_formulas_in_words() -> None:
    """Variables lean, names of functions do not; what stands lower or higher is followed by what does not."""
    assert words.spans("at $x_1^2 - tanh(n)$, <b>", 20) == (
        'at <tspan class="v">x</tspan><tspan font-size="15" dy="4.8">1</tspan><tspan font-size="15" dy="-12">2</tspan>'
        f'<tspan dy="7.2"> {words.MINUS} tanh(</tspan><tspan class="v">n</tspan>), &lt;b&gt;'
    )


def test_a_curve_is_cut_at_the_edges() -> None:
    """What is outside of the axes is not drawn, to the very edge; two parts stay two."""
    picture = Picture(100, 100, "")
    plot = Plot(picture, (0, 10), (0, 10), 0, 0, 100, 100)
    plot.curve([(-5, 5), (5, 5), (5, 20), (8, 20), (8, 5)])
    assert re.findall(r' d="(M[^"]*)"', picture.svg()) == ["M0,50 50,50 50,0", "M80,0 80,50"]


@pytest.mark.parametrize(
    ("limits", "is_log", "expected"),
    [
        ((0, 1), False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((-3, 3), False, [-2, 0, 2]),
        ((0, 1_000), False, [0, 200, 400, 600, 800, 1_000]),
        ((0.001, 10), True, [0.001, 0.01, 0.1, 1, 10]),
    ],
)
def test_ticks_are_round(limits: tuple[float, float], is_log: bool, expected: list[float]) -> None:
    assert ticks(limits, is_log) == pytest.approx(expected)


def test_a_logarithmic_scale() -> None:
    """Powers of ten are equally far apart."""
    plot = Plot(Picture(1, 1, ""), (1, 1_000), (0.01, 1), 0, 0, 300, 200, log_x=True, log_y=True)
    assert [x for k in range(4) for x in plot.at(10**k, 0.1)] == pytest.approx([0, 100, 100, 100, 200, 100, 300, 100])
