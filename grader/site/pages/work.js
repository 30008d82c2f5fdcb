// @ts-check
/** The learner's work: their files and what has been said of them. It is kept as it changes. */

import { site } from "./site.js";
import { keep, kept, onkept } from "./storage.js";

/** @typedef {import("./site.js").Files} Files */
/** @typedef {{status: string, points: number, html: string}} Result */
/** @typedef {{name: string, isElsewhere: boolean}} Written a file, and whether another page of the site has written it */

/** What has happened, as events: "file" {detail: Written}, "results". */
class Work extends EventTarget {
  constructor() {
    super();
    /** @type {Files} what was handed out when the files were last brought to it */
    this.base = kept("base") ?? site.files;
    /** @type {Files} */
    this.files = { ...this.base };
    for (const name of kept("names") ?? []) this.files[name] = kept(`file:${name}`) ?? this.files[name] ?? "";
    /** @type {Record<string, Result>} */
    this.results = kept("results") ?? {};
    /** @type {string[]} files that have changed since they were last graded */
    this.changed = kept("changed") ?? [];
    onkept((names) => names.forEach((name) => this._elsewhere(name)));
  }

  /** Whether the site hands out other files than those that the work was begun with. */
  get isOld() {
    return JSON.stringify(this.base) !== JSON.stringify(site.files);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  write(name, text) {
    if (this.files[name] === text) return;
    this.files[name] = text;
    if (!this.changed.includes(name)) keep("changed", (this.changed = [...this.changed, name]));
    keep("base", this.base);
    keep(`file:${name}`, text);
    keep("names", Object.keys(this.files));
    this._tell({ name, isElsewhere: false });
  }

  /** @param {Files} files */
  writeAll(files) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** @param {Files} base what the files have been brought to */
  rebase(base) {
    keep("base", (this.base = base));
  }

  /**
   * Note what has been said of some exercises, of these files.
   * @param {Record<string, Result>} results
   * @param {Files} files
   */
  note(results, files) {
    for (const [id, { status, points, html }] of Object.entries(results)) this.results[id] = { status, points, html };
    keep("results", this.results);
    keep("changed", (this.changed = this.changed.filter((name) => this.files[name] !== files[name])));
    this.dispatchEvent(new Event("results"));
  }

  /** Forget what has been said. */
  forget() {
    keep("results", (this.results = {}));
    this.dispatchEvent(new Event("results"));
  }

  /** @param {Written} written */
  _tell(written) {
    this.dispatchEvent(new CustomEvent("file", { detail: written }));
  }

  /** @param {string} id */
  status(id) {
    return this.results[id]?.status ?? "not-started";
  }

  /** Another page has kept something. @param {string} name */
  _elsewhere(name) {
    if (name.startsWith("file:")) {
      const file = name.slice("file:".length);
      this.files[file] = kept(name) ?? this.files[file];
      this._tell({ name: file, isElsewhere: true });
    } else if (name === "results") {
      this.results = kept(name) ?? {};
      this.dispatchEvent(new Event("results"));
    } else if (name === "changed") this.changed = kept(name) ?? [];
    else if (name === "base") this.base = kept(name) ?? this.base;
  }
}

export const work = new Work();
