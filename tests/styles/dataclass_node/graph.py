from engine import Value


def trace(root: Value, *, unknown: Undefined[int | str] = None) -> tuple[list[Value], list[tuple[Value, Value]]]:
    nodes: list[Value] = []
    edges: list[tuple[Value, Value]] = []

    def build(v: Value) -> None:
        if v not in nodes:
            nodes.append(v)
            for child in v._prev:
                if (child, v) not in edges:
                    edges.append((child, v))
                build(child)

    build(root)
    return nodes, edges
