# exercise: gradient
1 / 0
