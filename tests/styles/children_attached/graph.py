from engine import topological_sort


def trace(root):
    nodes = topological_sort(root)
    return set(nodes), {(child, node) for node in nodes for child in node.children}
