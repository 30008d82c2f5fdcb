// @ts-check
/** The grader of the page: one for all exercises on it. It loads while the page is read. */

import { Grader, Stopped } from "../engine/client.js";
import { element } from "./page.js";
import { filled, site, text } from "./site.js";
import { work } from "./work.js";

export { Stopped };

/** @type {(id: string) => void} */
let onexercise = () => {};
/** @type {Grader | undefined} */
let grader;
let isStopped = false;

/** Begin to load it. */
export function begin() {
  grader ??= new Grader({ onload: shown, onprogress: ({ exercise }) => onexercise(exercise) });
  grader.loaded.then(
    () => {
      said("");
      document.body.dataset.grader = "ready"; // for whoever waits
    },
    (error) => said(filled(text.COURSE_NOT_LOADED, { why: error.message })),
  );
  return grader;
}

/**
 * Ask the grader. Rejects with Stopped where somebody has stopped it, also while it is being loaded.
 * @param {string} op
 * @param {object} fields
 * @param {(part: any) => void} [onpart]
 * @returns {Promise<any>}
 */
export async function ask(op, fields, onpart) {
  const asked = begin();
  isStopped = false;
  await asked.loaded;
  if (isStopped) throw new Stopped();
  return asked.ask(op, fields, onpart);
}

/** End what is being asked. */
export function stop() {
  isStopped = true;
  grader?.stop();
}

/**
 * Grade these exercises, or all; the results are noted in the work.
 * @param {string[]} only
 * @param {(share: number, id: string) => void} onprogress
 * @returns {Promise<{next: string, results: Record<string, any>, notes: string[]}>}
 */
export async function grade(only, onprogress) {
  const files = { ...work.files };
  const total = only.length || site.exercises.length;
  let done = 0;
  onexercise = (id) => onprogress(Math.min(1, ++done / total), id);
  const graded = await ask("grade", { files, only });
  work.note(graded.results, files);
  return graded;
}

/** @param {{stage: string, done: number, total: number}} stage */
function shown({ stage, done, total }) {
  if (stage !== "ready") said(filled(text.COURSE_LOADING, { percent: Math.min(99, Math.round((100 * done) / total)) }));
}

/** @param {string} what */
function said(what) {
  element(document, "#loading").textContent = what;
}
