"""Misconceptions of chapter 6: optimisers."""

from grader.kit.misconceptions.entries import within, wrong

MOMENTUM = """            self.v[i] = self.momentum * self.v[i] + p.grad
            p.data -= self.lr * self.v[i]
"""
ADAGRAD = """            self.s[i] += p.grad**2
            p.data -= self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)
"""
RMSPROP = """            self.s[i] = self.decay * self.s[i] + (1 - self.decay) * p.grad**2
            p.data -= self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)
"""
M = "self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * p.grad"
V = "self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * p.grad**2"
M_CORRECTION = "self.m[i] / (1 - self.beta1**self.t)"
V_CORRECTION = "self.v[i] / (1 - self.beta2**self.t)"

# What is said of the same mistake in several of them.
NOT_KEPT = "Every step begins with an average of 0"
NOT_KEPT_WHY = (
    "What one step has worked out is to be found again in the next: is it kept outside the step, for each parameter, "
    "under something that stays the same when the parameter moves?"
)
HALF_FOR_ROOT = "A half is taken where the root is meant"
HALF_FOR_ROOT_WHY = "A power binds before a quotient: an exponent that is a fraction has to be kept together."

MISCONCEPTIONS = (
    wrong(
        "sgd",
        "rebinds-p",
        "The parameters themselves stay as they are",
        "What has to change is the number in each, p.data, in the very object that the network holds: is that what "
        "stands on the left of the = or -=?",
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
        "All of the parameters have a gradient to follow: does the loop come to each of them, and to its end?",
        ("p.data -= self.lr * p.grad\n", "p.data -= self.lr * p.grad\n            return\n"),
    ),
    wrong(
        "sgd",
        "lr-left-out",
        "There is no learning rate",
        "The gradient says where to go, and the learning rate how far.",
        ("p.data -= self.lr * p.grad\n", "p.data -= p.grad\n"),
    ),
    wrong(
        "sgd",
        "lr-twice",
        "The learning rate comes in twice",
        "The gradient is multiplied with the learning rate once.",
        ("p.data -= self.lr * p.grad\n", "p.data -= self.lr * (self.lr * p.grad)\n"),
    ),
    wrong(
        "sgd",
        "replaced",
        "The step replaces the parameter",
        "The parameter moves by the step: what it was is still a part of it. Mind that =- is not -=.",
        ("p.data -= self.lr * p.grad\n", "p.data = -self.lr * p.grad\n"),
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
        "No velocity is carried from step to step",
        "These are steps by the newest gradient alone. What is worked out in one step has to be kept for the next, and "
        "used.",
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
        "momentum",
        "ascends",
        "The step goes uphill",
        "The gradient points to where the loss grows. Which way is down?",
        within(MOMENTUM, ("p.data -=", "p.data +=")),
    ),
    wrong(
        "momentum",
        "moves-first",
        "The parameter moves before the velocity is new",
        "A step goes by the velocity that has this step's gradient in it.",
        (MOMENTUM, "".join(reversed(MOMENTUM.splitlines(keepends=True)))),
    ),
    wrong(
        "momentum",
        "lr-twice",
        "The learning rate comes in twice",
        "It scales the step, and has scaled the gradient in the velocity already: once is enough.",
        within(MOMENTUM, ("+ p.grad", "+ self.lr * p.grad")),
    ),
    wrong(
        "momentum",
        "lr-left-out",
        "There is no learning rate",
        "The velocity says where to go, and the learning rate how far.",
        within(MOMENTUM, ("self.lr * self.v[i]", "self.v[i]")),
    ),
    wrong(
        "momentum",
        "nesterov",
        "This is Nesterov's momentum",
        "There the step looks ahead, by the gradient and the next part of the velocity. This exercise asks for the "
        "plain kind: a step by the velocity itself.",
        within(MOMENTUM, ("self.lr * self.v[i]", "self.lr * (p.grad + self.momentum * self.v[i])")),
    ),
    wrong(
        "adagrad",
        "not-added-up",
        "Only the newest square counts",
        "The squares of all the steps are added up, and here no step finds those of the steps before: are they kept, "
        "and where?",
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
        "half-for-root",
        HALF_FOR_ROOT,
        HALF_FOR_ROOT_WHY,
        within(ADAGRAD, ("self.s[i] ** 0.5", "self.s[i] ** 1 / 2")),
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
        "adagrad",
        "eps-outside",
        "eps is added after the division",
        "The step is divided by the root and eps together: look at what the bar stands over.",
        within(
            ADAGRAD,
            ("self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)", "self.lr * (p.grad / self.s[i] ** 0.5 + self.eps)"),
        ),
    ),
    wrong(
        "adagrad",
        "eps-outside-of-all",
        "eps is added to the whole step",
        "The step is divided by the root and eps together: look at what the bar stands over.",
        within(ADAGRAD, ("(self.s[i] ** 0.5 + self.eps)", "self.s[i] ** 0.5 + self.eps")),
    ),
    wrong(
        "adagrad",
        "eps-ignored",
        "eps is fixed",
        "It is handed over, and a number stands in its place.",
        within(ADAGRAD, ("self.eps", "1e-8")),
    ),
    wrong(
        "adagrad",
        "shared",
        "All parameters share one sum",
        "Each parameter has a history of its own.",
        (ADAGRAD, ADAGRAD.replace("[i]", "[0]")),
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
        "rmsprop",
        "eps-outside",
        "eps is added after the division",
        "The step is divided by the root and eps together: look at what the bar stands over.",
        within(
            RMSPROP,
            ("self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)", "self.lr * (p.grad / self.s[i] ** 0.5 + self.eps)"),
        ),
    ),
    wrong(
        "rmsprop",
        "eps-outside-of-all",
        "eps is added to the whole step",
        "The step is divided by the root and eps together: look at what the bar stands over.",
        within(RMSPROP, ("(self.s[i] ** 0.5 + self.eps)", "self.s[i] ** 0.5 + self.eps")),
    ),
    wrong(
        "rmsprop",
        "eps-in-the-root",
        "eps is inside the root",
        "It is added to the root, not to what is under it.",
        within(RMSPROP, ("(self.s[i] ** 0.5 + self.eps)", "(self.s[i] + self.eps) ** 0.5")),
    ),
    wrong(
        "rmsprop",
        "no-root",
        "The root is missing",
        "The average is of squares, and only its root has the size of a gradient again.",
        within(RMSPROP, (" ** 0.5", "")),
    ),
    wrong(
        "rmsprop",
        "never-forgets",
        "Nothing is forgotten",
        "These are the numbers of AdaGrad: the squares are added up, and here they are to be averaged.",
        within(
            RMSPROP, ("self.s[i] = self.decay * self.s[i] + (1 - self.decay) * p.grad**2", "self.s[i] += p.grad**2")
        ),
    ),
    wrong(
        "rmsprop",
        "new-not-scaled",
        "The new square comes in whole",
        "Old and new have weights that add up to 1.",
        within(RMSPROP, ("(1 - self.decay) * p.grad**2", "p.grad**2")),
    ),
    wrong(
        "rmsprop",
        "not-kept",
        NOT_KEPT,
        NOT_KEPT_WHY,
        within(RMSPROP, ("self.s[i] = self.decay * self.s[i] + ", "self.s[i] = ")),
    ),
    wrong(
        "rmsprop",
        "brackets-missing",
        "decay alone is subtracted from 1, without its brackets",
        "A product binds before a difference: the weight of the new square has to be kept together.",
        within(RMSPROP, ("(1 - self.decay) * p.grad**2", "1 - self.decay * p.grad**2")),
    ),
    wrong(
        "rmsprop",
        "half-for-root",
        HALF_FOR_ROOT,
        HALF_FOR_ROOT_WHY,
        within(RMSPROP, ("self.s[i] ** 0.5", "self.s[i] ** 1 / 2")),
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
        "The correction is the same in every step",
        "It becomes weaker from step to step: the steps have to be counted, and each beta raised to their number.",
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
        "divides-by-0",
        "Something is divided by 0",
        "In the first step 1 - beta^t is 0 where t is still 0, and so is 1 - t^beta where t is 1; and an average is 0 "
        "as long as no gradient has come into it. Which of your divisors can be 0?",
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
    wrong(
        "adamw",
        "eps-outside",
        "eps is added after the division",
        "The step is divided by the root and eps together: look at what the bar stands over.",
        ("(m_hat / (v_hat**0.5 + self.eps) +", "(m_hat / v_hat**0.5 + self.eps +"),
    ),
    wrong(
        "adamw",
        "no-root",
        "The root is missing",
        "The second average is of squares, and only its root has the size of a gradient again.",
        ("(v_hat**0.5 + self.eps)", "(v_hat + self.eps)"),
    ),
    wrong(
        "adamw",
        "decay-of-the-moved",
        "The weight decay takes the parameter after its step",
        "Both parts of the step go by the parameter as it was before.",
        (
            "p.data -= self.lr * (m_hat / (v_hat**0.5 + self.eps) + self.weight_decay * p.data)",
            "p.data -= self.lr * (m_hat / (v_hat**0.5 + self.eps))\n"
            "            p.data -= self.lr * self.weight_decay * p.data",
        ),
    ),
    wrong(
        "adamw",
        "not-kept",
        NOT_KEPT,
        NOT_KEPT_WHY,
        (M, M.replace("self.beta1 * self.m[i] + ", "")),
        (V, V.replace("self.beta2 * self.v[i] + ", "")),
    ),
    wrong(
        "adamw",
        "first-not-kept",
        "Every step begins with a first average of 0",
        NOT_KEPT_WHY,
        (M, M.replace("self.beta1 * self.m[i] + ", "")),
    ),
    wrong(
        "adamw",
        "second-not-kept",
        "Every step begins with a second average of 0",
        NOT_KEPT_WHY,
        (V, V.replace("self.beta2 * self.v[i] + ", "")),
    ),
    wrong(
        "adamw",
        "beta1-in-the-second",
        "The second average has the first beta",
        "Each average has a beta of its own: the first is for the gradients, the second for their squares.",
        (V, V.replace("beta2", "beta1")),
    ),
    wrong(
        "adamw",
        "beta1-everywhere",
        "The first beta stands in place of the second",
        "Each average has a beta of its own, and its correction the same: the second is for the squares.",
        (V, V.replace("beta2", "beta1")),
        (V_CORRECTION, V_CORRECTION.replace("beta2", "beta1")),
    ),
    wrong(
        "adamw",
        "first-new-not-scaled",
        "The new gradient comes into the first average whole",
        "Old and new have weights that add up to 1.",
        (M, M.replace("(1 - self.beta1) * ", "")),
    ),
    wrong(
        "adamw",
        "second-new-not-scaled",
        "The new square comes into the second average whole",
        "Old and new have weights that add up to 1.",
        (V, V.replace("(1 - self.beta2) * ", "")),
    ),
    wrong(
        "adamw",
        "weights-swapped",
        "Old and new swap their weights",
        "beta says how much of the old average stays.",
        (M, "self.m[i] = (1 - self.beta1) * self.m[i] + self.beta1 * p.grad"),
        (V, "self.v[i] = (1 - self.beta2) * self.v[i] + self.beta2 * p.grad**2"),
    ),
    wrong(
        "adamw",
        "beta1-in-the-second-correction",
        "The second average is corrected with the first beta",
        "Each average has a beta of its own, and is corrected with that.",
        (V_CORRECTION, V_CORRECTION.replace("beta2", "beta1")),
    ),
    wrong(
        "adamw",
        "beta-times-t",
        "beta is multiplied with t, and not raised to it",
        "One star multiplies, and two stars raise to a power.",
        (M_CORRECTION, M_CORRECTION.replace("**", " * ")),
        (V_CORRECTION, V_CORRECTION.replace("**", " * ")),
    ),
    wrong(
        "adamw",
        "t-one-too-many",
        "The steps are counted from 2",
        "In the first step beta is raised to 1.",
        ("self.t += 1\n", "self.t += 2 if self.t == 0 else 1\n"),
    ),
    wrong(
        "adamw",
        "first-not-corrected",
        "The first average is not corrected for the start",
        "Both averages begin at 0 and are too small at first.",
        (M_CORRECTION, "self.m[i]"),
    ),
    wrong(
        "adamw",
        "second-not-corrected",
        "The second average is not corrected for the start",
        "Both averages begin at 0 and are too small at first.",
        (V_CORRECTION, "self.v[i]"),
    ),
    wrong(
        "adamw",
        "correction-brackets",
        "Only 1 divides in the corrections",
        "A quotient binds before a difference: what is divided by has to be kept together.",
        (M_CORRECTION, "self.m[i] / 1 - self.beta1**self.t"),
        (V_CORRECTION, "self.v[i] / 1 - self.beta2**self.t"),
    ),
    wrong(
        "adamw",
        "weight-brackets",
        "beta alone is subtracted from 1, without its brackets",
        "A product binds before a difference: the weight of what is new has to be kept together.",
        (M, M.replace("(1 - self.beta1)", "1 - self.beta1")),
        (V, V.replace("(1 - self.beta2)", "1 - self.beta2")),
    ),
    wrong(
        "adamw",
        "half-for-root",
        HALF_FOR_ROOT,
        HALF_FOR_ROOT_WHY,
        ("v_hat**0.5", "v_hat**1 / 2"),
    ),
    wrong(
        "adamw",
        "decay-scaled-twice",
        "The learning rate comes into the weight decay twice",
        "The decay is a part of the step, and the step is scaled already.",
        ("+ self.weight_decay * p.data", "+ self.lr * self.weight_decay * p.data"),
    ),
)
