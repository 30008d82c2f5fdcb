// @ts-check
/** What scrolls sideways can be reached with the keyboard, to scroll it; what does not scroll is no stop on the way. */

const observer = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

export function begin() {
  for (const one of document.querySelectorAll("main :is(.formula, .scroll, pre)[tabindex]")) observer.observe(one);
}
