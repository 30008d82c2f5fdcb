// @ts-check
/** Brings work that was begun with other files to those that the site hands out now. */

import { ask } from "./grading.js";
import { element, made } from "./page.js";
import { filled, site, text } from "./site.js";
import { keep } from "./storage.js";
import { work } from "./work.js";

export async function upgraded() {
  if (!work.isOld) return;
  const notice = made("div", { className: "lines", role: "status" }, made("p", { textContent: text.COURSE_UPGRADING }));
  element(document, "main").prepend(notice);
  try {
    const ours = { ...work.files };
    const { files, conflicts } = await ask("merge", { base: work.base, ours, theirs: site.files });
    keep("before", ours); // as it was, should somebody want it back
    work.writeAll(files);
    work.rebase(site.files);
    notice.replaceChildren(made("p", { textContent: text.COURSE_UPGRADED }));
    for (const [file, lines] of Object.entries(conflicts)) {
      const where = filled(text.COURSE_CONFLICT, { file, lines: lines.join(", ") });
      notice.append(made("p", { textContent: where }));
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    notice.replaceChildren(made("p", { textContent: filled(text.COURSE_NOT_UPGRADED, { why }) }));
  }
}
