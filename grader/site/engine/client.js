// @ts-check
/** The page's end of the grader: see ../README.md. */

const STATE = 0; // of the memory that a worker shares (channels.js)
const ENDED = 2;
const STOPPED_BY_PAGE = -9; // SIGKILL
const INTERRUPT = 2; // SIGINT, as Pyodide takes it
const TOGETHER_SECONDS = 20; // for a question where nothing but the whole grader can be ended
const RELOADED = "mg-grade-reloaded";
const VERSION = "VERSION"; // `mg-grade site` writes it
const LEARNER = "engine/learner.snapshot"; // names in the cache, of no file
const GRADER = "engine/grader.snapshot";

/** @typedef {{apart: boolean, version: string, exercises: Record<string, any>, files: Record<string, string>, chapters: any[], seconds: Record<string, number>}} Loaded */
/** @typedef {{stage: string, done: number, total: number}} Stage */
/** @typedef {{onload?: (stage: Stage) => void, onprogress?: (progress: {exercise: string}) => void}} Listeners */
/** @typedef {{resolve: (result: any) => void, reject: (error: Error) => void, message: any, onpart?: (part: any) => void, timer?: number}} Question */

/** Somebody has stopped what was asked. */
export class Stopped extends Error {}

export class Grader {
  /** @param {Listeners} [listeners] */
  constructor(listeners = {}) {
    this._listeners = listeners;
    this._root = new URL("../", import.meta.url);
    /** @type {Map<number, Question>} */
    this._questions = new Map();
    /** @type {Map<number, {worker: Promise<Worker>, memory: SharedArrayBuffer}>} */
    this._workers = new Map();
    this._last = 0;
    this._stages = 0;
    /** @type {Promise<Loaded>} */
    this.loaded = this._load();
    this.loaded.catch(() => {});
  }

  /**
   * @param {string} op
   * @param {object} [fields]
   * @param {(part: any) => void} [onpart]
   * @returns {Promise<any>}
   */
  async ask(op, fields = {}, onpart) {
    await this.loaded;
    return new Promise((resolve, reject) => {
      const message = { id: ++this._last, op, ...fields };
      this._questions.set(message.id, { resolve, reject, message, onpart });
      if (this._questions.size === 1) this._next();
    });
  }

  /** End what is being asked, and all that waits for it. */
  stop() {
    const [current, ...waiting] = this._questions.values();
    if (!current) return;
    for (const question of waiting) this._questions.delete(question.message.id);
    for (const question of waiting) question.reject(new Stopped());
    if (!this._interrupt) {
      this._again(new Stopped());
      return;
    }
    new Uint8Array(this._interrupt)[0] = INTERRUPT;
    for (const number of [...this._workers.keys()]) this._end(number, STOPPED_BY_PAGE);
  }

  /** End all workers: nothing can be asked any more. */
  close() {
    this._grader?.terminate();
    for (const number of [...this._workers.keys()]) this._end(number, STOPPED_BY_PAGE);
    void this._spare?.then((worker) => worker.terminate());
  }

  async _load() {
    this._stage("begin");
    const apart = await isApart(this._root);
    this._kept = await openKept(this._root);
    const [compiled, inside, kit] = await Promise.all([
      this._fetch("pyodide/pyodide.asm.wasm").then(compile),
      this._fetch("engine/inside.zip").then(bytes),
      this._fetch("engine/kit.zip").then(bytes),
    ]);
    const folder = new URL("pyodide/", this._root).href;
    /** @type {import("./python.js").Sources} */
    this._learner = { folder, compiled, files: inside, snapshot: await this._snapshot(LEARNER) };
    /** @type {import("./python.js").Sources} */
    this._grading = { folder, compiled, files: kit, snapshot: await this._snapshot(GRADER) };
    this._interrupt = apart ? new SharedArrayBuffer(1) : undefined;
    this._isApart = apart;
    const loaded = this._begin();
    if (apart) this._spare = this._loadSpare();
    const result = await loaded;
    await this._spare;
    this._stage("ready");
    void this._keepRest().catch(() => {}); // without a network, or without room for it
    return result;
  }

  /** Ask for what no page has asked for yet: the service worker keeps it, and all pages are there without a network. */
  async _keepRest() {
    if (!this._kept || !navigator.serviceWorker?.controller) return;
    const kept = new Set((await this._kept.keys()).map(({ url }) => url));
    const names = await (await fetch(new URL("engine/files.json", this._root))).json();
    for (const name of names) {
      const { href } = new URL(name, this._root);
      if (!kept.has(href)) await fetch(href);
    }
  }

  /** @param {string} path */
  async _fetch(path) {
    const response = await fetch(new URL(path, this._root));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
    this._stage(path);
    return response;
  }

  /**
   * The memory of a Python as an earlier visit has kept it.
   * @param {string} name
   */
  async _snapshot(name) {
    const kept = await this._kept?.match(new URL(name, this._root));
    return kept && bytes(kept);
  }

  /**
   * Keep it for the next visit; a browser that has no room for it does without.
   * @param {string} name
   * @param {Uint8Array} snapshot
   */
  async _keep(name, snapshot) {
    await this.loaded;
    await this._kept?.put(new URL(name, this._root), new Response(new Blob([/** @type {any} */ (snapshot)]))).catch(() => {});
  }

  /** Begin a worker that grades. @returns {Promise<Loaded>} */
  _begin() {
    const worker = new Worker(new URL("engine/grader.js", this._root), { type: "module" });
    this._grader = worker;
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "grader.js"));
      worker.onmessage = ({ data }) => {
        if (data.loaded) {
          this._texts = data.loaded.texts;
          resolve(data.loaded);
        } else if (data.load) this._stage(data.load);
        else if (data.snapshot && this._grading) {
          this._grading.snapshot = data.snapshot; // one that begins anew goes on from there
          void this._keep(GRADER, data.snapshot);
        } else if (data.memory) this._hand(data.worker, data.memory);
        else if (data.to) this._pass(data.to, data.line);
        else if (data.end) this._end(data.end, STOPPED_BY_PAGE);
        else this._said(data);
      };
      worker.postMessage({
        grader: this._grading,
        learner: this._isApart ? undefined : this._learner,
        interrupt: this._interrupt,
      });
    });
  }

  /** A worker for learner code, loaded and not used. @returns {Promise<Worker>} */
  _loadSpare() {
    const worker = new Worker(new URL("engine/learner.js", this._root), { type: "module", name: "learner" });
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "learner.js"));
      worker.onmessage = ({ data: { snapshot } }) => {
        if (snapshot && this._learner) {
          this._learner.snapshot = snapshot; // the next ones go on from there
          void this._keep(LEARNER, snapshot);
        }
        resolve(worker);
      };
      worker.postMessage(this._learner);
    });
  }

  /**
   * Hand the spare worker to the grader, and load another one.
   * @param {number} number
   * @param {SharedArrayBuffer} memory
   */
  _hand(number, memory) {
    const worker = /** @type {Promise<Worker>} */ (this._spare);
    this._workers.set(number, { worker, memory });
    this._spare = worker.then(() => this._loadSpare());
    this._spare.catch(() => {});
    this._pass(number, memory);
  }

  /**
   * Pass on to a worker what the grader has for it.
   * @param {number} number
   * @param {SharedArrayBuffer | string | null} message
   */
  _pass(number, message) {
    const found = this._workers.get(number);
    found?.worker.then(
      (worker) => worker.postMessage(message),
      () => this._end(number, STOPPED_BY_PAGE),
    );
  }

  /**
   * End a worker, and let the grader know, should it wait.
   * @param {number} number
   * @param {number} status
   */
  _end(number, status) {
    const found = this._workers.get(number);
    if (!found) return;
    this._workers.delete(number);
    found.worker.then(
      (worker) => worker.terminate(),
      () => {},
    );
    const numbers = new Int32Array(found.memory, 0, 4);
    numbers[2] = status;
    Atomics.store(numbers, STATE, ENDED);
    Atomics.notify(numbers, STATE);
  }

  /** Ask the question whose turn it is. */
  _next() {
    const [current] = this._questions.values();
    if (!current) return;
    if (this._interrupt) new Uint8Array(this._interrupt)[0] = 0;
    else this._watch(current);
    this._grader?.postMessage(current.message);
  }

  /** Where nothing but the whole grader can be ended, that is done when it says nothing for long. @param {Question} question */
  _watch(question) {
    clearTimeout(question.timer);
    question.timer = setTimeout(() => this._again(new Error(this._texts.no_answer)), TOGETHER_SECONDS * 1000);
  }

  /** Begin a grader anew. What was asked rejects. @param {Error} error */
  _again(error) {
    const waiting = [...this._questions.values()];
    this._questions.clear();
    this._grader?.terminate();
    this.loaded = this._begin();
    for (const question of waiting) clearTimeout(question.timer);
    for (const question of waiting) question.reject(error);
  }

  /** @param {any} data */
  _said(data) {
    const question = this._questions.get(data.id);
    if (!question) return;
    if (question.timer) this._watch(question);
    if (data.broken) {
      console.error(data.error);
      this._again(new Error(this._texts.broken));
    } else if (data.progress) this._listeners.onprogress?.(data.progress);
    else if (data.part) question.onpart?.(data.part);
    else {
      clearTimeout(question.timer);
      this._questions.delete(data.id);
      if (data.stopped) question.reject(new Stopped());
      else if (data.error) question.reject(Object.assign(new Error(data.error), { traceback: data.traceback, exercise: data.exercise }));
      else question.resolve(data.result);
      this._next();
    }
  }

  /** @param {string} stage */
  _stage(stage) {
    this._listeners.onload?.({ stage, done: this._stages++, total: 7 });
  }
}

/**
 * Whether workers can share memory here. Where a service worker can bring that about, the page is loaded once more.
 * @param {URL} root
 */
async function isApart(root) {
  const services = "serviceWorker" in navigator ? navigator.serviceWorker : undefined;
  if (!services) return crossOriginIsolated;
  try {
    const registration = await services.register(new URL("service.js", root));
    if (registration.waiting && services.controller) {
      const changed = new Promise((resolve) => services.addEventListener("controllerchange", resolve, { once: true }));
      registration.waiting.postMessage("take over"); // a new version of the site: nothing of the old one is loaded yet
      await changed;
      return again();
    }
    if (crossOriginIsolated) {
      sessionStorage.removeItem(RELOADED);
      return true;
    }
    await services.ready;
    if (sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, "yes");
    return again();
  } catch {
    return crossOriginIsolated;
  }
}

/**
 * What the service worker keeps of this version.
 * @param {URL} root
 * @returns {Promise<Cache | undefined>}
 */
async function openKept(root) {
  try {
    return await caches.open(`mg-grade-${root.href}-${VERSION}`);
  } catch {
    return undefined; // there is none in a private window
  }
}

/** @param {Response} response */
async function bytes(response) {
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {Response} response */
async function compile(response) {
  const isNamed = response.headers.get("Content-Type") === "application/wasm"; // else it may not be taken as it comes
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await bytes(response));
}

/** Load this page once more. @returns {Promise<never>} */
function again() {
  location.reload();
  return new Promise(() => {}); // the page goes
}
