// @ts-check
/** The elements of a page. */

/**
 * The first element of this kind below another; it has to be there.
 * @template {Element} T
 * @param {ParentNode} where
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(where, selector, kind) {
  const found = where.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${selector}`);
  return found;
}

/** @param {ParentNode} where @param {string} selector */
export const element = (where, selector) => find(where, selector, HTMLElement);

/** @param {ParentNode} where @param {string} selector */
export const button = (where, selector) => find(where, selector, HTMLButtonElement);

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function made(tag, properties = {}, ...children) {
  const found = Object.assign(document.createElement(tag), properties);
  found.append(...children);
  return found;
}
