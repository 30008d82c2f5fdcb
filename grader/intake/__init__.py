"""Reads what a learner handed in, as text: never imported or parsed here."""
