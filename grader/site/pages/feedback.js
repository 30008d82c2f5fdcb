// @ts-check
/** What the grader has to say, in the page. */

import { made } from "./page.js";
import { text } from "./site.js";

/**
 * Show a piece of HTML as the grader has made it, in which texts are text.
 * @param {HTMLElement} where
 * @param {string} html
 */
export function showFeedback(where, html) {
  where.innerHTML = html;
  for (const pre of where.querySelectorAll("pre")) pre.tabIndex = 0;
  for (const svg of where.querySelectorAll("svg")) {
    const group = made("div", { className: "graph", tabIndex: 0, role: "group", ariaLabel: text.PAGE_GRAPH });
    svg.replaceWith(group);
    group.append(svg);
  }
}
