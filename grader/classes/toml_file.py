"""Reads what an instructor writes in TOML. What is wrong is named by its key, as it leads from the top."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import PolicyError
from grader.base.points import exactly

MAX_BYTES = 1024 * 1024


class TomlFile:
    """The tables of one file, and the errors in them. Keys are given as they lead from the top: ("points", "mul")."""

    def __init__(self, path: Path, form: int) -> None:
        """data: the whole file, of which only the format is checked. PolicyError where it is another, or none."""
        self.path = path
        self.data = self._load()
        if type(self.data.get("format")) is not int or self.data["format"] != form:
            raise self.error(("format",), messages.POLICY_FORMAT.format(format=form))

    def _load(self) -> dict[str, Any]:
        try:
            with self.path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            text = raw.decode()
        except OSError as error:
            raise self._unreadable(error.strerror or str(error)) from error
        except UnicodeDecodeError as error:
            raise self.wrong(messages.POLICY_NOT_TEXT) from error
        if len(raw) > MAX_BYTES:
            raise self._unreadable(messages.POLICY_TOO_BIG)
        try:
            return tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # ValueError: also of an int of too many digits, a wrong date
            raise self.wrong(messages.POLICY_SYNTAX.format(why=error)) from error

    def table(self, value: Any, key: str) -> dict[str, Any]:
        """The value, where it is a section."""
        if not isinstance(value, dict):
            raise self.error((key,), messages.POLICY_TABLE.format(key=key))
        return value

    def known(self, table: dict[str, Any], keys: tuple[str, ...], names: Iterable[str], message: str) -> None:
        """That a table has no key but these."""
        for key in table:
            if key not in names:
                raise self.error((*keys, key), unknown(message, key, names))

    def number(self, value: Any, keys: tuple[str, ...], is_signed: bool = False) -> Fraction:
        """A number, not below 0 unless is_signed."""
        low = -sys.float_info.max if is_signed else 0
        if type(value) not in (int, float) or not low <= value <= sys.float_info.max:
            raise self.error(keys, messages.POLICY_SIGNED_NUMBER if is_signed else messages.POLICY_NUMBER)
        return exactly(value)

    def error(self, keys: tuple[str, ...], why: str) -> PolicyError:
        """What is wrong with a key."""
        return self.wrong(f"{_shown('.'.join(keys))}: {why}")

    def wrong(self, text: str) -> PolicyError:
        """What is wrong with the file."""
        return PolicyError(messages.POLICY_WRONG.format(path=self.path, text=text))

    def _unreadable(self, why: str) -> PolicyError:
        return PolicyError(messages.POLICY_UNREADABLE.format(path=self.path, why=why))


def unknown(message: str, name: str, names: Iterable[str]) -> str:
    """That there is no such name, and the one that may be meant."""
    import difflib  # for whoever mistypes

    close = difflib.get_close_matches(name, names, 1)
    return message.format(name=_shown(name)) + (messages.POLICY_MEANT.format(name=close[0]) if close else "")


def _shown(name: str) -> str:
    return name if len(name) <= 60 and name.isprintable() else ascii(name[:60])
