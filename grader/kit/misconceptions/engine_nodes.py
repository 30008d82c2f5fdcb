"""Misconceptions of chapter 3 that every operation can have: what its node remembers of how it was made."""

from grader.kit.misconceptions import engine, engine_functions
from grader.kit.misconceptions.entries import wrong

# Exercise -> how its node is made, and what stands at the end of its _backward.
NODES = {
    "add": ('(self, other), "+")', engine.ADD),
    "mul": ('(self, other), "*")', f"{engine.MUL_SELF}\n            {engine.MUL_OTHER}"),
    "pow": ('(self,), f"**', engine.POW),
    "exp": ('(self,), "exp")', engine_functions.EXP),
    "log": ('(self,), "log")', engine_functions.LOG),
    "tanh": ('(self,), "tanh")', engine_functions.TANH),
    "relu": ('(self,), "relu")', engine_functions.RELU),
}
ON_SELF = "\n            # end\n\n        self._backward = _backward\n"

MISCONCEPTIONS = (
    *(
        wrong(
            exercise,
            "no-children",
            "The node does not know its children",
            "backward() walks from each node to those that it was made from. A result that was told of none is the end "
            "of the walk, and nothing below it gets a gradient.",
            (made, f"(){made[made.index(')') + 1 :]}"),
        )
        for exercise, (made, _) in NODES.items()
    ),
    *(
        wrong(
            exercise,
            "on-an-input",
            "The function hangs on an input, and not on the result",
            "What hands a gradient on belongs to the node that has that gradient: the result. On an input, the next "
            "operation with that input takes its place.",
            (handed_on + engine.ASSIGN, handed_on + ON_SELF),
        )
        for exercise, (_, handed_on) in NODES.items()
    ),
    *(
        wrong(
            exercise,
            "one-child",
            "The node knows only one of its children",
            "backward() walks from each node to those that it was made from: to all of them.",
            (made, made.replace("(self, other)", "(self,)")),
        )
        for exercise, (made, _) in NODES.items()
        if "other" in made
    ),
)
