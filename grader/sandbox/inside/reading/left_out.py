"""Why something of a submission is not read, and how much of one is."""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
MAX_EXPANDED = 64 * MIB  # of all that is read of a submission's archives
MAX_MEMBERS = 10_000
MAX_ARCHIVE = 32 * MIB  # as it was handed in
MAX_NOTEBOOK = 64 * MIB  # with its pictures
MAX_BYTES = MIB  # of one file of Python
MAX_CLASS = 1024 * MIB  # of an archive with a whole class in it, as it is, and as far as it is read
MAX_CLASS_FILES = 500_000
MAX_STUDENT = 64 * MIB
MAX_FILES = 2_000  # of one submission
MAX_PATH = 1_000  # characters
MAX_PARTS = 64  # of a path: more than an archive in an archive in a deep folder has
MAX_WHY = 200


class LeftOut(Exception):
    """It is not read. why: a key of messages.LEFT_OUT at the trusted end, data: what that text holds in braces."""

    def __init__(self, why: str, /, **data: str | int) -> None:
        super().__init__(why)
        self.why = why
        self.data = data


class Budget:
    """How much may still be read."""

    def __init__(self, most: int = MAX_EXPANDED, members: int = MAX_MEMBERS) -> None:
        self.most = self.left = most
        self.members = members

    def take(self, size: int) -> None:
        """So many bytes are read; LeftOut where they are too many."""
        self.left -= size
        if self.left < 0:
            raise LeftOut("archive-too-large", most=self.most // MIB)

    def count(self) -> None:
        """One more member is looked at; LeftOut where they are too many."""
        self.members -= 1
        if self.members < 0:
            raise LeftOut("archive-too-many")
