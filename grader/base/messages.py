"""Every text that a person reads, apart from what the kit itself holds (the stubs, exercises.toml, and the truths
that hidden tests state in their docstrings). A translation replaces this module and those."""

LANGUAGE = "en"  # of all these texts, as HTML names it (BCP 47)

# {kind of note (model.NoteKind): what it says}
NOTES = {
    "left-out": "{path} was left out: {why}.",
    "undecided": "{path} holds work for {name} too, which is not graded.",
    "taken": "{path} was taken for {name}.",
    "chosen": "Several files are named {name}; {path} is the one that is graded.",
    "not-python": "{place} cannot be read as Python: {why}",
    "newer-python": "{place} cannot be read as Python: {why}",
    "step-failed": "{place} failed while the file was loaded: {why}. What it defined is graded.",
    "step-left-out": "{path} has something at its top level that was left out: {why}. The rest is graded.",
    "stopped": "{path} has so much at its top level that was left out ({why}) that of the rest only imports and "
    "definitions are run.",
    "missing-module": "{path} imports {module}, which is not available while grading: using it will fail.",
    "missing-file": "{path} imports {module}, which was not handed in: using it will fail.",
    "class-taken": "The class {name} is taken for Value, as the kit calls it.",
    "more": "There were more problems with the files than are listed here.",
    "only-some": "Only these exercises were asked for: {ids}.",
    "not-diagnosed": "What is wrong in {id} could not be named, as the grader failed at it: that is our fault. "
    "The points stand.",
    "not-kept": "{why}",
    "other": "{text}",
}
EXITED = "it called exit"

NEWER = "{why}. This may be syntax of a newer Python; Python {version} grades here."

# Faults of a learner's process.
TIMEOUT = "it was still running after {seconds:g} s"
ENDED = "it ended the whole process (exit status {status})"
KILLED = "it crashed the whole process ({signal})"
PROTOCOL = "it interfered with the grader ({what})"
TIME_IS_UP = "not tried: the time for all the tests is used up"
NO_VALUE = "not tried: making a Value never ends"
NOT_ASKED_AGAIN = "not tried: an earlier test of this exercise did not end"
TOO_SLOW = "not tried: the time for this exercise is used up, as every answer takes so long"
NEEDS_STUCK = "not tried: it needs {id}, which did not end"

FORBIDDEN = "{why}. While grading, no file can be written, and no thread, process or connection opened"
NO_MEMORY = "{why}: more than 512 MB"
NO_TERMINAL = "{why} (it asks for input, and no terminal is attached while grading)"

# Faults of the grader.
NO_WORKER = "The process that runs learner code could not be started: {why}"
NO_HELLO = "it did not say hello"
WORKER_LOST = "The process that runs learner code was ended by something else, again and again."
NO_LIBRARIES = "which shared libraries Python needs cannot be found out: {why}"
LEAKS = "the level {level} does not hold here: possible was {canaries}"
EDIT_DOES_NOT_FIT = "{text!r} does not stand once in solutions/{file}"
ORACLES_DISAGREE = "the reference and finite differences disagree: {script}"
TESTS_BROKEN = "The hidden tests could not be run (pytest exit status {status}). {why}"
NO_HIDDEN_TEST = "It has no hidden test."
TEST_WITHOUT_EXERCISE = "the hidden test {test} names no exercise of the manifest"
TEST_ASKS_NOTHING = "the test put no probe to the submission"
TEST_NOT_ASKED_FOR = "the hidden test {test} was run, and nobody had asked for it"
TEST_NOT_RUN = "the test was not run"
TEST_RUN_TWICE = "the test was run more than once"
NOT_COLLECTED = "the hidden tests could not be collected"
PYTEST_ENDED = "pytest ended with the exit status {status}"
TEST_ENDED_EARLY = "the test did not run to its end"

# The manifest of the kit, for whoever writes one.
MANIFEST_UNREADABLE = "The kit's manifest cannot be read: {path}: {why}"
MANIFEST_FORMAT = "{path}: it has format {format!r}, but this grader reads {known}."
MANIFEST_MISSING = "{key} is missing."
MANIFEST_UNKNOWN = "{key} is not known."
MANIFEST_TYPE = "{key} must be {kind}."
MANIFEST_TEXTS = "{key} must hold texts only."
MANIFEST_NEGATIVE = "{key} must be a finite number that is not negative."
MANIFEST_EMPTY = "{key} is empty."
MANIFEST_TWICE = "{key} stands there twice."
MANIFEST_NO_CHAPTER = "{key} is {name!r}, which no chapter names."
MANIFEST_NO_EARLIER = "{key} names {name!r}, which no earlier exercise is called."
MANIFEST_NO_EARLIER_CHAPTER = "{key} names {name!r}, which is the file of no earlier chapter."
MANIFEST_OPERATION = (
    '{key} is {name!r}. It can be " + " (or - * / ** so, between spaces), "-", ".NAME()" where Value.NAME is one of '
    'its symbols, or "" where any expression is about it.'
)
GAP_INSIDE = "a gap begins inside the gap {id}."
GAP_NOT_BEGUN = "a gap ends that has not begun."
GAP_NO_END = "the gap {id} has no end."
A_TEXT = "a text"
A_LIST = "a list"
A_LIST_OF_TABLES = "a list of tables"
A_NUMBER = "a number"
A_WHOLE_NUMBER = "a whole number"
TRUE_OR_FALSE = "true or false"

# Sandboxes.
NOT_LINUX = "it needs Linux"
NONE_FOR_SYSTEM = "there is none for this system"
FIX_WINDOWS = "grade in WSL, with bubblewrap"
UNKNOWN_MACHINE = "there is no system call filter for {name} machines"
NO_BUBBLEWRAP = "bwrap is not installed"
FIX_BUBBLEWRAP = "install bubblewrap (`sudo apt install bubblewrap` or `sudo dnf install bubblewrap`)"
FIX_NAMESPACES = (
    "make `bwrap --unshare-user --ro-bind / / true` work. Where user namespaces are forbidden: "
    "on Ubuntu `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, elsewhere "
    "`sudo sysctl -w user.max_user_namespaces=9999`; a container needs "
    "--security-opt seccomp=unconfined --cap-add SYS_ADMIN"
)
FIX_LANDLOCK = "use Linux 5.13 or newer with Landlock enabled, in a container one whose filter lets it through"
UNCONFINED = "warning: there is no sandbox here; fine for your own code, not for a stranger's (`mg-grade doctor`)."
NO_SANDBOX = """no sandbox ({why}).
Fix: {fix}. To accept the risk: --unsafe-no-sandbox"""

CANARIES = {
    "read": "read a file",
    "write": "write a file",
    "process": "start a process",
    "network": "open a socket",
    "signal": "signal the grader",
}
POSSIBLE = "possible"
ACCIDENTS_ONLY = "{level}: contains accidents, not attacks"
DOCTOR_USES = "Submissions are confined by {level}."
DOCTOR_NONE = "There is no sandbox here: your own code is graded under {level}, and a stranger's not at all."
DOCTOR_NOTHING = "Nothing can be graded here."
DOCTOR_FIX = "For a better one: {fix}."

# What a submission can be.
NO_SUCH_PATH = "{path} does not exist. Give a folder with the kit's files, or one .py file, notebook or archive."
OR_REFERENCE = "Without an engine of your own: --reference"
NO_PYTHON_FILES = "{path} holds no Python files{only}. The kit's files are {files}."
ONLY = ", only {names}"
NOT_A_SUBMISSION = (
    "{path} is none of these: a folder with the kit's files, a .py file, a notebook, a zip or tar archive."
)
TOO_LARGE = "{path} holds more than {most} MiB of Python. Give the folder that holds the kit's files only."
TOO_MUCH_BEFORE = "there is so much Python before it that it is not read, nor is what comes after it"
TOO_DEEP = "it is in so many folders that it is not looked at"
TOO_MANY_FILES = "It holds more than {most} files. Give the folder that holds the kit's files only."
NOTHING_READABLE = "{path}: there is nothing to grade: {why}"
FILE_IS_LINK = "it is a link or not an ordinary file"
FILE_EMPTY = "there is nothing in it: has it been uploaded whole?"
FILE_IS_FOREIGN = "files of this kind are not read: hand in .py files, a notebook or a zip archive"
LEFT_OUT = {  # why -> the text
    "file-too-big": "it is larger than {most} KiB",
    "not-text": "it is no text (byte {position}); save it as UTF-8",
    "nul": "it holds NUL bytes, so it is not Python text",
    "pointer": "it is a {kind} pointer, not the file: hand in the file itself",
    "too-many-files": TOO_MANY_FILES,
    "archive-broken": "it is no zip or tar archive that can be read ({why})",
    "archive-too-large": "it expands to more than {most} MiB",
    "archive-too-many": "it holds too many files",
    "archive-encrypted": "it is encrypted: make the archive anew, without a password",
    "archive-compression": "it is compressed in a way that is not read here: make an ordinary zip",
    "archive-bomb": "it is small in its archive, and enormous when it is read",
    "archives-nested": "archives in it are read up to {number}, and {most} deep",
    "notebook-too-big": "it is a notebook of more than {most} MiB, even without its outputs",
    "notebook-conflict": "it holds a merge conflict: settle what stands between <<<<<<< and >>>>>>>",
    "not-a-notebook": "it is no Jupyter notebook that can be read",
    "cell-too-large": "it is larger than {most} KiB",
    "cell-not-code": "it is a cell of text that defines something: make it a code cell",
    "too-many-cells": "of a notebook {most} code cells are read",
    "memory": "reading it takes too much memory",
    "too-deep": TOO_DEEP,
    "time": "reading it takes too long",
    "not-read": "it cannot be read",
    "changed": "it changed while it was read",
    "all-too-large": "all that was handed in holds more than {most} MiB of text",
    "too-much": "with all that was handed in it is more than {most} MiB",
}
CELL = "{path} cell {number}:{line}"

# What a class can be.
NO_SUCH_CLASS = "{path} does not exist, or is no file. Give the folder or the archive that holds the submissions."
PREFIX_TAKEN_OFF = "The names are taken to follow {prefix!r}, as in the downloads of GitHub Classroom."
PREFIX_LEFT = "All names begin with {prefix!r}, and are left as they are. If that is the assignment: --prefix {prefix}"
NO_SUCH_PREFIX = "{path} holds nothing whose name begins with {prefix!r}. Give --prefix as it stands in the names."
NO_ATTEMPTS = (
    "{names}: each is taken for a student, as anybody can be called so. If they are attempts of somebody else's, put "
    "them into one folder for each student, called attempt_1, attempt_2."
)
WHOSE = (
    "{names}: the names of two students are in this one, so nobody's work is changed by it: it is listed by itself."
    " See whose it is."
)
NAMES_ALIKE = (
    "{names}: these names could be one person's, and are taken for a student each. If they are one person's, put their "
    "files into one folder."
)
ALIKE_BEFORE = (
    "{names}: somebody whose name differs only in how it is written was graded before. They are taken for a student "
    "each."
)
RENAMED = "{shown} was graded as {before} before, and is {now} now: {before} is left out."
PARTS_OF_ONE = (
    "{files} are taken for the work of {number} students. If they are one person's, put them into one folder."
)
ONE_STUDENT = "All of {path} is taken for the work of one student, {name}. If it is a class, give the folder inside."
ONE_STUDENT_PACKED = (
    "All of {path} is taken for the work of one student, {name}. If it is a class, unpack it, and give the folder "
    "inside."
)
SECTIONS_AS_STUDENTS = (
    "{names}: each is taken for a student, and holds several folders with the same files. If these are the students', "
    "grade each of the folders by itself, with the same --out."
)
CLASS_UNREADABLE = "{path} cannot be read: {why}. Unpack it, and give the folder."
NO_SUBMISSIONS = "{path} holds no submissions: no folders, archives, notebooks or .py files."
NO_YAML = (
    "submission_metadata.yml is not read, so students are called by numbers. For it: pip install 'mg-grade[gradescope]'"
)
METADATA_UNREADABLE = "submission_metadata.yml cannot be read, so students are called by numbers: {why}"

# What a hidden test found.
MISSING_SYMBOL = "{symbol} is not defined"
GAP = "still to be written: {id}"
TOLD_AT = "it could not be run, as {place} is no Python: see {id}"
WITHHELD = (
    "it does not pass yet. What your code gave is not shown: it ran with the reference in place of what is unfinished"
)
FAILED_BESIDE = "a test failed with the reference in place of what is unfinished"
YOURS = "yours"
EXPECTED = "expected"
ROUNDED = " (rounded)"
PRINTED = "printed"
CUT = "..."
RAISED = "raised"
HAPPENED = "happened"

# The terminal report.
NOT_STARTED = "not started"
NOTHING_HANDED_IN = "{files}: nothing handed in ({number} exercises, {points} points)"
ERROR_STATUS = "grader failed"
TOTAL = "Total"
TABLE_HEAD = "| exercise | | points | |"
BONUS = "Bonus"
GRADE = "Grade"
ADJUSTMENT = "{reason}: {points}"
OF_EXERCISE = "{id}: {text}"
EXCUSED = "excused"
CARRIED = "* graded with the reference solution in place of what is not finished"
BLOCKED = "This rests on {ids}. Begin there."
TOGETHER = "This looks like {number} mistakes together. {named}"
TWO, THREE = "two", "three"
AND = " And: "
LAST_OF_LIST = " and "
NAMED = "{title}. {explanation}"
OR = " Or: "  # between mistakes that give the same answers to everything that was asked
DIAGNOSIS = "This looks like a well-known mistake: {named}"

# What is measured of answers that no known mistake explains.
# {kind of symptom (report.SymptomKind): what it says}
SYMPTOMS = {
    "complex": "Some of your answers are complex numbers: the root of a negative number gives such.",
    "no-float": "Some of your answers are of type {type}: a plain float is asked for, and float(..) makes one of it.",
    "not-numbers": "Some of your answers are no numbers, or not finite (nan, inf).",
    "all-zero": "Your answer here is 0: is there a line that is never reached, or one that changes nothing?",
    "sign": "Your answer here has the right size, and the wrong sign.",
    "factor": "Your answer is {factor} times what it should be, here and with other numbers.",
    "difference": "Your answer is off by {difference}, here and with other numbers.",
    "always": "Wherever your answer is wrong here, it is {got}.",
    "length": "Your list has {got} items, and {want} are expected.",
    "only-some-reads": "Here these come out right: {right}. And these wrong: {wrong}.",
    "without-upstream": "Your answer lacks the gradient from above: multiplied with that, it would be right.",
    "when-negative": "Your answers are wrong only where an input is negative.",
    "when-there-already": "Your answers are wrong only where an input has a gradient already.",
    "endless": "Something there does not come to an end: look at loops, and at functions that call each other.",
    "no-return": "The answer is None: that is what a function gives that ends without return.",
    "is-none": "What stands in {read} is None, which is no number: where does it get its number?",
    "order-no-list": "What comes back is no list, and a list is asked for.",
    "order-not-nodes": "The list should hold the nodes themselves.",
    "order-left-over": "Some nodes in the list are no part of this graph: are they left over from an earlier call?",
    "order-repeats": "Some nodes are listed more than once.",
    "order-no-root": "The root itself is not in the list.",
    "order-misses": "Some nodes are missing.",
    "order-turned-round": "The list is turned round: every node comes before what it was made from, and should come "
    "after.",
    "order-too-early": "Some nodes come before one of those that they were made from.",
    "exception": "{text}",
    "other": "{text}",
}
# {why a line is no Python: what it says to somebody who has seen few of them}
NO_PYTHON = {
    "IndentationError: unexpected indent": "This line stands further to the right than the one before, and only a line "
    "with a colon at its end begins a block that does.",
    "IndentationError: unindent does not match": "This line stands further to the left than the one before, but as far "
    "as no line above it: give it the indent of the lines that it belongs with.",
    "IndentationError: expected an indented block": "Below a line with a colon at its end comes a block that stands "
    "further to the right, of one line or more.",
    "(?:TabError|IndentationError|SyntaxError): .*tabs": "The indents mix tabs with spaces: use four spaces for each "
    "step.",
    r"SyntaxError: unmatched '(.)'": "This {0} closes nothing: count the brackets before it.",
    r"SyntaxError: closing parenthesis '(.)' does not match opening parenthesis '(.)'": "The {1} that was opened last "
    "is closed by {0}: count the brackets between them.",
    r"SyntaxError: '(.)' was never closed": "Something has to close this {0}, in the same line as a rule.",
    "SyntaxError: 'return' outside function": "This return belongs to no function: does it stand as far to the right "
    "as the rest of its function?",
    "SyntaxError: '(break|continue)'": "A {0} belongs into a loop: does it stand far enough to the right?",
    "SyntaxError: expected ':'": "A line that begins a block, as with if, for, while or def, ends with a colon.",
    "SyntaxError: unterminated": "The quotation mark that ends this text is missing.",
    "SyntaxError: invalid syntax$": "Python can read on as far as the ^. The slip is there or shortly before it, maybe "
    "in the line above: often a bracket, a comma or a colon too few or too many.",
}
# {the beginning of an exception as text: what it says to somebody who has seen few of them}
ERRORS = {
    r"BdbQuit|EOFError|RuntimeError: input\(\)": "Grading has no terminal attached, so breakpoint(), "
    "pdb and input() cannot work. Print what you want to see instead, or paste these lines into your own Python, and "
    "look around there.",
    r"ModuleNotFoundError: No module named '(\w+)": "{0} is not available while grading: the exercises do without it.",
    r"ImportError: \S+ is not available while grading": "The exercises do without other packages: math and random have "
    "what is needed here.",
    r"NameError: name '(\w+)'": "Python knows no {0} there: has it been imported, or made, and is it spelt right?",
    "NotImplementedError: reflected": "A plain number stands before a Value there, as in 2 * a. Where only numbers are "
    "meant, as in a gradient, a .data may be missing.",
    "UnboundLocalError": "That name gets its value further down in the same function.",
    r"TypeError: unsupported operand type\(s\) for \^": "In Python ^ is no power: a to the power of n is a ** n.",
    r"(?:TypeError|AttributeError): (.*'?NoneType.*)": "Something there is None: what a function without return "
    "gives, or an argument that may be left out.",
    r"KeyError: (\w+|'\w+')$": "A dict there has no key {0}: which keys has it, and which are asked for?",
    r"TypeError: '[<>]=?' not supported between instances of .*'Value'": "Values cannot be compared with < and >: "
    "the numbers in them, their data, can.",
    r"TypeError: must be real number, not Value": "The functions of math take plain numbers only: a Value has exp(), "
    "log() and tanh() of its own.",
    r"(?:TypeError|AttributeError): .*'(?:builtin_function_or_method|function|method)'": "A function stands there "
    "where its result should: a call has brackets, even where nothing stands in them.",
    r"AttributeError: '(?:float|int)' object has no attribute '(data|grad|backward|_\w+)'": "A plain number has no "
    "{0}, only a Value has. Where one is to come out, calculate with Values, and not with their data.",
    r"AttributeError: '(\w+)' object has no attribute '(\w+)'": "What is of type {0} has no {1}: is that spelt "
    "right, and is the type?",
    r"TypeError: (?:can't multiply sequence|unsupported operand type\(s\) for \S+: (?:'\w+' and )?'list')": "Lists do "
    "not calculate item by item: go through them in a loop.",
    r"TypeError: '(\w+)' object is not callable": "Round brackets stand behind something that is a {0}, as if "
    "it were a function.",
    r"TypeError: .* positional argument": "That function is called with more or fewer arguments than it takes.",
    "RecursionError": "A function calls itself, directly or by way of others, without coming to an end.",
    "ZeroDivisionError: .*negative power": "0 has no negative power, as that divides by 0: which number is 0 there?",
    "ZeroDivisionError": "Something there is divided by 0: which of its numbers can be 0?",
    r"ValueError: (?:math domain error|expected a (?:positive|nonnegative) input)": "A function of math is asked for "
    "what has no answer, such as the logarithm of 0 or the root of a negative number: which number is that there?",
    "OverflowError": "A number there is larger than a float can hold, as exp(710) is: is there another form of the "
    "formula, in which it stays small?",
    r"TypeError: unhashable type: '(\w+)'": "A {0} can neither be put into a set nor be the key of a dict. (A class "
    "with an __eq__ of its own has no hash any more.)",
    r"TypeError: can only concatenate list": "A list is joined with lists only, and what stands beside it is none.",
    r"TypeError: '(\w+)' object is not (?:iterable|subscriptable)": "What is of type {0} there holds no items, and is "
    "used as if it did.",
    r"TypeError: cannot unpack non-iterable (\w+)": "What is of type {0} cannot be taken apart into several names.",
    r"ValueError: these shapes do not fit: (.*)": "What meets there has the shapes {0}: a gradient has the rows and "
    "columns of what it belongs to.",
    "ValueError: (?:too many values|not enough values) to unpack": "There are not as many items as names for them.",
    r"ValueError: (?:max|min)\(\) (?:arg|iterable)": "The largest or smallest is asked for of something that is empty.",
    r"TypeError: .*'?complex": "A number there is complex: that is what the root of a negative number gives.",
    "AssertionError": "An assert there does not hold: it is your own line that says what has to be.",
    "IndexError": "A list there is shorter than the place that is asked for.",
}
LOOK_AT = "Look at: {hint}"
QUESTION_LEFT_OUT = "... what was asked, and what came out: space shows it"
NOTHING_BEFORE = "Until that line is mended, nothing in {file} can be graded."
TESTS_PASS = "{passed} of {total} tests pass."
FIRST_STEP = "Nothing is filled in yet, and that is where everybody begins. Open {place}, exercise {id}. {hint}"
NEXT_STEP = "Next: {id} in {place}. {hint}"
NEXT_BEGUN = "Next: {id} in {place}, which is begun and does not pass yet."
ALL_ASKED_DONE = "All that was asked for passes."
ALL_DONE = "Everything passes. Well done! See what a network of your own learns: mg-grade train spiral"
ALL_BUT_BONUS = (
    "Everything passes that counts. Well done! See what a network of your own learns: mg-grade train spiral. "
    "Only {id} is left, as a bonus."
)
BONUS_DIAGNOSIS = "This is no mistake, and keeps you only from the bonus: {named}"
FIRST_WRONG = "The smallest expression that comes out wrong; > is where that begins"
DATA, GRAD = "data", "grad"
YOURS_DATA, YOURS_GRAD = "your data", "your grad"
AS_ABOVE = "as above"
NOTE = "note: "
GRADER_FAILED = "The grader failed on {ids}: that is our fault, not yours. {detail}"
GRADER_FAILED_ON_ALL = "The grader failed: that is our fault, not yours. {detail}"
PROGRESS = "grading"

# Commands.
ERROR = "error: {text}"
INTERNAL = (
    "error: the grader failed: {why}. Nothing is wrong with your work. Please report this, with "
    "what it prints where {variable}=1 is set."
)
INTERRUPTED = "stopped."
NO_SUCH_COMMAND = "there is no command or file {name!r}. Is {near} meant?"
UNKNOWN_EXERCISE = "there is no exercise {id!r}. The exercises are {ids}."
UNKNOWN_EXERCISE_NEAR = "there is no exercise {id!r}. Did you mean {near}?"
TWO_SANDBOXES = "--unsafe-no-sandbox and --sandbox {sandbox} exclude each other."
RELEASE_REFUSED = "{files} in {folder} hold answers, not gaps only. Nothing was changed; --force replaces them."
NOT_A_PERCENTAGE = "--fail-under takes a number, such as 50."
CANNOT_WRITE = "{path} cannot be written: {why}."
STANDARD_OUTPUT = "standard output"
A_FILE = "a file of this run"
IS_FOLDER = "it is a folder"
NO_FOLDER = "{folder} is not a folder that can be written to"
BELOW = "{percent} percent is below --fail-under {limit:g}."
NO_ANSWERS = "this edition of mg-grade holds no answers, so there is no {what} in it. {where}"
GRADED_AT = "Hand your files in as your instructor says: that is where they are graded."
COMMAND = "`mg-grade {name}`"
MG_CHECK = "`mg_check`"
WITHOUT_ANSWERS = "for students: it holds no answers, and grades nothing"
INIT_REFUSED = "{folder} already holds {files}. Nothing was changed; give another folder."
INIT_DONE = "{folder} holds the exercises now. Open {first} to begin, and run: mg-grade watch {quoted}"
INIT_DONE_UNGRADED = "{folder} holds the exercises now. Open {first} to begin, and run: mg-grade next {quoted}"
RELEASE_NEEDS_CHECKOUT = "this is an installed kit; to release, run this in a checkout after `pip install -e .`"
NOTEBOOK_TITLE = """# micrograd

Run the cells from top to bottom. Wherever one says `raise NotImplementedError`, write your own code in the place of
that line, and run the cell. Then run the check below it: it says what passes, and where to look first if something does
not. After a restart nothing is kept: run the cells again.

Lines of the text that begin with `>>>` are examples. To try one, copy it without the `>>>` into a cell of your own,
below the cells that it uses.

In a terminal, in the folder of this notebook, `mg-grade hint add` shows a hint for `add`, and `mg-grade
micrograd.ipynb` your whole score, once the notebook is saved."""
NOTEBOOK_IMPORT = "from grader.study.notebook import mg_check"
_INSTALL = "# Run this first. If it says that there is no module named grader, install mg-grade, and run this again:"
NOTEBOOK_SETUP = f"""{_INSTALL}
#   %pip install ..                   where this notebook lies in exercises/ of a checkout of mg-grade
#   %pip install ./mg_grade-*.whl     elsewhere, as on Colab: `mg-grade handout DIR --with-tests` makes this file in a
#                                     checkout, and you upload it
{NOTEBOOK_IMPORT}"""
NOTEBOOK_SETUP_WHEEL = f"""{_INSTALL}
#   %pip install ../{{wheel}}     the file that came with this notebook, in the folder above
#   %pip install ./{{wheel}}      elsewhere, as on Colab: upload the file first
{NOTEBOOK_IMPORT}"""
NOTEBOOK_EXERCISE = "### Exercise {id}: {title}\n\nAbout {minutes} minutes, {points}."
NOTEBOOK_POINTS = "{points} points{bonus}"
NOTEBOOK_POINT = "1 point{bonus}"
NOTEBOOK_METHODS = """The other methods of `{cls}` are yours, one after the other, in cells of their own. Each stands
there as a function, and a line such as `{line}` puts it into the class. When you run the cell of `class {cls}` again,
the class begins anew: run those below it again too."""
CHECK_NOTHING = "Nothing has been run yet. Run the cells above first; mg_check is for notebooks."
CHECK_NOT_RUN = (
    "{id}: the notebook does not know {names} yet. Run the cell that defines it (nothing is kept over a restart), and "
    "then this one again."
)
CHECK_NEXT = (
    '{id}: some {minutes} minutes. Replace the line that raises NotImplementedError("{gap}"), and run the cell.'
)
CHECK_ANEW = (
    "This is about what you wrote; the notebook itself does not have {names} now. Before you use it in other cells, "
    "run the cell of the class, and then those below it."
)
FIRST_WRONG_PICTURE = "The smallest expression that comes out wrong; the red box farthest right is where that begins:"

# The pages.
PAGE_STATES = {
    "passed": "\u2713 passed",
    "partial": "\u25d0 partial",
    "failed": "\u2717 failed",
    "not-started": "\u2013 not started",
    "blocked": "\u2026 blocked",
    "error": "? grader failed",
}
PAGE_OF = "of {points} points ({percent} %)"
PAGE_BONUS = "{points} of them for the bonus."
PAGE_CHAPTERS = "Chapter by chapter"
PAGE_STATE, PAGE_EXERCISE, PAGE_POINTS = "State", "Exercise", "Points"
PAGE_NOTHING_HANDED_IN = "None of its exercises is in what was handed in ({number})."
PAGE_TO_MEND = "What is not right yet"
PAGE_PRINTED = "What your code printed meanwhile"
PAGE_GRAPH = "The graph as a picture"
GRAPH_OF = "Graph of {nodes}"
PAGE_AS_TEXT = "The same as text"
PAGE_SOURCE = "Your lines around {place}"
PAGE_HERE = "(here)"
PAGE_NOTES = "Notes"
PAGE_MADE = "Graded by mg-grade {grader}, kit {kit} {version}, Python {python}."
PAGE_NOT_GRADED = "What you handed in could not be graded:"
PAGE_CLASS, PAGE_CLASS_OF = "The class", "The class {name}"
PAGE_OUTCOMES = {
    "graded": "graded",
    "refused": "nothing to grade",
    "error": "the grader failed",
    "missing": "nothing handed in",
    "excused": "excused",
    "review": "up for review",
    "late": "late",
    "adjusted": "adjusted",
}
PAGE_STUDENT = "Student {number}"
PAGE_DEADLINE = "Deadline: {at}"
PAGE_DISTRIBUTION = "How the points are distributed"
PAGE_MEAN = "Mean {mean} %, median {median} % of {most} points."
PAGE_PERCENT, PAGE_PERCENT_SIGN, PAGE_ALL = "Percent of the points", "%", "100+"
PAGE_DAYS, PAGE_DAY = "When it was handed in", "Day"
PAGE_ATTEMPTS, PAGE_SUBMITTED = "Attempts", "Handed in"
PAGE_ON_IT = "On this page"
PAGE_LOOK = "What needs a look"
PAGE_ACCEPT = "No export has these grades until you accept them: mg-grade gradebook DIR --accept STUDENT"
PAGE_LATE = "Late"
PAGE_ADJUSTED = "Adjusted by hand"
PAGE_CHANGES = "Scores that have changed"
PAGE_ALIKE = "Alike beyond chance"
PAGE_PAIR = "{first} and {second}"
PAGE_SHARE_OF = "{percent:.0f} %"
PAGE_SHARE = "{percent:.0f} % of the smaller one's own code is in the other one too; it is marked."
PAGE_LINES_LEFT_OUT = "{number} other lines"
PAGE_BACK = "Back to the class"
PAGE_EXERCISES = "Exercises"
PAGE_EXERCISES_MEAN = (
    "Passed: the share of the class that passes. Mean: of the points. Discrimination: how well the points of this "
    "exercise go with all the others, from -1 to 1."
)
PAGE_PASSED, PAGE_MEAN_SHARE, PAGE_DISCRIMINATION = "Passed", "Mean", "Discrimination"
PAGE_MISTAKES, PAGE_MISTAKE = "Mistakes, and who made them", "Mistake"
PAGE_STUDENTS, PAGE_NAME, PAGE_SECTION = "Students", "Name", "Section"
PAGE_FIND, PAGE_ANY, PAGE_SHOWN = "Find", "any", "{number} shown"
PAGE_NUMBERS = "The numbers"

# The kit and its proof, for whoever keeps it.
PATH_MARKS_GONE = "exercises/{file}: the path has lost its marks. Put them back: {begin} and {end}"
PATH_HEAD = """The times are estimates for somebody who has just read the chapter and has written some Python before;
they add up to about {hours} hours. Take the chapters in order: each uses those before it.
"""
PATH_TITLE = """
### [{title}]({path})

{summary}
"""
PATH_CHAPTER = """
`{file}`, about {minutes} minutes{rests_on}.

| exercise | what you write | minutes | points |
|---|---|---|---|
"""
PATH_RESTS_ON = "; it uses {files}"
PATH_BONUS = " (bonus)"
STALE_STUB = "{file} is not what `mg-grade release` makes"
PROOF_COMPLETE = "nothing is missing: tests, gaps, symbols, misconceptions"
PROOF_INCOMPLETE = "something is missing or does not fit together"
BLAMED = "{place}: {kind}: {why}."
NO_TEST_FOR = "grader/kit/hidden: no test is marked with the exercise {id}."
TEST_OF_UNKNOWN = "grader/kit/hidden/{test}: it is marked with {id}, which the manifest does not name."
TEST_OF_NONE = "grader/kit/hidden/{test}: it is marked with no exercise."
GAP_OF_NONE = "solutions/{file}:{line}: the gap {id} belongs to no exercise of exercises.toml."
NO_GAP_FOR = "exercises/exercises.toml: {id} has no gap `{mark}` in solutions/{file}."
NO_FIRST_SOLUTION = (
    "exercises/exercises.toml: {id}.solved_first_as names {name}, which is no misconception of another exercise in "
    "{file}."
)
NO_SYMBOL = "exercises/exercises.toml: {id}.symbols names {symbol}, which solutions/{file} does not define."
TEST_STATES_NOTHING = "grader/kit/hidden/{file}:{line}: {test} states no truth: write it as the docstring."
OTHER_HINTS = "exercises/exercises.toml: {id} has {number} hints; exercises/README.md promises {promised} for each."
MISCONCEPTIONS_NO_TUPLE = "MISCONCEPTIONS of {module} must be a tuple of wrong(...), with a comma behind each"
MISCONCEPTION = "{file}: {id}: {why}"
MISCONCEPTION_OF_UNKNOWN = "the manifest names no exercise {exercise}."
MISCONCEPTION_ID = "an id has small letters, digits and - only."
MISCONCEPTION_TWICE = "another one has this id."
MISCONCEPTION_TEXT = "its {name} must be a text: exercise, name, title and explanation come first, then the edits."
MISCONCEPTION_WITHOUT_EDIT = "it has no edit: add (OLD, NEW), a text that stands in the solution and what is wrong."
MISCONCEPTION_EDIT = "each edit must be a pair of texts in brackets of its own: (OLD, NEW)."
MISCONCEPTION_IS_NO_PYTHON = "with its edit the solution cannot be loaded: {why}"
NO_MISCONCEPTION_FOR = "grader/kit/misconceptions: there is none for the exercise {id}."
HELP_CHECK_KIT_EXERCISE = "Prove the misconceptions of this exercise only (may be given several times)."
PROOF_STUBS_FRESH = "exercises/ is what solutions/ makes"
PROOF_STUBS = "the stubs score 0, every exercise not started"
PROOF_SOLUTIONS = "the solutions get full marks and the bonus"
PROOF_SEEDS = "{what} (seeds {seeds})"
PROOF_EXERCISE = "{id}: {caught} of {total} misconceptions caught, {named} named"
PROOF_MISCONCEPTIONS = "{total} misconceptions are caught in their own exercises, {named} of them named first"
PROOF_SURVIVES = "{id} loses nothing"
PROOF_NEVER = "{id} raises {error} in {exercise}: that is a slip in its edit, not a misconception"
PROOF_GRADER_FAILED = "{id}: the grader failed on {exercise}: {why}"
PROOF_UNFAIR = "{id} costs what does not rest on it: {exercises}"
PROOF_NAMELESS = "{id} is not named"
PROOF_TOO_FEW = "less than {percent:g} percent are named first"
PROOF_RESULT = "{id} is {status} with {points} points"
PROOF_AGAINST = "seed {seed}: {text}"

# Help.
HELP_MAIN = """Grade the micrograd exercises.

`mg-grade PATH` grades what a learner handed in: a folder with any of the kit's files, or one .py file that holds
them all."""
HELP_MAIN_HANDOUT = """Work on the micrograd exercises.

This edition holds no answers and grades nothing. {where}"""
SECTION_LEARN = "Learn"
SECTION_TEACH = "Grade a class"
SECTION_KIT = "The kit"
HELP_VERSION = "Show the version and exit."
HELP_GRADE = """Grade PATH: a folder with any of the kit's files, or one .py file that holds them all.

Exit status: 0 graded, 1 below --fail-under, 2 wrong usage or nothing to grade, 3 the grader failed."""
HELP_EXERCISE = "Grade and show this exercise only (may be given several times)."
HELP_SUBMISSION = "The submission that the hidden tests are run on: a folder, a .py file, a notebook or an archive."
SUBMISSION_NEEDED = "the hidden tests are run on a submission: add --submission=DIR"
# {form of a report: what its option does}; of one that has no row here HELP_FORM is said.
HELP_FORM = "Write the report as {name}."
HELP_FORMS = {
    "json": "Write the report as JSON; - is standard output.",
    "pytest-json": "Write the report as a document of pytest-json-report.",
    "junit": "Write the report as JUnit XML.",
    "gradescope": "Write the report as Gradescope's results.json.",
    "markdown": "Write the report as Markdown.",
    "html": "Write the report as a page of HTML.",
}
FORM_NAME_TAKEN = "grader/reports/forms: no form can be called {name!r}: mg-grade has something else of that name."
FORM_NAME = "grader/reports/forms: no form can be called {name!r}: small letters, digits and - make a name."
FORM_BROKEN = (
    "the form {name} (grader/reports/forms/{module}.py) failed: {why}. Nothing is wrong with the work that is graded."
)
FORM_NEEDS_FILE = "--{form} takes a file."
HELP_SEED = "Seed of the random inputs (default: that of the policy, or else {seed})."
HELP_FAIL_UNDER = "Exit with 1 where the score is below this percentage."
HELP_SANDBOX = """How to confine the code that is graded: auto (the best there is here), required (a sandbox or
nothing), or one level by name."""
HELP_UNSAFE = "Grade without a sandbox, and without the warning: the same as --sandbox limits."
HELP_QUIET = "Print the total only."
HELP_DOCTOR = """Show how submissions are confined here, what was tried to prove it, and what would be better.

Exit status: 0 where strangers' code can be graded, 1 where there is no sandbox."""
HELP_INIT = """Copy the exercises, their notebook edition and the data sets into DIR (default: the current folder),
which must not hold them yet."""
HELP_CLASSROOM = """Make it a repository for GitHub Classroom as well, which grades every push and shows the feedback.
Learners can read the answers in what that installs."""
CLASSROOM_DONE = "Commit it with its folder .github: every push is graded then, and the feedback is the job's summary."
HELP_CHECK_KIT = """Prove the kit: stubs score 0, solutions full marks, five seeds agree, and every misconception of the
catalogue is caught and named in its own exercise."""
HELP_CHECK_KIT_QUIET = "Leave out what was proved for each exercise."
HELP_RELEASE = "Make exercises/ from solutions/, in a checkout of the kit."
HELP_RELEASE_FORCE = "Replace files that somebody has filled in."
HELP_RELEASE_CHECK = (
    "Change nothing; exit with 1 where exercises/ is out of date, or something in the book is not in step with the kit."
)
HELP_RELEASE_RUNS = "First train again what the book has pictures of, which takes minutes, and keep the losses."
CHECK_OR_RUNS = "--check changes nothing, and --runs writes what it trains. Leave one of them out."

# Exports.
EXPORT_NOT_CSV = "the file is not CSV as spreadsheets and course systems write it ({why}). Export it again."
EXPORT_EMPTY = "the file is empty. Export it again."
EXPORT_NOT_CANVAS = """the file is no gradebook of Canvas: its first row names no Student and no ID.
Export it in Canvas (Grades > Export), in English, and give that file."""
EXPORT_NO_ASSIGNMENT = """the gradebook has no assignment that can be filled in, such as `Micrograd (123)`.
Create it in Canvas and export again."""
EXPORT_NO_SUCH_ASSIGNMENT = "the gradebook has no assignment {name!r}. There are: {names}."
EXPORT_SEVERAL_ASSIGNMENTS = "the gradebook has several assignments that could be meant. Name one of: {names}."
EXPORT_READ_ONLY = "the column {name!r} cannot be filled in: Canvas does not import it. Name an assignment."
EXPORT_NOT_MOODLE = """the file is no grading worksheet of Moodle: it has no column {names}.
Download the worksheet of the assignment, with Moodle set to English, and give that file."""
EXPORT_SCALE = "this Moodle assignment is graded with a scale. Set its grade type to points and download it again."
EXPORT_LINE = "{name}: {text}"
EXPORT_NOT_GRADED = "not graded"
EXPORT_REVIEW = "up for review: {why}"
EXPORT_NO_POINTS = "there were no points to be had"
EXPORT_NO_ROW = "no row of the file is theirs"
EXPORT_SEVERAL_ROWS = "several rows of the file could be theirs"
EXPORT_CONTESTED = "the row that could be theirs could be another's, too"
EXPORT_OTHER_NAME = "{id} is in the file, but their name is in another row"
EXPORT_OTHER_ID = "their name is in the file, but not their number {id}"
EXPORT_OTHERS_NUMBER = "{id} is the number of {name} in the file, which is another name: it may be that of a group"
EXPORT_EXCUSED = "excused"
EXPORT_NOT_ASSIGNED = "N/A in Canvas: not assigned to them, or hidden"
EXPORT_LOCKED = "their grade is locked in Moodle"
EXPORT_BAD_MAXIMUM = "their maximum grade is no positive number, so Moodle would skip the row"
EXPORT_CAPPED = "cut to the maximum of {maximum}, as Moodle takes no more"
EXPORT_UNCHANGED = "already has this grade"
EXPORT_REPLACED = "{old} was replaced with {new}"
EXPORT_STAYS = "{old} stands there already, and stays"
EXPORT_SCALED = "Points are scaled from {points} to {possible}."
EXPORT_NOT_SCALED = "The file does not say how many points are possible: they are filled in as they are."

# The instructor's policy.
POLICY_WRONG = "{path}: {text}"
POLICY_UNREADABLE = "{path} cannot be read: {why}"
POLICY_NOT_TEXT = "this is not UTF-8 text; save the file as UTF-8"
POLICY_TOO_BIG = "it is larger than 1 MiB"
POLICY_SYNTAX = "this is not TOML: {why}"
POLICY_KEY = "there is no key {name!r}."
POLICY_EXERCISE = "there is no exercise {name!r}."
POLICY_MEANT = " Did you mean {name!r}?"
POLICY_FORMAT = "the file needs the line `format = {format}`, before any [section]"
POLICY_SEED = "a whole number that is not negative is asked for"
POLICY_NUMBER = "a finite number that is not negative is asked for"
POLICY_SIGNED_NUMBER = "a finite number is asked for"
POLICY_NO_TIME = "a time budget of at least 1 second is asked for"
POLICY_EXERCISES = 'a list of at least one exercise is asked for, such as ["add", "mul"]'
POLICY_REPEATED = "the exercise {id!r} stands there twice"
POLICY_NO_POINTS = "the points of the exercises that count add up to 0"
POLICY_TABLE = "{key} is a section: write [{key}], and its keys in the lines below"
POLICY_MISSING = "the deadline has no {key!r}"
POLICY_DATE = "a date and time without quotes is asked for, such as 2026-11-20T23:59:00+01:00"
POLICY_ONE_OF = "one of these is asked for: {names}"
POLICY_YES_OR_NO = "true or false is asked for"

# What an instructor changes by hand.
ADJUSTMENTS_TABLES = "write each entry under a line of its own, [[{kind}]]"
ADJUSTMENTS_KEY = "there is no key {name}. An entry of this kind has: {keys}."
ADJUSTMENTS_TEXT = {
    "student": "a name, id, address or key of a student is asked for, in quotes",
    "comment": "the reason, or what else you have to say, is asked for, in quotes: the student reads it",
    "exercise": "the id of an exercise is asked for, in quotes",
}
ADJUSTMENTS_MANY = "at most a million points can be added or taken off"
ADJUSTMENTS_ATTEMPT = "the number of an attempt is asked for, such as 1"
ADJUSTMENTS_EXTENSION = "`until` with a date, or else `days` or `hours` with a number, is asked for"
ADJUSTMENTS_UNTIL = "a date without quotes is asked for, such as 2026-11-25 or 2026-11-25T12:00:00+01:00"
ADJUSTMENTS_TOO_LONG = "at most ten years can be given"
ADJUSTMENTS_LINE = "{file}: {key}: {why}"
NOBODY_CALLED = "nobody is called {name!r}."
SEVERAL_CALLED = "several are called {name!r}. Give one of: {keys}."
ADJUSTMENTS_EXCUSED = "it changes nothing, as the student is excused."
ADJUSTMENTS_NOT_HERE = "it changes nothing, as nothing was handed in."
ADJUSTMENTS_NOT_GRADED = "it changes nothing, as nothing of theirs could be graded."
ADJUSTMENTS_NO_DEADLINE = "it changes nothing, as the policy has no deadline."
ADJUSTMENTS_NOT_LATER = "it changes nothing, as it is no later than the deadline."
ADJUSTMENTS_NO_ATTEMPT = "attempt {number} is not graded, but: {numbers}. A batch grades it, where it is there."
ADJUSTMENTS_OTHER_ATTEMPT = "it changes nothing, as {path} says which attempt counts."
ADJUSTMENTS_NOT_ASKED = "it changes nothing, as {id} does not count by the policy."
ADJUSTMENTS_EXERCISE_EXCUSED = "it changes nothing, as {id} is excused."
EXCUSED_WHY = "excused: {why}"
ATTEMPT_COUNTS = "Attempt {number} counts: {why}"
EXTENDED = "The deadline was extended until {until}: {why}"
NO_TIME_OF_SUBMISSION = "{path} does not say when this was handed in: nothing is taken off for lateness."
POLICY_USED = "The policy in {path} holds."
POLICY_PERCENT = "a percentage from 0 to 100 is asked for"

# A class.
REPORT_FORMAT = "a stored report has format {format}, and this mg-grade reads {known}. Install a newer one."
REPORT_UNREADABLE = "a stored report cannot be read ({why})"
NO_GRADEBOOK = "{folder} holds no gradebook. Make one: mg-grade batch SUBMISSIONS --out {folder}"
GRADEBOOK_UNUSABLE = "the gradebook {path} cannot be used: {why}"
GRADEBOOK_BUSY = (
    "the gradebook {path} cannot be used: another program is writing to it. Close that, and run the same again; "
    "what was graded before is kept."
)
GRADEBOOK_NO_ROOM = (
    "the gradebook {path} cannot be written: {why}. See whether the disk is full or you have a quota, make room, and "
    "run the same again; what was graded before is kept."
)
GRADEBOOK_READ_ONLY = (
    "the gradebook {path} cannot be written: {why}. See to it that you may write to it and to its folder, and run the "
    "same again."
)
GRADEBOOK_DAMAGED = "the gradebook {path} cannot be used: it is damaged ({why}). {put_back}"
GRADEBOOK_COPY = (
    "Move {file}, {file}-wal and {file}-shm away, rename {copy}, a copy of the last whole one, to {file}, and run the "
    "batch again: it grades what is missing."
)
GRADEBOOK_NO_COPY = "Move {file}, {file}-wal and {file}-shm away, and run the batch again: it grades everybody anew."
REPORT_KEPT = "the report on {student} in the gradebook: {why} A batch with --regrade makes it anew."
GRADEBOOK_NEWER = "the gradebook {path} was made by a newer mg-grade. Install that."
KIT_CALLED = "{kit} {version} of mg-grade {grader} (fingerprint {mark})"
KIT_UNKNOWN = "another kit or grader"
OTHER_KIT = (
    "the class in {folder} was graded with {before}, and this is {now}. Nothing was graded. Grades may change with it: "
    "to grade everybody again, give --regrade."
)
FORGOTTEN = (
    "{name} is forgotten: nothing of theirs is in the gradebook, its copy, grades.csv and the reports any more. Take "
    "their submission away as well, and their row of the roster, or the next batch grades them again."
)
FEEDBACK_BY_HAND = (
    "the platform has no number for what these handed in, so it does not take their pages, which are in folders of "
    "their own: {names}. Hand them on yourself."
)
FORGOTTEN_PAGES = "{path} had everybody's pages in it and is removed: export it again."
FORGOTTEN_BUSY = (
    "Another program is reading the gradebook: close it, then `mg-grade gradebook {folder}` takes the last traces."
)
FORGOTTEN_ENTRIES = "{file} names {name}, and is yours to edit: {entries}."
FORGOTTEN_FILE = "{path} still has what {name} is called in it: see whether it has to go as well."
WATCHED = "`mg-grade gradebook {folder} --watch` is at work. End it, and run this again."
KEEPING_FRESH = "Keeping what is written in {folder} fresh. Ctrl-C ends it."
OUT_INSIDE = "{out} is inside {submissions}: it would be graded like a submission. Give a folder somewhere else."
SOMEBODY_ELSE = "another batch is at work in {folder}. Wait for it, or give another folder."
BATCH_ENDED_PROCESSES = "grading it ended the grader's own process {times} times"
BATCH_DONE = (
    "{graded} graded, {refused} with nothing to grade, {unchanged} unchanged, {error} that the grader failed on."
)
CLUSTER_MISSING = "a cluster needs Dask's distributed, here as on its machines: pip install 'mg-grade[cluster]'"
CLUSTER_UNREACHABLE = (
    "no Dask scheduler answers at {address} ({why}). Is `dask scheduler` at work there, and can this machine reach it?"
)
CLUSTER_ADDRESS = "{address} is no address of a Dask scheduler. It is such as tcp://HOST:8786, or tls://HOST:8786."
CLUSTER_AND_JOBS = "--jobs is how many this machine grades at the same time; with --scheduler the cluster's workers do."
CLUSTER_ON = "Grading on {workers} of {address}. Dask's dashboard: {dashboard}"
CLUSTER_ON_ONE, CLUSTER_ON_MANY = "1 worker", "{number} workers"
CLUSTER_WAITS = "Waiting for workers at {address}, up to {seconds} seconds."
CLUSTER_NO_WORKERS = (
    "no worker of {address} can grade. Nothing was graded. Start some: dask worker {address} --nworkers auto"
)
CLUSTER_VERSIONS = "mg-grade {grader}, kit {kit} {version} (fingerprint {mark}), Python {python}"
CLUSTER_VERSIONS_KNOWN = "mg-grade {grader}, Python {python}"
CLUSTER_NONE = "none"
CLUSTER_SCHEDULER_OTHER = "the scheduler is of another version: {why} Install the same on all machines."
CLUSTER_NOTHING = "Nothing is graded at {workers}: {why}"
CLUSTER_AND_MORE = "{workers} and {number} more"
CLUSTER_OTHER = "there is {theirs}, and here {ours}."
CLUSTER_SAYS_NOTHING = "for {seconds} seconds it has not said what it is."
CLUSTER_SAYS_ELSE = "it does not say what it is ({why})."
CLUSTER_WORKER_LIES = "{worker} gets nothing more: {times} times it answered what no worker of mg-grade does."
CLUSTER_WORKER_SILENT = (
    "{worker} gets nothing more: for {seconds} seconds it has not answered. What it had in hand goes elsewhere."
)
CLUSTER_WORKER_GONE = "{worker} is gone. What it had in hand goes elsewhere."
CLUSTER_WORKER_JOINS = "{worker} has joined."
CLUSTER_NONSENSE = "{worker} answered what no worker of mg-grade does ({what})"
CLUSTER_ENDED_WORKERS = "grading it ended {times} workers, or they gave no answer that can be read"
CLUSTER_LOST = (
    "{address} is lost: the scheduler has ended, or cannot be reached. What was graded is in the gradebook: give the "
    "same command again when it and its workers are back, or without --scheduler, and it goes on from there."
)
CLUSTER_ALL_GONE = (
    "no worker of {address} is left, and none has come for {seconds} seconds. What was graded is in the gradebook: "
    "give the same command again when there are some, and it goes on from there."
)
CLASS_SEED = (
    "The random inputs of this class are drawn with a seed of its own, {seed}, which the gradebook keeps. Learners who "
    "know it know what is expected: keep it to yourself."
)
CLASS_SEEDS = "Seed of the random inputs, which learners should not know: {seeds}"
NO_ROSTER = "{path} is no roster: its first row has none of the columns {names}."
NOT_ON_ROSTER = "{name} is not on the roster, or cannot be found there without doubt."
NUMBER_ON_ROSTER = (
    "{name} is not on the roster: {other} has the same number there and another name, so they are taken for two people."
)
REVIEW = (
    "{number} up for review: what was left out may hold work. No export writes their grades until you have looked, and "
    "accepted them: mg-grade gradebook {out} --accept STUDENT"
)
REVIEW_LINE = "  {name}: {why}"
REVIEW_ACCEPTED = "Accepted: {names}."
REVIEW_NOBODY = "{name!r} is not up for review. {others}"
REVIEW_OTHERS = "Those who are: {names}."
REVIEW_EMPTY = "Nobody is up for review."
HANDED_IN_NOTHING = "handed in nothing"
ROSTER_MISSING = "{number} of the roster handed in nothing: {names}."
DRY_STUDENT = "{name}{number}, attempt {attempt}{late}: {shown}"
DRY_LATE = ", late"
DRY_READ = "  read: {files}"
DRY_NOT_READ = "  not read: {files}"
DRY_REFUSED = "  nothing to grade: {why}"
DRY_DONE = "{students} students, {readable} with something to grade. Nothing was graded."
MOVED = "{student}: {before} -> {after}, {why} ({changes})"
MOVED_CONTENT = "as the submission is another"
MOVED_KIT = "as the kit or the grader is another"
MOVED_SETTINGS = "as the policy is another"
MOVED_BY_ITSELF = "with nothing changed: it does not give the same answers every time"
GRADE_COMMENT = "{points} of {most} points."
GRADE_LATE = "Late, counted as {days}: {percent} % of {points} points"
ONE_DAY = "one day"
DAYS = "{days} days"
GRADE_MARKED_LATE = "Marked as late."
CLASS_COUNTS = "{graded} graded, {refused} with nothing to grade, {error} that the grader failed on"
CLASS_MISSING = ", {missing} of the roster who handed in nothing"
CLASS_EXCUSED = ", {excused} excused"
CLASS_REVIEW = ", {review} of the graded up for review"
CLASS_FOR_REVIEW = "Up for review"
CLASS_DISTRIBUTION = "Percent of the points, and how many have them"
CLASS_MEAN = "The mean is {points} of {most} points."
CLASS_EXERCISES = "Exercise             pass   mean  discr.  the commonest mistake"
CLASS_NOT_GRADED = "Not graded"
CLASS_RANKING = "By points"
WRITTEN = "{path} is written."
INTO_NEEDED = "--to canvas and --to moodle fill in the file that you exported there: give it with --into FILE."
INTO_NOT_NEEDED = "--into is for canvas and moodle only."
NEVER_OVER_ORIGINAL = "{path} is the file that is to be filled in, and never written over. Give another --output."
EXPORT_FILE = "{path}: {why}"
FILLED = "{filled} grades are filled in, in {path}."
NOT_FILLED = "not filled in: {line}"
NOT_WRITTEN = "not written, as it is up for review: {line}"
ALIKE = "{share:>4.0%}  {first}  {second}"
ALIKE_MEANS = "So much of their own code is alike. It is a reason to look at both, and no more than that."
NONE_ALIKE = "No two submissions are suspiciously alike."
ZIP_SEED = (
    "The random inputs are drawn with the seed {seed}, which learners should not know. It is in the archive, and is "
    "taken again where you write over that; for another archive, give --seed {seed}."
)
ZIP_DONE = "{path} is written: upload it as the autograder of a Gradescope programming assignment."
# What a student reads where the autograder failed, and what its scripts say to the instructor.
ZIP_FAILED = (
    "This submission could not be graded, as the autograder failed: that is no fault of yours. There is no score, and "
    "no zero either. Please tell your instructor, who sees in the autograder's output what happened."
)
ZIP_SAYS = {
    "NO_PACKAGES": "the packages of this image's distribution cannot be listed, so nothing can be installed. Build the "
    "image again; where that does not help, choose a newer base image.",
    "NO_BUBBLEWRAP": "bubblewrap cannot be installed here. Where Gradescope's machines have Landlock, that is taken.",
    "NO_PYTHON": "this image has no Python 3.11 or newer, and none can be installed. In the settings of the autograder "
    "choose a newer base image, such as Ubuntu 24.04, and build it again.",
    "NOT_INSTALLED": "what the grader needs cannot be installed, as the lines above say. Build the image again.",
    "NO_REPORT": "no report on this submission, so it has no score: see the lines above. Where nothing is installed, "
    "build the image again. Exit status of the grader (124, 137: its time was up):",
}
HELP_BATCH = """Grade a class: SUBMISSIONS is a folder or an archive of submissions, as Canvas, Moodle, Gradescope,
GitHub Classroom, Brightspace, Blackboard, Autolab or nbgrader give it, or with one folder, file or archive for each
student.

Run it again and it goes on where it stopped; only what has changed is graded again. Exit status: 0 all graded, 2 wrong
usage, no sandbox or no cluster, 3 the grader failed on some, or the cluster was lost."""
HELP_OUT = "Where the gradebook, grades.csv and the reports go."
HELP_PREFIX = "What stands in front of the logins in the names of GitHub Classroom, such as lab-1- (default: guessed)."
HELP_ROSTER = (
    "A CSV file of who is in the class: the gradebook that Canvas exports, Moodle's grading worksheet, or any of the "
    "columns name, id, login, email, github, section."
)
HELP_DRY_RUN = "Show who is who and what will be read, and grade nothing."
HELP_JOBS = "How many to grade at the same time (default: as many as there are cores)."
HELP_SCHEDULER = "Grade on the workers of a Dask cluster: the address of its scheduler, such as tcp://HOST:8786."
HELP_ATTEMPT = "Which of several attempts counts."
HELP_POLICY = "The instructor's policy (default: mg-grade.toml in the current folder, where there is one)."
HELP_SUBMISSION_METADATA = "Gradescope's submission_metadata.json: when it was handed in, for the policy's deadline."
HELP_REGRADE = "Grade everything again, also with another kit than before, and say whose score moved."
HELP_GRADEBOOK = "Show a class: the distribution, and for each exercise what the class tells of it."
HELP_SECTION = "Show one section of the roster only."
NO_SECTION = "there is no section {section!r} in {folder}. {known}"
SECTIONS = "The sections are {names}."
NO_SECTIONS = "Its roster names none: mg-grade batch ... --roster FILE"
HELP_ACCEPT = """Accept a grade that is up for review, by name, id, address or key, or all of them (may be given several
times)."""
HELP_FORGET = "Remove a person, by name, id, address or key, and all of theirs."
HELP_CLASS_PAGE = "Write the page of the class to FILE, without links to those of students."
HELP_ANONYMOUS = "With --html: without names, and without all that may hold one."
ANONYMOUS_PAGE = "--anonymous needs --html FILE: the files in DIR have names."
HELP_WATCH_CLASS = "Keep the files in DIR fresh while a batch runs elsewhere, until Ctrl-C."
HELP_RANKING = "List the students by their points as well."
HELP_EXPORT = """Write the grades in the form that a platform takes.

canvas and moodle fill in a copy of the file that you exported there (--into). Whoever cannot be matched without
doubt is left out and named, and the exit status is 1 then."""
HELP_TO = "The form: a table, one results.json or JUnit file for each student, or a filled file."
HELP_INTO = "The gradebook of Canvas, or the grading worksheet of Moodle; it is never written over."
HELP_ASSIGNMENT = "The title or id of the assignment in Canvas, where there are several."
HELP_EXPORT_OUTPUT = "Where to write (default: into DIR)."
HELP_SIMILAR = "List pairs of submissions that are suspiciously alike, once the stubs and the solutions are set aside."
HELP_AT_LEAST = "How much of their own code, in percent."
HELP_SIMILAR_JSON = "Print JSON."
HELP_AUTOGRADER_ZIP = "Make an autograder for Gradescope, which grades there with this kit."
HELP_ZIP_SEED = """Seed of the random inputs (default: that of the policy, or else that of the archive which is
written over, or else one that is drawn)."""
HELP_ZIP_UNSAFE = "Let it grade where Gradescope's machine has no sandbox."

# Handouts: what students get.
HELP_HANDOUT = """Make a folder DIR for students: the exercises, their notebook and data sets, and a wheel of mg-grade.

That edition holds no answers: list, next, hint, read, book, graph, step and train work in it, and whatever would need
hidden tests or solutions says where the work is graded."""
HELP_WITH_TESTS = "With the whole of mg-grade, for study: everything works, and whoever looks finds the answers."
HELP_GRADED_AT = "The sentence that says where work is graded (default: where the instructor says)."
HANDOUT_DONE = "{folder} is ready to be handed out. {wheel} holds no answers."
HANDOUT_DONE_WITH_TESTS = "{folder} is ready, for study: {wheel} holds the hidden tests and the solutions."
HANDOUT_REFUSED = "{folder} holds something already. Nothing was changed; give another folder."
HANDOUT_GRADED_AT = "--graded-at takes a sentence, and goes without --with-tests, where everything is graded at home."
NOT_INSTALLED = (
    "mg-grade is not installed as a package here, so nothing can be made of it to hand out: pip install it first."
)
HANDOUT_SUMMARY = "The micrograd exercises for students: this edition holds no answers, and grades nothing"
HANDOUT_README = """# The micrograd exercises

`exercises/` holds the files that you fill in, the same as a notebook, and the data sets. The file that ends in `.whl`
is `mg-grade`, the command that goes with them. It needs Python 3.11 or newer. On Linux or macOS, in a terminal, in this
folder:

```sh
{install}
```

On Windows, in PowerShell:

```powershell
{install_on_windows}
```

Go on in `exercises/`, where in the following `mg-grade` stands for `../.venv/bin/mg-grade`, and in PowerShell for
`..\\.venv\\Scripts\\mg-grade`. {next}
"""
HANDOUT_NEXT = """`mg-grade next` shows the next exercise, `mg-grade hint ID` a hint for it, and `README.md` there tells
the rest. {where}"""
HANDOUT_NEXT_WITH_TESTS = """`mg-grade watch` grades on every save and shows what to do next, and `README.md` there
tells the rest. The hidden tests and the solutions can be read in what was installed: they are for afterwards."""
HANDOUT_NOTEBOOK = """# micrograd

Fill in the gaps: wherever a cell says `raise NotImplementedError`. Run the cells from top to bottom; each chapter uses
those before it. In a terminal, in the folder of this notebook, `mg-grade next` says which exercise is next."""
HANDOUT_MANUAL = """# The exercises

Nine chapters, each a file with gaps to fill in, and a chapter of the book in `book/en/` that leads to them. Read it
there or by `mg-grade read`, and replace `raise NotImplementedError("ID")` with your own code. Or work in
`micrograd.ipynb`, which holds the same exercises.

This edition of `mg-grade` holds no answers and grades nothing: `mg-grade --help` says where your work is graded. What
it does, started in this folder:

| command | does |
|---|---|
| `mg-grade next` | shows the next exercise that is not begun |
| `mg-grade list` | lists all of them with their points, which are begun, and the hints that were seen |
| `mg-grade read` | shows the contents of the book; `read engine` a chapter, `read mul` what leads to an exercise |
| `mg-grade book DIR` | makes the book as pages, which open from the disk |
| `mg-grade hint ID` | shows one hint more for an exercise, of four; they are counted, and never scored |
| `mg-grade reset ID` | puts the gap of an exercise back as it came; a copy of the file is kept |
| `mg-grade graph "(a*b+c)*f" a=2 b=-3 c=10 f=-2` | draws the graph that your engine makes, and marks wrong numbers |
| `mg-grade step "(a*b+c)*f" a=2 b=-3 c=10 f=-2` | walks backward through it, and asks you for every gradient |
| `mg-grade train spiral` | trains a network with your own code, and draws it where matplotlib is installed |
| `mg-grade init DIR` | makes another copy of all this |
| `mg-grade upgrade` | brings the exercises up to those of a newer `mg-grade`, and keeps what you wrote |

## The path

"""
CLASSROOM_STEPS = ("Install mg-grade", "Grade", "Leave the feedback as a summary")

# The book.
BOOK_UNREADABLE = "{path} cannot be read: {why}."
BOOK_WITHOUT_TITLE = "{path}: its first line is no title, `# ...`."
BOOK_FORMULA = "the formula ${formula}$ cannot be shown: {why}"
BOOK_FORMULA_UNKNOWN = "it holds something that is not known here"
BOOK_FORMULA_BRACES = "its braces do not match"
BOOK_FORMULA_NO_TEXT = "there is no plain text for it"
BOOK_FAULT = "{place}: {why}."
BOOK_NO_PLACE = "the exercise {id} has no place, `**Exercise: {id}**`"
BOOK_PLACE_OF_NONE = "{id} is no exercise of the chapter {name}"
BOOK_PLACE_TWICE = "the exercise {id} stands there a second time"
BOOK_PLACE_LATE = "the exercise {id} comes before {before} in exercises.toml"
BOOK_DOLLAR = "a dollar that begins no formula"
BOOK_LINK = "{href} leads nowhere; a chapter is NAME.md, and what is not in the book has its whole address"
BOOK_NO_PICTURE = "there is no picture {path}"
BOOK_PICTURE = "the picture {path} has to stand in a paragraph by itself, with what can be seen in it"
BOOK_PICTURE_UNUSED = "no chapter shows this picture"
BOOK_HEAD = "Chapter {number}: {title}"
BOOK_TITLE_OTHER = "in exercises.toml the chapter is called {title!r}"
BOOK_HEAD_OTHER = "its first line begins with {head!r}, whatever its letters are"
BOOK_HEAD_NUMBER = "the number {number} stands nowhere in the chapter {name}"
BOOK_TITLE = "Automatic differentiation by writing it"
BOOK_LEAD = (
    "The book of the exercises, from the slope of a function to training a network with your own code. Read a section, "
    "then do the exercise that stands below it: in its file, with `mg-grade` at your side."
)
BOOK_SKIP = "Skip to the text"
BOOK_CONTENTS = "Contents"
BOOK_HERE = "In this chapter"
BOOK_WAY = "Chapters"
BOOK_WAY_ON = "Where to go on"
BOOK_BEFORE = "Before"
BOOK_AFTER = "Next"
BOOK_CHAPTER = "{file}: {number} exercises, about {minutes} minutes"
BOOK_CHAPTER_OF_ONE = "{file}: one exercise, about {minutes} minutes"
BOOK_TABLE = "Table"
BOOK_FORMULA_LABEL = "Formula"
BOOK_EXERCISE = "Exercise"
BOOK_EXERCISES = "Exercises: {title}"
BOOK_MINUTES = "{minutes} minutes"
BOOK_MINUTES_HEAD = "Minutes"
BOOK_POINTS_HEAD = "Points"
BOOK_POINT = "{points} point"
BOOK_POINTS = "{points} points"
BOOK_PLACE = "{file}, line {line}"
BOOK_WORK = (
    "Write it in `{file}`, in the place of the line that raises. `mg-grade watch` grades whenever you save; "
    "`mg-grade hint {id}` shows the hints below one at a time, and keeps count."
)
BOOK_WORK_UNGRADED = (
    "Write it in `{file}`, in the place of the line that raises. `mg-grade next` says what is left; "
    "`mg-grade hint {id}` shows the hints below one at a time, and keeps count."
)
BOOK_HINT = "Hint {number} of {most}"
BOOK_DONE = "{folder}/index.html is where the book begins: {number} pages. Open it in a browser; it needs no network."
BOOK_REFUSED = "{folder} holds other things than a book ({files}). Nothing was changed; give another folder."
HELP_BOOK = """Make the book as pages in a folder DIR, which open from the disk: a page for each chapter, its exercises
in their places, each with its hints."""
HELP_READ = """Read the book: a chapter by its number, name or file, or what leads to an exercise, by its id. Without
either its contents."""
READ_CONTENTS = "The chapters of the book, and the exercises in each:"
READ_HOW = (
    "`mg-grade read engine` shows a chapter, `mg-grade read mul` what leads to an exercise, and `mg-grade book DIR` "
    "makes pages of it all, with the pictures."
)
READ_EXERCISE = "Exercise {id}: {title}, {minutes} minutes, {points} ({file}:{line})"
READ_PICTURE = "[picture: {text}]"
UNKNOWN_READING = "nothing to read is called {name!r}. The chapters are {names}; `mg-grade read` lists their exercises."
UNKNOWN_READING_NEAR = "nothing to read is called {name!r}. Did you mean {near}? `mg-grade read` lists all there is."
BOOK_PICTURE_MISSING = "{chapter}.md of the book shows pictures/{picture}.svg, and there is no picture of that name."
PICTURE_NOT_DRAWN = "the picture {picture} of the book cannot be drawn. {why}"
PICTURE_WITHOUT_WORD = "{path}: [{picture}] has no {word}."

# Self-paced study.
MARKS_GONE = "{file}: the marks of {id} are not as they came, `{begin}` above its gap and `{end}` below. Put them back."
LINK = "{path} is a link, and links are not followed: put the file or the folder itself there."
BROKEN_ELSEWHERE = "{file}:{line} cannot be read as Python{where}: mend that line first. Nothing was changed."
BROKEN_IN = " (in the gap of {id})"
NOT_UTF8 = "{path} is not encoded in UTF-8: save it so in your editor."
NO_PLACE = "{path} is no folder, and one is expected there: move it away."
NOT_ORDINARY = "{path} is no ordinary file: move it away."
FILE_TOO_LARGE = "{path} is larger than {most} MiB: move it away."
NO_SUCH_FILE = "{path} does not exist. Give the folder of your exercises, or make one: mg-grade init DIR"
PROGRESS_BROKEN = "{path} cannot be understood: mend it, or delete it to begin counting anew."
CANNOT_READ_FOLDER = "{path} is a folder, where a file is expected: move it away."
PROGRESS_NEWER = "{path} is of a newer mg-grade. Install that."
STUDY_PASSED = "{passed} of {total} exercises pass."
STUDY_HINTS = "Hints seen: {seen}."
STUDY_NEXT = (
    "Next: {id} in {place}, some {minutes} minutes. To read before: mg-grade read {id}. Replace the line "
    'that raises NotImplementedError("{gap}"), and save.'
)
STUDY_DONE = "{id}: {title}. It passes now."
STUDY_MORE = "One hint more: mg-grade hint {id} (seen: {seen} of {most})"
HINT_LAST = "(That was the last one.)"
HINT = "Hint {number} of {most}: {text}"
RESET_DONE = "{id} in {file} is as it came. Your file as it was: {backup}"
RESET_ASKS = "{ids} passes now. Put the gap back as it came all the same? (A copy of the file is kept.)"
RESET_NEEDS_YES = (
    "{ids} passes now, so nothing was changed. To put the gap back all the same: mg-grade reset {id} --yes"
)
RESET_LEFT = "Nothing was changed."
NOT_PASSED = "{id} has not passed yet. To see its solution all the same: --give-up"
LEARNT = "Learnt: {text}"
WATCH_NO_TERMINAL = "watch needs a terminal to read keys from. Without one: mg-grade next"
WATCH_RESET = "Press r again to put the gap of {id} back as it came (a copy of the file is kept)."
WATCH_SOLUTION = "{id} has not passed yet. Press s again to give up and see its solution."
WATCH_PROGRESS = "{passed} of {total} exercises, {points} points"
WATCH_MORE = "These pass now as well: {ids}."
WATCH_BROKE = "{ids} had passed before this save."
WATCH_MORE_IDS = "{number} more"
WATCH_AGAIN = "{id} passes again."
WATCH_SOLVED = "The solution of {id}; Escape leads back:"
WATCH_READING = "What leads to {id} in the book; Escape leads back:"
WATCH_HINTS = "The hints for {id} that you have seen; Escape leads back:"
WATCH_NO_HINTS = "You have seen no hint for {id} yet: h shows the first."
WATCH_PAGES = "page {number} of {total}: space goes on, b goes back"
CODE_LEFT_OUT = "... {number} lines more: space shows all"
LIST_ABOVE = "      ... {number} more above"
LIST_BELOW = "      ... {number} more below"
WATCH_KEYS = (
    "h hint",
    "e earlier hints",
    "c chapter",
    "l list",
    "n next",
    "p previous",
    "r reset",
    "s solution",
    "q quit",
)
WATCH_LIST_KEYS = ("arrows or j, k walk", "Enter goes there", "q quit")
HELP_WATCH = """Grade the exercises in DIR on every save, and show the one that is being worked on. It goes on by
itself when one is done. (At once with the extra: pip install 'mg-grade[watch]'; else within a tenth of a second.)"""
HELP_LIST = "List the exercises in DIR with their points, and the hints that were seen."
HELP_NEXT = "Show the next exercise in DIR, with feedback where it was begun."
HELP_HINT = "Show one hint more for an exercise. Hints are counted, and never scored."
BEGUN = "begun"
BEGUN_OF = "{begun} of {total} exercises are begun."
ALL_BEGUN = "Every exercise is begun."
RESET_UNGRADED_ASKS = "{id} is filled in. Put the gap back as it came all the same? (A copy of the file is kept.)"
RESET_UNGRADED_NEEDS_YES = (
    "{id} is filled in, so nothing was changed. To put the gap back all the same: mg-grade reset {id} --yes"
)
HELP_LIST_UNGRADED = "List the exercises in DIR, which of them are begun, and the hints that were seen."
HELP_NEXT_UNGRADED = "Show the next exercise in DIR that is not begun."
HELP_RESET_UNGRADED = """Put the gap of an exercise back as it came, and nothing else; a copy of the file is kept. It
asks first where the gap is filled in."""
HELP_YES_UNGRADED = "Do not ask, even where it is filled in."
HELP_RESET = """Put the gap of an exercise back as it came, and nothing else; a copy of the file is kept. It asks first
where the exercise passes."""
HELP_YES = "Do not ask, even where it passes."
HELP_SOLUTION = "Show the solution of an exercise that has passed."
HELP_GIVE_UP = "Show it although it has not passed; that is noted."

# Upgrading.
UNKNOWN_VERSION = "an unknown version"
UPGRADE_LINES = "lines: +{added} -{removed}"
UPGRADE_UNCHANGED = "stays as it is"
UPGRADE_NEW_FILE = "new"
UPGRADE_NO_BASE = "left as it is, as it is not known how it came; the kit's is {file}"
UPGRADE_LEFT = "left as it is, as it cannot be merged with what you changed; the kit's is {file}"
UPGRADE_CONFLICT = "line {number}: changed by you and by the kit; yours stays, the kit's is in {kit}"
UPGRADE_CELLS = "cell {number}: changed by you and by the kit; yours stays, the kit's is in {kit}"
UPGRADE_BOOK = "book/: {number} files are new, or as they are now"
UPGRADE_NEW = "New exercises: {ids}"
UPGRADE_DONE = "From {before} to {after}. What you wrote is kept."
UPGRADE_BACKUPS = "The files as they were: in {backups}/ beside each."
UPGRADE_NOTHING = "Nothing to do: these are the exercises of {version}."
HELP_UPGRADE = """Bring the exercises in DIR up to this kit. What you wrote is kept: where you and the kit changed the
same lines, yours stay, and that is said."""

# Expressions, graphs and steps.
EXPRESSION_UNREADABLE = "{text!r} cannot be read as an expression such as '(a*b + c) * f'."
EXPRESSION_EMPTY = "{text!r} has no operation with a name in it. One that has: 'a*b' a=2 b=3"
EXPRESSION_UNUSED = "{name} has a number, and does not stand in the expression."
EXPRESSION_INPUT = "{text!r} gives no name a number. Write a=2 b=-3"
EXPRESSION_NAME = "{name!r} cannot be the name of a number here. Take another, such as a or x1."
EXPRESSION_TWICE = "{name} is given twice."
EXPRESSION_NO_NUMBER = "{name} has no number. Add one: {name}=2"
EXPRESSION_NO_POWER = "in Python ^ is no power: a to the power of 2 is a**2."
EXPRESSION_EXPONENT = "{part}: an exponent must be a plain number, up to 1000."
EXPRESSION_NUMBERS = "{part} is no number that can be used here."
EXPRESSION_PART = "{part!r} is none of the operations that a Value has: + - * / ** and {functions}."
EXPRESSION_TOO_LONG = "the expression has more than {most} operations."
EXPRESSION_FAILS = "the expression cannot be calculated with these numbers: {why}"
NO_RULE = "{function} has no rule for its slope in this edition of mg-grade: take it out of the expression."
NOT_FINITE = "something comes out that is no finite number"
OWN_CODE_FAULT = "your code did not answer: {why}"
OWN_CODE_GAP = "{id} is still to be written"
OWN_CODE_OR_REFERENCE = "(--reference takes the reference solution instead)"
NODE_DATA = "data {number}"
NODE_GRAD = "grad {number}"
NO_GRADIENT = "-"
GRAPH_UNREADABLE = "your Values do not say in _prev what they were made from, so there is no graph to draw."
GRAPH_TOO_LARGE = "the graph has more than {most} nodes."
GRAPH_NO_GRADIENTS = "There are no gradients in it yet: {why}"
NOT_SVG = "--svg writes an SVG picture: its name ends in .svg, not as {path} does."
GRAPH_WRONG = "Where a number is wrong, the right one stands beside it."
STEP_FORWARD = "Forward, from the inputs to the result:"
STEP_BEGIN = (
    "Backward, from the result to the inputs. {root}.grad is 1. What are the others? A number such as -2, or a "
    "calculation such as 4 * -2; two digits are enough. q ends it."
)
STEP_USED = "{name} = {made}, and {name}.grad is {upstream}"
STEP_ASK = "  {name}.grad = "
STEP_RIGHT = "  Right: {name}.grad is {gradient}."
STEP_WRONG = "Not quite."
STEP_TOLD = "  {name}.grad is {calculation} = {gradient}."
STEP_ADD_UP = "It is used more than once: what the uses hand on adds up."
STEP_END = "{right} of {total} right at once."
STEP_NO_NUMBER = "  A number is asked for, such as -2 or 4 * 0.5."
STEP_NOBODY = "there is no answer any more: run `mg-grade step` in a terminal, and end it with q."
SLOPES = {
    "+": "A sum hands its gradient on to each part as it is.",
    "-": "A difference hands its gradient on to the left as it is, and to the right with the sign turned.",
    "*": "A product hands on to each factor the product's own gradient times the other factor.",
    "/": "A quotient q = a / b hands on q.grad / b to a, and q.grad times -a / b**2 to b.",
    "**": "A power a**n hands on its gradient times n * a**(n - 1).",
    "neg": "A minus hands on its gradient with the sign turned.",
    "exp": "The slope of exp is exp itself, the data of the result.",
    "log": "The slope of log at a is 1 / a.",
    "tanh": "The slope of tanh is 1 - t**2, where t is the data of the result.",
    "relu": "A relu hands its gradient on where its input is above 0, and else nothing.",
}
SLOPE_OF_FUNCTION = "A {function} hands on its gradient times its own slope."
HELP_DIR = "The folder of your exercises (default: the current folder)."
HELP_REFERENCE = "With the reference solution in place of your own code."
HELP_GRAPH = """Draw the computational graph of EXPR, made by your own engine, with data and gradients:

mg-grade graph "(a*b+c)*f" a=2 b=-3 c=10 f=-2"""
HELP_SVG = "Write it as an SVG picture as well (by graphviz, where it is installed); - is standard output."
HELP_STEP = """Walk backward through EXPR one node at a time, and predict each gradient before it is told:

mg-grade step "e=a*b; d=e+c; L=d*f" a=2 b=-3 c=10 f=-2"""

# Training.
TRAIN_BEGIN = (
    "{dataset}: {examples} examples, {network} with {parameters} parameters.\n"
    "{optimiser}, lr {lr}, batches of {batch}, {steps} steps."
)
TRAIN_ALL = "all"
TRAIN_PROGRESS = "training"
TRAIN_BAR = "loss {loss}"
TRAIN_STEP = "step {step}/{steps}  loss {loss}"
TRAIN_DIVERGED = (
    "the loss is no number any more after {step} steps: they are too large, or a gradient is wrong. {check} Then try "
    "a smaller --lr."
)
TRAIN_NO_NUMBER = "{what} gives something other than was asked for."
TRAIN_LOOK = "`mg-grade next` says where to look."
TRAIN_NO_RATE = "a number above 0 is asked for, such as 0.05."
TRAIN_HIDDEN = "sizes of hidden layers are asked for, up to 8 of 1 to {most}, such as 16,16."
TRAIN_GREW = "The loss has grown. {check} Then try a smaller --lr."
# With answers, and without.
TRAIN_CHECK = {True: "Does all pass that it rests on (mg-grade list)?", False: "Is its graph right (mg-grade graph)?"}
TRAIN_STOPPED = "Stopped after {steps} steps, as you asked; once more, and it ends without pictures."
TRAIN_LOSS = "loss: {first} at first, {last} at last"
TRAIN_ACCURACY = "accuracy: {shares}"
TRAIN_AS_KNOWN = "The losses are those that are known for these settings (largest relative difference {off})."
TRAIN_NOT_AS_KNOWN = "The losses are not those that are known for these settings: they are off by {off} (relative)."
PLOT_MISSING = "note: there will be no pictures, which need matplotlib: pip install 'mg-grade[plot]'"
PLOT_STEP = "step"
PLOT_LOSS = "loss"
PLOT_BATCH_LOSS = "loss of each batch"
PLOT_CLASS = "class"
PLOT_HOLLOW = "hollow: not trained on"
PLOT_TARGET = "target"
PLOT_PREDICTION = "prediction"
PLOT_EXAMPLE = "example"
HELP_TRAIN = """Train a network on a data set with your own code, and draw the data, the loss and what the network
decides (with the extra: pip install 'mg-grade[plot]')."""
HELP_STEPS = "How many steps, each with one batch."
HELP_LR = "The learning rate."
HELP_HIDDEN = "The sizes of the hidden layers."
HELP_OPTIMIZER = "The optimiser."
HELP_BATCH_SIZE = "How many examples a step looks at."
HELP_TRAIN_SEED = "Seed of the weights and of the order of the examples."
HELP_PLOTS = "The folder for the pictures."
HELP_FORMAT = "What pictures to write."

# The course in a browser.
SITE_GAP = "Your code lacks the exercise {id} for this. Meanwhile you can choose a finished one."
SITE_NO_DATASET = "There is no data set {name}. There are: {names}."
SITE_NO_EXERCISE = "There is no exercise {id}."
SITE_NO_ZIP = "That is no zip archive with files of the course in it ({files})."
SITE_NO_ANSWER = "The code does not come back, so it was ended, and all that was asked with it."
SITE_BROKEN = "The grader failed and begins anew, which is not your fault. Try again."
SITE_INTERNAL = "The grader failed, which is not your fault: {why}"
HELP_SITE = """Write the course for browsers to the folder DIR: static files, for any web host.

It grades in the browser of whoever visits it, and sends nothing anywhere. It is for study: a browser that grades can
show its owner the tests and the solutions. Grades come from `mg-grade batch`. What it takes beside the kit is fetched
once, by --fetch."""
HELP_SITE_FETCH = "Fill the cache, by npm and pip: what is there already is not fetched again."
HELP_SITE_CACHE = "The folder of the cache (default: mg-grade/site in $XDG_CACHE_HOME or ~/.cache)."
SITE_DIR_OR_FETCH = "Give the folder DIR of the site, or --fetch, and not both."
SITE_FETCHED = "{number} of {total} packages were fetched, the others were there: {cache}"
SITE_DONE = "{folder} is ready: {files} files, {size} MB of them for a first visit. Any web server can serve it."
SITE_TOO_LARGE = "That is more than {most} MB for a first visit."
SITE_REFUSED = "{folder} holds other things than a site. Nothing was changed; give another folder."
SITE_NO_NPM = "npm is not there, which brings Pyodide and the editor. Install Node.js (https://nodejs.org)."
SITE_NOT_FETCHED = "{name} {version} is not in the cache {cache}. Fetch it once: mg-grade site --fetch"
SITE_OTHER_FILE = "{name} {version} came as another file than this version of mg-grade knows. Nothing was kept of it."
SITE_FETCH_SLOW = "{name} {version} took too long to fetch. Try again: what is in the cache stays there."
SITE_FETCH_FAILED = "{name} {version} cannot be fetched: {why}"
COURSE_LEAD = (
    "From the slope of a function to a network that you train with your own code: {exercises} exercises in {chapters} "
    "chapters, about {hours} hours, in pieces of any size. You need some Python and school mathematics, and nothing "
    "has to be installed."
)
COURSE_HOW = "How it works"
COURSE_HOW_ITEMS = [  # {introduction}, {work} and {look} are links
    "Begin with the {introduction}. Read a section, then write in the box of the exercise below it, in the place of "
    "the line with `NotImplementedError`, and press Run.",
    "Python runs in your browser, and your work stays there: nothing is sent anywhere. So it is gone when the data of "
    "this site are deleted. From time to time take it out as a zip: {work}.",
    "You need none of the commands that the book tells of. {look} does what `mg-grade graph`, `mg-grade step` and "
    "`mg-grade train` do; hints stand below each exercise.",
    "Lines that begin with `>>>` are for a Python of your own. Where you have one, unpack the zip and start it in that "
    "folder; where not, read them with their answers.",
]
COURSE_NO_COMMANDS = "On this site the commands of the last section are not needed: {how}."  # a link
COURSE_ALL_PASSED = "All exercises have passed."
COURSE_NOT_BEGUN = "{id}: nothing is in the gap yet. Put your code in the place of the line with NotImplementedError."
COURSE_SITE = "Pages of the course"
COURSE_WORK = "Your work"
COURSE_LOOK = "Look at it"
COURSE_NO_SCRIPT = "Your browser runs no scripts here: the book can be read, but not worked in."
COURSE_PATH = "The path"
COURSE_CLOSE = "Close"
COURSE_FILES = "Files"
COURSE_EDITOR = "{file}, editor"
COURSE_KEYS = (
    "Ctrl-Enter runs. Tab indents; Esc, then Tab leaves the editor. What you print is shown with an answer that is "
    "wrong."
)
COURSE_ACTIONS = "With this exercise"
COURSE_RUN = "Run"
COURSE_STOP = "Stop"
COURSE_WHOLE = "Whole file"
COURSE_FOLDED = "\u22ef {lines} lines"
COURSE_FOLDED_LINE = "\u22ef one line"
COURSE_UNFOLD = "Show these lines"
COURSE_RESET = "Reset"
COURSE_RESET_ASKED = (
    "Put the gap of {id} back to how it came? What you wrote in it is lost; the rest of the file stays."
)
COURSE_RESET_DONE = "The gap is as it came."
COURSE_KEEP = "Leave it"
COURSE_SOLUTION = "Solution"
COURSE_SOLVED = "One solution"
COURSE_GIVE_UP = "This exercise has not passed yet. Give up on it, and see a solution?"
COURSE_GIVE_UP_YES = "Give up"
COURSE_GIVE_UP_NO = "Go on trying"
COURSE_GIVE_UP_SURE = "Sure? What is found by oneself is kept for longer, and the hints may be enough."
COURSE_PROGRESS = "How far the grading is"
COURSE_LOADING = "Python is loading: {percent} %"
COURSE_NOT_LOADED = "Python could not be loaded ({why}). Load the page again."
COURSE_RUNNING = "Running \u2026"
COURSE_STOPPED = "Stopped."
COURSE_OF = "{points} of {most} points"
COURSE_NOT_KEPT = "This browser keeps nothing: take your work out as a zip before you close the page."
COURSE_OTHERS = "Others that have changed with it:"
COURSE_NEXT = "Next exercise:"
COURSE_LAST = "That was the last exercise of the course."
COURSE_WORK_LEAD = (
    "All that you write stays in this browser, on this machine. Take it out as a zip to keep it, to go on elsewhere, "
    "or to hand it in: it is what mg-grade grades."
)
COURSE_OUT = "Take out as a zip"
COURSE_OUT_DONE = "{name} is among your downloads."
COURSE_IN = "Take in a zip \u2026"
COURSE_IN_ASKED = "Put the files of this zip in place of yours ({names})?"
COURSE_IN_YES = "Take them in"
COURSE_IN_DONE = "Taken in: {names}. Grade everything to see how far they are."
COURSE_TAKE_BACK = "Back to the files before"
COURSE_TAKEN_BACK = "Your files are those that they were before. Grade everything to see how far they are."
COURSE_GRADE_ALL = "Grade everything"
COURSE_GRADED = "Graded."
COURSE_ANEW = "Begin anew"
COURSE_ANEW_ASKED = "Put all files back to how they came, and forget what has passed?"
COURSE_ANEW_DONE = "All is as it came."
COURSE_EXERCISES = "Exercises"
COURSE_OUT_OF = "{points}/{most}"
COURSE_POINTS = "{passed} of {all} exercises passed: {points} of {most} points"
COURSE_UPGRADING = "The course has a new version. Your work is being carried over \u2026"
COURSE_UPGRADED = "The course has a new version, and your work is in it."
COURSE_CONFLICT = "In {file} both you and the course changed the same lines. Both are there, marked: lines {lines}."
COURSE_NOT_UPGRADED = "Your work could not be carried over to the new version, and is as it was ({why})."
COURSE_LOOK_LEAD = "See what you build at work: with your own engine, as soon as it can, or with a finished one."
COURSE_WHOSE = "Whose code"
COURSE_OWN = "Your own"
COURSE_REFERENCE = "A finished one"
COURSE_GRAPH = "Step backward through an expression"
COURSE_GRAPH_LEAD = (
    "An expression becomes a graph, with its numbers. Then go backward through it, from the result to the inputs: say "
    "for each node how much the result moves when it moves."
)
COURSE_EXPRESSION = "Expression"
COURSE_INPUTS = "Inputs"
COURSE_DRAW = "Draw it"
COURSE_ASKED = "What is the gradient of {root} with respect to {name}?"
COURSE_GRADIENT = "Gradient"
COURSE_CHECK = "Check"
COURSE_SHOW = "Show it"
COURSE_SHOWN = "The gradient of {name} is {grad}."
COURSE_RIGHT = "Right: the gradient of {name} is {grad}."
COURSE_OWN_WRONG = "The gradient of {name} is {grad}; your engine says {own}."
COURSE_ALL_STEPS = "That was the last one: all gradients are there."
COURSE_HELP = "Not that. {name} is used in {users}. Each use: the local slope times that gradient; then add them up."
COURSE_HELP_USER = "{made}, whose gradient is {grad}"
COURSE_HELP_ROOT = "Not that. How much does a number move when it moves itself?"
COURSE_UNKNOWN = "?"
COURSE_NODES = "The nodes, from the result to the inputs"
COURSE_NODE = "Node"
COURSE_DATA = "Data"
COURSE_TRAIN = "Train a network"
COURSE_TRAIN_LEAD = "Choose a data set and how to train, and watch what the network decides while its losses move."
COURSE_DATA_SET = "Data set"
COURSE_DATA_SETS = {
    "four-points": "Four points",
    "three-regions": "Three regions",
    "spiral": "Spiral",
    "moons": "Moons",
    "yin-yang": "Yin-yang",
}
COURSE_OPTIMISER = "Optimiser"
COURSE_LR = "Learning rate:"
COURSE_LAYERS = "Hidden layers:"
COURSE_SIZE = "Neurons in layer {layer}:"
COURSE_BATCH = "Batch size:"
COURSE_STEPS = "Steps:"
COURSE_STEPS_AXIS = "step {steps}"
COURSE_ALL = "all"
COURSE_BEGIN = "Train"
COURSE_BOUNDARY = "What the network decides"
COURSE_LOSSES = "The losses"
COURSE_TRAIN_LOSS = "training loss"
COURSE_VALIDATION_LOSS = "validation loss"
COURSE_NO_VALIDATION = "All {examples} examples are learnt from: none is left for a validation loss."
COURSE_STEP = "Step {step} of {steps}: training loss {loss}, {parameters} parameters."
COURSE_STEP_VALIDATION = "Validation loss {loss}."
COURSE_TRAINED = "Done. {words}"
COURSE_DIVERGED = (
    "After {step} steps the loss is no finite number any more: the steps are too large, or a gradient is wrong. Try a "
    "smaller learning rate."
)
COURSE_GREW = (
    "The loss has not become smaller. Try a smaller learning rate. Where a finished one does better than yours, a "
    "gradient may be wrong."
)
COURSE_FAILING = "When they were last run, not all exercises passed that this rests on:"
COURSE_GO = "Go to {id}"
COURSE_NO_NUMBER = "no finite number"
COURSE_SHAPES = ["circles", "squares", "triangles"]
COURSE_SHARE = "class {name} ({shape}) {percent}\u00a0%"
COURSE_DECIDED = "Of the plane: {shares}."
COURSE_DECIDED_RIGHT = "Decided right: of the training examples {train}\u00a0%, of the others {validation}\u00a0%."
COURSE_HOLLOW = "Filled: training examples. Hollow: validation examples, which it does not learn from."
COURSE_PREDICTIONS = "Bars: what is predicted. Lines: what is wanted. {pairs}."
COURSE_PREDICTED = "{predicted} for {target}"
