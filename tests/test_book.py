"""The book as pages, in a terminal, and in step with the kit."""

from __future__ import annotations

import html.parser
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Run, missing_on_this_machine
from made_up_book import made_up
from terminals import terminal

from grader import cli
from grader.base.errors import GraderError, StudyError
from grader.base.text import columns
from grader.book import latex, pictures_in_characters, plain
from grader.book.faults import faults
from grader.book.markdown import BLOCK, FORMULA, slug, tree, walk
from grader.book.mathml import mathml
from grader.book.pages import pages
from grader.book.source import Text, book_files, chapters, folder, leading, summary
from grader.book.stub import code, line_of
from grader.explore import expression as expressions
from grader.explore.graph import right_numbers
from grader.intake.submission import read_submission
from grader.kit import Kit, read_kit
from grader.kit.gaps import UNFILLED

KIT = read_kit()
VOID = {"meta", "link", "img", "br", "hr", "input", "mspace"}
FORMULAS = {
    r"f(x) = 3x^2 - 4x + 5": "f(x) = 3x² - 4x + 5",
    r"\frac{f(x+h) - f(x-h)}{2h}": "(f(x + h) - f(x - h))/(2h)",
    r"\frac{\partial L}{\partial e} \frac{\partial e}{\partial a}": "∂L/∂e · ∂e/∂a",
    r"\frac{1}{n}\sum_{i=1}^{n} (y_i - t_i)^2": "1/n · Σᵢ₌₁ⁿ (yᵢ - tᵢ)²",
    r"\sum_{u \in S} u": "Σ[u ∈ S] u",
    r"-\log p_t \le 10{,}000 \cdot 2": "-log pₜ ≤ 10,000 · 2",
    r"e^{x_i - m} + e^{-x} + 2^{10}": "e^(xᵢ - m) + e^(-x) + 2¹⁰",
    r"W = \begin{pmatrix} 0.1 & -0.2 \\ 0.3 & 0.4 \end{pmatrix}": "W = [[0.1, -0.2], [0.3, 0.4]]",
    r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}^\top": "[1, 2]ᵀ",
    r"\left( \frac{a}{b} \right)^2": "(a/b)²",
    r"\frac{\frac{a}{b}}{c}": "(a/b)/c",
    r"p - \text{lr} \cdot \frac{\hat{m}_t}{\sqrt{v} + \epsilon}": "p - lr · m̂ₜ/(√v + ε)",
    r"\sqrt{g_1^2 + \dots}": "√(g₁² + …)",
    r"f'(x) \approx 1 - \tanh^2 x": "f′(x) ≈ 1 - tanh² x",
    r"x_{\text{new}} y_{\text{old}}": "x_new y_old",
    r"\text{if } x \ne -1": "if x ≠ -1",
    r"|x - y| \odot W_1^\top g_z": "|x - y| ⊙ W₁ᵀ g_z",
    r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{else} \end{cases}": "x if x > 0; 0 else",
    r"h_1 \, \frac{\partial L}{\partial z} \qquad b": "h₁ · ∂L/∂z    b",
    r"2 \cdot (-3)": "2 · (-3)",
}


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """The kit with a book that has everything."""
    return made_up(tmp_path_factory.mktemp("book"))


class _Page(html.parser.HTMLParser):
    """What is in a page, after a check that every element is closed where it has to be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.scripts = 0
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        self.links += [found["href"] or ""] if tag == "a" else []
        self.loaded += [str(found.get("src") or found.get("href"))] if tag in ("img", "link", "script") else []
        self.scripts += tag == "script" or any(name.startswith("on") or name == "style" for name in found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


@pytest.mark.parametrize("which", ["real", "made up"])
def test_pages_are_whole(which: str, kit: Kit) -> None:
    """Elements are closed, ids are unique, headings go down one by one, every link leads somewhere, and nothing is
    loaded that is not there."""
    files = pages(KIT if which == "real" else kit)
    read = {name: _Page(content.decode()) for name, content in files.items() if name.endswith(".html")}
    assert len(read) == len(chapters(KIT)) + 1
    for name, page in read.items():
        assert len(page.ids) == len({*page.ids}), name
        beside = [level for level in page.headings if level != 1]
        assert page.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in zip([2, *beside], beside)), name
        assert page.scripts == 0
        assert {*page.loaded} <= files.keys()
        for link in page.links:
            path, _, anchor = link.partition("#")
            if "://" not in link:
                assert (path or name) in read, link
                assert not anchor or anchor in read[path or name].ids, link


def test_a_page_of_a_chapter(kit: Kit) -> None:
    """What the source says is there: as text where it is text, formulas as MathML, exercises in their boxes."""
    page = pages(kit)["01-derivatives.html"].decode()
    assert "<title>1. Derivatives · " in page
    assert "<code>f(x) = 3*x**2 - 4*x + 5</code>" in page
    assert '<a href="02-chain-rule.html#many-paths--one-sum">the chain rule</a>' in page
    assert '<a href="https://example.org/slopes?a=1&amp;b=2">' in page
    assert "&gt;&gt;&gt; 3 &lt; 4 and &quot;&lt;b&gt;&quot;" in page
    assert '<h2 id="a-vector-product--its-slopes">A vector product &amp; its &lt;slopes&gt;</h2>' in page
    assert '<img src="pictures/secant.svg" alt="A curve with a line that touches it at x = 3, where' in page
    assert page.count("<math") == 11
    assert "<mn>10,000</mn>" in page
    assert '<td class="number">14.3</td>' in page
    assert "a * b is no emphasis, nor is a_b_c" in page
    assert re.findall(r"href=\"([^\"]+)\"><small>(Before|Next)", page)[:2] == [
        ("introduction.html", "Before"),
        ("02-chain-rule.html", "Next"),
    ]
    box = page.split('id="exercise-gradient"')[1].split("</section>")[0]
    assert "every partial derivative of f(xs)" in box
    assert "<li>10 minutes</li>" in box
    assert "<li>derivatives.py, line 46</li>" in box
    assert "def gradient(f, xs, h=1e-6):\n    &#34;&#34;&#34;All partial" in box
    assert "def vector_product" not in box
    assert "<code>mg-grade hint gradient</code>" in box
    hints = [html.escape(hint).replace("`", "") for hint in kit.manifest.by_id["gradient"].hints]
    text = re.sub(r"</?code>", "", box)
    assert [text.index(hint) for hint in hints] == sorted(text.index(hint) for hint in hints)
    # Each is inside the one before.
    assert re.sub(r"<p>.*?</p>|\s|<summary>.*?</summary>", "", box.split("</p>", 1)[1], flags=re.DOTALL) == (
        '<detailsclass="hint">' * 4 + "</details>" * 4
    )


def test_no_page_gives_a_solution() -> None:
    """Code in a box is a stub's."""
    text = "\n".join(content.decode() for name, content in pages(KIT).items() if name.endswith(".html"))
    assert text.count("raise NotImplementedError") >= len(KIT.manifest.exercises)
    for exercise in KIT.manifest.exercises:
        assert f'{UNFILLED}"{exercise.gap}")' in code(KIT, exercise)


@pytest.mark.parametrize(
    ("exercise", "begins", "without"),
    [
        ("add", "def __add__(self, other):\n    other = ", "__mul__"),
        ("momentum", "class Momentum(Optimiser):\n    def __init__", "AdaGrad"),
        ("parameters", "class Module:", "__call__"),
        ("mse", "def sum_squared_error", "softmax"),
    ],
)
def test_the_code_of_an_exercise(exercise: str, begins: str, without: str) -> None:
    """A method where its class has gaps of others, else the class or the function; all of it, and no more."""
    found = code(KIT, KIT.manifest.by_id[exercise])
    assert found.startswith(begins)
    assert without not in found
    assert found.count("# exercise: ") == found.count("# end")
    stub = KIT.stub(KIT.manifest.by_id[exercise].file)
    assert all(line.strip() in stub for line in found.splitlines() if line != "    ...")
    assert "raise NotImplementedError" in stub.split("\n")[line_of(KIT, KIT.manifest.by_id[exercise]) - 1]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_as_text(formula: str) -> None:
    assert latex.plain(formula) == [FORMULAS[formula]]
    assert "<math" in mathml(formula)


def test_a_sign_and_an_operation() -> None:
    """Browsers put no space between a sign and its number; names of functions have some."""
    made = mathml(r"a - b = -3 \cdot (-2) + |x| - \log p")
    assert re.findall(r"<mo( form=\"prefix\")?>\u2212", made) == ["", ' form="prefix"', ' form="prefix"', ""]
    assert '<mi>log</mi><mspace width="0.17em" /><mi>p</mi>' in made
    assert "mspace" not in mathml(r"\log(p)")


def test_formulas_in_rows() -> None:
    """A matrix has its rows, equations are below each other."""
    matrix, vector = r"\begin{bmatrix} 1 & -20 \\ 0.5 & 4 \end{bmatrix}", r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}"
    assert latex.plain(f"W x = {matrix} {vector}", True) == [
        "Wx = ⎡   1  -20 ⎤ · ⎡ 1 ⎤",
        "     ⎣ 0.5    4 ⎦   ⎣ 2 ⎦",
    ]
    assert latex.plain(r"\begin{aligned} a &= b + c \\ dd &= -e \\ &+ \frac{1}{2} \end{aligned}", True) == [
        " a = b + c",
        "dd = -e",
        "   + 1/2",
    ]


@pytest.mark.parametrize("formula", [r"\foo x", r"\frac{a", r"a_{", r"\begin{pmatrix} 1", r"a \\ b"])
def test_a_formula_that_cannot_be_shown(formula: str) -> None:
    """It is said so, and no half of it is shown."""
    with pytest.raises(GraderError, match="cannot be shown"):
        mathml(formula)


@pytest.mark.parametrize("chapter", chapters(KIT), ids=lambda chapter: chapter.name)
def test_formulas_of_the_book(chapter: object) -> None:
    """Nothing is left of LaTeX in the plain text of any."""
    text = (folder(KIT) / f"{chapter.name}.md").read_text("utf-8")  # type: ignore[attr-defined]  # pytest's ids want any object
    for node in walk(tree(text)):
        if node.type in (FORMULA, BLOCK):
            lines = latex.plain(node.content, node.type == BLOCK)
            assert not re.search(r"[\\{}$]", "".join(lines)), node.content
            assert "<math" in mathml(node.content, node.type == BLOCK)


def test_plain_text(kit: Kit) -> None:
    """A chapter in lines that fit, with all that is in it."""
    text = plain.find(kit, "derivatives", 60)
    assert all(len(line) < 60 for line in text.splitlines())
    for piece in (
        "1. Derivatives\n==============\n",
        "its slope: how far f(x)",
        "`f(x) = 3*x**2",
        "\n    f′(x) ≈ (f(x + h) - f(x))/h\n",
        "\n    >>> 3 < 4 and \"<b>\"\n    '<b>'\n",
        "\n    [picture: A curve with a line that touches it at",
        "h      forward  what is wrong with it",
        "\n0.001   14.003  little\n",
        "Exercise derivative: forward and central differences, 10\n    minutes, 3 points (derivatives.py:29)\n",
        "\n2. More digits are lost, which is an item",
        "\n   than one line of a terminal to be said",
        "- 10,000 · 2 = 20,000",
        "W = ⎡ 0.1  -0.2 ⎤\n                 ⎣ 0.3   0.4 ⎦",
        "(https://example.org/slopes?a=1&b=2)",
    ):
        assert piece in text


@pytest.mark.parametrize("width", [40, 60, 80, 106])
def test_lines_fit(width: int, kit: Kit) -> None:
    """No line of any chapter is broken by the terminal."""
    for book in (KIT, kit):
        assert max(columns(line) for line in plain.contents(book, width).splitlines()) < width
        for chapter in chapters(book):
            for line in plain.whole(book, chapter, width).splitlines():
                assert columns(line) < width, line


def test_what_leads_to_an_exercise(kit: Kit) -> None:
    """The text since the one before; for one that follows at once, what led to that."""
    chapter = chapters(kit)[2]
    texts = {exercise: leading(chapter, exercise) for exercise in chapter.exercises}
    assert "Many paths" in texts["manual-backprop"][0].markdown
    assert texts["nudge"] == texts["manual-backprop"]
    assert texts["manual-neuron"] == (Text("Of a neuron too.\n"),)
    assert plain.find(kit, "manual-neuron").count("Exercise ") == 1
    assert "Many paths" not in plain.find(kit, "manual-neuron")


def test_a_graph_in_characters(kit: Kit) -> None:
    """The graph of chapter 2 has the numbers that an engine gives."""
    parsed = expressions.parse(KIT.manifest, "e=a*b; d=e+c; L=d*f", ["a=2", "b=-3", "c=10", "f=-2"])
    lines = pictures_in_characters.drawn("pictures/graph-gradients.svg")
    for name, (data, grad) in right_numbers(KIT, parsed).items():
        (line,) = (line for line in lines if re.search(rf"[|├└] {name}( =|  )", line))
        assert line.split()[-2:] == [f"{data:g}", f"{grad:g}"]
    assert "-7.286" not in "".join(lines)
    assert not any(line.split()[-2:] == ["-8", "1"] for line in pictures_in_characters.drawn("pictures/graph-data.svg"))
    assert pictures_in_characters.drawn("pictures/secant.svg") == []
    assert lines[1] in plain.find(kit, "2")


@pytest.mark.parametrize(
    ("name", "near"),
    [("mull", "Did you mean mul?"), ("Engine", "Did you mean engine"), ("13", "The chapters are introd")],
)
def test_nothing_is_called_so(name: str, near: str) -> None:
    with pytest.raises(StudyError, match=re.escape(near)):
        plain.find(KIT, name)


def test_read(mg_grade: Run) -> None:
    """By number, name, file and exercise, and the contents."""
    whole = mg_grade("read", "engine")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.startswith("3. The engine\n=============\n")
    assert mg_grade("read", "3").stdout == mg_grade("read", "engine.py").stdout == whole.stdout
    for exercise in KIT.manifest.exercises:
        if exercise.file == "engine.py":
            assert f"Exercise {exercise.id}: " in whole.stdout
    part = mg_grade("read", "mul").stdout
    assert part.startswith("3. The engine\n")
    assert "Exercise mul: a * b, 10 minutes, 4 points (engine.py:" in part
    assert "Exercise pow" not in part
    contents = mg_grade("read").stdout
    assert all(
        re.search(rf"^.{{5}}{chapter.name} .* {chapter.title}$", contents, re.MULTILINE) for chapter in chapters(KIT)
    )
    assert all(exercise.id in contents for exercise in KIT.manifest.exercises)
    wrong = mg_grade("read", "backwards")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Did you mean backward?" in wrong.stderr


def test_read_in_a_terminal() -> None:
    """Page by page, in lines as wide as the terminal."""
    if not shutil.which("less"):
        missing_on_this_machine("less", "install less")
    command = (sys.executable, "-m", "grader", "read", "engine")
    with terminal(*command, cwd=ROOT, environment={"PAGER": "less", "LESS": ""}, columns=60, lines=20) as reading:
        first = reading.wait_for("3. The engine")
        assert "Exercise" not in first
        assert "status" not in first
        assert max(map(len, first.splitlines())) > 50
        reading.press("G")
        reading.wait_for("Exercise deep-graph")
        reading.press("q")
        reading.wait_for("status 0")


def test_book(mg_grade: Run, tmp_path: Path) -> None:
    """All of its files; again over itself, and over nobody's."""
    done = mg_grade("book", tmp_path / "new" / "book")
    assert (done.returncode, done.stderr) == (0, "")
    there = {path.relative_to(tmp_path / "new/book").as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert there == pages(KIT)
    assert {"index.html", "style.css", "introduction.html", "03-engine.html", "history.html"} <= there.keys()
    assert f"{sum(name.endswith('.html') for name in there)} pages" in done.stdout
    assert mg_grade("book", tmp_path / "new" / "book").returncode == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name, why in (("mine", "holds other things than a book (notes.txt)"), ("file", "cannot be written")):
        refused = mg_grade("book", tmp_path / name)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert why in refused.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_the_book_is_nobodys_work(tmp_path: Path) -> None:
    """Chapters, which have Python in them, are no submission, and nothing is said of them."""
    shutil.copytree(ROOT / "exercises", tmp_path / "own")
    book = tmp_path / "own" / "book" / "en"
    (book / "engine.md").write_text("# The engine\n\n```python\n>>> a = Value(2)\ndef f():\n    pass\n```\n")
    for place in (ROOT / "exercises", tmp_path / "own"):
        for is_own in (False, True):
            submission = read_submission(place, KIT.manifest, is_own=is_own)
            assert [note for note in submission.notes if "book" in str(note)] == []
            assert {file.path for file in submission.files} >= {*KIT.manifest.files}


def test_a_learner_gets_the_book(mg_grade: Run, tmp_path: Path) -> None:
    """The links of the path lead to it."""
    assert mg_grade("init", tmp_path).returncode == 0
    manual = (tmp_path / "README.md").read_text("utf-8")
    links = re.findall(r"^### \[.*\]\((.*)\)$", manual, re.MULTILINE)
    assert links == [f"book/en/{chapter.name}.md" for chapter in chapters(KIT)]
    assert all((tmp_path / name).read_bytes() == (KIT.exercises / name).read_bytes() for name in book_files(KIT))
    assert {*links} <= {*book_files(KIT)}
    for folder_of_all in (tmp_path, tmp_path / ".mg-grade-kit"):
        shutil.rmtree(folder_of_all / "book")
    brought = mg_grade("upgrade", tmp_path)
    assert brought.stdout.startswith(f"book/: {len(book_files(KIT))} files are new")
    assert (tmp_path / "book" / "en" / "engine.md").is_file()


def test_summaries(kit: Kit) -> None:
    """The first sentence, as text."""
    book = {chapter.name: summary(chapter) for chapter in chapters(kit)}
    assert book["derivatives"] == "The derivative of a function is its slope: how far f(x) moves when x moves a little."
    assert book["chain_rule"] == "Slopes along a path multiply."
    assert slug("Many paths & one sum") == "many-paths--one-sum"


def _changed(name: str, old: str, new: str) -> Callable[[Kit], None]:
    def change(kit: Kit) -> None:
        path = folder(kit) / f"{name}.md" if name.endswith(("derivatives", "chain_rule")) else kit.exercises / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


BOOK = "exercises/book/en"
FAULTS: dict[str, tuple[Callable[[Kit], None], str]] = {
    "no place": (
        _changed("derivatives", "**Exercise: gradient**", ""),
        f"{BOOK}/derivatives.md:1: the exercise gradient has no place",
    ),
    "another chapter's": (
        _changed("chain_rule", "Of a neuron", "**Exercise: mul**\n\nOf"),
        f"{BOOK}/chain_rule.md:17: mul is no exercise of",
    ),
    "twice": (
        _changed("derivatives", "> A quotation.", "**Exercise: derivative**"),
        f"{BOOK}/derivatives.md:37: the exercise derivative stands there a second",
    ),
    "order": (
        _changed(
            "chain_rule",
            "**Exercise: manual-backprop**\n\n**Exercise: nudge**",
            "**Exercise: nudge**\n\n**Exercise: manual-backprop**",
        ),
        f"{BOOK}/chain_rule.md:15: the exercise manual-backprop comes before nudge",
    ),
    "no picture": (
        lambda kit: (folder(kit) / "pictures/secant.svg").unlink(),
        f"{BOOK}/derivatives.md:20: there is no picture pictures/secant.svg",
    ),
    "unused picture": (
        lambda kit: (folder(kit) / "pictures/x.svg").touch(),
        f"{BOOK}/pictures/x.svg: no chapter shows",
    ),
    "picture without words": (
        _changed("chain_rule", "![The graph, with its data.]", "![]"),
        f"{BOOK}/chain_rule.md:9: the picture pictures/graph-data.svg has to",
    ),
    "picture in a text": (
        _changed("chain_rule", "![The graph, with its data.]", "See ![it]"),
        f"{BOOK}/chain_rule.md:9: the picture pictures/graph-data.svg has to",
    ),
    "link to no chapter": (
        _changed("chain_rule", "(derivatives.md)", "(derivative.md)"),
        f"{BOOK}/chain_rule.md:7: derivative.md leads nowhere",
    ),
    "link to no section": (
        _changed("derivatives", "#many-paths--one-sum", "#many"),
        f"{BOOK}/derivatives.md:8: chain_rule.md#many leads nowhere",
    ),
    "formula": (
        _changed("derivatives", r"W \leftarrow W - \eta", r"W \becomes W - \eta"),
        f"{BOOK}/derivatives.md:51: the formula $W \\becomes W",
    ),
    "formula without text": (
        _changed("derivatives", r"$x = 3$.", r"$\{x\}$."),
        f"{BOOK}/derivatives.md:4: the formula $\\{{x\\}}$ cannot be shown: there is no plain",
    ),
    "dollar": (_changed("chain_rule", "Of a neuron too.", "It costs 3 $."), f"{BOOK}/chain_rule.md:17: a dollar that"),
    "title": (
        _changed("derivatives", "# Derivatives", "# Slopes"),
        f"{BOOK}/derivatives.md:1: in exercises.toml the chapter is called 'Derivatives'",
    ),
    "head": (
        _changed("chain_rule.py", '"""Chapter 2: the chain', '"""Chapter 3: the chain'),
        "solutions/chain_rule.py:1: its first line begins with 'Chapter 2: The chain rule'",
    ),
    "number": (
        _changed("derivatives.py", "slope 6x - 4 = 14 at", "slope 6x - 4 = 14.125 at"),
        "solutions/derivatives.py:11: the number 14.125 stands nowhere in the chapter derivatives",
    ),
    "no title": (_changed("derivatives", "# Derivatives", "Derivatives"), "derivatives.md: its first line is no title"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str, tmp_path: Path) -> None:
    """Each with its place, once, and none that was not there before."""
    kit = made_up(tmp_path)
    before = list(faults(kit))
    change, told = FAULTS[fault]
    change(kit)
    found = [line for line in faults(kit) if line not in before]
    if fault == "no title":
        found = [line.replace("\\", "/").partition(f"{BOOK}/")[2] for line in found]
    assert [line for line in found if line.startswith(told)] != [], found
    assert [
        line for line in found if not line.startswith(told) and "stands nowhere" not in line and fault != "title"
    ] == []


def test_the_book_is_in_step(mg_grade: Run) -> None:
    """There is no fault in it, and `release --check` would say so."""
    assert list(faults(KIT)) == []
    done = mg_grade("release", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_release_says_what_is_not_in_step(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`release --check` has a line for each fault, and fails. The made-up book has none but numbers that it leaves
    out."""
    monkeypatch.setattr("grader.cli.kit.read_kit", lambda: kit)
    monkeypatch.setattr("grader.upkeep.release.stale_stubs", lambda *_: [])
    assert cli.commands.main(["release", "--check"], standalone_mode=False) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == list(faults(kit))
    assert [line for line in said if "stands nowhere" not in line] == []
