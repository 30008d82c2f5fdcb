"""Self-paced study: gaps, progress, and what a learner's own code can be shown."""
