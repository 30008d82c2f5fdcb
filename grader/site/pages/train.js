// @ts-check
/** Trains a network while one looks on. */

import { drawBoundary, drawLosses, drawPredictions } from "./drawings.js";
import { Stopped, ask, stop } from "./grading.js";
import { refusal } from "./missing.js";
import { button, element, find, made } from "./page.js";
import { Settings } from "./settings.js";
import { filled, site, text } from "./site.js";
import { work } from "./work.js";

/** @typedef {import("./drawings.js").Examples} Examples */
/** @typedef {{step: number, steps: number, losses: (number | null)[], validation?: number | null, parameters: number, boundary?: import("./drawings.js").Boundary, accuracy?: Record<string, number>, predictions?: (number | null)[], examples?: Record<string, Examples>}} Part */

const PARTS = 60; // about so many pictures, or more where steps are slow
const TOLD = 5; // seconds between two words to who listens
const SHARE = 0.1; // of the losses, at both ends, by which a training is told to have got worse
const RESTS_ON = ["engine.py", "nn.py", "losses.py", "optim.py", "train.py"];

export function begin() {
  new Trainer(element(document, "#train"));
}

class Trainer {
  /** @param {HTMLElement} section */
  constructor(section) {
    this._section = section;
    this._form = find(section, "form", HTMLFormElement);
    this._settings = new Settings(this._form);
    this._said = element(section, ".said");
    this._boundary = find(section, "canvas.boundary", HTMLCanvasElement);
    this._losses = find(section, "canvas.losses", HTMLCanvasElement);
    this._form.onsubmit = (event) => {
      event.preventDefault();
      void this._train();
    };
    button(section, ".stop").onclick = () => stop();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this._draw());
    new ResizeObserver(() => this._draw()).observe(section);
    /** @type {Part | undefined} */
    this._last = undefined;
    /** @type {Record<string, Examples>} */
    this._examples = {};
    /** @type {[number, number][]} */
    this._seen = [];
    /** @type {[number, number][]} */
    this._validation = [];
    this._told = 0;
  }

  async _train() {
    const { chosen: settings, dataset, isOwn } = this._settings;
    const code = isOwn ? { files: work.files } : { reference: true };
    const every = Math.max(1, Math.round(settings.steps / PARTS));
    const [begin, end] = [button(this._form, ".main"), button(this._form, ".stop")];
    [this._last, this._examples, this._seen, this._validation, this._told] = [undefined, {}, [], [], 0];
    begin.disabled = !(end.disabled = false);
    this._said.textContent = text.COURSE_RUNNING;
    element(this._section, ".failing").replaceChildren(...(isOwn ? failing() : []));
    try {
      await ask("train", { dataset, settings, every, ...code }, (part) => this._take(part));
      this._said.textContent = this._outcome();
    } catch (error) {
      if (error instanceof Stopped) this._said.textContent = `${text.COURSE_STOPPED} ${this._words()}`.trim();
      else this._said.replaceChildren(...refusal(error));
    } finally {
      begin.disabled = !(end.disabled = true);
      element(this._section, ".pictures").hidden = !this._last;
    }
  }

  /** @param {Part} part */
  _take(part) {
    this._examples = part.examples ?? this._examples;
    const first = part.step - part.losses.length + 1;
    part.losses.forEach((loss, i) => this._seen.push([first + i, loss ?? Infinity]));
    if (part.validation !== undefined) this._validation.push([part.step, part.validation ?? Infinity]);
    this._last = part;
    this._draw();
    if (performance.now() - this._told > TOLD * 1000) {
      this._told = performance.now();
      this._said.textContent = this._words();
    }
  }

  _draw() {
    const [part, { train, val }] = [this._last, this._examples];
    if (!part || !train) return;
    element(this._section, ".pictures").hidden = false;
    const what = element(this._section, "#boundary-text");
    if (part.boundary) {
      drawBoundary(this._boundary, part.boundary, train, val);
      what.textContent = [shares(part.boundary, train), text.COURSE_HOLLOW, right(part)].join(" ").trim();
    } else if (part.predictions) {
      drawPredictions(this._boundary, part.predictions, train);
      const pairs = part.predictions.map((one, i) => filled(text.COURSE_PREDICTED, { target: train.targets[i], predicted: round(one) }));
      what.textContent = filled(text.COURSE_PREDICTIONS, { pairs: pairs.join(", ") });
    }
    /** @type {Parameters<typeof drawLosses>[1]} */
    const lines = [{ name: text.COURSE_TRAIN_LOSS, colour: "--accent", dash: [], points: this._seen }];
    if (val) lines.push({ name: text.COURSE_VALIDATION_LOSS, colour: "--bad", dash: [6, 4], points: this._validation });
    drawLosses(this._losses, lines, part.steps);
    const none = val ? "" : filled(text.COURSE_NO_VALIDATION, { examples: train.targets.length });
    element(this._section, "#losses-text").textContent = `${this._words()} ${none}`.trim();
  }

  /** How far it is, in words. */
  _words() {
    const part = this._last;
    if (!part) return "";
    const values = { step: part.step, steps: part.steps, loss: round(part.losses.at(-1)), parameters: part.parameters };
    const words = filled(text.COURSE_STEP, values);
    return part.validation !== undefined ? `${words} ${filled(text.COURSE_STEP_VALIDATION, { loss: round(part.validation) })}` : words;
  }

  /** How it came out, and what may be wrong. */
  _outcome() {
    const losses = this._seen.map(([, loss]) => loss);
    if (!Number.isFinite(losses.at(-1))) return filled(text.COURSE_DIVERGED, { step: losses.length });
    const some = Math.max(1, Math.round(losses.length * SHARE));
    const sum = (/** @type {number[]} */ numbers) => numbers.reduce((all, one) => all + one, 0);
    const words = filled(text.COURSE_TRAINED, { words: this._words() });
    const hasGrown = losses.length > 1 && sum(losses.slice(-some)) >= sum(losses.slice(0, some));
    return hasGrown ? `${words} ${text.COURSE_GREW}` : words;
  }
}

/**
 * How the plane is shared out, in words.
 * @param {import("./drawings.js").Boundary} boundary
 * @param {Examples} examples
 */
function shares({ decided }, { targets, labels }) {
  const all = decided.flat();
  const counts = [...Array(Math.max(...targets) + 1).keys()].map((kind) => {
    const percent = Math.round((100 * all.filter((one) => one === kind).length) / all.length);
    return filled(text.COURSE_SHARE, { name: labels?.[kind] ?? kind, shape: text.COURSE_SHAPES[kind] ?? "", percent });
  });
  return filled(text.COURSE_DECIDED, { shares: counts.join(", ") });
}

/** What is decided rightly, once that is known. @param {Part} part */
function right({ accuracy }) {
  if (!accuracy) return "";
  const percent = (/** @type {number | undefined} */ share) => Math.round(100 * (share ?? 0));
  return filled(text.COURSE_DECIDED_RIGHT, { train: percent(accuracy.train), validation: percent(accuracy.val) });
}

/** What of one's own is known to be wrong, and may be why. */
function failing() {
  const found = site.exercises.filter(({ id, file, bonus }) => {
    return RESTS_ON.includes(file) && !bonus && ["failed", "partial"].includes(work.status(id));
  });
  const links = found.flatMap(({ id, page }, i) => [...(i ? [", "] : []), made("a", { href: page, textContent: id })]);
  return found.length ? [`${text.COURSE_FAILING} `, ...links] : [];
}

/** @param {number | null | undefined} number */
const round = (number) => (typeof number === "number" ? Number(number.toPrecision(3)).toString() : text.COURSE_NO_NUMBER);
