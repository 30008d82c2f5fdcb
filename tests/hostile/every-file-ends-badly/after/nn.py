for _ in range(10_000_000): print('a line')
