"""The course in a browser: what makes the site, and what answers in it (engine/ is its JavaScript)."""
