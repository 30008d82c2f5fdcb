def demo():
    while True: pass
losses = demo()
