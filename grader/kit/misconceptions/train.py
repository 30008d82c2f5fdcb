"""Misconceptions of chapter 7: batches and the training loop."""

from grader.kit.misconceptions.entries import within, wrong

BATCHES = "[items[i : i + size] for i in range(0, len(items), size)]"
SHUFFLE = "    if seed is not None:\n        random.Random(seed).shuffle(items)\n"
STEPS = "        optimiser.zero_grad()\n        loss.backward()\n        optimiser.step()\n"

MISCONCEPTIONS = (
    wrong(
        "batches",
        "last-one-dropped",
        "The last, smaller batch is missing",
        "Every item is in a batch, also where the size does not go into their number.",
        ("range(0, len(items), size)", "range(0, len(items) - size + 1, size)"),
    ),
    wrong(
        "batches",
        "last-batch-missing",
        "The last batch is missing",
        "A range ends before its second number, and the last batch may begin at any item.",
        ("range(0, len(items), size)", "range(0, len(items) - size, size)"),
    ),
    wrong(
        "batches",
        "overlap-by-one",
        "Batches overlap",
        "Every item is in one batch only.",
        ("i : i + size]", "i : i + size + 1]"),
    ),
    wrong(
        "batches",
        "not-shuffled",
        "With a seed nothing is shuffled",
        "A seed asks for another order, the same for the same seed.",
        (SHUFFLE, ""),
    ),
    wrong(
        "batches",
        "changes-data",
        "The caller's data is changed",
        "What is handed over belongs to the caller: leave it in its order.",
        ("items = list(data)", "items = data"),
    ),
    wrong(
        "batches",
        "seed-ignored",
        "Every seed gives the same order",
        "The seed is handed over, and a number stands in its place.",
        ("random.Random(seed)", "random.Random(0)"),
    ),
    wrong(
        "batches",
        "seed-0-is-none",
        "The seed 0 does not shuffle",
        "0 is a seed like any other; only None asks for no shuffling.",
        ("if seed is not None", "if seed"),
    ),
    wrong(
        "batches",
        "shuffled-inside-batches",
        "Only the items within a batch are shuffled",
        "Shuffle first, and then cut: an item can come into any batch.",
        (SHUFFLE, ""),
        (
            f"return {BATCHES}",
            f"return [(random.Random(seed).sample(b, len(b)) if seed is not None else b) for b in {BATCHES}]",
        ),
    ),
    wrong(
        "batches",
        "last-item-missing",
        "The last item is missing",
        "A range ends before its second number: there is no need to take 1 from it.",
        ("range(0, len(items), size)", "range(0, len(items) - 1, size)"),
    ),
    wrong(
        "batches",
        "begins-at-every-item",
        "A batch begins at every item",
        "The beginnings lie as far apart as a batch is long.",
        ("range(0, len(items), size)", "range(len(items))"),
    ),
    wrong(
        "batches",
        "ends-at-the-size",
        "Every batch ends at the same item",
        "Where a batch ends depends on where it begins.",
        ("i : i + size]", "i:size]"),
    ),
    wrong(
        "batches",
        "one-item-too-few",
        "The last item of every batch is missing",
        "A slice ends before its second number: there is no need to take 1 from it.",
        ("i : i + size]", "i : i + size - 1]"),
    ),
    wrong(
        "training-loop",
        "loss-without-a-graph",
        "The loss does not know its parameters",
        "The predictions are made of bare numbers, so that no gradient finds its way back.",
        ("[model(x) for x in inputs]", "[Value(model(x).data) for x in inputs]"),
    ),
    wrong(
        "training-loop",
        "predicted-once",
        "The loss of every step is made of the predictions of the first",
        "After an update the model answers differently: every step needs predictions of its own, and a loss of those "
        "alone.",
        (
            "    for _ in range(steps):\n        predictions = [model(x) for x in inputs]\n"
            "        loss = loss_function(predictions, targets)\n",
            "    predictions = [model(x) for x in inputs]\n    for _ in range(steps):\n"
            "        loss = loss_function(predictions, targets)\n",
        ),
    ),
    wrong(
        "training-loop",
        "loss-built-once",
        "The loss is built once, before the loop",
        "After an update the model answers differently: every step needs predictions and a loss of its own.",
        (
            "    for _ in range(steps):\n        predictions = [model(x) for x in inputs]\n"
            "        loss = loss_function(predictions, targets)\n",
            "    predictions = [model(x) for x in inputs]\n"
            "    loss = loss_function(predictions, targets)\n    for _ in range(steps):\n",
        ),
    ),
    wrong(
        "training-loop",
        "no-backward",
        "Nobody walks backward",
        "Without that there are no gradients, and nothing to move by. Which of the five things is left out, or lacks "
        "its brackets?",
        within(STEPS, ("        loss.backward()\n", "")),
    ),
    wrong(
        "training-loop",
        "no-update",
        "The parameters are never moved",
        "The gradients are there, and nobody follows them. Which of the five things is left out, or lacks its "
        "brackets?",
        within(STEPS, ("        optimiser.step()\n", "")),
    ),
    wrong(
        "training-loop",
        "cleared-at-the-end",
        "The gradients are cleared at the end of a step only",
        "The first step still finds what was there before. Clear before you walk backward.",
        within(
            STEPS,
            ("        optimiser.zero_grad()\n", ""),
            ("optimiser.step()\n", "optimiser.step()\n        optimiser.zero_grad()\n"),
        ),
    ),
    wrong(
        "training-loop",
        "returns-in-the-loop",
        "It ends with the first step",
        "There are as many steps as were asked for: where does the loop end, and what comes out?",
        (
            "(loss.data)\n    return losses\n    # end\n\n\ndef gradient_norm",
            "(loss.data)\n        return losses\n    return losses\n    # end\n\n\ndef gradient_norm",
        ),
    ),
    wrong(
        "training-loop",
        "one-example-at-a-time",
        "There is an update for every example",
        "A step takes all the inputs together: one loss, one walk backward, one update.",
        (
            "        predictions = [model(x) for x in inputs]\n        loss = loss_function(predictions, targets)\n"
            + STEPS,
            "        for x, target in zip(inputs, targets):\n"
            "            loss = loss_function([model(x)], [target])\n"
            "            optimiser.zero_grad()\n            loss.backward()\n            optimiser.step()\n",
        ),
    ),
    wrong(
        "training-loop",
        "never-cleared",
        "The gradients are never cleared",
        "backward() adds to what is there, and so each step takes the gradients of all steps before with it.",
        ("        optimiser.zero_grad()\n", ""),
    ),
    wrong(
        "training-loop",
        "cleared-before-the-update",
        "The gradients are cleared before they are used",
        "The optimiser finds nothing but zeros, and nothing moves.",
        within(
            STEPS,
            ("        optimiser.zero_grad()\n", ""),
            ("backward()\n", "backward()\n        optimiser.zero_grad()\n"),
        ),
    ),
    wrong(
        "training-loop",
        "update-before-backward",
        "The update comes before backward",
        "The optimiser needs the gradients of this step, and takes what is left of the one before.",
        within(STEPS, ("        optimiser.step()\n", ""), ("        loss", "        optimiser.step()\n        loss")),
    ),
    wrong(
        "training-loop",
        "losses-after-the-update",
        "The loss is noted after the update",
        "Note the loss that the gradients of this step belong to.",
        (
            "        losses.append(loss.data)\n    return losses\n    # end\n\n\ndef gradient_norm",
            "        losses.append(loss_function([model(x) for x in inputs], targets).data)\n"
            "    return losses\n    # end\n\n\ndef gradient_norm",
        ),
    ),
    wrong(
        "training-loop",
        "one-step-too-few",
        "There is one step too few",
        "Count the updates.",
        ("range(steps)", "range(steps - 1)"),
    ),
    wrong(
        "training-loop",
        "losses-are-values",
        "The losses are Values",
        "A plain number is asked for: a Value holds on to its whole graph.",
        (
            "optimiser.step()\n        losses.append(loss.data)",
            "optimiser.step()\n        losses.append(loss)",
        ),
    ),
    wrong(
        "training-loop",
        "sides-swapped",
        "Predictions and targets are swapped",
        "A loss tells them apart, even if a squared error does not.",
        ("loss_function(predictions, targets)\n", "loss_function(targets, predictions)\n"),
    ),
    wrong(
        "training-loop",
        "losses-begin-anew",
        "The list of losses begins anew in every step",
        "Make the list once, before the loop.",
        (
            "    losses = []\n    for _ in range(steps):\n",
            "    for _ in range(steps):\n        losses = []\n",
        ),
    ),
)
