"""Whether a text that is no Python here may be Python to a newer one.

What newer versions have added is written in an older way: an f-string becomes an empty string (once what stands in its
braces has been parsed by itself), the brackets of type parameters go, exceptions get some. Where the text can then be
parsed, at least beyond the line where it could not, it is likely to be that.
"""

from __future__ import annotations

import _ast as ast

NOTE = "may be syntax of a newer Python"
OLDER = (
    (r"(\b(?:def|class)[ \t]+\w+)[ \t]*\[[ \t]*[\w*][^\n]*?\](?=[ \t]*[(:])", r"\1"),
    (r"(?m)^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\n]*?\][ \t]*)?=(?!=)", r"\1\2 ="),
    (r"(\bexcept\*?)[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:", r"\1 (\2):"),
)
PREFIXES = {"", "r", "b", "u", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"}


def is_newer(text: str, error: SyntaxError) -> bool:
    """Whether the error that a text gives is likely to be syntax of a newer Python."""
    import re  # only here: most texts are Python

    try:
        older = _Reader(text).older()
        for pattern, replacement in OLDER:
            older = re.sub(pattern, replacement, older)
    except Exception:  # a string without an end, braces with something else in them
        return False
    try:
        _parse(older, "exec")
    except SyntaxError as other:
        return (other.lineno or 0) > (error.lineno or 0)
    except Exception:  # what Python cannot parse for other reasons
        return False
    return True


def _parse(text: str, mode: str) -> None:
    compile(text, "", mode, ast.PyCF_ONLY_AST, dont_inherit=True)


class _Reader:
    """Finds the f-strings and t-strings of a text as newer Pythons do: in their braces anything may stand, strings with
    the same quotes too. An exception where one is none."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def older(self) -> str:
        """The text with an empty string of as many lines in the place of each."""
        pieces = []
        while self._at < len(self._text):
            pieces.append(self._piece())
        return "".join(pieces)

    def _piece(self) -> str:
        """Go beyond the next character, word, comment or string."""
        begin = self._at
        if self._text[begin] == "#":
            self._at = f"{self._text}\n".index("\n", begin)
            return self._text[begin : self._at]
        while self._text[self._at : self._at + 1].isidentifier() or self._text[self._at : self._at + 1].isdigit():
            self._at += 1
        prefix = self._text[begin : self._at].lower()
        if prefix in PREFIXES and self._text[self._at : self._at + 1] in ("'", '"'):
            has_braces = "f" in prefix or "t" in prefix
            self._string(has_braces)
            if has_braces:
                return '"""' + "\n" * self._text.count("\n", begin, self._at) + '"""'
        elif not prefix:
            self._at += 1
        return self._text[begin : self._at]

    def _string(self, has_braces: bool) -> None:
        quote = self._text[self._at]
        quote = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(quote)
        while not self._text.startswith(quote, self._at):
            self._literal(quote, has_braces)
        self._at += len(quote)

    def _literal(self, quote: str, has_braces: bool) -> None:
        """Go beyond one character of a string, or all that stands in braces."""
        character = self._text[self._at]
        if character == "\n" and len(quote) == 1:
            raise ValueError
        if has_braces and character == "{" and not self._text.startswith("{{", self._at):
            self._field(quote)
        else:
            self._at += 2 if character == "\\" or self._text.startswith("{{", self._at) else 1

    def _field(self, quote: str) -> None:
        self._at += 1
        pieces, depth = [], 0
        while depth or not self._ends_expression():
            character = self._text[self._at]
            depth += (character in "([{") - (character in ")]}")
            pieces.append(self._piece())
        expression = "".join(pieces).strip()
        if not expression:
            raise ValueError
        is_debug = expression.endswith("=") and not expression.endswith("==")
        _parse(f"({expression.removesuffix('=') if is_debug else expression}\n)", "eval")
        while self._text[self._at] not in ":}":  # !r
            self._at += 1
        while self._text[self._at] != "}":  # how it is formatted, where braces may stand again
            if self._text.startswith(quote, self._at):
                raise ValueError
            self._literal(quote, has_braces=True)
        self._at += 1

    def _ends_expression(self) -> bool:
        """Whether the text goes on with what ends an expression in braces."""
        character, following = self._text[self._at], self._text[self._at + 1]
        return character in "}:" or (character == "!" and following != "=")
