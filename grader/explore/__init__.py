"""What one's own engine does: graphs, steps backward, trainings, and their pictures."""
