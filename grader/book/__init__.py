"""The book: its source beside the exercises, as pages and as plain text, and its pictures."""
