// @ts-check
/**
 * What is kept in this browser, by site: a host may have several. It is the local storage, which workers cannot reach:
 * learner code cannot. Where a browser keeps nothing, all lasts as long as the page.
 */

const PREFIX = `mg-grade:${new URL("../", import.meta.url).pathname}:`;
/** @type {Map<string, string>} */
const memory = new Map();

/** Whether what was last written is kept when the page goes. */
export let isKept = true;

/**
 * @param {string} name
 * @returns {any} what was kept by this name, or undefined
 */
export function kept(name) {
  const written = memory.get(name) ?? read(PREFIX + name);
  if (written === null) return undefined;
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {any} value
 */
export function keep(name, value) {
  const written = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + name, written);
    memory.delete(name);
    isKept = true;
  } catch {
    memory.set(name, written);
    isKept = false;
  }
}

/**
 * Call this when another page of the site has kept something: in another tab, or while this one was left and is come
 * back to as it was.
 * @param {(names: string[]) => void} listener
 */
export function onkept(listener) {
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(PREFIX)) listener([key.slice(PREFIX.length)]);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) listener(names());
  });
}

/** What is kept, by its names. */
function names() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return keys.map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
