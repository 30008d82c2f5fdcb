"""Every text that a person reads, apart from what the kit itself holds (exercises.toml, stubs, the truths that
hidden tests state in their docstrings). A translation replaces this module and those."""

# Loading a submission: one line each, in a report's warnings.
NOT_PYTHON = "{place} cannot be read as Python: {why}"
STEP_FAILED = "{place} failed while the file was loaded: {why}. What it had defined is graded."
STOPPED = "{path} stopped while it was loaded: {why}. What it had defined until then is graded."
MISSING_MODULE = "{path} imports {module}, which is not available while grading; using it will fail."
EXITED = "it called exit"

# Faults of a learner's process.
TIMEOUT = "it was still running after {seconds:g} s"
ENDED = "it ended the whole process (exit status {status})"
KILLED = "it crashed the whole process ({signal})"
PROTOCOL = "it interfered with the grader ({what})"
NOT_ASKED_AGAIN = "not tried: an earlier test of this exercise did not come back"

# Faults of the grader.
NO_WORKER = "The process that runs learner code could not be started: {why}"
NO_HELLO = "it did not say hello"
ORACLES_DISAGREE = "the reference and finite differences disagree: {script}"
TESTS_BROKEN = "The hidden tests could not be run (pytest exit status {status}). {why}"
TESTS_MISSING = "The hidden tests hold none for: {ids}"
TEST_ENDED_EARLY = "the test did not run to its end"

# What a submission can be.
NO_SUCH_PATH = "{path} does not exist. Give a folder with the kit's files, or one .py file."
NO_PYTHON_FILES = "{path} holds no Python files. The kit's files are {files}."
NOT_A_SUBMISSION = "{path} is neither a folder nor a .py file. Give a folder with the kit's files, or one .py file."
TOO_MANY_FILES = "{path} holds more than {most} files; that is no submission. Give the folder of the kit's files only."
NOTHING_READABLE = "{path}: none of its Python files can be read. {why}"
CANNOT_OPEN = "{path} cannot be opened: {why}"
FILE_TOO_BIG = "the file is larger than {most} KiB"
FILE_NOT_TEXT = "the file is not UTF-8 text (byte {position}); save it as UTF-8"
FILE_HAS_NUL = "the file holds NUL bytes, so it is no Python text"
FILE_IS_LINK = "the file is a link or no ordinary file"
FILE_REFUSED = "{path} was left out: {why}."
FILE_CHOSEN = "Several files are named {name}; {path} is graded."

# Findings.
ASK_GOT = "gave {got}, expected {want}"
MISSING_SYMBOL = "{symbol} is not defined"
FILE_BROKEN = "{why}"
GAP = "still to be written (exercise {id})"

# The terminal report.
HEADING_FILE = "{file}"
STATUS_NOT_STARTED = "not started"
STATUS_BLOCKED = "needs {ids}"
STATUS_ERROR = "the grader failed"
CARRIED = "graded with the reference's {files}"
TOTAL = "Total"
BONUS = "bonus"
BLOCK_YOURS = "yours"
BLOCK_EXPECTED = "expected"
BLOCK_ERROR = "raised"
BLOCK_TESTS = "{passed} of {total} tests pass"
FIRST_STEP = "Nothing is filled in yet. Open {path} and begin with the exercise {id}:"
NEXT_STEP = "Next: {id} in {place}"
ALL_DONE = "Everything passes. Well done!"
WARNING = "note: {text}"
GRADER_FAILED = "The grader failed on {ids}: that is our fault, not yours. {detail}"
ERROR = "error: {text}"
PROGRESS = "grading"

# Commands.
UNKNOWN_EXERCISE = "there is no exercise {id!r}. The exercises are: {ids}"
CANNOT_WRITE = "{path} cannot be written: {why}"
INTERNAL = "the grader failed: {why}. Nothing is wrong with your work; please report this."
INTERRUPTED = "stopped."
"""Shown when a person presses Ctrl-C."""
BELOW = "{percent:.1f} percent is below --fail-under {limit:g}."
SAME_SEEDS = "ok  {what}: seeds {seeds} agree"
