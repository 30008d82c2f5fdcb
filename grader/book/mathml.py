"""A formula of the book, written in LaTeX, as MathML: browsers show that without any script."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

from grader.base import messages
from grader.base.errors import GraderError
from grader.book.latex import FUNCTIONS

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_LONG_NUMBER = re.compile(r"\d{1,3}(?:\{,\}\d{3})+(?:\.\d+)?")  # of several parts for the converter
# A matrix with an exponent is one thing, which the converter knows only of what stands in braces.
_MATRIX = re.compile(r"(\\begin\{(\w?matrix)\}.*?\\end\{\2\})", re.DOTALL)
_THIN = "0.17em"
_SIGNS, _CLOSE = ("\u2212", "-", "+"), (")", "]", "|", "\u2016")


def mathml(latex: str, is_block: bool = False) -> str:
    """The element <math>. GraderError where it cannot be made."""
    from latex2mathml.converter import convert  # only pages need it

    source = _LONG_NUMBER.sub(lambda found: rf"\text{{{found[0].replace('{,}', ',')}}}", latex)
    source = source.replace("{aligned}", "{split}")
    if len(re.findall(r"(?<!\\)\{", latex)) != len(re.findall(r"(?<!\\)\}", latex)):
        raise GraderError(messages.BOOK_FORMULA.format(formula=latex, why=messages.BOOK_FORMULA_BRACES))
    try:
        made = convert(_MATRIX.sub(r"{\1}", source), display="block" if is_block else "inline")
        root = ElementTree.fromstring(re.sub(r"&(?![#\w]+;)", "&amp;", made))  # noqa: S314 - our own text, as our converter gives it
    except Exception as error:  # the converter's errors have nothing in common
        raise GraderError(messages.BOOK_FORMULA.format(formula=latex, why=type(error).__name__)) from error
    for element in [*root.iter()]:
        _mend(element)
    ElementTree.register_namespace("", NAMESPACE)
    text = ElementTree.tostring(root, encoding="unicode")
    if "\\" in text or _tag("mspace") in {e.tag for e in root.iter() if "linebreak" in e.attrib}:
        raise GraderError(messages.BOOK_FORMULA.format(formula=latex, why=messages.BOOK_FORMULA_UNKNOWN))
    return text


def _mend(element: ElementTree.Element) -> None:
    """What browsers do not do by themselves: space around the names of functions and none behind a sign, the columns of
    equations. A comma in a number belongs to it."""
    if element.tag == _tag("mtext") and re.fullmatch(r"[\d,.]+", element.text or ""):
        element.tag = _tag("mn")
    side = element.attrib.pop("columnalign", "")
    if side:
        element.set("class", side)
    if element.tag not in (_tag("mrow"), _tag("mtd"), _tag("math")):
        return
    children = [*element]
    if _tag("mtable") in {child.tag for child in children}:
        for child in children:
            if child.tag == _tag("mo"):
                child.set("stretchy", "true")
    for before, child in itertools.pairwise(children):
        # Behind an operation a sign belongs to what follows, and browsers look only at what is first.
        if child.text in _SIGNS and before.tag in (_tag("mo"), _tag("mspace")) and before.text not in _CLOSE:
            child.set("form", "prefix")
    added = 0
    for i, child in enumerate(children):
        if not _is_function(child):
            continue
        before, after = (children[i - 1] if i else None), (children[i + 1] if i + 1 < len(children) else None)
        if before is not None and before.tag != _tag("mo") and not _is_function(before):
            element.insert(i + added, ElementTree.Element(_tag("mspace"), width=_THIN))
            added += 1
        if after is not None and (after.tag != _tag("mo") or after.text in FUNCTIONS):
            element.insert(i + added + 1, ElementTree.Element(_tag("mspace"), width=_THIN))
            added += 1


def _is_function(element: ElementTree.Element) -> bool:
    if element.tag in (_tag("msub"), _tag("msup"), _tag("munder"), _tag("msubsup")):
        return _is_function(element[0])
    return element.tag in (_tag("mi"), _tag("mo")) and element.text in FUNCTIONS


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
