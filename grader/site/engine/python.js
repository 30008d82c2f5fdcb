// @ts-check
/** Starts a Python: what both workers have in common. */

/**
 * What a Python is made of. The library is compiled once, and shared.
 * @typedef {object} Sources
 * @property {string} folder the address of Pyodide's files, with a slash at its end
 * @property {ArrayBuffer | Promise<ArrayBuffer>} inside a zip of grader/sandbox/inside
 * @property {WebAssembly.Module} [compiled] Pyodide's, where it has been compiled already
 */

/**
 * @param {Sources} sources
 * @param {(text: string) => void} [say] for each line that Python prints
 * @returns {Promise<any>} Pyodide's API
 */
export async function loadPython(sources, say = () => {}) {
  const { loadPyodide } = await import(`${sources.folder}pyodide.mjs`);
  const { compiled } = sources;
  const stream = WebAssembly.instantiateStreaming;
  if (compiled) {
    WebAssembly.instantiateStreaming = async (_, imports) => {
      return { module: compiled, instance: await WebAssembly.instantiate(compiled, imports) };
    };
  }
  try {
    return await loadPyodide({
      indexURL: sources.folder,
      env: { HOME: "/home", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", LC_ALL: "C.UTF-8" },
      stdin: () => null,
      stdout: say,
      stderr: say,
    });
  } finally {
    WebAssembly.instantiateStreaming = stream;
  }
}
