// @ts-check
/**
 * The Python that learner code runs in: in a Web Worker of its own (this file is its script), or beside the grader's.
 * It holds grader/sandbox/inside and nothing else. Its memory can be set back to what it was before any learner code.
 */

import { loadPython } from "./python.js";

const PAGE = 64 * 1024; // bytes, of WebAssembly's memory
const MOST_MEMORY = 512 * 1024 * 1024; // as at the other levels (sandbox/levels)
const READ_ONLY = 69; // EROFS, as Emscripten numbers it
const CREATES_OR_WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND

/** What a page's worker can reach, and learner code has no use for. */
const WAYS_OUT = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker",
  "SharedWorker", "BroadcastChannel", "indexedDB", "caches", "cookieStore", "postMessage", "Notification", "Request",
]; // prettier-ignore

/** @typedef {{text: string, memory: number}} Answer what was answered, and how many bytes of memory there are now */

/** It has ended: status as of a process, minus a signal's number where it crashed. */
export class Ended extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`ended with ${status}`);
    this.status = status;
  }
}

export class Learner {
  /** @param {any} python Pyodide's API, with grader/sandbox/inside in it */
  constructor(python) {
    this._module = python._module;
    limitMemory(this._module);
    makeReadOnly(python.FS);
    python.runPython("from inside import browser; browser.begin()");
    /** @type {(line: string) => string} */
    this._answer = python.runPython("browser.answer");
    python.runPython("import gc; gc.collect(); gc.freeze(); del browser, gc, sys, zipfile");
    this._answer("{'canaries': {}}"); // what is made at the first call is in the memory as well
    this._before = this._module.HEAPU8.slice();
  }

  /**
   * @param {string} line
   * @returns {Answer} Ended is thrown where it has ended
   */
  answer(line) {
    try {
      const text = this._answer(line);
      return { text, memory: this._module.HEAPU8.length };
    } catch (error) {
      throw new Ended(statusOf(error));
    }
  }

  /** Forget all that has happened. */
  reset() {
    const memory = this._module.HEAPU8;
    memory.set(this._before);
    memory.fill(0, this._before.length);
  }
}

/**
 * Python for a learner's code.
 * @param {import("./python.js").Sources} sources
 */
export async function loadLearner(sources) {
  const { python, snapshot } = await loadPython(sources, "/learner", "from inside import browser");
  return { learner: new Learner(python), snapshot };
}

/** @param {any} error */
function statusOf(error) {
  if (typeof error?.status === "number") return error.status; // os._exit, and the like
  return error instanceof RangeError || /stack/.test(String(error)) ? -11 : -6; // SIGSEGV, SIGABRT
}

/** @param {any} module Emscripten's */
function limitMemory(module) {
  const grow = WebAssembly.Memory.prototype.grow;
  const memories = new WeakSet([module.wasmMemory].filter(Boolean));
  WebAssembly.Memory.prototype.grow = function (/** @type {number} */ pages) {
    const isIts = memories.has(this) || this.buffer === module.HEAPU8.buffer;
    if (isIts && this.buffer.byteLength + pages * PAGE > MOST_MEMORY) throw new RangeError("no more memory");
    return grow.call(this, pages);
  };
}

/** @param {any} files Emscripten's file system */
function makeReadOnly(files) {
  const refuse = () => {
    throw new files.ErrnoError(READ_ONLY);
  };
  const open = files.open;
  files.open = (/** @type {any} */ path, /** @type {any} */ flags, /** @type {any[]} */ ...more) => {
    if (typeof flags === "string" ? /[wax+]/.test(flags) : flags & CREATES_OR_WRITES) refuse();
    return open(path, flags, ...more);
  };
  for (const name of ["mkdir", "mknod", "symlink", "rename", "rmdir", "unlink", "truncate", "chmod"]) files[name] = refuse;
}

/** Leave nothing of the browser to whoever finds a way to it. */
function closeWaysOut() {
  for (const name of WAYS_OUT) {
    for (let holder = /** @type {any} */ (self); holder; holder = Object.getPrototypeOf(holder)) {
      if (Object.hasOwn(holder, name)) delete holder[name];
    }
    if (name in self) Object.defineProperty(self, name, { value: undefined });
  }
  for (const name of /** @type {("log" | "warn" | "error" | "info")[]} */ (["log", "warn", "error", "info"])) {
    console[name] = () => {}; // Pyodide says there at length how it crashed
  }
}

/**
 * What both sides share: numbers, then the bytes of an answer. The grader waits for the first number to change.
 * @param {SharedArrayBuffer} memory
 */
function sharedWith(memory) {
  return { numbers: new Int32Array(memory, 0, 4), bytes: new Uint8Array(memory, 16) };
}

/** @type {any} */
const scope = self;
if (scope.name === "learner") {
  scope.onmessage = async (/** @type {MessageEvent} */ { data }) => {
    const { learner, snapshot } = await loadLearner(data);
    scope.onmessage = (/** @type {MessageEvent} */ { data }) => serve(learner, data);
    scope.postMessage({ snapshot });
    closeWaysOut();
  };
}

/**
 * Answer what comes from the grader, by the page.
 * @param {Learner} learner
 * @param {SharedArrayBuffer} memory
 */
function serve(learner, memory) {
  const { numbers, bytes } = sharedWith(memory);
  const encoder = new TextEncoder();
  scope.onmessage = (/** @type {MessageEvent} */ { data: line }) => {
    if (line === null) {
      learner.reset();
      return;
    }
    let state = 1;
    try {
      const answer = learner.answer(line);
      const encoded = encoder.encode(answer.text);
      bytes.set(encoded);
      numbers[1] = encoded.length;
      numbers[2] = answer.memory / PAGE;
    } catch (error) {
      state = 2;
      numbers[2] = error instanceof Ended ? error.status : -6;
    }
    Atomics.store(numbers, 0, state);
    Atomics.notify(numbers, 0);
  };
}
