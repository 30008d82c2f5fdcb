"""What the chapters of the book claim, worked out: see test_book_numbers.py."""
