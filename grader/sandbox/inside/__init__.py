"""What runs beside learner code: the standard library only, no test, no answer, no score."""
