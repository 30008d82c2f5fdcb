// @ts-check
/** The page of all work: out and in as a zip, all of it graded, and begun anew. */

import { confirmed } from "./asking.js";
import { Stopped, ask, grade, stop } from "./grading.js";
import { button, element, find, made } from "./page.js";
import { filled, site, text } from "./site.js";
import { keep, kept } from "./storage.js";
import { work } from "./work.js";

export function begin() {
  const said = element(document, "main .said");
  /** @type {(button: HTMLElement, action: () => Promise<string>) => void} */
  const on = (button, action) => {
    button.onclick = () => void told(said, action);
  };
  const input = find(document, "#in", HTMLInputElement);
  on(button(document, "#out"), out);
  input.onchange = () => void told(said, () => taken(input));
  on(button(document, "#grade-all"), () => gradeAll(said));
  button(document, "#stop-all").onclick = () => stop();
  on(button(document, "#anew"), anew);
  on(button(document, "#back"), back);
  showPoints();
  work.addEventListener("results", showPoints);
}

/**
 * Say how it went.
 * @param {HTMLElement} said
 * @param {() => Promise<string>} action
 */
async function told(said, action) {
  try {
    said.textContent = await action();
  } catch (error) {
    said.textContent =
      error instanceof Stopped ? text.COURSE_STOPPED : error instanceof Error ? error.message : String(error);
  }
}

async function out() {
  const { name, base64 } = await ask("zip", { files: work.files });
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const link = made("a", { href: URL.createObjectURL(new Blob([bytes], { type: "application/zip" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return filled(text.COURSE_OUT_DONE, { name });
}

/** @param {HTMLInputElement} input */
async function taken(input) {
  const [file] = input.files ?? [];
  if (!file) return "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  input.value = "";
  let binary = "";
  for (const one of bytes) binary += String.fromCharCode(one);
  const { files } = await ask("unzip", { base64: btoa(binary) });
  const names = Object.keys(files).join(", ");
  const isWanted = await confirmed(filled(text.COURSE_IN_ASKED, { names }), text.COURSE_IN_YES, text.COURSE_KEEP);
  if (!isWanted) return "";
  replace(files);
  return filled(text.COURSE_IN_DONE, { names });
}

async function anew() {
  if (!(await confirmed(text.COURSE_ANEW_ASKED, text.COURSE_ANEW, text.COURSE_KEEP))) return "";
  replace(site.files);
  return text.COURSE_ANEW_DONE;
}

async function back() {
  const before = kept("before");
  if (before) replace(before);
  return text.COURSE_TAKEN_BACK;
}

/** Put other files in place of the learner's, which are kept until the next time. @param {Record<string, string>} files */
function replace(files) {
  keep("before", { ...work.files });
  work.writeAll(files);
  work.forget(site.exercises);
}

/** @param {HTMLElement} said */
async function gradeAll(said) {
  const [all, end] = [button(document, "#grade-all"), button(document, "#stop-all")];
  const progress = element(document, ".progress");
  const bar = find(progress, "progress", HTMLProgressElement);
  all.disabled = !(progress.hidden = end.disabled = false);
  bar.removeAttribute("value");
  said.textContent = text.COURSE_RUNNING;
  try {
    await grade([], (share) => (bar.value = share));
    return text.COURSE_GRADED;
  } finally {
    all.disabled = !(progress.hidden = end.disabled = true);
  }
}

function showPoints() {
  let points = 0;
  for (const one of site.exercises) {
    const found = work.results[one.id]?.points ?? 0;
    points += found;
    const cell = document.querySelector(`[data-points="${one.id}"]`);
    if (cell) cell.textContent = filled(text.COURSE_OUT_OF, { points: shown(found), most: shown(one.points) });
  }
  const most = site.exercises.reduce((sum, one) => sum + (one.bonus ? 0 : one.points), 0);
  const passed = site.exercises.filter(({ id }) => work.status(id) === "passed").length;
  const values = { points: shown(points), most: shown(most), passed, all: site.exercises.length };
  element(document, "#points").textContent = filled(text.COURSE_POINTS, values);
  button(document, "#back").hidden = !kept("before");
}

/** @param {number} points */
function shown(points) {
  return String(Math.round(points * 100) / 100);
}
