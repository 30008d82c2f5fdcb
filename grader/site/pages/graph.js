// @ts-check
/** Draws an expression, and goes backward through it: the gradients are asked for, one after the other. */

import { Stopped, ask } from "./grading.js";
import { linked, refusal } from "./missing.js";
import { button, element, find, made } from "./page.js";
import { filled, text } from "./site.js";
import { work } from "./work.js";

/** @typedef {{name: string, made: string, children: string[], data: string, grad: string, right_grad: string, is_right: boolean}} Node */
/** @typedef {{svg: string, nodes: Node[], why_no_gradients: {error: string, exercise: string} | null}} Drawn */

const NEAR = 1e-3; // as numbers are rounded by hand

export function begin() {
  const section = element(document, "#graph");
  const form = find(section, "form", HTMLFormElement);
  const said = element(section, ".said");
  form.onsubmit = async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const inputs = String(fields.get("inputs")).split(/[,;\s]+(?=[A-Za-z_]\w*\s*=)/).map((one) => one.trim()).filter(Boolean);
    const code = fields.get("whose") === "own" ? { files: work.files } : { reference: true };
    said.textContent = text.COURSE_RUNNING;
    try {
      const drawn = await ask("graph", { expression: fields.get("expression"), inputs, ...code });
      said.replaceChildren(...(drawn.why_no_gradients ? linked(drawn.why_no_gradients.error, drawn.why_no_gradients.exercise) : []));
      new Steps(element(section, ".drawn"), drawn).begin();
    } catch (error) {
      said.replaceChildren(...(error instanceof Stopped ? [text.COURSE_STOPPED] : refusal(error)));
      element(section, ".drawn").hidden = true;
    }
  };
}

class Steps {
  /**
   * @param {HTMLElement} where
   * @param {Drawn} drawn
   */
  constructor(where, { svg, nodes, why_no_gradients }) {
    this._where = where;
    this._nodes = nodes; // each before those that it is made of: the order of the way backward
    this._hasGradients = !why_no_gradients;
    this._at = 0;
    element(where, ".graph").innerHTML = svg;
    this._boxes = boxes(element(where, ".graph"));
    this._rows = nodes.map((node) => {
      const name = node.made ? `${node.name} = ${node.made}` : node.name;
      return [made("th", { scope: "row" }, made("code", {}, name)), cell(node.data), cell("")];
    });
    find(where, "tbody", HTMLTableSectionElement).replaceChildren(...this._rows.map((row) => made("tr", {}, ...row)));
  }

  begin() {
    const form = find(this._where, "form", HTMLFormElement);
    form.onsubmit = (event) => {
      event.preventDefault();
      this._check(find(form, "input", HTMLInputElement));
    };
    button(form, ".show").onclick = () => this._on(text.COURSE_SHOWN);
    this._where.hidden = false;
    element(this._where, ".heard").textContent = "";
    if (!this._hasGradients) this._at = this._nodes.length;
    this._show();
  }

  /** @param {HTMLInputElement} input */
  _check(input) {
    const node = this._nodes[this._at];
    const [own, right] = [Number(input.value.trim().replace(",", ".").replace("\u2212", "-")), Number(node.right_grad)];
    const isRight = input.value.trim() !== "" && Math.abs(own - right) <= NEAR * Math.max(1, Math.abs(right));
    if (isRight) this._on(text.COURSE_RIGHT);
    else element(this._where, ".heard").textContent = this._help(node);
  }

  /** What leads to a gradient. @param {Node} node */
  _help(node) {
    const users = this._nodes.filter((one) => one.children.includes(node.name));
    if (!users.length) return text.COURSE_HELP_ROOT;
    const told = users.map((one) => filled(text.COURSE_HELP_USER, { made: `${one.name} = ${one.made}`, grad: one.right_grad }));
    return filled(text.COURSE_HELP, { name: node.name, users: told.join("; ") });
  }

  /** Go on to the next node. @param {string} heard */
  _on(heard) {
    const node = this._nodes[this._at++];
    const values = { name: node.name, grad: node.right_grad, own: node.grad };
    element(this._where, ".heard").textContent = filled(node.is_right ? heard : text.COURSE_OWN_WRONG, values);
    this._show();
  }

  /** Scroll the picture sideways where it is wider than the window. @param {Element} [frame] */
  _bringIntoSight(frame) {
    if (!frame) return;
    const picture = element(this._where, ".graph");
    const [own, its] = [frame.getBoundingClientRect(), picture.getBoundingClientRect()];
    picture.scrollLeft += own.left + own.width / 2 - its.left - its.width / 2;
  }

  _show() {
    const form = find(this._where, "form", HTMLFormElement);
    const node = this._nodes[this._at];
    this._nodes.forEach(({ grad }, i) => {
      const isKnown = i < this._at;
      this._rows[i][2].textContent = isKnown ? grad : text.COURSE_UNKNOWN;
      this._boxes[i]?.show(isKnown, i === this._at);
    });
    this._bringIntoSight(this._boxes[this._at]?.frame);
    form.hidden = !node;
    if (!node) {
      if (this._hasGradients) element(this._where, ".heard").append(` ${text.COURSE_ALL_STEPS}`);
      return;
    }
    const name = node.made ? `${node.name} = ${node.made}` : node.name;
    element(form, ".ask").textContent = filled(text.COURSE_ASKED, { name, root: this._nodes[0].name });
    const input = find(form, "input", HTMLInputElement);
    input.value = "";
    input.focus({ preventScroll: true });
  }
}

/**
 * The boxes of a picture, in the order of its nodes: each is a frame and its lines, of which the third is the gradient.
 * @param {HTMLElement} where
 */
function boxes(where) {
  /** @type {{frame: Element, lines: Element[]}[]} */
  const found = [];
  for (const one of [...find(where, "svg", SVGElement).children].slice(1)) {
    if (one.tagName === "rect") found.push({ frame: one, lines: [] });
    else if (one.tagName === "text") found.at(-1)?.lines.push(one);
  }
  return found.map(({ frame, lines: [, , gradient, ...corrections] }) => {
    const known = gradient?.textContent ?? "";
    const wrong = frame.classList.contains("wrong");
    return {
      frame,
      /** @type {(isKnown: boolean, isNow: boolean) => void} */
      show(isKnown, isNow) {
        if (gradient) gradient.textContent = isKnown ? known : known.replace(/\S+$/, text.COURSE_UNKNOWN);
        for (const line of corrections) /** @type {SVGElement} */ (line).style.display = isKnown ? "" : "none";
        frame.classList.toggle("now", isNow);
        frame.classList.toggle("wrong", wrong && isKnown);
      },
    };
  });
}

/** @param {string} content */
function cell(content) {
  return made("td", { className: "number", textContent: content });
}
