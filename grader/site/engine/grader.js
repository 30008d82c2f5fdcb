// @ts-check
/** The worker that grades: Python with the kit. The page asks it by messages (../README.md), one after the other. */

import { Pool } from "./channels.js";
import { loadLearner } from "./learner.js";
import { loadPython } from "./python.js";

/** @typedef {import("./python.js").Sources & {kit: ArrayBuffer, apart: boolean, interrupt?: SharedArrayBuffer}} Begin */

const BEGIN = `
import sys
sys.path.insert(0, "/kit")
import json
from grader.site.answering import Answering, answer
import mg_grade_page
_answering = Answering(lambda said: mg_grade_page.tell(json.dumps(said)))
lambda op, fields: answer(_answering, op, fields)
`;

/** @type {any} */
const scope = self;
let asked = 0; // the number of the question that is being answered

/** @param {Begin} begin */
async function load(begin) {
  const seconds = { python: 0, learner: 0, kit: 0 };
  let since = performance.now();
  const lap = () => (performance.now() - since) / 1000 + 0 * (since = performance.now());
  const learner = begin.apart ? undefined : await loadLearner(begin);
  seconds.learner = lap();
  const python = await loadPython(begin, console.log);
  seconds.python = lap();
  scope.postMessage({ load: "python" });
  python.unpackArchive(begin.kit, "zip", { extractDir: "/kit" });
  python.registerJsModule("mg_grade_channels", new Pool(learner));
  python.registerJsModule("mg_grade_page", {
    tell: (/** @type {string} */ said) => scope.postMessage({ id: asked, ...JSON.parse(said) }),
  });
  if (begin.interrupt) python.setInterruptBuffer(new Uint8Array(begin.interrupt));
  const answer = python.runPython(BEGIN);
  const loaded = JSON.parse(answer("loaded", "{}")).result;
  seconds.kit = lap();
  return { answer, loaded: { ...loaded, apart: begin.apart, seconds } };
}

scope.onmessage = async (/** @type {MessageEvent} */ { data: begin }) => {
  /** @type {MessageEvent[]} */
  const early = [];
  scope.onmessage = (/** @type {MessageEvent} */ event) => early.push(event);
  const { answer, loaded } = await load(begin);
  scope.onmessage = ({ data: { id, op, ...fields } }) => {
    asked = id;
    let said;
    try {
      said = JSON.parse(answer(op, JSON.stringify(fields)));
    } catch (error) {
      said = { error: String(error), stopped: /KeyboardInterrupt/.test(String(error)) };
    }
    scope.postMessage({ id, ...said });
  };
  scope.postMessage({ loaded });
  early.forEach(scope.onmessage);
};
