"""What a reader does: it opens what strangers handed in, archives and notebooks, inside of the sandbox.

Only the standard library is there. The trusted end gets plain text, and why something was left out.
"""
