"""Reports as text: every render(report) is pure, takes a report and nothing else, and nothing here prints or writes."""
