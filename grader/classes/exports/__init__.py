"""Grades in the files of other systems: text in, text out."""
