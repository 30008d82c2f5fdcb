// @ts-check
/** An editor of the learner's files. Several on a page show the same files: what is typed in one stands in all. */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Annotation, EditorState, Transaction } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { folding } from "./folding.js";
import { filled, text } from "./site.js";
import { work } from "./work.js";

/** @typedef {import("@codemirror/state").ChangeSet} ChangeSet */

const fromOther = Annotation.define();
/** @type {Set<Editor>} */
const editors = new Set();

export class Editor {
  /**
   * @param {HTMLElement} parent
   * @param {string} file
   * @param {{run: () => void}} actions
   */
  constructor(parent, file, actions) {
    this._actions = actions;
    this.file = file;
    /** @type {Map<string, EditorState>} of files that are not in sight */
    this._aside = new Map();
    this.view = new EditorView({
      state: this._state(file),
      parent,
      dispatchTransactions: (transactions) => this._dispatched(transactions),
    });
    editors.add(this);
  }

  /** Show another file. @param {string} file */
  open(file) {
    if (file === this.file) return;
    this._aside.set(this.file, this.view.state);
    this.file = file;
    this.view.setState(this._aside.get(file) ?? this._state(file));
    this._aside.delete(file);
  }

  /** @param {readonly Transaction[]} transactions */
  _dispatched(transactions) {
    this.view.update(transactions);
    for (const transaction of transactions) {
      if (!transaction.docChanged || transaction.annotation(fromOther)) continue;
      for (const other of editors) if (other !== this) other._take(this.file, transaction.changes);
      work.write(this.file, this.view.state.doc.toString());
    }
  }

  /**
   * Take over what was typed elsewhere on the page.
   * @param {string} file
   * @param {ChangeSet} changes
   */
  _take(file, changes) {
    const annotations = [fromOther.of(true), Transaction.addToHistory.of(false)];
    const aside = this._aside.get(file);
    if (file === this.file) this.view.dispatch({ changes, annotations });
    else if (aside) this._aside.set(file, aside.update({ changes, annotations }).state);
  }

  /** @param {string} file */
  _state(file) {
    const run = () => {
      this._actions.run();
      return true;
    };
    return EditorState.create({
      doc: work.files[file],
      extensions: [
        keymap.of([{ key: "Mod-Enter", run, preventDefault: true }, { key: "Ctrl-Enter", run, preventDefault: true }]),
        lineNumbers(),
        history(),
        folding,
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        python(),
        syntaxHighlighting(classHighlighter),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        EditorView.contentAttributes.of({ "aria-label": filled(text.COURSE_EDITOR, { file }), tabindex: "0" }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
      ],
    });
  }
}

/**
 * A file has been written by something else: show it, and leave alone what is the same. It can be undone, unless it was
 * written on another page.
 * @param {import("./work.js").Written} written
 */
function rewritten({ name: file, isElsewhere }) {
  const annotations = [fromOther.of(true), ...(isElsewhere ? [Transaction.addToHistory.of(false)] : [])];
  for (const editor of editors) {
    const state = editor.file === file ? editor.view.state : editor._aside.get(file);
    const now = work.files[file];
    if (!state || state.doc.toString() === now) continue;
    const changes = state.changes(difference(state.doc.toString(), now));
    if (editor.file === file) editor.view.dispatch({ changes, annotations });
    else editor._aside.set(file, state.update({ changes, annotations }).state);
  }
}

/**
 * @param {string} before
 * @param {string} after
 */
function difference(before, after) {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from++;
  let to = before.length;
  let end = after.length;
  while (to > from && end > from && before[to - 1] === after[end - 1]) {
    to--;
    end--;
  }
  return { from, to, insert: after.slice(from, end) };
}

work.addEventListener("file", (event) => rewritten(/** @type {CustomEvent} */ (event).detail));
