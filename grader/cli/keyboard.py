"""The keyboard of a terminal, key by key, and when its screen has to be drawn anew."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
from collections.abc import Iterator

KEYS_AT_ONCE = 1024
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


@contextlib.contextmanager
def keys() -> Iterator[tuple[int, int]]:
    """Where to read keys one by one, as they are pressed; and where something comes when the screen has to be drawn
    anew: after Ctrl-Z and fg, and when it has another size."""
    import termios
    import tty

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    drawn_over, signalled = os.pipe()

    def resized(*_: object) -> None:
        os.write(signalled, b".")

    def continued(*_: object) -> None:  # a shell that was in front has put the terminal back as it likes it
        tty.setcbreak(keyboard, termios.TCSADRAIN)
        os.write(signalled, b".")

    signal.signal(signal.SIGCONT, continued)
    signal.signal(signal.SIGWINCH, resized)
    try:
        tty.setcbreak(keyboard, termios.TCSADRAIN)
        yield keyboard, drawn_over
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


def has_come(descriptor: int) -> bool:
    """Whether there is something to read."""
    return bool(select.select([descriptor], [], [], 0)[0])


def pressed(text: str) -> list[str]:
    """The keys in what came in one piece: one, one several times, or several that send no letter. All else is no key:
    pasted text. Nor are two r or s at once: they are asked for a second time, when the question has been read."""
    found = _KEY.findall(text)
    if (len(set(found)) > 1 and not NAMES.keys() >= set(found)) or (len(found) > 1 and found[0] in "rsRS"):
        return [text]
    return [NAMES.get(key, key.lower()) for key in found]
