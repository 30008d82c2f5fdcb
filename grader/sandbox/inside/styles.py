"""Makes right answers in another style answer to the kit's names.

Probes are written for the kit's own style: Value(data, children), node._prev, neuron.w and neuron.b,
layer.neurons, mlp.layers. Public implementations name these otherwise, or keep the bias among the weights. Each
function here adds what is missing, by looking at what an object holds; it changes nothing that is there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

CHILDREN = ("_prev", "prev", "_children", "children", "_parents", "parents", "_inputs", "inputs")
VALUE = "Value"
CLASSES = (VALUE, "Neuron", "Layer", "MLP")


class View:
    """A neuron, layer or network that answers to the kit's names as well; the learner's own object is not touched."""

    def __init__(self, thing: Any, names: dict[str, Any]) -> None:
        self._thing = thing
        vars(self).update(names)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._thing(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)


Views = dict[type, "Callable[[Any], Any]"]


def find_value(namespace: dict[str, Any], modules: Iterable[types.ModuleType]) -> str:
    """Take a class of another name (Scalar, Tensor) for the Value that is missing, where there is one that can be
    added, multiplied and walked back from, and is of no matrices; its name, which stands for nothing else, or nothing.
    """
    methods = ("__add__", "__mul__", "backward")
    for module in modules:
        for name, thing in vars(module).items():
            is_number = isinstance(thing, type) and not hasattr(thing, "__matmul__")
            if is_number and all(hasattr(thing, method) for method in methods):
                namespace.pop(name, None)
                namespace[VALUE] = thing
                return name
    return ""


def adapt(namespace: dict[str, Any]) -> None:
    """Adapt the names of a submission in place; where a class cannot be adapted, it stays as it is."""
    classes = {name: namespace[name] for name in CLASSES if isinstance(namespace.get(name), type)}
    views: Views = {}
    for name, cls in classes.items():
        try:
            if name == "Value":
                _adapt_value(namespace)
            elif name == "Neuron":
                _view_neurons(views, cls, namespace["Value"])
            elif name == "Layer":
                _view_parts(views, cls, (2, 2), "neurons", classes["Neuron"])
            else:
                _view_parts(views, cls, (2, [2, 1]), "layers", classes["Layer"])
        except Exception:  # a class that cannot be made shows its fault in its own exercise
            continue
        if cls in views:
            namespace[name] = lambda *args, _cls=cls, **kwargs: views[_cls](_cls(*args, **kwargs))


def _adapt_value(namespace: dict[str, Any]) -> None:
    value = namespace["Value"]
    leaf = value(0.5)
    if not hasattr(leaf, "_prev"):
        name = next(name for name in CHILDREN if hasattr(leaf, name))
        value._prev = property(lambda self: getattr(self, name) or (), lambda self, nodes: setattr(self, name, nodes))
    if not _takes_children(value, leaf):
        namespace["Value"] = _with_children(value)
    if getattr(leaf, "requires_grad", True) is False:  # as in torch: whoever wants a gradient has to say so
        make = namespace["Value"]
        namespace["Value"] = lambda *args, **kwargs: _requiring_grad(make(*args, **kwargs))


def _requiring_grad(node: Any) -> Any:
    node.requires_grad = True
    return node


def _takes_children(value: Any, leaf: Any) -> bool:
    try:
        return leaf in list(value(0.5, (leaf,))._prev)
    except Exception:
        return False


def _with_children(value: Any) -> Any:
    """A constructor for a Value whose own takes its children otherwise, or not at all."""
    leaf = value(0.5)
    for keyword in CHILDREN:
        try:
            if leaf in list(value(0.5, **{keyword: (leaf,)})._prev):
                return lambda data, children=(): value(data, **{keyword: children})
        except Exception:  # that was not its keyword
            continue
    container = type(leaf._prev)

    def make(data: Any, children: Any = ()) -> Any:
        node = value(data)
        if children:
            node._prev = (container if container in (set, list) else tuple)(children)
        return node

    return make


def _view_neurons(views: Views, neuron: Any, value: Any) -> None:
    sample = neuron(2)
    if _is_values(getattr(sample, "w", None), 2) and hasattr(getattr(sample, "b", None), "data"):
        return

    def view(thing: Any) -> Any:
        values = max(list(_held_values(thing)), _listed(thing), key=len)
        bias = _bias(thing, values, value)
        return View(thing, {"w": [v for v in values if v is not bias], "b": bias})

    views[neuron] = view


def _view_parts(views: Views, cls: Any, sample_args: tuple[Any, ...], name: str, item: Any) -> None:
    if hasattr(cls(*sample_args), name) and item not in views:
        return

    def view(thing: Any) -> Any:
        lists = [held for held in _held(thing) if isinstance(held, (list, tuple)) and held]
        parts = next((held for held in lists if all(isinstance(x, item) for x in held)), None)
        show = views.get(item, lambda part: part)
        return View(thing, {} if parts is None else {name: [show(part) for part in parts]})

    views[cls] = view


def _is_values(values: Any, n: int) -> bool:
    return isinstance(values, (list, tuple)) and len(values) == n and all(hasattr(v, "data") for v in values)


def _listed(thing: Any) -> list[Any]:
    try:
        return list({id(p): p for p in thing.parameters()}.values())
    except Exception:  # that is another exercise
        return []


def _held(thing: Any) -> list[Any]:
    return list(getattr(thing, "__dict__", {}).values())


def _held_values(thing: Any) -> Iterator[Any]:
    for held in _held(thing):
        for v in held if isinstance(held, (list, tuple)) else [held]:
            if hasattr(v, "data") and hasattr(v, "grad"):
                yield v


def _bias(neuron: Any, values: list[Any], value: Any) -> Any:
    """The parameter that still counts when every input is 0; the last one if none does."""
    before = [v.data for v in values]
    for v in values:
        v.data = 0.0
    bias = values[-1]
    try:
        zeros = [value(0.0) for _ in values[1:]]
        for v in values:
            v.data = 1.0
            if _first(neuron(zeros)).data != 0:
                bias = v
                break
            v.data = 0.0
    except Exception:  # it cannot be called: its own exercise says why
        pass
    for v, data in zip(values, before, strict=True):
        v.data = data
    return bias


def _first(out: Any) -> Any:
    return out[0] if isinstance(out, (list, tuple)) else out
