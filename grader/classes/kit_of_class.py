"""The kit of a class: the one that it began with, until somebody asks for another."""

from __future__ import annotations

from grader import __version__
from grader.base import messages
from grader.base.errors import OutputError
from grader.base.text import printable
from grader.classes.batch import kit_print
from grader.classes.gradebook import Gradebook
from grader.kit import Kit

SETTING = "kit"


def keep_kit(gradebook: Gradebook, kit: Kit, is_asked_for: bool) -> None:
    """Keep which kit a class is graded with. OutputError, with nothing kept, where that is another than before and
    nobody asked for it.

    A gradebook from before that was kept is known by the kits that its gradings were made with.
    """
    mark = kit_print(kit)
    name = messages.KIT_CALLED.format(
        kit=kit.manifest.name, version=kit.manifest.version, grader=__version__, mark=mark[:8]
    )
    kept = gradebook.setting(SETTING)
    before = {kept["print"]} if kept else {kit for _, kit, _ in gradebook.fingerprints().values()}
    if before and mark not in before and not is_asked_for:
        called = kept["name"] if kept else messages.KIT_UNKNOWN
        raise OutputError(messages.OTHER_KIT.format(folder=printable(str(gradebook.folder)), before=called, now=name))
    if kept is None or kept["print"] != mark:
        gradebook.keep_setting(SETTING, {"print": mark, "name": name})
