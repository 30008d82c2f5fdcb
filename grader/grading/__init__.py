"""From a submission to its report: the hidden tests, the score, the diagnosis."""
