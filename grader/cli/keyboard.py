"""The keyboard of a terminal, key by key, and when its screen has to be drawn anew."""

from __future__ import annotations

import _thread
import contextlib
import os
import re
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

KEYS_AT_ONCE = 1024
SIZE_SECONDS = 0.5  # between two looks at the size, where no signal tells that it is another
# What a terminal sends for keys that have a name rather than a character.
NAMES = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\n": "enter",
    " ": "space",
}
_KEY = re.compile(r"\x1b[\[O][0-9;]*[A-Za-z~]|.", re.DOTALL)
# The same keys as the console of Windows has them: what comes after a character that says that it is none.
_CONSOLE_FIRST = "\x00\xe0"
_CONSOLE = {"H": "\x1b[A", "P": "\x1b[B", "M": "\x1b[C", "K": "\x1b[D", "I": "\x1b[5~", "Q": "\x1b[6~"}


class Source(Protocol):
    """Something that can be waited for."""

    def fileno(self) -> int:
        """Its descriptor, or on Windows its socket, for select."""

    def read(self) -> bytes:
        """What has come; nothing where nothing can come any more."""


class _Terminal:
    def fileno(self) -> int:
        return sys.stdin.fileno()

    def read(self) -> bytes:
        return os.read(sys.stdin.fileno(), KEYS_AT_ONCE)


class Signals:
    """What another thread, or whoever handles a signal, has to say: every system can wait for a socket."""

    def __init__(self) -> None:
        self._receiving, self._sending = socket.socketpair()

    def fileno(self) -> int:
        return self._receiving.fileno()

    def read(self) -> bytes:
        return self._receiving.recv(KEYS_AT_ONCE)

    def send(self, data: bytes = b".") -> None:
        self._sending.send(data)

    def close(self) -> None:
        """Nothing can come any more."""
        self._sending.close()


def is_there() -> bool:
    """Whether there is a keyboard to read from. (Windows takes the null device for a terminal.)"""
    try:
        return bool(sys.stdin and sys.stdin.isatty() and os.get_terminal_size(sys.stdin.fileno()))
    except OSError:
        return os.name != "nt"


@contextlib.contextmanager
def keys() -> Iterator[tuple[Source, Source]]:
    """Where keys come one by one, as they are pressed; and where something comes when the screen has to be drawn anew:
    after Ctrl-Z and fg, and when it has another size."""
    with _keys_of_windows() if os.name == "nt" else _keys() as sources:
        yield sources


@contextlib.contextmanager
def _keys() -> Iterator[tuple[Source, Source]]:
    import termios
    import tty

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    drawn_over = Signals()

    def resized(*_: object) -> None:
        drawn_over.send()

    def continued(*_: object) -> None:  # a shell that was in front has put the terminal back as it likes it
        tty.setcbreak(keyboard, termios.TCSADRAIN)
        drawn_over.send()

    signal.signal(signal.SIGCONT, continued)
    signal.signal(signal.SIGWINCH, resized)
    try:
        tty.setcbreak(keyboard, termios.TCSADRAIN)
        yield _Terminal(), drawn_over
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _keys_of_windows() -> Iterator[tuple[Source, Source]]:
    import msvcrt

    import colorama  # click has it with it there

    colorama.just_fix_windows_console()  # type: ignore[no-untyped-call,unused-ignore]  # it has no types
    keyboard, drawn_over = Signals(), Signals()
    threading.Thread(target=send_console, args=(msvcrt.getwch, keyboard), daemon=True).start()  # type: ignore[attr-defined,unused-ignore]
    threading.Thread(target=_follow_size, args=(drawn_over,), daemon=True).start()
    yield keyboard, drawn_over


def send_console(next_character: Callable[[], str], keyboard: Signals) -> None:
    """Send on every key of the console of Windows, as a terminal would. Ctrl-C, which is a character there, is what it
    is elsewhere; it ends with the console."""
    while True:
        try:
            character = next_character()
        except OSError:
            keyboard.close()
            return
        if character in _CONSOLE_FIRST:
            character = _CONSOLE.get(next_character(), "")
        elif character == "\x03":
            _thread.interrupt_main()
        keyboard.send(("\n" if character == "\r" else character).encode("utf-8", "replace"))


def _follow_size(drawn_over: Signals) -> None:
    before = os.get_terminal_size()
    while True:
        time.sleep(SIZE_SECONDS)
        now = os.get_terminal_size()
        if now != before:
            drawn_over.send()
        before = now


def has_come(source: Source) -> bool:
    """Whether there is something to read."""
    return bool(select.select([source], [], [], 0)[0])


def pressed(text: str) -> list[str]:
    """The keys in what came in one piece: one, one several times, or several that send no letter. All else is no key:
    pasted text. Nor are two r or s at once: they are asked for a second time, when the question has been read."""
    found = _KEY.findall(text)
    if (len(set(found)) > 1 and not NAMES.keys() >= set(found)) or (len(found) > 1 and found[0] in "rsRS"):
        return [text]
    return [NAMES.get(key, key.lower()) for key in found]
