"""Reports as text: every render(report) is pure, and nothing here prints or writes."""
