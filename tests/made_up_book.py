"""A book for tests: a copy of the kit in which one chapter shows all that the book's Markdown can do."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import copy_of_the_kit

from grader.book.source import chapters, folder
from grader.kit import Kit

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 120" width="400" height="120">'
    "<style>path { stroke: #1c5db0; } @media (prefers-color-scheme: dark) { path { stroke: #8ab8ff; } }</style>"
    '<path d="M10,110 Q200,-90 390,110" fill="none" stroke-width="3"/></svg>\n'
)
DERIVATIVES = r"""# Derivatives

The derivative of a function is its *slope*: how far $f(x)$ moves when $x$ moves a little. For `f(x) = 3*x**2 - 4*x + 5`
it is 14 at $x = 3$.

## The slope from two points

Take a small $h$, and **divide**. See [the chain rule](chain_rule.md#many-paths--one-sum), or
[what others wrote](https://example.org/slopes?a=1&b=2).

$$
f'(x) \approx \frac{f(x + h) - f(x)}{h}
$$

```python
>>> 3 < 4 and "<b>"
'<b>'
```

![A curve with a line that touches it at $x = 3$, where the slope is 14.](pictures/secant.svg)

| $h$ | forward | what is wrong with it, in more words than have room in one line of a terminal |
|---|--:|---|
| 0.1 | 14.3 | $0.3 = 3h$, and so on, and so on, until the line is so long that it has to be broken somewhere |
| 0.001 | 14.003 | little |

**Exercise: derivative**

### What a small h costs

1. Digits are lost.
2. More digits are lost, which is an item that needs more than one line of a terminal to be said, and then some.

- a * b is no emphasis, nor is a_b_c
- $10{,}000 \cdot 2 = 20{,}000$

> A quotation.

**Exercise: gradient**

## A vector product & its <slopes>

$$
\begin{aligned}
z &= W x, \quad W = \begin{pmatrix} 0.1 & -0.2 \\ 0.3 & 0.4 \end{pmatrix} \\
L &= \frac{1}{n}\sum_{i=1}^{n} (z_i - x_i)^2
  = \log \frac{1}{n} + \tanh\left(\frac{a}{b}\right) + a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8
\end{aligned}
$$

A step: $W \leftarrow W - \eta \frac{\partial L}{\partial W}$, where $\frac{\partial L}{\partial W} = \delta x^\top$.

**Exercise: vector-product**
"""
CHAIN_RULE = """# The chain rule

Slopes along a path multiply.

## Many paths & one sum

And the paths add up, as in [chapter 1](derivatives.md).

![The graph, with its data.](pictures/graph-data.svg)

![The graph, with all gradients.](pictures/graph-gradients.svg)

**Exercise: manual-backprop**

**Exercise: nudge**

Of a neuron too.

**Exercise: manual-neuron**
"""


def made_up(path: Path) -> Kit:
    """A kit of its own below a folder, whose first two chapters are these, with their pictures. Of the others there are
    the titles and the places of the exercises."""
    kit = copy_of_the_kit(path / "kit")
    book = folder(kit)
    for chapter in chapters(kit):
        places = "".join(f"\n**Exercise: {exercise}**\n" for exercise in chapter.exercises)
        (book / f"{chapter.name}.md").write_text(f"# {chapter.title}\n{places}", "utf-8")
    shutil.rmtree(book / "pictures", ignore_errors=True)
    (book / "derivatives.md").write_text(DERIVATIVES, "utf-8")
    (book / "chain_rule.md").write_text(CHAIN_RULE, "utf-8")
    (book / "pictures").mkdir()
    for name in ("secant", "graph-data", "graph-gradients"):
        (book / "pictures" / f"{name}.svg").write_text(PICTURE, "utf-8")
    return kit
