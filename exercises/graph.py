"""Chapter 8: looking at the graph.

To draw an expression you need its nodes and its edges. Start at the result and follow _prev: each
node once, however many others use it, and an edge from every child to the node that was made from it.

A worked number: for a = 3, b = a + a, c = b * a there are three nodes and three edges:
a -> b, b -> c and a -> c.
"""


def trace(root):
    """All nodes that root is made from, with root, and all edges: a pair (nodes, edges).

    nodes is a set of Values; edges is a set of pairs (child, parent).
    """
    # exercise: trace
    raise NotImplementedError("trace")
    # end
