"""Misconceptions of chapter 3: sorting, and backward."""

from grader.kit.misconceptions.entries import within, wrong

SORT = """    order = []
    visited = set()
    stack = [(root, False)]
    while stack:
        node, children_are_listed = stack.pop()
        if children_are_listed:
            order.append(node)
        elif node not in visited:
            visited.add(node)
            stack.append((node, True))  # comes up again once its children are listed
            for child in node._prev:
                stack.append((child, False))
    return order
"""
RECURSIVE_SORT = """    order = []
    visited = set()

    def visit(node):
        if node in visited:
            return
        visited.add(node)
        for child in node._prev:
            visit(child)
        order.append(node)

    visit(root)
    return order
"""
FLAT_SORT = """    order = []
    visited = set()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node not in visited:
            visited.add(node)
            order.append(node)
            nodes.extend(node._prev)
    return order[::-1]
"""
BACKWARD = """        self.grad = 1.0
        for node in reversed(topological_sort(self)):
            node._backward()
"""


MISCONCEPTIONS = (
    wrong(
        "topological-sort",
        "parent-before-its-children",
        "A node is listed before its children",
        "A node goes into the list when everything that it was made from is in it.",
        (
            SORT,
            RECURSIVE_SORT.replace("        order.append(node)\n", "").replace(
                "        visited.add(node)\n", "        visited.add(node)\n        order.append(node)\n"
            ),
        ),
    ),
    wrong(
        "topological-sort",
        "no-visited",
        "Nodes are visited once for every path",
        "Where paths meet, the nodes below come again, and their number doubles at each meeting. "
        "Keep track of those that were seen.",
        (SORT, RECURSIVE_SORT.replace("        if node in visited:\n            return\n", "")),
        only_when_large=("many_paths", "timeout"),
    ),
    wrong(
        "topological-sort",
        "appended-on-every-visit",
        "A node is listed again whenever it is met",
        "A node that was met before is not to be followed again, and not to be listed again either: look at what "
        "belongs to the check and what stands beside it.",
        (
            SORT,
            RECURSIVE_SORT.replace(
                """        if node in visited:
            return
        visited.add(node)
        for child in node._prev:
            visit(child)
""",
                """        if node not in visited:
            visited.add(node)
            for child in node._prev:
                visit(child)
""",
            ),
        ),
    ),
    wrong(
        "topological-sort",
        "followed-on-every-visit",
        "Nodes are followed again for every path",
        "The list is right, and where paths meet the nodes below are walked through again: their number doubles at "
        "each meeting. What was met before need not be followed again.",
        (
            SORT,
            RECURSIVE_SORT.replace(
                """        if node in visited:
            return
        visited.add(node)
        for child in node._prev:
            visit(child)
        order.append(node)
""",
                """        for child in node._prev:
            visit(child)
        if node not in visited:
            visited.add(node)
            order.append(node)
""",
            ),
        ),
        only_when_large=("many_paths", "timeout"),
    ),
    wrong(
        "topological-sort",
        "breadth-first",
        "The nodes come level by level",
        "By levels, a node that is reached by a short and by a long path comes too early. In the list a node stands "
        "after all its children, and backward() runs through that list from its end.",
        (SORT, FLAT_SORT.replace("nodes.pop()", "nodes.pop(0)")),
    ),
    wrong(
        "topological-sort",
        "depth-first-turned-round",
        "The nodes are listed as they are met",
        "Turning that round is no topological order: where paths meet, a node can come before one of its "
        "children. List a node when you leave it, not when you come to it.",
        (SORT, FLAT_SORT),
    ),
    wrong(
        "topological-sort",
        "visited-is-a-list",
        "Thousands of nodes take too long",
        "The order is right, and the time grows faster than the number of nodes: does something pass over all the "
        "nodes so far, once for every node? Looking for one in a list does, and so does making a list anew.",
        (
            SORT,
            RECURSIVE_SORT.replace("visited = set()", "visited = []").replace("visited.add", "visited.append"),
        ),
        only_when_large=("a_wide_graph", "timeout"),
    ),
    wrong(
        "topological-sort",
        "order-turned-round",
        "The list is turned round",
        "The root comes first here. It is asked for last: children before parents.",
        within(SORT, ("return order", "return order[::-1]")),
    ),
    wrong(
        "topological-sort",
        "root-left-out",
        "The root is left out",
        "The root is a node of its graph like any other.",
        within(SORT, ("return order", "return order[:-1]")),
    ),
    wrong(
        "topological-sort",
        "same-data-same-node",
        "Nodes with the same number are taken for one node",
        "Two nodes can hold the same number. Keep track of the nodes, not of what they hold.",
        within(SORT, ("node not in", "node.data not in"), ("add(node)", "add(node.data)")),
    ),
    wrong(
        "topological-sort",
        "kept-between-calls",
        "A second call still knows the first",
        "Begin with empty containers in every call. What a default argument or a name outside the function holds stays "
        "from call to call.",
        ("topological_sort(root):", "topological_sort(root, order=[], visited=set()):"),
        within(SORT, ("    order = []\n    visited = set()\n", "")),
    ),
    wrong(
        "topological-sort",
        "equality-without-hash",
        "A Value cannot be put into a set",
        "With an __eq__ of its own a class has no hash any more, unless it is given one: and a set needs that. Does a "
        "Value need an __eq__ at all?",
        (
            "    def __repr__(self):",
            "    def __eq__(self, other):\n"
            "        return self.data == getattr(other, 'data', other)\n\n"
            "    def __repr__(self):",
        ),
    ),
    wrong(
        "backward",
        "not-reversed",
        "The walk begins at the leaves",
        "The gradient comes from the root. The list that has children first has to be walked the other way.",
        ("reversed(topological_sort(self))", "topological_sort(self)"),
    ),
    wrong(
        "backward",
        "no-seed",
        "The root has no gradient to hand on",
        "Everything is 0, as all are multiples of the root's own gradient. How much does the result move "
        "when the result moves?",
        ("        self.grad = 1.0\n", ""),
    ),
    wrong(
        "backward",
        "not-called",
        "No node's _backward is ever run",
        "The root has its gradient, and nobody hands it on. Each node is to be called for that, and a call has "
        "brackets, even where nothing stands in them.",
        within(BACKWARD, ("node._backward()", "node._backward")),
    ),
    wrong(
        "backward",
        "only-the-root-runs",
        "The root's own _backward runs, again and again",
        "Each node of the list has its turn, and there the root has all of them.",
        within(BACKWARD, ("node._backward()", "self._backward()")),
    ),
    wrong(
        "backward",
        "root-alone",
        "Only the root hands on its gradient",
        "The nodes below it have gradients to hand on as well, each when it has all of its own.",
        (BACKWARD, "        self.grad = 1.0\n        self._backward()\n"),
    ),
    wrong(
        "backward",
        "children-call-backward",
        "backward calls itself for the children",
        "backward() begins anew and gives its own node a gradient of 1. What a node passes on is _backward's business.",
        (
            BACKWARD,
            "        self.grad = 1.0\n        self._backward()\n        for child in self._prev:\n"
            "            child.backward()\n",
        ),
    ),
    wrong(
        "backward",
        "ones-everywhere",
        "Every node gets a gradient of 1",
        "1 is the gradient of the root alone. The others have theirs from above, and lose it here.",
        within(BACKWARD, ("            node._backward()", "            node.grad = 1.0\n            node._backward()")),
    ),
    wrong(
        "backward",
        "cleared-on-its-turn",
        "A node's gradient is cleared just before it is handed on",
        "By its turn a node has all of its gradient from above. What is cleared then never goes further.",
        within(
            BACKWARD,
            (
                "            node._backward()",
                "            node.grad = float(node is self)\n            node._backward()",
            ),
        ),
    ),
    wrong(
        "backward",
        "cleared-after-its-turn",
        "A node's gradient is cleared when it has been handed on",
        "It is what was asked for: the gradients of all nodes are read after the walk.",
        within(BACKWARD, ("node._backward()", "node._backward()\n            node.grad = 0.0")),
    ),
    wrong(
        "backward",
        "every-path",
        "_backward runs once for every path",
        "Where paths meet, a node hands on its gradient before it has all of it, and then again. Each "
        "node has one turn, when everything above it has had its own.",
        (
            BACKWARD,
            "        def walk(node):\n"
            "            node._backward()\n"
            "            for child in node._prev:\n"
            "                walk(child)\n\n"
            "        self.grad = 1.0\n"
            "        walk(self)\n",
        ),
    ),
    wrong(
        "backward",
        "as-they-are-met",
        "A node has its turn when it is first met",
        "Where paths meet, a node then hands on its gradient before it has all of it. Each has its turn when all that "
        "is above it has had its own: topological_sort knows the order.",
        (
            BACKWARD,
            "        seen = set()\n\n"
            "        def walk(node):\n"
            "            if node not in seen:\n"
            "                seen.add(node)\n"
            "                node._backward()\n"
            "                for child in node._prev:\n"
            "                    walk(child)\n\n"
            "        self.grad = 1.0\n"
            "        walk(self)\n",
        ),
    ),
    wrong(
        "backward",
        "level-by-level",
        "The nodes have their turns level by level",
        "By levels, a node that is reached by a short and by a long path comes too early. Each has its turn when "
        "everything above it has had its own.",
        (
            BACKWARD,
            "        self.grad = 1.0\n"
            "        nodes, seen = [self], {self}\n"
            "        while nodes:\n"
            "            node = nodes.pop(0)\n"
            "            node._backward()\n"
            "            for child in node._prev:\n"
            "                if child not in seen:\n"
            "                    seen.add(child)\n"
            "                    nodes.append(child)\n",
        ),
    ),
    wrong(
        "backward",
        "clears-everything",
        "Gradients from before are cleared",
        "backward() adds to what is there: two results of one input add up. Clearing is the training loop's business.",
        (
            BACKWARD,
            "        for node in topological_sort(self):\n            node.grad = 0.0\n" + BACKWARD,
        ),
    ),
    wrong(
        "backward",
        "seed-adds-up",
        "The root's gradient grows with every call",
        "The root begins with 1 each time, whatever it had.",
        ("self.grad = 1.0", "self.grad += 1.0"),
    ),
    wrong(
        "backward",
        "root-skipped",
        "The root does not hand on its gradient",
        "The walk begins at the node after it, and nothing goes further.",
        ("reversed(topological_sort(self))", "reversed(topological_sort(self)[:-1])"),
    ),
    wrong(
        "backward",
        "for-the-children-only",
        "backward calls itself, and no _backward is ever run",
        "backward() begins anew and gives its own node a gradient of 1. What a node passes on is _backward's business.",
        (BACKWARD, "        self.grad = 1.0\n        for child in self._prev:\n            child.backward()\n"),
    ),
    wrong(
        "backward",
        "two-levels",
        "Only the root and its children hand on their gradients",
        "The nodes further down have gradients to hand on as well, each when it has all of its own.",
        (
            BACKWARD,
            "        self.grad = 1.0\n        self._backward()\n        for child in self._prev:\n"
            "            child._backward()\n",
        ),
    ),
    wrong(
        "backward",
        "seed-too-late",
        "The root gets its gradient after the walk",
        "By then its turn is over, and it has handed on nothing.",
        (BACKWARD, BACKWARD.replace("        self.grad = 1.0\n", "") + "        self.grad = 1.0\n"),
    ),
    wrong(
        "deep-graph",
        "recursive",
        "The walk calls itself for every node",
        "Python allows about a thousand calls within each other. Keep a stack of your own.",
        (SORT, RECURSIVE_SORT),
        only_when_large=("ten_thousand_nodes", "RecursionError"),
    ),
)
