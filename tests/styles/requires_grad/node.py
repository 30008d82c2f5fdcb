"""What every node of a graph has, whatever it computes."""


class Node:
    count = 0

    def __init__(self, parents=()):
        self.parents = list(parents)
        self.id = Node.count
        Node.count += 1

    def ancestors(self):
        """All nodes above this one and itself, the newest first."""
        found = {self.id: self}
        todo = [self]
        while todo:
            for parent in todo.pop().parents:
                if parent.id not in found:
                    found[parent.id] = parent
                    todo.append(parent)
        return sorted(found.values(), key=lambda node: node.id, reverse=True)


class Arithmetic(Node):
    """The operators that are made of others."""

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + other * -1.0

    def __truediv__(self, other):
        return self * other**-1.0

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self * -1.0 + other

    def __rtruediv__(self, other):
        return self**-1.0 * other
