"""A real terminal for tests: tmux, driven by keys and read from its screen."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from conftest import missing_on_this_machine

SECONDS = 30.0


class Terminal:
    """A terminal with one program in it."""

    def __init__(self, server: str) -> None:
        self._server = server

    def tmux(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-L", self._server, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def screen(self) -> str:
        """What can be seen now."""
        return self.tmux("capture-pane", "-p", "-t", "test")

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", "-t", "test", "--", *keys)

    def wait_for(self, *texts: str, gone: str | None = None) -> str:
        """The screen, as soon as it shows all of the texts, and no more what is to be gone."""
        end = time.monotonic() + SECONDS
        while True:
            screen = self.screen()
            if all(text in screen for text in texts) and not (gone and gone in screen):
                return screen
            assert time.monotonic() < end, f"{texts} did not come, or {gone} did not go:\n{screen}"
            time.sleep(0.02)

    @property
    def process(self) -> int:
        """The number of the process of the program."""
        shell = self.tmux("list-panes", "-t", "test", "-F", "#{pane_pid}").strip()
        return int(Path("/proc", shell, "task", shell, "children").read_text().split()[0])


@contextmanager
def terminal(
    *command: object, environment: Mapping[str, str], cwd: Path, lines: int = 24, columns: int = 80
) -> Iterator[Terminal]:
    """A terminal in which a command runs; afterwards there is neither."""
    if not shutil.which("tmux"):
        missing_on_this_machine("tmux", "install tmux")
    server = f"mg-grade-{os.getpid()}-{time.monotonic_ns()}"
    found = Terminal(server)
    settings = [f"{name}={value}" for name, value in environment.items()]
    program = shlex.join(["env", *settings, *map(str, command)])
    # When the program has ended, what it showed last is still to be read, and its exit status.
    line = f"{program}; echo status $?; cat"
    found.tmux(
        *("-f", "/dev/null", "new-session", "-d", "-s", "test", "-x", str(columns), "-y", str(lines)),
        *("-c", str(cwd), line),
    )
    try:
        yield found
    finally:
        subprocess.run(["tmux", "-L", server, "kill-server"], check=False, capture_output=True)
