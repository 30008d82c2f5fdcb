"""The hidden tests: pytest files that ask probes, a file for each chapter."""
