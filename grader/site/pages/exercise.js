// @ts-check
/** The box of an exercise: its editor and its buttons. */

import { unfoldAll } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { confirmed } from "./asking.js";
import { Editor } from "./editor.js";
import { showFeedback } from "./feedback.js";
import { foldAround, startOf } from "./folding.js";
import { Stopped, ask, grade, stop } from "./grading.js";
import { button, element, find, made } from "./page.js";
import { byId, filled, site, text } from "./site.js";
import { isKept, keep, kept } from "./storage.js";
import { work } from "./work.js";

/** @type {Set<Box>} */
const boxes = new Set();

class Box {
  /** @param {HTMLElement} section */
  constructor(section) {
    this._section = section;
    const found = byId.get(section.dataset.exercise ?? "");
    if (!found) throw new Error("an exercise of another version");
    this._exercise = found;
    this._said = element(section, ".said");
    this._run = button(section, ".run");
    this._stop = button(section, ".stop");
    this._whole = button(section, ".whole");
    element(section, ".stub").hidden = true;
    element(section, ".bench").hidden = false;
    const parent = element(section, ".editor");
    this._editor = new Editor(parent, found.file, { run: () => void this.run() });
    this._tabs(parent);
    this._run.onclick = () => void this.run();
    this._stop.onclick = () => stop();
    this._whole.onclick = () => this._fold(this._whole.ariaPressed === "true");
    button(section, ".reset").onclick = () => void this._reset();
    button(section, ".solution").onclick = () => void this._solution();
    this._hints();
    this._fold(true);
    this.show();
    boxes.add(this);
  }

  /** Show what has been said of the exercise. */
  show() {
    const { id } = this._exercise;
    const result = work.results[id];
    showFeedback(element(this._section, ".result"), result?.html ?? "");
    const verdict = result && result.status !== "not-started" ? this._verdict(result) : "";
    if (verdict !== this._said.textContent) this._say(verdict);
    const after = site.exercises[site.exercises.findIndex((one) => one.id === id) + 1];
    const others = element(this._section, ".others");
    others.replaceChildren();
    if (result?.status !== "passed") return;
    const link = after && made("a", { className: "next", href: after.page, textContent: `${after.id}: ${after.title}` });
    others.append(made("p", {}, link ? `${text.COURSE_NEXT} ` : text.COURSE_LAST, ...(link ? [link] : [])));
  }

  /** Grade what has changed, and this exercise. */
  async run() {
    if (isBusy) return;
    const { id, file } = this._exercise;
    busy(true);
    const progress = element(this._section, ".progress");
    const bar = find(progress, "progress", HTMLProgressElement);
    progress.hidden = false;
    bar.removeAttribute("value");
    this._say(text.COURSE_RUNNING);
    const before = new Map(site.exercises.map((one) => [one.id, work.status(one.id)]));
    try {
      const changed = [...new Set([...work.changed, file])];
      const only = await ask("touched", { changed });
      const graded = await grade(only, (share) => (bar.value = share));
      const result = graded.results[id];
      if (result.status === "not-started") {
        this._say(filled(text.COURSE_NOT_BEGUN, { id }));
        return;
      }
      this._tellOthers(before);
    } catch (error) {
      this._say(error instanceof Stopped ? text.COURSE_STOPPED : message(error));
    } finally {
      progress.hidden = true;
      busy(false);
    }
  }

  /** Say which other exercises are another state now. @param {Map<string, string>} before */
  _tellOthers(before) {
    const changed = site.exercises.filter((one) => one !== this._exercise && before.get(one.id) !== work.status(one.id));
    const isBad = (/** @type {import("./site.js").Exercise} */ one) => before.get(one.id) === "passed";
    const told = changed.filter((one) => isBad(one) || work.status(one.id) === "passed");
    if (!told.length) return;
    const list = made("ul");
    for (const one of told) {
      const link = made("a", { href: one.page, textContent: one.id });
      list.append(made("li", {}, link, `: ${text.PAGE_STATES[work.status(one.id)].slice(2)}`));
    }
    element(this._section, ".others").append(made("p", { textContent: text.COURSE_OTHERS }), list);
  }

  /** @param {import("./work.js").Result} result */
  _verdict({ status, points }) {
    const of = filled(text.COURSE_OF, { points: number(points), most: number(this._exercise.points) });
    const words = text.PAGE_STATES[status].slice(2);
    return `${this._exercise.id}: ${words}, ${of}${isKept ? "" : ` ${text.COURSE_NOT_KEPT}`}`;
  }

  async _reset() {
    const { id, file, gap } = this._exercise;
    if (!(await confirmed(filled(text.COURSE_RESET_ASKED, { id }), text.COURSE_RESET, text.COURSE_KEEP))) return;
    try {
      const { files } = await ask("reset", { exercise: id, files: work.files });
      work.writeAll(files);
      work.forget(site.exercises.filter((one) => one.gap === gap));
      this._open(file);
      this._say(text.COURSE_RESET_DONE);
    } catch (error) {
      this._say(message(error));
    }
  }

  /** Show a solution: to whom has passed at once, to others when they have said twice that they want it. */
  async _solution() {
    const { id } = this._exercise;
    if (work.status(id) !== "passed") {
      if (!(await confirmed(text.COURSE_GIVE_UP, text.COURSE_GIVE_UP_YES, text.COURSE_GIVE_UP_NO))) return;
      if (!(await confirmed(text.COURSE_GIVE_UP_SURE, text.COURSE_SOLUTION, text.COURSE_GIVE_UP_NO))) return;
    }
    try {
      const { text: code } = await ask("solution", { exercise: id });
      const title = made("h4", { textContent: text.COURSE_SOLVED, tabIndex: -1 });
      element(this._section, ".solved").replaceChildren(title, made("pre", { textContent: code, tabIndex: 0 }));
      title.focus();
    } catch (error) {
      this._say(message(error));
    }
  }

  /** Whether only the exercise is in sight. @param {boolean} isFolded */
  _fold(isFolded) {
    this._whole.ariaPressed = String(!isFolded);
    const { view } = this._editor;
    if (isFolded) foldAround(view, this._exercise.gap);
    else unfoldAll(view);
    const isOwn = this._editor.file === this._exercise.file;
    const anchor = isOwn ? startOf(view.state, this._exercise.gap) : 0;
    const effects = isFolded ? [] : [EditorView.scrollIntoView(anchor, { y: "center" })];
    view.dispatch({ selection: { anchor }, effects });
    if (isFolded) view.scrollDOM.scrollTop = 0;
  }

  /** A tab for each file: the own one, and those beside it. @param {HTMLElement} panel */
  _tabs(panel) {
    const list = element(this._section, ".files");
    /** @type {HTMLButtonElement[]} */
    this._files = Object.keys(work.files).map((name) => {
      const tab = made("button", { type: "button", role: "tab", textContent: name, id: `${panel.id}-${name}` });
      tab.setAttribute("aria-controls", panel.id);
      tab.onclick = () => this._open(name);
      return tab;
    });
    list.append(...this._files);
    list.onkeydown = ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      const files = this._files ?? [];
      const at = files.findIndex((tab) => tab === document.activeElement);
      if (step && at >= 0) files[(at + step + files.length) % files.length].focus();
    };
    this._open(this._exercise.file);
  }

  /** @param {string} name */
  _open(name) {
    this._editor.open(name);
    for (const tab of this._files ?? []) {
      const isOpen = tab.textContent === name;
      tab.ariaSelected = String(isOpen);
      tab.tabIndex = isOpen ? 0 : -1;
      if (!isOpen) continue;
      element(this._section, ".editor").setAttribute("aria-labelledby", tab.id);
      const list = element(this._section, ".files");
      list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
    }
    if (name === this._exercise.file) this._fold(true);
  }

  /** Hints that have been opened are open the next time. */
  _hints() {
    const hints = [...this._section.querySelectorAll("details")];
    const name = `hints:${this._exercise.id}`;
    hints.slice(0, kept(name) ?? 0).forEach((hint) => (hint.open = true));
    for (const hint of hints) hint.ontoggle = () => keep(name, hints.filter((one) => one.open).length);
  }

  /** @param {string} what */
  _say(what) {
    this._said.textContent = what;
  }

  /** @param {boolean} is */
  busy(is) {
    this._run.disabled = is;
    this._stop.disabled = !is;
  }
}

let isBusy = false;

/** @param {boolean} is */
function busy(is) {
  isBusy = is;
  for (const box of boxes) box.busy(is);
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {number} points */
export function number(points) {
  return String(Math.round(points * 100) / 100);
}

/** Make all boxes of the page. */
export function begin() {
  for (const section of document.querySelectorAll("section.exercise")) new Box(/** @type {HTMLElement} */ (section));
  work.addEventListener("results", () => boxes.forEach((box) => box.show()));
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView(); // the boxes are higher than they were
}
