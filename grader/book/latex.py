"""A formula of the book, written in LaTeX, as plain text: Unicode where that is plain, a/b for a fraction, a matrix in
rows. It knows what the book uses; what it does not know stays as it is, with its backslash, for faults.py to find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

FUNCTIONS = frozenset(
    "arg argmax argmin cos det exp lim ln log max min relu sigmoid sin softmax tan tanh".split()  # noqa: SIM905 - a list in one line
)
_LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "partial": "∂", "nabla": "∇",
    "infty": "∞", "ell": "ℓ", "top": "ᵀ", "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮", "prime": "′",
    "%": "%", "_": "_", "$": "$", "#": "#", "&": "&",
}  # fmt: skip
_BINARY = {
    "cdot": "·", "times": "×", "odot": "⊙", "pm": "±", "div": "÷", "circ": "∘", "ast": "*", "setminus": "\N{SET MINUS}",
    "cup": "∪", "cap": "∩",
}  # fmt: skip
_RELATIONS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "Rightarrow": "⇒", "in": "∈", "equiv": "≡", "sim": "~", "propto": "∝", "mapsto": "↦", "ll": "≪",
    "gg": "≫", "lt": "<", "gt": ">", "mid": "|",
}  # fmt: skip
_LARGE = {"sum": "Σ", "prod": "Π", "int": "∫"}
_OPEN = {"langle": "⟨", "lVert": "‖", "lvert": "|", "lfloor": "⌊", "lceil": "⌈"}
_CLOSE = {"rangle": "⟩", "rVert": "‖", "rvert": "|", "rfloor": "⌋", "rceil": "⌉"}
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "quad": "  ", "qquad": "    ", "!": ""}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303", "vec": "\u20d7", "dot": "\u0307"}
_FONTS = {"mathbf", "mathrm", "mathit", "boldsymbol", "mathbb", "mathcal", "mathsf", "operatorname", "bm"}
_TEXTS = {"text", "textbf", "textit", "mathtt", "texttt"}
_NOTHING = {"displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg"}
_RAISED = dict(zip("0123456789+-=()ntTijk*′ᵀ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿᵗᵀⁱʲᵏ*′ᵀ", strict=True))
_LOWERED = dict(zip("0123456789+-=ijkntm", "₀₁₂₃₄₅₆₇₈₉₊₋₌ᵢⱼₖₙₜₘ", strict=True))
_MINUS = "-"

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\d[\d.]*(?:\{,\}\d{3})*(?:\.\d+)?|\s+|.", re.DOTALL)
# What needs no brackets below a line, as a base or as an exponent: a number, a name with its marks, d or ∂ of one.
_MARK = "[₀-₉ᵢⱼₖₙₜₘ₊₋⁰¹²³⁴-⁹ⁿᵗᵀ⁺⁻′*]"
_ATOM = re.compile(rf"[\d.,]+|[d∂Δ]?[^\W\d_][\u0300-\u036f\u20d7]?{_MARK}*(?:_\w+)?|[^\W\d_]{{3,}}|[^\W\d]+\([^()]*\)")
_WORD = re.compile(r"[\w*.,]+")


@dataclass(frozen=True)
class _Box:
    """A piece of a formula: its lines, all of one length, and which of them stands on the line of the rest.

    kind, as TeX has it: what space belongs around it. "loose" is a letter whose mark must not run into the next."""

    lines: tuple[str, ...]
    kind: str = "letter"
    base: int = 0

    @property
    def text(self) -> str:
        return self.lines[0]


def plain(latex: str, is_block: bool = False) -> list[str]:
    """The lines of a formula; one, where it is no block that stands by itself."""
    parser = _Parser(latex, is_flat=not is_block)
    lines = parser.rows(())
    return [line.rstrip() for line in lines] if is_block else ["; ".join(line.strip() for line in lines)]


class _Parser:
    """Reads one formula. is_flat: whether everything is to stand on one line."""

    def __init__(self, latex: str, is_flat: bool) -> None:
        self.tokens = _TOKEN.findall(latex.strip())
        self.at = 0
        self.is_flat = is_flat

    def rows(self, ends: Sequence[str]) -> list[str]:
        """The whole formula: rows, where several stand one below the other."""
        return [line for row in self._table(ends) for line in _joined([_apart(cell) for cell in row]).lines]

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def _skip(self) -> None:
        while self._peek().isspace():
            self.at += 1

    def _table(self, ends: Sequence[str]) -> list[list[_Box]]:
        """Cells between & in rows between \\\\, up to one of the ends, which is read."""
        rows: list[list[_Box]] = [[]]
        while True:
            rows[-1].append(self._row(("&", "\\\\", *ends)))
            end = self._next()
            if end == "\\\\":
                rows.append([])
            elif end != "&":
                break
        last = rows[-1]
        return rows[:-1] if len(rows) > 1 and all(not cell.text.strip() for cell in last) else rows

    def _row(self, ends: Sequence[str]) -> _Box:
        """What stands beside each other up to one of the ends, which is left."""
        boxes: list[_Box] = []
        while self._peek() and self._peek() not in ends:
            if self._peek().isspace():
                self.at += 1
                continue
            boxes.append(self._scripts(self._piece()))
        return _spaced(boxes)

    def _flat(self) -> str:
        """The next argument on one line: a group in braces, or one token."""
        self._skip()
        before, self.is_flat = self.is_flat, True
        box = self._piece()
        self.is_flat = before
        return box.text.strip()

    def _piece(self) -> _Box:
        token = self._next()
        if token == "{":
            box = self._row(("}",))
            self._next()
            return box
        if token.startswith("\\"):
            return self._command(token[1:])
        if token[:1].isdigit():
            return _Box((token.replace("{,}", ","),), "number")
        kinds = {**dict.fromkeys("+-*", "binary"), **dict.fromkeys("=<>", "relation"), **dict.fromkeys(",;", "comma")}
        kinds |= {"(": "open", "[": "open", ")": "close", "]": "close", "|": "bar", "/": "slash", ":": "comma"}
        return _Box(("′" if token == "'" else _MINUS if token == "\u2212" else token,), kinds.get(token, "letter"))

    def _command(self, name: str) -> _Box:
        for names, kind in ((_LETTERS, "letter"), (_BINARY, "binary"), (_RELATIONS, "relation"), (_LARGE, "large")):
            if name in names:
                return _Box((names[name],), kind)
        for names, kind in ((_OPEN, "open"), (_CLOSE, "close"), (_SPACES, "space")):
            if name in names:
                return _Box((names[name],), kind)
        if name in FUNCTIONS:
            return _Box((name,), "function")
        if name in _NOTHING:
            return _Box(("",), "space")
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self._flat(), self._flat()
            return _Box((f"{_bracketed(above, is_above=True)}/{_bracketed(below)}",), "fraction")
        if name == "sqrt":
            return _Box((f"√{_bracketed(self._flat())}",), "letter")
        if name in _ACCENTS:
            inside = self._flat()
            return _Box((f"{inside[:1]}{_ACCENTS[name]}{inside[1:]}",), "letter")
        if name in _FONTS:
            inside = self._flat()
            return _Box((inside,), "function" if name == "operatorname" or inside in FUNCTIONS else "letter")
        if name in _TEXTS:
            return _Box((self._text(),), "word")
        if name in ("left", "right"):
            self._skip()
            mark = self._piece().text
            return _Box(("" if mark == "." else mark,), "open" if name == "left" else "close")
        if name == "begin":
            return self._environment()
        return _Box((f"\\{name}",), "letter")

    def _text(self) -> str:
        """The words in braces, as they are."""
        self._skip()
        if self._peek() != "{":
            return self._next()
        self._next()
        found, depth = "", 1
        while self._peek():
            token = self._next()
            depth += (token == "{") - (token == "}")
            if not depth:
                break
            found += token.removeprefix("\\") if token in ("\\_", "\\%", "\\$", "\\#", "\\&") else token
        return found

    def _name(self) -> str:
        self._skip()
        found = ""
        if self._next() == "{":
            while self._peek() and (token := self._next()) != "}":
                found += token
        return found

    def _environment(self) -> _Box:
        name = self._name()
        if name == "array":
            self._name()  # how its columns are set
        rows = [[_apart(cell) for cell in row] for row in self._table(("\\end",))]
        self._name()
        kind = name.rstrip("*")
        if kind in ("aligned", "align", "split", "gathered"):
            return _equations(rows, self.is_flat)
        if kind == "cases":
            return _cases(rows, self.is_flat)
        if kind in ("pmatrix", "bmatrix", "matrix", "vmatrix", "array", "smallmatrix"):
            return _matrix(rows, self.is_flat)
        return _Box((f"\\begin {name}",))

    def _scripts(self, box: _Box) -> _Box:
        """A piece with what is written above and below behind it."""
        raised = lowered = ""
        while True:
            self._skip()
            if self._peek() == "^":
                self._next()
                raised += self._flat()
            elif self._peek() == "_":
                self._next()
                lowered += self._flat()
            elif self._peek() == "'":
                self._next()
                raised += "′"
            else:
                break
        if not raised and not lowered:
            return box
        if box.kind == "large" and not (_all(lowered, _LOWERED) and _all(raised, _RAISED)):
            to = f" … {raised}" if raised else ""
            return _Box((f"{box.text}[{lowered}{to}]",), "large")
        if box.kind in ("fraction",) or (len(box.lines) == 1 and box.kind in ("letter", "word") and " " in box.text):
            box = _Box((f"({box.text})",), "close")
        marks = _script(lowered, _LOWERED, "_") + _script(raised, _RAISED, "^")
        is_loose = bool(marks) and ("_" in marks or "^" in marks)
        kind = box.kind if box.kind in ("function", "large", "close", "binary", "relation") else "letter"
        if len(box.lines) > 1:
            return _joined([box, _Box((marks, *[" " * len(marks)] * (len(box.lines) - 1)), kind, box.base)])
        return _Box((f"{box.text}{marks}",), "loose" if is_loose and kind == "letter" else kind)


def _all(text: str, marks: dict[str, str]) -> bool:
    return all(character in marks for character in text.replace(" ", ""))


def _script(text: str, marks: dict[str, str], sign: str) -> str:
    """What stands above or below as small characters, or behind its sign, in brackets where it needs them."""
    if _all(text, marks):
        return "".join(marks[character] for character in text.replace(" ", ""))
    return f"{sign}{text}" if _WORD.fullmatch(text) else f"{sign}({text})"


def _bracketed(text: str, is_above: bool = False) -> str:
    """A part of a fraction, or what stands below a root."""
    if _ATOM.fullmatch(text) or (text[:1] == "(" and _closes(text) == len(text) - 1):
        return text
    if is_above and not re.search(r"[/]|[^(\s] [-+=±] ", _without_groups(text)):
        return text
    return f"({text})"


def _closes(text: str) -> int:
    """Where the bracket closes that a text begins with."""
    depth = 0
    for i, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if not depth:
            return i
    return -1


def _without_groups(text: str) -> str:
    while (less := re.sub(r"[(\[][^()\[\]]*[)\]]", "x", text)) != text:
        text = less
    return text


_BEGINNINGS = ("", "binary", "relation", "open", "comma", "large", "function")  # behind these a sign is no operation


def _spaced(boxes: Sequence[_Box]) -> _Box:
    """Pieces beside each other, with the space between them that belongs there."""
    found: list[_Box] = []
    before, is_inside = "", False  # what stands before, and whether between two bars
    for box in boxes:
        kind = box.kind
        if kind == "bar":
            kind, is_inside = ("close" if is_inside else "open"), not is_inside
        if kind == "binary" and before in _BEGINNINGS:
            kind = "sign"
        if kind == "space":
            if found and box.text and not found[-1].lines[0].endswith(" "):
                found.append(_Box((box.text,), "space"))
                before = before if box.text == " " else ""  # far apart, it is another formula
            continue
        between = _between(before, kind)
        if (
            not between
            and before == "letter"
            and kind in ("letter", "loose")
            and re.search(f"{_MARK}$", found[-1].text)
        ):
            between = " "
        if found and between and not found[-1].lines[0].endswith(" "):
            found.append(_Box((between,), "space"))
        elif found and between == " · " and found[-1].kind == "space":
            found.append(_Box(("· ",), "space"))
        found.append(box)
        before = kind
    kinds = {box.kind for box in found}
    joined = _joined(found)
    kind = found[0].kind if len(found) == 1 else "fraction" if kinds == {"fraction"} else "letter"
    return _Box(joined.lines, kind, joined.base)


def _between(before: str, kind: str) -> str:
    if not before or before == "sign":
        return ""
    if "relation" in (before, kind) or "binary" in (before, kind) or before == "comma":
        return " "
    if before == "word" and kind not in ("comma", "close", "fraction", "slash"):
        return " "
    is_operand = kind in ("letter", "word", "loose", "number", "fraction", "function", "large", "matrix")
    if before in ("fraction", "letter", "word", "loose", "number", "close", "matrix") and is_operand:
        if "fraction" in (before, kind) or "matrix" in (before, kind) or (before, kind) == ("number", "number"):
            return " · "
        return " " if before == "loose" or kind in ("word", "function", "large") else ""
    if before in ("function", "large"):
        return "" if kind in ("open", "comma", "close") and before == "function" else " " if kind != "close" else ""
    if before == "fraction" and kind == "open":
        return " "
    return ""


def _joined(boxes: Sequence[_Box]) -> _Box:
    """Boxes beside each other, on one line."""
    above = max((box.base for box in boxes), default=0)
    below = max((len(box.lines) - box.base for box in boxes), default=1)
    lines = [""] * (above + below)
    for box in boxes:
        width = max(map(len, box.lines))
        first = above - box.base
        for i in range(len(lines)):
            line = box.lines[i - first] if first <= i < first + len(box.lines) else ""
            lines[i] += line.ljust(width)
    return _Box(tuple(lines), "letter", above)


def _apart(box: _Box) -> _Box:
    """A cell without the space around it."""
    width = max(len(line.rstrip()) for line in box.lines)
    return _Box(tuple(line[:width].ljust(width) for line in box.lines), box.kind, box.base)


def _grid(rows: Sequence[Sequence[_Box]], sides: str, gap: str) -> list[str]:
    """Cells in columns. sides: "<" or ">" of each column in turn, to which side its cells go."""
    most = max(map(len, rows))
    full = [[*row, *[_Box(("",))] * (most - len(row))] for row in rows]
    widths = [max(len(row[i].lines[0]) for row in full) for i in range(most)]
    lines: list[str] = []
    for row in full:
        cells = []
        for i, cell in enumerate(row):
            side = sides[i % len(sides)]
            fill = str.rjust if side == ">" else str.ljust
            cells.append(_Box(tuple(fill(line, widths[i]) for line in cell.lines), "letter", cell.base))
            if i + 1 < most:
                cells.append(_Box((gap,)))
        lines += _joined(cells).lines
    return lines


def _equations(rows: Sequence[Sequence[_Box]], is_flat: bool) -> _Box:
    if is_flat:
        return _Box(("; ".join(" ".join(cell.text for cell in row if cell.text) for row in rows),))
    # Behind & a sign is an operation.
    operations = [[cell if i == 0 else _operation(cell) for i, cell in enumerate(row)] for row in rows]
    return _Box(tuple(_grid(operations, "><", " ")), "letter", 0)


def _operation(cell: _Box) -> _Box:
    if len(cell.lines) > 1:
        return cell
    return _Box((re.sub(r"^([-+])(?=\S)", r"\1 ", cell.text),), cell.kind)


def _cases(rows: Sequence[Sequence[_Box]], is_flat: bool) -> _Box:
    if is_flat:
        return _Box(("; ".join(" ".join(cell.text for cell in row if cell.text) for row in rows),))
    lines = _grid(rows, "<", "  ")
    return _fenced(lines, "⎧⎨⎩", "   ")


def _matrix(rows: Sequence[Sequence[_Box]], is_flat: bool) -> _Box:
    """In rows; on one line as Python writes it."""
    if is_flat:
        texts = [[cell.text for cell in row] for row in rows]
        if len(texts) == 1 or all(len(row) == 1 for row in texts):
            return _Box((f"[{', '.join(text for row in texts for text in row)}]",), "matrix")
        inside = ", ".join(f"[{', '.join(row)}]" for row in texts)
        return _Box((f"[{inside}]",), "matrix")
    lines = _grid(rows, ">", "  ")
    if len(lines) == 1:
        return _Box((f"[{lines[0]}]",), "matrix")
    return _fenced(lines, "⎡⎢⎣", "⎤⎥⎦")


def _fenced(lines: Sequence[str], left: str, right: str) -> _Box:
    last = len(lines) - 1
    middle = last // 2
    places = [0 if i == 0 else 2 if i == last else 1 for i in range(len(lines))]
    return _Box(tuple(f"{left[p]} {line} {right[p]}" for p, line in zip(places, lines, strict=True)), "matrix", middle)
