"""mg-grade: a graded exercise kit for micrograd, and its autograder."""
