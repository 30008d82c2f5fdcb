"""Misconceptions of chapter 6: optimisers."""

from grader.misconceptions.entries import within, wrong

MOMENTUM = """            self.v[i] = self.momentum * self.v[i] + p.grad
            p.data -= self.lr * self.v[i]
"""
ADAGRAD = """            self.s[i] += p.grad**2
            p.data -= self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)
"""
RMSPROP = """            self.s[i] = self.decay * self.s[i] + (1 - self.decay) * p.grad**2
            p.data -= self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)
"""

MISCONCEPTIONS = (
    wrong(
        "sgd",
        "rebinds-p",
        "The parameters themselves stay as they are",
        "Only p.data = .. (or -=) changes what is in a parameter. With p = .. another Value gets the name p, and the "
        "network still holds the old one.",
        ("p.data -= self.lr * p.grad\n", "p = p - self.lr * p.grad\n"),
    ),
    wrong(
        "sgd",
        "ascends",
        "The step goes uphill",
        "The gradient points to where the loss grows. Which way is down?",
        ("p.data -= self.lr * p.grad\n", "p.data += self.lr * p.grad\n"),
    ),
    wrong(
        "sgd",
        "lr-ignored",
        "The learning rate is fixed",
        "It is handed over, and a number stands in its place.",
        ("p.data -= self.lr * p.grad\n", "p.data -= 0.1 * p.grad\n"),
    ),
    wrong(
        "sgd",
        "first-parameter-only",
        "Only the first parameter moves",
        "A return inside the loop ends it in the first round. All of the parameters have a gradient to follow.",
        ("p.data -= self.lr * p.grad\n", "p.data -= self.lr * p.grad\n            return\n"),
    ),
    wrong(
        "momentum",
        "averaged",
        "The new gradient is scaled down",
        "In this kind of momentum the gradient is added whole. An average of old and new is RMSProp's and Adam's.",
        within(MOMENTUM, ("+ p.grad", "+ (1 - self.momentum) * p.grad")),
    ),
    wrong(
        "momentum",
        "momentum-ignored",
        "The momentum is fixed",
        "It is handed over, and a number stands in its place.",
        within(MOMENTUM, ("self.momentum", "0.9")),
    ),
    wrong(
        "momentum",
        "velocity-not-kept",
        "The velocity is not kept from step to step",
        "It is worked out, used and forgotten, so that the next step begins from 0 again.",
        (MOMENTUM, MOMENTUM.replace("self.v[i] = ", "v = ").replace("self.lr * self.v[i]", "self.lr * v")),
    ),
    wrong(
        "momentum",
        "shared",
        "All parameters share one velocity",
        "Each parameter has a history of its own.",
        (MOMENTUM, MOMENTUM.replace("[i]", "[0]")),
    ),
    wrong(
        "adagrad",
        "not-added-up",
        "Only the newest square counts",
        "The squares of all the steps are added up; here the last one stands in place of the sum.",
        within(ADAGRAD, ("self.s[i] += ", "self.s[i] = ")),
    ),
    wrong(
        "adagrad",
        "no-root",
        "The root is missing",
        "The sum is of squares, and only its root has the size of a gradient again.",
        within(ADAGRAD, (" ** 0.5", "")),
    ),
    wrong(
        "adagrad",
        "not-squared",
        "The gradients are not squared",
        "The sum is of the squares of the gradients; the root of it has the size of a gradient again.",
        within(ADAGRAD, ("p.grad**2", "abs(p.grad)")),
    ),
    wrong(
        "adagrad",
        "eps-in-the-root",
        "eps is inside the root",
        "It is added to the root, not to what is under it.",
        within(ADAGRAD, ("(self.s[i] ** 0.5 + self.eps)", "(self.s[i] + self.eps) ** 0.5")),
    ),
    wrong(
        "rmsprop",
        "weights-swapped",
        "Old and new swap their weights",
        "decay says how much of the old average stays.",
        within(RMSPROP, ("self.decay * self.s[i] + (1 - self.decay)", "(1 - self.decay) * self.s[i] + self.decay")),
    ),
    wrong(
        "rmsprop",
        "decay-ignored",
        "The decay is fixed",
        "It is handed over, and a number stands in its place.",
        (RMSPROP, RMSPROP.replace("self.decay", "0.9")),
    ),
    wrong(
        "rmsprop",
        "eps-ignored",
        "eps is fixed",
        "It is handed over, and a number stands in its place.",
        within(RMSPROP, ("self.eps", "1e-8")),
    ),
    wrong(
        "adamw",
        "no-bias-correction",
        "There is no correction for the start",
        "Both averages begin at 0 and are too small at first. Dividing by one less a power of beta makes up for it.",
        (" / (1 - self.beta1**self.t)", ""),
        (" / (1 - self.beta2**self.t)", ""),
    ),
    wrong(
        "adamw",
        "t-stuck",
        "The step counter stays at 1",
        "The correction becomes weaker from step to step. For that, the step has to be counted.",
        ("self.t += 1", "self.t = 1"),
    ),
    wrong(
        "adamw",
        "corrections-kept",
        "The corrected averages are kept for the next step",
        "The correction is for this step's use alone. The averages themselves go on without it.",
        ("            m_hat = self.m[i] /", "            self.m[i] = m_hat = self.m[i] /"),
        ("            v_hat = self.v[i] /", "            self.v[i] = v_hat = self.v[i] /"),
    ),
    wrong(
        "adamw",
        "first-correction-kept",
        "The corrected first average is kept for the next step",
        "The correction is for this step's use alone. The averages themselves go on without it.",
        ("            m_hat = self.m[i] /", "            self.m[i] = m_hat = self.m[i] /"),
    ),
    wrong(
        "adamw",
        "decay-twice",
        "The weight decay is applied twice",
        "It shrinks the parameter by itself: it has no place in the gradient as well.",
        ("(1 - self.beta1) * p.grad", "(1 - self.beta1) * (p.grad + self.weight_decay * p.data)"),
        ("(1 - self.beta2) * p.grad**2", "(1 - self.beta2) * (p.grad + self.weight_decay * p.data) ** 2"),
    ),
    wrong(
        "adamw",
        "t-never-counted",
        "The steps are not counted",
        "With t still 0 the correction divides by 1 - 1. The first step is step 1.",
        ("        self.t += 1\n", ""),
    ),
    wrong(
        "adamw",
        "t-of-each-parameter",
        "The step counter grows with every parameter",
        "All the parameters of a step have the same number of steps behind them.",
        ("        self.t += 1\n", ""),
        ("            m_hat =", "            self.t += 1\n            m_hat ="),
    ),
    wrong(
        "adamw",
        "eps-in-the-root",
        "eps is inside the root",
        "It is added to the root, not to what is under it.",
        ("(v_hat**0.5 + self.eps)", "(v_hat + self.eps) ** 0.5"),
    ),
    wrong(
        "adamw",
        "decay-coupled",
        "The weight decay goes through the averages",
        "In AdamW it is decoupled: it shrinks the parameter by itself, and the gradient's averages know nothing of it.",
        (" + self.weight_decay * p.data)\n", ")\n"),
        ("(1 - self.beta1) * p.grad", "(1 - self.beta1) * (p.grad + self.weight_decay * p.data)"),
        ("(1 - self.beta2) * p.grad**2", "(1 - self.beta2) * (p.grad + self.weight_decay * p.data) ** 2"),
    ),
    wrong(
        "adamw",
        "decay-not-scaled",
        "The weight decay is not scaled by the learning rate",
        "What the parameter shrinks by is a part of the step, and the step has a size.",
        ("self.eps) + self.weight_decay * p.data)", "self.eps)) + self.weight_decay * p.data"),
    ),
    wrong(
        "adamw",
        "decay-ignored",
        "There is no weight decay",
        "These are the numbers of plain Adam.",
        (" + self.weight_decay * p.data)\n", ")\n"),
    ),
    wrong(
        "adamw",
        "betas-swapped",
        "The betas are swapped",
        "The first is for the average of the gradients, the second for that of their squares.",
        ("self.beta1, self.beta2 = betas", "self.beta2, self.beta1 = betas"),
    ),
    wrong(
        "adamw",
        "beta2-ignored",
        "The second beta is fixed",
        "It is handed over, and a number stands in its place.",
        ("self.beta1, self.beta2 = betas", "self.beta1, self.beta2 = betas[0], 0.95"),
    ),
    wrong(
        "adamw",
        "v-not-squared",
        "The gradients are not squared in the second average",
        "The second average is of squares; the root of it has the size of a gradient again.",
        ("(1 - self.beta2) * p.grad**2", "(1 - self.beta2) * abs(p.grad)"),
    ),
)
