import time
for _ in range(60): time.sleep(1)
