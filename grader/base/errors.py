"""What can go wrong, as one tree. The text of each is one or two plain lines for the person at the terminal.

MgGradeError
+-- SubmissionError      the path given cannot be graded at all               exit 2
+-- OutputError          a report cannot be written where it should go        exit 2
+-- PolicyError          the instructor's policy cannot be read, or says what cannot be   exit 2
+-- StudyError           a learner's folder or progress is not as it should be   exit 2
+-- NoSandboxError       other people's code was not to be run without a sandbox   exit 2
+-- ClusterError         there is no cluster to grade on where one was asked for   exit 2
+-- GraderError          the kit or the grader is at fault, not the learner   exit 3
|   +-- WorkerLostError  a worker was ended by something else; its session begins anew
|   +-- ClusterLostError  the scheduler of a cluster, or the last of its workers, is gone
LearnerFault             the submission's process hung, died or talked nonsense; never leaves grading
"""

import errno
from enum import StrEnum

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # what an OSError says of a disk that is full: no fault of ours


class MgGradeError(Exception):
    """Anything that ends a command with a message instead of a result."""


class SubmissionError(MgGradeError):
    """Nothing in the path given can be graded."""


class OutputError(MgGradeError):
    """A report cannot be written."""


class PolicyError(MgGradeError):
    """The policy cannot be read, or says what cannot be."""


class StudyError(MgGradeError):
    """A learner's folder, or the progress in it, is not what a command needs."""


class NoSandboxError(MgGradeError):
    """There is no sandbox here, and one was asked for."""


class ClusterError(MgGradeError):
    """There is no cluster to grade on, and one was asked for."""


class GraderError(MgGradeError):
    """The grader itself failed; never a learner's zero."""


class WorkerLostError(GraderError):
    """The process that begins workers has ended, and its workers with it: nobody's fault that is graded."""


class ClusterLostError(GraderError):
    """A cluster that was graded on is there no longer: nobody's fault that is graded."""


class Fault(StrEnum):
    """How a learner's process failed to answer."""

    TIMEOUT = "timeout"
    CRASH = "crash"
    PROTOCOL = "protocol"  # it answered something that no honest worker does
    BUDGET = "budget"  # its session has no time left


class LearnerFault(Exception):
    """A learner's process did not answer a request properly; the text says what happened, in a learner's words."""

    def __init__(self, kind: Fault, text: str) -> None:
        super().__init__(text)
        self.kind = kind
