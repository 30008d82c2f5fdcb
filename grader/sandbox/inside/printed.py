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
        self._stream: Any = None

    def install(self) -> None:
        """Let both streams of this process end here."""
        raw: Any = self  # a text stream asks no more of it than a raw stream has
        self._stream = io.TextIOWrapper(raw, "utf-8", "backslashreplace")
        for name in ("stdout", "stderr"):  # one for both keeps their order
            setattr(sys, name, self._stream)
            setattr(sys, f"__{name}__", self._stream)

    def clear(self) -> None:
        """Forget what was printed until now."""
        self._flush()
        self._kept.clear()

    def text(self) -> str:
        """What was printed since, as far as it is kept."""
        self._flush()
        return bytes(self._kept[:MOST]).decode("utf-8", "replace")

    def _flush(self) -> None:
        try:  # noqa: SIM105 - contextlib takes as long to import as the rest of this
            self._stream.flush()
        except BaseException:  # it was closed, or taken apart
            pass

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1  # the null device: what is written there is not kept

    def write(self, data: Any) -> int:
        room = MOST - len(self._kept)
        if room > 0:
            self._kept += data[:room]
        return len(data)
