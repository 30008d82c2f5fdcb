"""The trust boundary: learner code runs in inside/, everything else here is the trusted end."""
