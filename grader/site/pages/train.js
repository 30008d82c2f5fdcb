// @ts-check
/** Trains a network while one looks on. */

import { drawBoundary, drawLosses, drawPredictions } from "./drawings.js";
import { Stopped, ask, stop } from "./grading.js";
import { button, element, find } from "./page.js";
import { filled, site, text } from "./site.js";
import { work } from "./work.js";

/** @typedef {import("./drawings.js").Examples} Examples */
/** @typedef {{step: number, steps: number, losses: (number | null)[], validation?: number | null, parameters: number, boundary?: import("./drawings.js").Boundary, accuracy?: Record<string, number>, predictions?: number[], examples?: Record<string, Examples>}} Part */

const ALL = 100; // this far to the right, the slider of the batch is all examples
const PARTS = 60; // about so many pictures in all
const TOLD = 5; // seconds between two words to who listens

export function begin() {
  new Trainer(element(document, "#train"));
}

class Trainer {
  /** @param {HTMLElement} section */
  constructor(section) {
    this._section = section;
    this._form = find(section, "form", HTMLFormElement);
    this._said = element(section, ".said");
    this._boundary = find(section, "canvas.boundary", HTMLCanvasElement);
    this._losses = find(section, "canvas.losses", HTMLCanvasElement);
    this._select("dataset").append(...Object.keys(site.datasets).map((name) => new Option(text.COURSE_DATA_SETS[name] ?? name, name)));
    this._select("optimiser").append(...Object.entries(site.optimisers).map(([name, title]) => new Option(title, name)));
    this._select("dataset").onchange = () => this._usual();
    this._select("optimiser").onchange = () => {
      this._input("lr").value = String(Math.log10(site.learning_rates[this._select("optimiser").value]));
      this._showNumbers();
    };
    this._form.oninput = () => this._showNumbers();
    this._form.onsubmit = (event) => {
      event.preventDefault();
      void this._train();
    };
    button(section, ".stop").onclick = () => stop();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this._draw());
    this._select("dataset").value = "spiral";
    this._usual();
  }

  /** Set what the data set is usually trained with. */
  _usual() {
    const { settings } = site.datasets[this._select("dataset").value];
    this._select("optimiser").value = settings.optimiser;
    const numbers = {
      lr: Math.log10(settings.lr),
      layers: settings.hidden.length,
      size: settings.hidden[0],
      batch: settings.batch_size ?? ALL,
      steps: settings.steps,
    };
    for (const [name, value] of Object.entries(numbers)) this._input(name).value = String(value);
    this._showNumbers();
  }

  get settings() {
    const number = (/** @type {string} */ name) => Number(this._input(name).value);
    const usual = site.datasets[this._select("dataset").value].settings.lr;
    const lr = Number((10 ** number("lr")).toPrecision(2));
    const batch = number("batch");
    return {
      steps: number("steps"),
      lr: Math.abs(Math.log10(usual) - number("lr")) < 0.03 ? usual : lr,
      hidden: Array.from({ length: number("layers") }, () => number("size")),
      optimiser: this._select("optimiser").value,
      batch_size: batch < ALL ? batch : null,
    };
  }

  _showNumbers() {
    const { steps, lr, hidden, batch_size } = this.settings;
    const shown = { lr, layers: hidden.length, size: hidden[0], batch: batch_size ?? text.COURSE_ALL, steps };
    for (const [name, value] of Object.entries(shown)) {
      element(this._form, `output[name=${name}-shown]`).textContent = String(value);
      this._input(name).setAttribute("aria-valuetext", String(value));
    }
  }

  async _train() {
    const settings = this.settings;
    const dataset = this._select("dataset").value;
    const code = this._select("whose").value === "own" ? { files: work.files } : { reference: true };
    const every = Math.max(1, Math.round(settings.steps / PARTS));
    const [begin, end] = [button(this._form, ".main"), button(this._form, ".stop")];
    /** @type {Part | undefined} */
    this._last = undefined;
    /** @type {[number, number][]} */
    this._seen = [];
    /** @type {[number, number][]} */
    this._validation = [];
    this._told = 0;
    begin.disabled = !(end.disabled = false);
    this._said.textContent = text.COURSE_RUNNING;
    try {
      await ask("train", { dataset, settings, every, ...code }, (part) => this._take(part));
      this._said.textContent = filled(text.COURSE_TRAINED, { words: this._words() });
    } catch (error) {
      this._said.textContent = error instanceof Stopped ? text.COURSE_STOPPED : error instanceof Error ? error.message : "";
    } finally {
      begin.disabled = !(end.disabled = true);
    }
  }

  /** @param {Part} part */
  _take(part) {
    this._examples = part.examples ?? this._examples;
    const first = part.step - part.losses.length + 1;
    part.losses.forEach((loss, i) => this._seen?.push([first + i, loss ?? Infinity]));
    if (part.validation !== undefined) this._validation?.push([part.step, part.validation ?? Infinity]);
    this._last = part;
    this._draw();
    if (performance.now() - (this._told ?? 0) > TOLD * 1000) {
      this._told = performance.now();
      this._said.textContent = this._words();
    }
  }

  _draw() {
    const [part, examples] = [this._last, this._examples?.train];
    if (!part || !examples) return;
    element(this._section, ".pictures").hidden = false;
    const what = element(this._section, "#boundary-text");
    if (part.boundary) {
      drawBoundary(this._boundary, part.boundary, examples);
      const counts = [...Array(Math.max(...examples.targets) + 1).keys()].map((kind) => {
        const all = part.boundary?.decided.flat() ?? [];
        const percent = Math.round((100 * all.filter((one) => one === kind).length) / all.length);
        return filled(text.COURSE_SHARE, { name: examples.labels?.[kind] ?? kind, shape: text.COURSE_SHAPES[kind] ?? "", percent });
      });
      what.textContent = filled(text.COURSE_DECIDED, { shares: counts.join(", "), right: percent(part.accuracy?.train) });
    } else if (part.predictions) {
      drawPredictions(this._boundary, part.predictions, examples);
      const pairs = part.predictions.map((one, i) => filled(text.COURSE_PREDICTED, { target: examples.targets[i], predicted: round(one) }));
      what.textContent = pairs.join(", ");
    }
    /** @type {Parameters<typeof drawLosses>[1]} */
    const lines = [{ name: text.COURSE_TRAIN_LOSS, colour: "--accent", dash: [], points: this._seen ?? [] }];
    const validation = this._validation ?? [];
    if (validation.length) lines.push({ name: text.COURSE_VALIDATION_LOSS, colour: "--bad", dash: [6, 4], points: validation });
    drawLosses(this._losses, lines, part.steps);
    element(this._section, "#losses-text").textContent = this._words();
  }

  /** How far it is, in words. */
  _words() {
    const part = this._last;
    if (!part) return "";
    const values = { step: part.step, steps: part.steps, loss: round(part.losses.at(-1)), parameters: part.parameters };
    const words = filled(text.COURSE_STEP, values);
    return part.validation !== undefined ? `${words} ${filled(text.COURSE_STEP_VALIDATION, { loss: round(part.validation) })}` : words;
  }

  /** @param {string} name */
  _select(name) {
    return find(this._form, `select[name=${name}]`, HTMLSelectElement);
  }

  /** @param {string} name */
  _input(name) {
    return find(this._form, `input[name=${name}]`, HTMLInputElement);
  }
}

/** @param {number | null | undefined} number */
const round = (number) => (typeof number === "number" ? Number(number.toPrecision(3)).toString() : text.COURSE_NO_NUMBER);

/** @param {number | undefined} share */
const percent = (share) => (share === undefined ? "" : Math.round(100 * share));
