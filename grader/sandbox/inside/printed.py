"""What learner code prints: the beginning of it is kept until the next probe, the rest goes nowhere."""

from __future__ import annotations

import io
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 4 * 1024  # bytes


class Printed(io.RawIOBase):
    """In the place of the descriptors below sys.stdout and sys.stderr."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def install(self) -> None:
        """Let both streams of this process end here."""
        for name in ("stdout", "stderr"):
            raw: Any = self  # a text stream asks no more of it than a raw stream has
            stream = io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)

    def clear(self) -> None:
        """Forget what was printed until now."""
        self._kept.clear()

    def text(self) -> str:
        """What was printed since, as far as it is kept."""
        return bytes(self._kept[:MOST]).decode("utf-8", "replace")

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1  # the null device: what is written there is not kept

    def write(self, data: Any) -> int:
        room = MOST - len(self._kept)
        if room > 0:
            self._kept += data[:room]
        return len(data)
