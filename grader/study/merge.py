"""Three-way merging: what two sides made of the same lines. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PAIRS = 1_000_000  # of a line of one text and the same in another; files of the kit have a few thousand


@dataclass(frozen=True)
class Merged:
    """The lines of both sides, and the numbers (from 1) of the lines at which both had changed the same: there ours
    stay as they are."""

    lines: tuple[str, ...]
    conflicts: tuple[int, ...] = ()


def merged(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Merged:
    """Between lines that all three have, what one side has changed is taken from that side. Where both have added
    something and taken nothing away, ours comes first and then theirs. (The method of diff3.)
    ValueError as in compared."""
    in_ours, in_theirs = _places(base, ours), _places(base, theirs)
    in_all = [i for i in range(len(base)) if i in in_ours and i in in_theirs]
    lines: list[str] = []
    conflicts: list[int] = []
    b = o = t = 0
    for i in [*in_all, len(base)]:
        its_end, their_end = in_ours.get(i, len(ours)), in_theirs.get(i, len(theirs))
        was, our, their = list(base[b:i]), list(ours[o:its_end]), list(theirs[t:their_end])
        if our == was:
            lines += their
        elif their in (was, our):
            lines += our
        elif not was:
            lines += our if our[-len(their) :] == their else our + their  # it may have been merged in before
        else:
            conflicts.append(len(lines) + 1)
            lines += our
        lines += base[i : i + 1]
        b, o, t = i + 1, its_end + 1, their_end + 1
    return Merged(tuple(lines), tuple(conflicts))


def compared(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    """What two texts have in common. ValueError where finding that would take minutes, as it does between thousands of
    lines that are the same."""
    times = Counter(after)
    if sum(times[line] for line in before) > MOST_PAIRS:
        raise ValueError("too many lines are the same")
    return SequenceMatcher(None, before, after, autojunk=False)


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Which line of the base is which of the other."""
    blocks = compared(base, other).get_matching_blocks()
    return {block.a + k: block.b + k for block in blocks for k in range(block.size)}
