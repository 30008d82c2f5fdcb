"""What every room uses: the nouns, the exceptions, the texts, and helpers for text and files."""
