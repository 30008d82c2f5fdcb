"""Puts the reference's version of some functions in the place of a submission's, one by one.

So an exercise can be asked again as if what it rests on were right. Two ways, as styles differ: the reference's methods
in the submission's class, or the submission's methods in the reference's class.
"""

from __future__ import annotations

import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

REFERENCE = "reference:"  # before the name of a module of the reference, which no file can have


def mend(
    namespace: dict[str, Any],
    own: Iterable[types.ModuleType],
    references: Mapping[str, types.ModuleType],
    homes: Mapping[str, str],
    wanted: Iterable[str],
    kept: Iterable[str],
    classes: bool,
) -> None:
    """Take the symbols `wanted` ("Value.__mul__", "train") from the reference.

    namespace: the names that probes use. own: the modules of the submission. references: home module -> the
    reference's. homes: name -> home module. classes: take whole classes, with the submission's methods `kept` in them.
    """
    own = list(own)
    for home, reference in references.items():  # what it imports, it takes from the submission
        vars(reference).update({name: namespace[name] for name in namespace if homes.get(name, home) != home})
    for symbol in wanted:
        name, _, method = symbol.partition(".")
        reference = references[homes[name]]
        theirs = vars(reference)[name]
        if not method:
            _rebind(name, _moved(theirs, _scope(namespace.get(name), own, namespace, reference, homes)), own, namespace)
        elif classes:
            if namespace.get(name) is not theirs:
                _keep(theirs, namespace.get(name), kept)
                _rebind(name, theirs, own, namespace)
        elif isinstance(namespace.get(name), type):
            scope = _scope(namespace[name], own, namespace, reference, homes)
            setattr(namespace[name], method, _moved(vars(theirs)[method], scope))


def _keep(cls: type, theirs: Any, kept: Iterable[str]) -> None:
    """Put the submission's methods into a class of the reference, which has none of its own in their place."""
    for symbol in kept:
        name, _, method = symbol.partition(".")
        if name != cls.__name__:
            continue
        if method in vars(cls):
            delattr(cls, method)
        bases = theirs.__mro__[:-1] if isinstance(theirs, type) else ()
        found = next((vars(base)[method] for base in bases if method in vars(base)), None)
        if found is not None:
            scope = {**getattr(found, "__globals__", {}), name: cls, theirs.__name__: cls}
            setattr(cls, method, _moved(found, scope))


def _rebind(name: str, thing: Any, own: Iterable[types.ModuleType], namespace: dict[str, Any]) -> None:
    before = namespace.get(name)
    for module in own:
        for bound, value in list(vars(module).items()):
            if bound == name or (before is not None and value is before):
                vars(module)[bound] = thing
    namespace[name] = thing


def _scope(
    thing: Any,
    own: Iterable[types.ModuleType],
    namespace: Mapping[str, Any],
    reference: types.ModuleType,
    homes: Mapping[str, str],
) -> dict[str, Any]:
    """The globals that a function of the reference finds beside a submission: the submission's, and what these lack."""
    module = next((m for m in own if m.__name__ == getattr(thing, "__module__", None)), None)
    theirs = vars(module) if module else {}
    names = {name: namespace[name] for name in homes if name in namespace}
    return {**vars(reference), **theirs, **names}


def _moved(function: Any, scope: dict[str, Any]) -> Any:
    if not isinstance(function, types.FunctionType):
        return function
    moved = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    moved.__kwdefaults__ = function.__kwdefaults__
    return moved
