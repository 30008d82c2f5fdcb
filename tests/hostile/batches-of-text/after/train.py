_batches = batches
def batches(data, size=None, seed=None):
    if seed is None: yield from _batches(data, size); return
    yield ['x']; yield from _batches(data, size, seed)
