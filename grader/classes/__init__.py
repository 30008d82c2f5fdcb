"""A class: many submissions into a gradebook, and what is made of it."""
