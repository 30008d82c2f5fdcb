def forward_difference(): return 1
def gradient(a, b, c, d, e): pass
