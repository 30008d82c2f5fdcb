// @ts-check
/** Shows wherever an exercise is named how far it is. */

import { made } from "./page.js";
import { site, text } from "./site.js";
import { work } from "./work.js";

export function showStates() {
  for (const { id } of site.exercises) {
    const status = work.status(id);
    const words = text.PAGE_STATES[status];
    for (const one of document.querySelectorAll(`[data-state="${id}"]`)) mark(one, status, words);
    for (const one of document.querySelectorAll(`[data-mark="${id}"]`)) {
      const isNew = status === "not-started";
      mark(one, status, isNew ? "" : words.slice(0, 1));
      if (isNew) one.removeAttribute("role");
      else one.setAttribute("role", "img"), one.setAttribute("aria-label", words.slice(2));
    }
  }
  const todo = site.exercises.find(({ id }) => work.status(id) !== "passed");
  const next = document.querySelector("#next");
  const link = todo && made("a", { href: todo.page, textContent: `${todo.id}: ${todo.title}` });
  next?.replaceChildren(...(link ? [`${text.COURSE_NEXT} `, link] : [text.COURSE_ALL_PASSED]));
  for (const one of document.querySelectorAll("[data-count]")) {
    const all = site.exercises.filter(({ file }) => file === one.getAttribute("data-count"));
    const done = all.filter(({ id }) => work.status(id) === "passed").length;
    one.textContent = `${done}/${all.length}`;
    one.classList.toggle("passed", done === all.length);
  }
}

/**
 * @param {Element} where
 * @param {string} status
 * @param {string} words
 */
function mark(where, status, words) {
  where.className = `state ${status}`;
  where.textContent = words;
}
