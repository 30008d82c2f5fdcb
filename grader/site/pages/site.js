// @ts-check
/** What `mg-grade site` has written for the scripts: texts, exercises, files as they are handed out. */

/** @typedef {{id: string, title: string, file: string, gap: string, bonus: boolean, minutes: number, points: number, page: string, chapter: string}} Exercise */
/** @typedef {{steps: number, lr: number, hidden: number[], optimiser: string, batch_size: number | null}} Settings */
/** @typedef {Record<string, string>} Files */
/**
 * @typedef {object} Site
 * @property {string} version
 * @property {Record<string, any>} texts
 * @property {Exercise[]} exercises in the order of the course
 * @property {Files} files
 * @property {Record<string, {classes: number, settings: Settings}>} datasets
 * @property {Record<string, string>} optimisers
 * @property {Record<string, number>} learning_rates
 * @property {number} most_hidden
 */

/** @type {Site} */
export const site = await (await fetch(new URL("data.json", import.meta.url))).json();

/** Every text that a person reads, by its name in base/messages.py. */
export const text = site.texts;

/** @type {Map<string, Exercise>} */
export const byId = new Map(site.exercises.map((one) => [one.id, one]));

/**
 * A text with what is to stand in its braces.
 * @param {string} text
 * @param {Record<string, any>} values
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
