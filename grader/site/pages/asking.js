// @ts-check
/** Asks before something is lost. */

import { button, element, find } from "./page.js";

/**
 * Whether somebody wants it.
 * @param {string} question
 * @param {string} yes
 * @param {string} no
 * @returns {Promise<boolean>}
 */
export function confirmed(question, yes, no) {
  const dialog = find(document, "#question", HTMLDialogElement);
  element(dialog, "#question-text").textContent = question;
  button(dialog, "#question-yes").textContent = yes;
  button(dialog, "#question-no").textContent = no;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
