# exercise: layer
raise TypeError('cannot be made')
