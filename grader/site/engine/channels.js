// @ts-check
/**
 * The grader's end of a learner's Python (sandbox/browser.py): apart by shared memory, or together in one worker.
 */

import { Ended } from "./learner.js";

const ROOM = 128 * 1024; // bytes: an answer has 64 KiB at most (sandbox/protocol.py)
const LARGE = 2_000; // pages of 64 KiB
const DECODER = new TextDecoder();

/** Shared memory: what its first number says. */
const NOTHING = 0;
const ANSWERED = 1;
const ENDED = 2;

let number = 0;

/**
 * A Python in another worker. The page starts it, passes on to it what is said here, and ends it: a message port of one's
 * own carries nothing in some browsers (Firefox) while this worker waits, which it can for shared memory alone.
 */
class Apart {
  /** @param {Pool} pool */
  constructor(pool) {
    this._pool = pool;
    this.number = ++number;
    this._memory = new SharedArrayBuffer(16 + ROOM);
    this._numbers = new Int32Array(this._memory, 0, 4);
    this._bytes = new Uint8Array(this._memory, 16);
    this._waits = false; // for an answer
    this.why = "";
    self.postMessage({ worker: this.number, memory: this._memory });
  }

  /** Its exit status, undefined while it lives. @returns {number | undefined} */
  get status() {
    return Atomics.load(this._numbers, 0) === ENDED ? this._numbers[2] : undefined;
  }

  /** @param {string} line */
  send(line) {
    if (this.status !== undefined) return false;
    self.postMessage({ to: this.number, line });
    this._waits = true;
    return true;
  }

  /**
   * What it says within so many seconds: undefined where it says nothing, "" where it has ended.
   * @param {number} seconds
   */
  receive(seconds) {
    if (seconds > 0) Atomics.wait(this._numbers, 0, NOTHING, seconds * 1000);
    const state = Atomics.load(this._numbers, 0);
    if (state === ENDED) return "";
    if (state === NOTHING) return undefined;
    const text = DECODER.decode(this._bytes.slice(0, this._numbers[1]));
    Atomics.store(this._numbers, 0, NOTHING);
    this._waits = false;
    return text;
  }

  /** Whether it has taken so much memory that others need it more. */
  get isLarge() {
    return this._numbers[2] > LARGE;
  }

  /** End it, or clear it for the next session where it is only waiting. */
  end() {
    if (this._pool.free.includes(this)) return;
    if (this._waits || this.status !== undefined) {
      self.postMessage({ end: this.number });
    } else {
      self.postMessage({ to: this.number, line: null });
      this._pool.free.push(this);
    }
  }
}

/** A Python in this worker: it answers while it is asked, and nobody can end it but with the grader. */
class Together {
  /** @param {import("./learner.js").Learner} learner */
  constructor(learner) {
    this._learner = learner;
    this.number = ++number;
    /** @type {string | undefined} */
    this._answer = undefined;
    /** @type {number | undefined} */
    this.status = undefined;
    this.why = "";
    learner.reset();
  }

  /** @param {string} line */
  send(line) {
    if (this.status !== undefined) return false;
    try {
      this._answer = this._learner.answer(line).text;
    } catch (error) {
      this.status = error instanceof Ended ? error.status : -6;
    }
    return true;
  }

  receive() {
    if (this.status !== undefined) return "";
    const answer = this._answer;
    this._answer = undefined;
    return answer;
  }

  end() {}
}

/** Where workers come from: what Python knows as the module mg_grade_channels. */
export class Pool {
  /** @param {import("./learner.js").Learner | undefined} learner the one in this worker, where there can be no other */
  constructor(learner) {
    this._learner = learner;
    /** @type {Apart[]} */
    this.free = [];
    this.begin = () => (this._learner ? new Together(this._learner) : (this.free.pop() ?? new Apart(this)));
  }

  /** After a question: give back what has grown. */
  tidy() {
    for (const channel of this.free) if (channel.isLarge) self.postMessage({ end: channel.number });
    this.free = this.free.filter((channel) => !channel.isLarge);
  }
}
