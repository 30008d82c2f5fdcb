// @ts-check
/** How somebody wants to train: the fields of the form, and what they stand for. */

import { element, find } from "./page.js";
import { site, text } from "./site.js";

const ALL = 100; // this far to the right, the slider of the batch is all examples
const SLIDERS = ["lr", "layers", "size1", "size2", "size3", "batch", "steps"];

export class Settings {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this._form = form;
    this._select("dataset").append(...Object.keys(site.datasets).map((name) => new Option(text.COURSE_DATA_SETS[name] ?? name, name)));
    this._select("optimiser").append(...Object.entries(site.optimisers).map(([name, title]) => new Option(title, name)));
    this._select("dataset").onchange = () => this.usual();
    this._select("optimiser").onchange = () => {
      this._input("lr").value = String(Math.log10(site.learning_rates[this._select("optimiser").value]));
      this._show();
    };
    form.oninput = () => this._show();
    this._select("dataset").value = "spiral";
    this.usual();
  }

  get dataset() {
    return this._select("dataset").value;
  }

  get isOwn() {
    return this._select("whose").value === "own";
  }

  /** Set what the data set is usually trained with. */
  usual() {
    const { settings } = site.datasets[this.dataset];
    this._select("optimiser").value = settings.optimiser;
    const size = (/** @type {number} */ layer) => settings.hidden[layer] ?? settings.hidden[settings.hidden.length - 1];
    const numbers = [
      Math.log10(settings.lr),
      settings.hidden.length,
      ...[0, 1, 2].map(size),
      settings.batch_size ?? ALL,
      settings.steps,
    ];
    SLIDERS.forEach((name, i) => (this._input(name).value = String(numbers[i])));
    this._show();
  }

  /** What is chosen, as the grader takes it. @returns {import("./site.js").Settings} */
  get chosen() {
    const number = (/** @type {string} */ name) => Number(this._input(name).value);
    const usual = site.datasets[this.dataset].settings.lr;
    const lr = Number((10 ** number("lr")).toPrecision(2));
    return {
      steps: number("steps"),
      lr: Math.abs(Math.log10(usual) - number("lr")) < 0.03 ? usual : lr,
      hidden: ["size1", "size2", "size3"].slice(0, number("layers")).map(number),
      optimiser: this._select("optimiser").value,
      batch_size: number("batch") < ALL ? number("batch") : null,
    };
  }

  /** Tell the number of every slider, and have one for the size of each layer. */
  _show() {
    const { steps, lr, hidden, batch_size } = this.chosen;
    const shown = [lr, hidden.length, ...[0, 1, 2].map((layer) => hidden[layer] ?? ""), batch_size ?? text.COURSE_ALL, steps];
    SLIDERS.forEach((name, i) => {
      const input = this._input(name);
      element(this._form, `[data-shown=${name}]`).textContent = String(shown[i]);
      input.setAttribute("aria-valuetext", String(shown[i]));
      const label = input.closest("label");
      if (label) label.hidden = shown[i] === "";
    });
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
