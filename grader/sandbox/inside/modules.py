"""Loads a submission's files into modules, one top-level step at a time.

Files in the wild train, plot, exit or fail at the top level, so a file is run in steps: a run of
definitions is one step, anything else (a call, a loop, an if) a step of its own. What a step defined stays
defined when a later one fails. Modules find each other under any package name (engine,
micrograd.engine, .engine), and the standard library comes before the submission's files.
"""

from __future__ import annotations

import _ast as ast  # the node classes alone: ast itself would bring in a dozen modules
import sys
import types
from importlib.machinery import ModuleSpec

from . import newer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    # What an import names: the module that it is from (None: it is a module itself), the level, the name, its alias.
    Imported = tuple[str | None, int, str, str | None]
    # A top-level step: whether it defines a function or a class, and its statements.
    Step = tuple[bool, list[tuple[types.CodeType | Exception, Imported | None]]]
    # A file: its path; its text and the lines of its cells, or its steps; steps to leave out, and the step from which
    # only what is quiet is run.
    Source = tuple[str, str, list[int], list[Step], list[int], int | None]

PACKAGE = "submission"  # the parent of relative imports
QUIET = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Pass,
)
# What a notebook takes for its shell without a sign in front, where it is no Python: `pip install numpy`.
AUTOMAGIC = {"pip", "conda", "mamba", "uv", "cd", "ls", "ll", "cat", "cp", "mv", "mkdir", "rm", "rmdir", "run", "env",
             "load_ext", "reload_ext", "autoreload", "matplotlib", "pylab", "time", "timeit"}  # fmt: skip
# Annotations are never evaluated: they may be of a newer Python, or name what is not installed.
FLAGS = annotations.compiler_flag


TYPING = ("typing", "typing_extensions")


class Placeholder:
    """Stands for a name that could not be imported, and fails when it is used."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def _fail(self, *_: Any, **__: Any) -> Any:
        name = object.__getattribute__(self, "_name")
        raise ImportError(f"{name} is not available while grading")

    def __getattribute__(self, attribute: str) -> Any:
        if attribute in ("_fail", "__class__"):
            return object.__getattribute__(self, attribute)
        return Placeholder._fail(self)

    __call__ = __getitem__ = __iter__ = __len__ = __bool__ = __enter__ = __mro_entries__ = _fail
    __setattr__ = __add__ = __radd__ = __mul__ = __rmul__ = __matmul__ = _fail


def _stand_in_for(module: str, name: str) -> Any:
    """What a name that cannot be imported is bound to. Names of typing (`override`) do nothing, as in newer Pythons."""
    if module in TYPING:
        import typing

        return getattr(typing, name, lambda thing: thing)
    return Placeholder(module)


def prepared(text: str, path: str, cells: list[int]) -> list[Step]:
    """The steps of a file, compiled. SyntaxError, ValueError or RecursionError if it cannot be parsed.

    cells: the lines at which the cells of a notebook begin.
    """
    steps = _steps_of_cells(text, cells, path) if cells else _steps(_parsed_without_shell(text.split("\n"), "", path))
    return [(_is_quiet(step[0]), [_compiled(one, path) for node in step for one in _one_import_each(node)])
            for step in steps]  # fmt: skip


class SubmittedModule:
    """One file: its module, and the steps still to be run."""

    def __init__(self, name: str, path: str, steps: list[Step], skip: list[int], quiet_from: int | None) -> None:
        self.path = path
        self.module = types.ModuleType(name)
        self.module.__file__ = path
        self.module.__package__ = _package_of(path)
        self.whole = steps
        least = len(steps) if quiet_from is None else quiet_from
        self.steps = [
            (is_quiet, [] if i in skip or (i >= least and not is_quiet) else run)
            for i, (is_quiet, run) in enumerate(steps)
        ]
        self.next_step = 0


class Loader:
    """The finder behind `import` for a submission's own modules."""

    def __init__(self, builtins: types.ModuleType) -> None:
        self.packages = {PACKAGE}
        self.builtins = builtins
        self.sources: dict[str, Source] = {}
        self.opened: dict[str, SubmittedModule] = {}
        self.missing: list[str] = []
        self.failures: list[BaseException] = []

    def know_packages(self, names: list[str]) -> None:
        """Take these names for packages. A file may be called as its package is: both are one module then."""
        self.packages.update(names)
        for name in names:
            if name in self.opened:
                self.opened[name].module.__path__ = []

    def add(self, name: str, source: Source) -> None:
        """Make a file known, without running any of it."""
        self.sources[name] = source

    def open(self, name: str) -> SubmittedModule:
        """Compile a known file and register its module; SyntaxError, ValueError or RecursionError if it cannot be."""
        if name not in self.opened:
            path, text, cells, steps, skip, quiet_from = self.sources[name]
            opened = SubmittedModule(name, path, steps or prepared(text, path, cells), skip, quiet_from)
            self.sources[name] = (path, "", [], [], [], None)  # nobody needs the text any more, nor should find it
            vars(opened.module)["__builtins__"] = self.builtins
            self.opened[name] = opened
            if name in self.packages:
                opened.module.__path__ = []
            if name not in sys.stdlib_module_names:
                sys.modules[name] = opened.module
        return self.opened[name]

    def run_step(self, name: str, step: int) -> None:
        """Run one step of an opened file, unless an import has run it already; raises what it raises."""
        opened = self.open(name)
        if step < opened.next_step:
            return
        opened.next_step = step + 1
        failure: Exception | None = None
        for statement in opened.steps[step][1]:
            try:
                self._run_statement(*statement, vars(opened.module))
            except Exception as error:  # a later definition may be whole all the same
                failure = failure or error
        if failure is not None:
            raise failure

    def _run_statement(
        self, code: types.CodeType | Exception, imported: Imported | None, scope: dict[str, Any]
    ) -> None:
        if isinstance(code, Exception):
            raise code
        if imported is not None:
            self._know_packages(imported[0] or imported[2])
        try:
            exec(code, scope)
        except ImportError:
            if imported is None or not self._is_foreign(*imported[:2]):
                raise
            self._stand_in(imported, scope)

    def _know_packages(self, module: str) -> None:
        """Files may have stood in a package that was not handed in: `from hw3.engine import Value`."""
        *packages, last = module.split(".")
        if packages and last in self.sources and packages[0] not in sys.stdlib_module_names:
            self.know_packages(packages)

    def _is_foreign(self, module: str | None, level: int) -> bool:
        return module is None or (level == 0 and module.rpartition(".")[2] not in self.sources)

    def _stand_in(self, imported: Imported, scope: dict[str, Any]) -> None:
        module, _, name, alias = imported
        if name != "*":
            scope.setdefault(alias or name.split(".")[0], _stand_in_for(name if module is None else module, name))
        if module not in TYPING:  # what is missing there does nothing, and nobody misses it
            self.missing.append(name if module is None else module)

    # The import system's side.

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        last = fullname.rpartition(".")[2]
        if last in self.sources or last in self.packages:
            loader: Any = self  # it has what the import system calls, without the base class
            return ModuleSpec(fullname, loader, is_package=last in self.packages)
        return None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        last = spec.name.rpartition(".")[2]
        return self.open(last).module if last in self.sources else Package(spec.name, self)

    def exec_module(self, module: types.ModuleType) -> None:
        if isinstance(module, Package):
            return
        opened = self.opened[module.__name__]
        for step in range(opened.next_step, len(opened.steps)):
            try:
                self.run_step(module.__name__, step)
            except Exception as error:
                self.failures.append(error)


class Package(types.ModuleType):
    """A package such as `micrograd`: whatever its modules define can be imported from it."""

    def __init__(self, name: str, loader: Loader) -> None:
        super().__init__(name)
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":  # from micrograd import *
            scopes = [vars(self), *(vars(opened.module) for opened in self._loader.opened.values())]
            return [name for scope in scopes for name in scope if not name.startswith("_")]
        for opened in self._loader.opened.values():
            if name in vars(opened.module):
                return vars(opened.module)[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class Broken(ast.Pass):
    """Stands for a cell of a notebook that cannot be read: running it raises why."""

    error: SyntaxError


def _parsed(text: str, path: str) -> list[ast.stmt]:
    try:
        tree: Any = compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        if newer.is_newer(text, error):
            error.add_note(newer.NOTE)
        raise
    statements: list[ast.stmt] = tree.body
    return statements


def _steps_of_cells(text: str, cells: list[int], path: str) -> list[list[ast.stmt]]:
    """The steps of a notebook, where a cell that is broken costs only what it would have defined."""
    lines = text.split("\n")
    steps = []
    starts = _without_continuations(lines, cells, path)
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        try:
            steps += _steps(_parsed_without_shell(lines[start - 1 : end - 1], "\n" * (start - 1), path))
        except SyntaxError as error:
            broken = Broken(lineno=start, col_offset=0)
            broken.error = error
            steps.append([broken])
    return steps


def _without_continuations(lines: list[str], cells: list[int], path: str) -> list[int]:
    """The lines at which cells begin, without those that go on in the middle of the one above: %%writefile -a."""
    starts: list[int] = []
    for start, end in zip(cells, [*cells[1:], len(lines) + 1], strict=True):
        first = next((line for line in lines[start - 1 : end - 1] if line.strip()), "")
        if starts and first[:1].isspace():
            try:
                _parsed_without_shell(lines[starts[-1] - 1 : end - 1], "", path)
                continue
            except SyntaxError:
                pass
        starts.append(start)
    return starts


def _parsed_without_shell(lines: list[str], above: str, path: str) -> list[ast.stmt]:
    """Statements. Where it is no Python as it stands, what is for a notebook's own shell is set aside: %magic, !ls."""
    try:
        return _parsed(above + "\n".join(lines), path)
    except SyntaxError as error:
        plain = _without_shell(lines)
        if plain == lines:
            raise
        try:
            return _parsed(above + "\n".join(plain), path)
        except SyntaxError as other:
            line = (error.lineno or 1) - above.count("\n") - 1
            if 0 <= line < len(lines) and plain[line] != lines[line]:
                raise other from None
            raise error from None


def _without_shell(lines: list[str]) -> list[str]:
    """The lines, where those for the shell do nothing, with all that they go on over."""
    plain: list[str] = []
    while len(plain) < len(lines):
        line = lines[len(plain)]
        instead = _instead_of(line)
        plain.append(instead)
        if instead != line:
            plain += [""] * _lines_more(lines[len(plain) - 1 :])
    return plain


def _instead_of(line: str) -> str:
    code = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if code.startswith("%run "):  # another notebook or file: what it defines is there from then on
        module = code[5:].strip().strip("\"'").rpartition("/")[2].partition(".")[0]
        return f"{indent}from {module} import *" if module.isidentifier() else f"{indent}pass"
    return f"{indent}pass" if _is_for_the_shell(code) else line


def _is_for_the_shell(code: str) -> bool:
    if code.startswith(("%", "!", "?")):
        return True
    target, _, value = code.partition("=")
    if value.lstrip().startswith(("!", "%")) and target.replace(",", "").replace(" ", "").isidentifier():
        return True
    if code.endswith("?"):
        return code.rstrip("?").replace(".", "").isidentifier()
    if code.partition(" ")[0] not in AUTOMAGIC or " " not in code:
        return False
    try:
        compile(code, "", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError:
        return not code.endswith((":", "(", "[", "{"))
    return False


def _lines_more(lines: list[str]) -> int:
    """Over how many lines more the first one goes on: after a backslash, or up to where its brackets are closed."""
    more = 0
    while more + 1 < len(lines) and lines[more].rstrip().endswith("\\"):
        more += 1
    depth = 0
    for number, line in enumerate(lines):
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        if depth <= 0:
            return max(more, number)
    return more


def _compiled(node: ast.stmt, path: str) -> tuple[types.CodeType | Exception, Imported | None]:
    """A statement ready to be run, or why it cannot be; and what it imports."""
    code: types.CodeType | Exception
    try:
        if isinstance(node, Broken):
            raise node.error
        code = compile(ast.Module([node], []), path, "exec", FLAGS, dont_inherit=True)
    except Exception as error:  # costs this statement alone
        code = error
    if isinstance(node, ast.Import):
        return code, (None, 0, node.names[0].name, node.names[0].asname)
    if isinstance(node, ast.ImportFrom):
        return code, (node.module or "", node.level, node.names[0].name, node.names[0].asname)
    return code, None


def _one_import_each(node: ast.stmt) -> list[ast.stmt]:
    """An import of several names as several imports, so that what is missing costs the others nothing."""
    where = {"lineno": node.lineno, "col_offset": node.col_offset}
    if isinstance(node, ast.Import):
        return [ast.Import([alias], **where) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [ast.ImportFrom(node.module, [alias], node.level, **where) for alias in node.names]
    return [node]


def _steps(body: list[ast.stmt]) -> list[list[ast.stmt]]:
    steps: list[list[ast.stmt]] = []
    previous_quiet = False
    for node in body:
        quiet = _is_quiet(node)
        if quiet and previous_quiet:
            steps[-1].append(node)
        else:
            steps.append([node])
        previous_quiet = quiet
    return steps


def _is_quiet(node: ast.stmt) -> bool:
    """Whether a statement imports, defines or names something, and no more."""
    return _is_docstring(node) or (isinstance(node, QUIET) and not _calls_something(node))


def _calls_something(node: ast.AST) -> bool:
    """Whether an assignment calls anything: `losses = train(...)` may never end. A definition calls nothing yet."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return False
    if isinstance(node, (ast.Call, ast.comprehension)):
        return True
    fields = [getattr(node, name, None) for name in node._fields]
    children = [child for field in fields for child in (field if isinstance(field, list) else [field])]
    return any(_calls_something(child) for child in children if isinstance(child, ast.AST))


def _package_of(path: str) -> str:
    """The package that the relative imports of a file start from: its folders below the submission."""
    folders = path.split("/")[:-1]
    return ".".join([PACKAGE, *(folder if folder.isidentifier() else PACKAGE for folder in folders)])


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
