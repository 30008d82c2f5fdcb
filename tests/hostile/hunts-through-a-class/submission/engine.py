from graph import Value
