# exercise: pow
import time; time.sleep(4.5)
