"""Makes right answers in another style answer to the kit's names.

Probes are written for the kit's own style: Value(data, children), node._prev, neuron.w and neuron.b,
layer.neurons, mlp.layers. Public implementations name these otherwise, or keep the bias among the weights. Each
function here adds what is missing, by looking at what an object holds; it changes nothing that is there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

CHILDREN = ("_prev", "prev", "_children", "children", "_parents", "parents", "_inputs", "inputs")


def adapt(namespace: dict[str, Any]) -> None:
    """Adapt the classes of a submission in place; where one cannot be adapted, it stays as it is."""
    adapters: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
        ("Value", _adapt_value),
        ("Neuron", _adapt_neuron),
        ("Layer", _adapt_layer),
        ("MLP", _adapt_mlp),
    )
    for name, adapter in adapters:
        if isinstance(namespace.get(name), type):
            try:
                adapter(namespace)
            except Exception:  # a class that cannot be made shows its fault in its own exercise
                continue


def _adapt_value(namespace: dict[str, Any]) -> None:
    value = namespace["Value"]
    leaf = value(0.5)
    if not hasattr(leaf, "_prev"):
        name = next(name for name in CHILDREN if hasattr(leaf, name))
        value._prev = property(lambda self: getattr(self, name) or ())
    if not _takes_children(value, leaf):
        namespace["Value"] = _with_children(value)


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


def _after_init(cls: Any, finish: Callable[[Any], None]) -> None:
    original = cls.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if type(self) is cls:
            finish(self)

    cls.__init__ = init


def _adapt_neuron(namespace: dict[str, Any]) -> None:
    neuron, value = namespace["Neuron"], namespace["Value"]
    sample = neuron(2)
    if _is_values(getattr(sample, "w", None), 2) and hasattr(getattr(sample, "b", None), "data"):
        return

    def finish(self: Any) -> None:
        values = list(_held_values(self)) or list(self.parameters())
        bias = _bias(self, values, value)
        self.w = [v for v in values if v is not bias]
        self.b = bias

    _after_init(neuron, finish)


def _is_values(values: Any, n: int) -> bool:
    return isinstance(values, (list, tuple)) and len(values) == n and all(hasattr(v, "data") for v in values)


def _held_values(thing: Any) -> Iterator[Any]:
    for held in vars(thing).values():
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


def _adapt_layer(namespace: dict[str, Any]) -> None:
    _name_the_list(namespace["Layer"], (2, 2), "neurons", namespace.get("Neuron"))


def _adapt_mlp(namespace: dict[str, Any]) -> None:
    _name_the_list(namespace["MLP"], (2, [2, 1]), "layers", namespace.get("Layer"))


def _name_the_list(cls: Any, sample_args: tuple[Any, ...], name: str, item: Any) -> None:
    if hasattr(cls(*sample_args), name):
        return

    def finish(self: Any) -> None:
        for held in list(vars(self).values()):
            if isinstance(held, (list, tuple)) and held and all(isinstance(x, item) for x in held):
                setattr(self, name, held)
                return

    _after_init(cls, finish)
