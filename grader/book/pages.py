"""The book as pages that need no script: each chapter as one, and the contents (templates/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from grader.base import messages
from grader.base.text import for_html
from grader.book.markdown import parser, slug, tree, words
from grader.book.mathml import mathml
from grader.book.plain import points
from grader.book.source import Chapter, Text, chapters, folder, summary
from grader.book.stub import code, line_of
from grader.kit import Kit
from grader.kit.model import Exercise
from grader.reports.pages import STYLE, environment

INDEX, PICTURES = "index.html", "pictures"
OWN_STYLE = "book.css"
# Around what may be wider than the window: it is moved by itself, also with the keyboard.
_GROUP = '<div class="{kind}" tabindex="0" role="group" aria-label="{label}">'


@dataclass(frozen=True)
class Entry:
    """A line of the contents of a chapter. level: 2 for a section; what stands in one has 3."""

    anchor: str
    title: str
    level: int
    is_exercise: bool = False


@dataclass(frozen=True)
class Page:
    """A chapter as its page shows it. body: its HTML. entries: its contents."""

    chapter: Chapter
    name: str
    summary: str
    body: Markup
    entries: tuple[Entry, ...]
    exercises: tuple[Exercise, ...]

    @property
    def minutes(self) -> int:
        return sum(exercise.minutes for exercise in self.exercises)


def templates_of(*loaders: jinja2.BaseLoader) -> jinja2.Environment:
    """What makes the pages: a template of the book is left for one of the same name that a loader has, where it is
    `book/NAME`."""
    own = jinja2.PackageLoader("grader.book", "templates")
    found = environment(jinja2.ChoiceLoader([*loaders, jinja2.PrefixLoader({"book": own}), own]))
    found.filters |= {"worth": points, "ticked": _ticked}
    return found


def pages(kit: Kit, templates: jinja2.Environment | None = None) -> dict[str, bytes]:
    """The files of the book: {path: content}, the same every time. GraderError where a chapter cannot be shown.
    templates: those of the book unless somebody has others (templates_of)."""
    templates = templates or templates_of()
    book = chapters(kit)
    names = {chapter.name: file_name(chapter) for chapter in book}
    made = [_page(kit, templates, chapter, names) for chapter in book]
    files = {INDEX: templates.get_template("index.html").render(pages=made)}
    for i, page in enumerate(made):
        before, after = (made[i - 1] if i else None), (made[i + 1] if i + 1 < len(made) else None)
        files[page.name] = templates.get_template("chapter.html").render(
            page=page, before=before, after=after, pages=made
        )
    own = (Path(__file__).parent / "templates" / OWN_STYLE).read_text("utf-8")
    files[STYLE] = f"{templates.globals['style']}\n{own}"
    drawn = {f"{PICTURES}/{path.name}": path.read_bytes() for path in sorted((folder(kit) / PICTURES).glob("*.svg"))}
    return {name: text.encode() for name, text in files.items()} | drawn


def file_name(chapter: Chapter) -> str:
    """The name of the page of a chapter: those with a number are in order where files are listed."""
    name = chapter.name.replace("_", "-")
    return f"{chapter.number:02}-{name}.html" if chapter.number else f"{name}.html"


def exercise_anchor(exercise_id: str) -> str:
    """Where an exercise stands on its page; a section may be called as it is."""
    return f"exercise-{exercise_id}"


def _page(kit: Kit, templates: jinja2.Environment, chapter: Chapter, names: dict[str, str]) -> Page:
    box = templates.get_template("exercise.html")
    anchors = Anchors()
    body: list[str] = []
    entries: list[Entry] = []
    for part in chapter.parts:
        if isinstance(part, Text):
            body.append(_html(part.markdown, names, anchors, entries))
        else:
            exercise = kit.manifest.by_id[part.exercise]
            is_inside = any(entry.level == 2 and not entry.is_exercise for entry in entries)
            level, anchor = 3 if is_inside else 2, exercise_anchor(exercise.id)
            entries.append(Entry(anchor, exercise.id, level, is_exercise=True))
            line, lines = line_of(kit, exercise), code(kit, exercise)
            body.append(
                box.render(
                    exercise=exercise, anchor=anchor, level=level, line=line, code=lines, has_answers=kit.has_answers
                )
            )
    exercises = tuple(kit.manifest.by_id[exercise_id] for exercise_id in chapter.exercises)
    shown = Markup("\n".join(body))  # noqa: S704 - made of text that was escaped
    return Page(chapter, names[chapter.name], summary(chapter), shown, tuple(entries), exercises)


class Anchors:
    """Gives every heading of a page an anchor of its own, as GitHub does."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}

    def of(self, heading: str) -> str:
        """The anchor of the next heading."""
        anchor = slug(heading)
        number = self.used[anchor] = self.used.get(anchor, -1) + 1
        return f"{anchor}-{number}" if number else anchor


def anchors_of(chapter: Chapter) -> set[str]:
    """What a link to a chapter may lead to."""
    anchors, found = Anchors(), set()
    for part in chapter.parts:
        if isinstance(part, Text):
            found |= {anchors.of(words(node)) for node in tree(part.markdown).children if node.type == "heading"}
        else:
            found.add(exercise_anchor(part.exercise))
    return found


def _html(markdown: str, names: dict[str, str], anchors: Anchors, entries: list[Entry]) -> str:
    """A text as HTML. What headings it has is added to the entries."""
    tokens = parser().parse(markdown)
    for node in tree(markdown).children:
        if node.type == "heading":
            title = words(node)
            entries.append(Entry(anchors.of(title), title, int(node.tag[1:])))
    headings = iter([entry for entry in entries if not entry.is_exercise][-_number_of(tokens, "heading_open") :])
    shown = _shown(tokens)
    for token in shown:
        if token.type == "heading_open":
            token.attrSet("id", next(headings).anchor)
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", _target(str(child.attrs["href"]), names))
    return str(_Renderer().render(shown, parser().options, {}))


def _number_of(tokens: list[Token], kind: str) -> int:
    return sum(token.type == kind for token in tokens)


def _shown(tokens: list[Token]) -> list[Token]:
    """The tokens, without the paragraph around a picture that stands alone."""
    found: list[Token] = []
    skip = 0
    for i, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif token.type == "paragraph_open" and _is_picture(tokens[i + 1]):
            found.append(tokens[i + 1])
            skip = 2
        else:
            found.append(token)
    return found


def _is_picture(token: Token) -> bool:
    return [child.type for child in token.children or ()] == ["image"]


def _target(href: str, names: dict[str, str]) -> str:
    """Where a link leads from a page: a chapter is a page here."""
    path, _, anchor = href.partition("#")
    name = names.get(path.removesuffix(".md")) if path.endswith(".md") else None
    return href if name is None else f"{name}#{anchor}" if anchor else name


class _Renderer(RendererHTML):
    """Markdown's own, with what pages need besides: a method for each kind of token."""

    def formula(self, tokens: Sequence[Token], i: int, *_: Any) -> str:
        return mathml(tokens[i].content)

    def formula_block(self, tokens: Sequence[Token], i: int, *_: Any) -> str:
        inside = mathml(tokens[i].content, is_block=True)
        return f"{_GROUP.format(kind='formula', label=messages.BOOK_FORMULA_LABEL)}{inside}</div>\n"

    def image(self, tokens: Sequence[Token], i: int, *_: Any) -> str:
        token = tokens[i]
        alternative = words(SyntaxTreeNode(token.children or [])).strip()
        return f'<figure><img src="{for_html(str(token.attrs["src"]))}" alt="{for_html(alternative)}"></figure>\n'

    def fence(self, tokens: Sequence[Token], i: int, *_: Any) -> str:
        return f'<pre tabindex="0"><code>{for_html(tokens[i].content)}</code></pre>\n'

    def table_open(self, *_: Any) -> str:
        return f"{_GROUP.format(kind='scroll', label=messages.BOOK_TABLE)}<table>\n"

    def table_close(self, *_: Any) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], i: int, *_: Any) -> str:
        return f'<th scope="col"{_side(tokens[i])}>'

    def td_open(self, tokens: Sequence[Token], i: int, *_: Any) -> str:
        return f"<td{_side(tokens[i])}>"


def _side(token: Token) -> str:
    """On which side a cell stands, as a class: the pages take no style that is written into them."""
    return ' class="number"' if "right" in str(token.attrs.get("style", "")) else ""


def _ticked(text: str) -> Markup:
    """A text in which code stands between backticks, as hints are written."""
    parts = re.split(r"`([^`]*)`", text)
    return Markup("".join(_tick(parts)))  # noqa: S704 - each of its parts is escaped


def _tick(parts: list[str]) -> Iterator[str]:
    for i, part in enumerate(parts):
        yield f"<code>{for_html(part)}</code>" if i % 2 else for_html(part)
