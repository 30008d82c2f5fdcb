from .engine import topological_sort


def trace(root):
    nodes = topological_sort(root)
    edges = []
    for parent in nodes:
        for child in parent.prev or ():
            if (child, parent) not in edges:
                edges.append((child, parent))
    return nodes, edges
