// @ts-check
/** Says why a question has no answer, and leads to the exercise that is missing for it. */

import { made } from "./page.js";
import { byId, filled, text } from "./site.js";

/**
 * What a question was refused with, to be put on the page.
 * @param {unknown} error
 */
export function refusal(error) {
  return error instanceof Error ? linked(error.message, /** @type {any} */ (error).exercise) : [];
}

/**
 * @param {string} why
 * @param {string} [id] of the exercise that is missing, if one is
 * @returns {(Node | string)[]}
 */
export function linked(why, id = "") {
  const exercise = byId.get(id);
  const link = exercise && made("a", { href: exercise.page, textContent: filled(text.COURSE_GO, exercise) });
  return link ? [why, " ", link] : [why];
}
