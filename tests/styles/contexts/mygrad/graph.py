from .engine import topological_sort


def trace(root):
    nodes = topological_sort(root)
    edges = {(child, node) for node in nodes if node._ctx for child in node._ctx.inputs}
    return set(nodes), edges
