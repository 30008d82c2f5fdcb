// @ts-check
/** Starts a Python: what both workers have in common. */

const PAGE = 64 * 1024; // bytes

/**
 * What a Python is made of. The library is compiled once, and shared.
 * @typedef {object} Sources
 * @property {string} folder the address of Pyodide's files, with a slash at its end
 * @property {Uint8Array} files a zip of what is to be imported
 * @property {WebAssembly.Module} compiled Pyodide's
 * @property {Uint8Array} [snapshot] the memory of such a Python after its preparation, from which it goes on at once
 */

/**
 * Python with the files in a folder of its path, prepared. Nothing of JavaScript is known to it by then.
 * @param {Sources} sources
 * @param {string} folder
 * @param {string} prepare Python
 * @returns {Promise<{python: any, snapshot: Uint8Array | undefined}>} Pyodide's API, and where there was none a snapshot
 */
export async function loadPython(sources, folder, prepare) {
  const { snapshot } = sources;
  const python = await begin(sources);
  python.FS.writeFile("/files.zip", sources.files);
  const unzip = `import sys, zipfile; zipfile.ZipFile("/files.zip").extractall(${JSON.stringify(folder)})`;
  python.runPython(unzip);
  if (snapshot) return { python, snapshot: undefined };
  python.runPython(`sys.path.insert(0, ${JSON.stringify(folder)})`);
  python.runPython(prepare);
  try {
    return { python, snapshot: python.makeMemorySnapshot() };
  } catch {
    return { python, snapshot: undefined }; // the next one takes as long as this one
  }
}

/** @param {Sources} sources */
async function begin({ folder, compiled, snapshot }) {
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const stream = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const instance = await WebAssembly.instantiate(compiled, imports);
    const memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    const lacking = (snapshot?.length ?? 0) - memory.buffer.byteLength; // Pyodide does not see to it
    if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE));
    return { module: compiled, instance };
  };
  try {
    return await loadPyodide({
      indexURL: folder,
      env: { HOME: "/home", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", LC_ALL: "C.UTF-8" },
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
      ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
    });
  } finally {
    WebAssembly.instantiateStreaming = stream;
  }
}
