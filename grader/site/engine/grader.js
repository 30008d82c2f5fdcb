// @ts-check
/** The worker that grades: Python with the kit. The page asks it by messages (../README.md), one after the other. */

import { Pool } from "./channels.js";
import { loadLearner } from "./learner.js";
import { loadPython } from "./python.js";

/**
 * @typedef {object} Begin
 * @property {import("./python.js").Sources} grader
 * @property {import("./python.js").Sources} [learner] where its Python can only be in this worker
 * @property {SharedArrayBuffer} [interrupt] where the page can interrupt Python
 */

const FOLDER = "/kit";
const PREPARE = "from grader.site import answering; _answering = answering.prepared()";
const BEGIN = `
import json, mg_grade_page
_answering.tell = lambda said: mg_grade_page.tell(json.dumps(said))
lambda op, fields: answering.answer(_answering, op, fields)
`;

/** @type {any} */
const scope = self;
let asked = 0; // the number of the question that is being answered

/** @param {Begin} begin */
async function load(begin) {
  const since = performance.now();
  const { python, snapshot } = await loadPython(begin.grader, FOLDER, PREPARE);
  if (snapshot) scope.postMessage({ snapshot });
  scope.postMessage({ load: "grader" });
  const beside = begin.learner && (await loadLearner(begin.learner));
  const pool = new Pool(beside?.learner);
  python.registerJsModule("mg_grade_channels", pool);
  python.registerJsModule("mg_grade_page", {
    tell: (/** @type {string} */ said) => scope.postMessage({ id: asked, ...JSON.parse(said) }),
  });
  if (begin.interrupt) python.setInterruptBuffer(new Uint8Array(begin.interrupt));
  const answer = python.runPython(BEGIN);
  const loaded = JSON.parse(answer("loaded", "{}")).result;
  const seconds = Math.round(performance.now() - since) / 1000;
  return { answer, pool, loaded: { ...loaded, apart: !beside, seconds, fromSnapshot: Boolean(begin.grader.snapshot) } };
}

scope.onmessage = async (/** @type {MessageEvent} */ { data: begin }) => {
  /** @type {MessageEvent[]} */
  const early = [];
  scope.onmessage = (/** @type {MessageEvent} */ event) => early.push(event);
  const { answer, pool, loaded } = await load(begin);
  scope.onmessage = (/** @type {MessageEvent} */ { data: { id, op, ...fields } }) => {
    asked = id;
    let said;
    try {
      said = JSON.parse(answer(op, JSON.stringify(fields)));
    } catch (error) {
      const stopped = /KeyboardInterrupt/.test(String(error));
      said = { error: String(error), stopped, broken: !stopped }; // Python itself has ended
    }
    scope.postMessage({ id, ...said });
    pool.tidy();
  };
  scope.postMessage({ loaded });
  early.forEach(scope.onmessage);
};
