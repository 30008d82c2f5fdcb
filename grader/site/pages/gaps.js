// @ts-check
/** Where an exercise is in a file: its gaps, and the definitions around them. As grader/kit/gaps.py reads them. */

/** @typedef {{first: number, last: number}} Lines from 0, both among them */

/**
 * The lines to be seen for an exercise; none where its marks are gone.
 * @param {string[]} lines
 * @param {string} gap
 * @returns {Lines[]}
 */
export function places(lines, gap) {
  /** @type {Lines[]} */
  const found = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].trim() !== `# exercise: ${gap}`) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim() === "# end" && indent(line) === indent(lines[i]));
    if (end < 0) continue;
    const around = definition(lines, i, end);
    const before = found.at(-1);
    if (before && around.first <= before.last + 1) before.last = Math.max(before.last, around.last);
    else found.push(around);
  }
  return found;
}

/**
 * The function or method around two marks, or the class where they are right in it.
 * @param {string[]} lines
 * @param {number} begin
 * @param {number} end
 * @returns {Lines}
 */
function definition(lines, begin, end) {
  let first = begin;
  for (let at = begin - 1; at >= 0 && indent(lines[first]) > 0; at--) {
    if (!lines[at].trim() || indent(lines[at]) >= indent(lines[first])) continue;
    const isClass = /^\s*class\b/.test(lines[at]);
    if (isClass && first !== begin) break;
    first = at;
    if (isClass) break;
  }
  while (first > 0 && lines[first - 1].trim().startsWith("@")) first--;
  let last = end;
  for (let at = end + 1; at < lines.length; at++) {
    if (!lines[at].trim()) continue;
    if (indent(lines[at]) <= indent(lines[first])) break;
    last = at;
  }
  return { first, last };
}

/** @param {string} line */
function indent(line) {
  return line.length - line.trimStart().length;
}
