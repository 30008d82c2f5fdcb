// @ts-check
/** Folds a file around an exercise. */

import { codeFolding, foldEffect, unfoldAll } from "@codemirror/language";
import { places } from "./gaps.js";
import { made } from "./page.js";
import { filled, site, text } from "./site.js";

/** @typedef {import("@codemirror/view").EditorView} EditorView */
/** @typedef {import("@codemirror/state").EditorState} EditorState */

export const folding = codeFolding({
  preparePlaceholder: (state, { from, to }) => state.doc.lineAt(to).number - state.doc.lineAt(from).number + 1,
  placeholderDOM: (_, onclick, lines) => {
    const label = filled(lines === 1 ? text.COURSE_FOLDED_LINE : text.COURSE_FOLDED, { lines });
    const found = made("span", { className: "folded", textContent: label, title: text.COURSE_UNFOLD, onclick });
    return found;
  },
});

/**
 * Show nothing but what belongs to a gap.
 * @param {EditorView} view
 * @param {string} gap
 */
export function foldAround(view, gap) {
  unfoldAll(view);
  const effects = hidden(view.state, gap).map((range) => foldEffect.of(range));
  if (effects.length) view.dispatch({ effects });
}

/**
 * What is left out of sight, whole lines: nothing, where the gap, or one of several, has lost its mark.
 * @param {EditorState} state
 * @param {string} gap
 */
function hidden(state, gap) {
  const { doc } = state;
  const lines = doc.toString().split("\n");
  const seen = places(lines, gap);
  const { file } = site.exercises.find((one) => one.gap === gap) ?? { file: "" };
  if (!seen.length || marks(lines, gap) < marks(site.files[file].split("\n"), gap)) return [];
  const found = [];
  let next = 0;
  for (const { first, last } of [...seen, { first: lines.length, last: lines.length }]) {
    const range = next < first && { from: doc.line(next + 1).from, to: doc.line(first).to };
    if (range && range.from < range.to) found.push(range);
    next = last + 1;
  }
  return found;
}

/**
 * @param {string[]} lines
 * @param {string} gap
 */
function marks(lines, gap) {
  return lines.filter((line) => line.trim() === `# exercise: ${gap}`).length;
}

/**
 * Where the first gap begins, below its mark.
 * @param {EditorState} state
 * @param {string} gap
 */
export function startOf(state, gap) {
  const at = state.doc.toString().indexOf(`# exercise: ${gap}\n`);
  return at < 0 ? 0 : state.doc.lineAt(at).to + 1;
}
