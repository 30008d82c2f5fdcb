"""Draws a graph: as lines of text, for graphviz, and as SVG where there is no graphviz."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from grader.base import messages
from grader.base.report import NodeShown
from grader.base.text import for_html, in_columns

LABEL_WIDTH = (20, 36)  # characters, at least and at most
NUMBER_WIDTH = 13
TREE_WIDTH = 80
BRANCH, LAST_BRANCH, TRUNK, NO_TRUNK = "├ ", "└ ", "│ ", "  "

# The picture, in pixels; characters are those of a fixed-width font.
CHARACTER, LINE, PADDING = 7.3, 18, 8
BETWEEN_COLUMNS, BETWEEN_NODES, MARGIN = 46, 16, 12
BEND, ARROW, APART = (0, 4), 7, 12
FONT = 'font-size="12" font-family="ui-monospace, Menlo, Consolas, monospace"'
INK, PAPER, EDGE, WRONG = "#1f2933", "#ffffff", "#7b8794", "#d64545"


def tree(nodes: Sequence[NodeShown], own: bool = True, width: int = TREE_WIDTH) -> list[str]:
    """The graph as a tree from its root, the first of the nodes; each node once, with its numbers and, where those
    are wrong, the right ones. The first wrong node is marked with >. own: whether the learner's engine made it. width:
    how many characters a line has; where that is too few, what stands in it comes closer together."""
    by_name = {node.name: node for node in nodes}
    first = next((node for node in nodes if not node.is_right), None)
    rows: list[tuple[str, NodeShown | None]] = []
    told: set[str] = set()

    def tell(name: str, before: str, branch: str, trunk: str) -> None:
        node = by_name[name]
        if name in told:
            rows.append((f"{before}{branch}{node.called or name}", None))
            return
        told.add(name)
        rows.append((f"{before}{branch}{node.label}", node))
        children = list(dict.fromkeys(node.children))
        for child in children:
            last = child == children[-1]
            tell(child, before + trunk, LAST_BRANCH if last else BRANCH, NO_TRUNK if last else TRUNK)

    tell(nodes[0].name, "", "", "")
    data, grad = (messages.YOURS_DATA, messages.YOURS_GRAD) if own else (messages.DATA, messages.GRAD)
    cells = [("", data, grad, messages.EXPECTED if first else "")]
    for label, node in rows:
        cells.append((label, *(_numbers(node) if node else (messages.AS_ABOVE, "", ""))))
    longest = max(len(label) + 1 for label, *_ in cells)
    widths = [min(max(LABEL_WIDTH[0], longest), LABEL_WIDTH[1]), NUMBER_WIDTH, NUMBER_WIDTH]
    if 4 + sum(widths) + max(len(right) for *_, right in cells) > width:
        widths = [min(longest, LABEL_WIDTH[0]), *(max(len(row[i]) for row in cells) + 2 for i in (1, 2))]
    lines = []
    for node, (label, own_data, own_grad, right) in zip([None, *(node for _, node in rows)], cells, strict=True):
        label = label if len(label) < widths[0] else f"{label[: widths[0] - 4]}..."
        row = f"{label:<{widths[0]}}{own_data:<{widths[1]}}{own_grad:<{widths[2]}}"
        lines.append(f"  {'>' if node and node is first else '|'} {row}{right}".rstrip())
    return lines


def _numbers(node: NodeShown) -> tuple[str, str, str]:
    return short(node.data), short(node.grad), ", ".join(_corrections(node))


def _corrections(node: NodeShown) -> list[str]:
    pairs = (("data", node.data, node.right_data), ("grad", node.grad, node.right_grad))
    return [] if node.is_right else [f"{what} {short(right)}" for what, own, right in pairs if own != right]


def short(number: str) -> str:
    """A number of a graph in few characters."""
    try:
        return format(float(number), ".6g")
    except ValueError:  # it is no number
        return in_columns(number, NUMBER_WIDTH - 1, "...")


def dot(nodes: Sequence[NodeShown]) -> str:
    """The graph in the language of graphviz: from the leaves on the left to the root on the right."""
    lines = ["digraph {", "  rankdir=LR;", '  node [shape=record, fontname="monospace", fontsize=11];']
    names = {node.name: f"n{number}" for number, node in enumerate(nodes)}
    for node in nodes:
        label = " | ".join(_for_record(text) for text in _texts(node))
        colour = "" if node.is_right else f', color="{WRONG}"'
        lines.append(f'  {names[node.name]} [label="{{ {label} }}"{colour}];')
        lines += [f"  {names[child]} -> {names[node.name]};" for child in node.children]
    return "\n".join([*lines, "}"]) + "\n"


def _for_record(text: str) -> str:
    return "".join(f"\\{c}" if c in '{}|<>"\\ ' else c for c in text)


def _texts(node: NodeShown) -> list[str]:
    label = node.label if len(node.label) <= LABEL_WIDTH[1] else f"{node.label[: LABEL_WIDTH[1] - 3]}..."
    numbers = [messages.NODE_DATA.format(number=short(node.data)), messages.NODE_GRAD.format(number=short(node.grad))]
    expected = [f"{messages.EXPECTED} {text}" for text in _corrections(node)]
    return [label, *numbers, *expected]


def svg(nodes: Sequence[NodeShown]) -> str:
    """The graph as an SVG picture: from the leaves on the left to the root on the right, each node a box."""
    edges = [(child, node.name) for node in nodes for child in dict.fromkeys(node.children)]
    columns, ways = _columns(nodes, edges)
    sizes = {node.name: _size(node) for node in nodes}
    by_name = {node.name: node for node in nodes}
    heights = [sum(sizes.get(name, BEND)[1] + BETWEEN_NODES for name in column) for column in columns]
    boxes: dict[str, _Box] = {}
    x = float(MARGIN)
    for column, height in zip(columns, heights, strict=True):
        width = max(sizes.get(name, BEND)[0] for name in column)
        y = MARGIN + (max(heights) - height) / 2
        for name in column:
            box_width, box_height = sizes.get(name, (width, BEND[1]))
            boxes[name] = _Box(x + (width - box_width) / 2, y, box_width, box_height)
            y += box_height + BETWEEN_NODES
        x += width + BETWEEN_COLUMNS
    shapes = []
    for child, parent in edges:
        uses = by_name[parent].children.count(child)  # a + a has two edges, beside each other
        shapes += [_edge([boxes[n] for n in ways[child, parent]], APART * (k - (uses - 1) / 2)) for k in range(uses)]
    shapes += [_framed(node, boxes[node.name]) for node in nodes]
    width, height = x - BETWEEN_COLUMNS + MARGIN, max(heights) - BETWEEN_NODES + 2 * MARGIN
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    alternative = messages.GRAPH_OF.format(nodes=", ".join(node.label for node in nodes))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{for_html(alternative)}" {FONT}>'
    background = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return "\n".join([head, background, *shapes, "</svg>"]) + "\n"


@dataclass(frozen=True)
class _Box:
    """Where something stands: its left upper corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float


def _columns(
    nodes: Sequence[NodeShown], edges: Sequence[tuple[str, str]]
) -> tuple[list[list[str]], dict[tuple[str, str], list[str]]]:
    """The nodes in columns from the leaves to the root, each left of all that use it; and the way of each edge, with
    a bend of its own in every column that it passes (Sugiyama and others, 1981)."""
    distance = {node.name: 0 for node in nodes}  # from the root
    for node in nodes:  # parents before children
        for child in node.children:
            distance[child] = max(distance[child], distance[node.name] + 1)
    columns: list[list[str]] = [[] for _ in range(max(distance.values()) + 1)]
    for node in nodes:
        columns[distance[node.name]].append(node.name)
    ways = {}
    for child, parent in edges:
        bends = [f"{child} > {parent} at {rank}" for rank in range(distance[child] - 1, distance[parent], -1)]
        for rank, bend in zip(range(distance[child] - 1, distance[parent], -1), bends, strict=True):
            columns[rank].append(bend)
        ways[child, parent] = [child, *bends, parent]
    users: dict[str, list[str]] = {}
    for way in ways.values():
        for name, following in itertools.pairwise(way):
            users.setdefault(name, []).append(following)
    height = {columns[0][0]: 0.0}
    for column in columns[1:]:  # near to the middle of what they are joined to
        column.sort(key=lambda name: sum(height[user] for user in users[name]) / len(users[name]))
        height |= {name: i - len(column) / 2 for i, name in enumerate(column)}
    return columns[::-1], ways


def _size(node: NodeShown) -> tuple[float, float]:
    texts = _texts(node)
    return max(map(len, texts)) * CHARACTER + 2 * PADDING, len(texts) * LINE + PADDING


def _edge(boxes: Sequence[_Box], lower: float) -> str:
    """A curve from the right side of the first box, through those between, to the left side of the last; so many pixels
    below their middles."""
    curve = ""
    for box, following in itertools.pairwise(boxes):
        x1, y1 = box.x + box.width, box.y + box.height / 2 + lower
        x2, y2 = following.x - (ARROW if following is boxes[-1] else 0), following.y + following.height / 2 + lower
        middle = (x1 + x2) / 2
        curve += f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f} "
        curve += f"h{following.width:.1f} "
    curve = curve.rpartition(" h")[0]
    head = f"M{x2:.1f},{y2 - 4:.1f} l{ARROW},4 l-{ARROW},4 Z"
    return f'<path d="{curve}" class="line" fill="none" stroke="{EDGE}"/><path d="{head}" class="head" fill="{EDGE}"/>'


def _framed(node: NodeShown, box: _Box) -> str:
    colour = INK if node.is_right else WRONG
    kind = "" if node.is_right else ' class="wrong"'
    frame = f'<rect{kind} x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="4"'
    frame += f' fill="{PAPER}" stroke="{colour}" stroke-width="{1 if node.is_right else 2}"/>'
    rows = []
    for number, text in enumerate(_texts(node)):
        weight = ' font-weight="bold"' if number == 0 else ""
        at = f'x="{box.x + PADDING:.1f}" y="{box.y + PADDING / 2 + (number + 0.72) * LINE:.1f}"'
        rows.append(f'<text{kind} {at} fill="{colour}"{weight}>{for_html(text)}</text>')
    return frame + "".join(rows)
