"""Never comes to the end of its first line."""
while True: pass
