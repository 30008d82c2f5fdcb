"""Misconceptions of chapter 8: the graph."""

from grader.kit.misconceptions.entries import wrong

MISCONCEPTIONS = (
    wrong(
        "trace",
        "edges-reversed",
        "The edges point the wrong way",
        "An edge goes from a child to the node that was made from it.",
        ("(child, node)", "(node, child)"),
    ),
    wrong(
        "trace",
        "root-missing",
        "The root is missing",
        "The root is a node of its graph like any other.",
        ("return nodes, edges", "return nodes - {root}, edges"),
    ),
    wrong(
        "trace",
        "no-visited",
        "Nodes are followed once for every path",
        "Where paths meet their number doubles. What has been seen need not be followed again.",
        ("if node not in nodes:", "if True:"),
        only_when_large=("many_paths_traced", "timeout"),
    ),
    wrong(
        "trace",
        "duplicates",
        "Nodes or edges are listed more than once",
        "Each is there once, however often it is met: that is what sets are for.",
        ("nodes, edges = set(), set()", "nodes, edges = [], []"),
        ("nodes.add(node)", "nodes.append(node)"),
        ("edges.add((child, node))", "edges.append((child, node))"),
    ),
    wrong(
        "trace",
        "edges-of-new-nodes-only",
        "A node that was met before gets no further edge",
        "Every use of a node is an edge of its own.",
        (
            "                edges.add(",
            "                if child not in nodes:\n                    edges.add(",
        ),
    ),
    wrong(
        "trace",
        "leaves-missing",
        "The leaves are missing",
        "What was made from nothing else is a node as well.",
        ("            nodes.add(node)\n", ""),
        (
            "            for child in node._prev:\n",
            "            if node._prev:\n                nodes.add(node)\n            for child in node._prev:\n",
        ),
    ),
    wrong(
        "trace",
        "children-of-the-root-only",
        "Only the root and its children are there",
        "A child can have children of its own: follow those as well.",
        ("                stack.append(child)\n", "                nodes.add(child)\n"),
    ),
    wrong(
        "trace",
        "same-data-same-node",
        "Nodes with the same number are taken for one node",
        "Two nodes can hold the same number. Keep track of the nodes, not of what they hold.",
        ("if node not in nodes:", "if node.data not in {known.data for known in nodes}:"),
    ),
)
