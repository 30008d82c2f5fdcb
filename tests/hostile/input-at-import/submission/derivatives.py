"""Asks at the keyboard what to do."""
steps = input('how many steps? ')
assert steps
