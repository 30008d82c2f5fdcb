if 1: raise ValueError('pad ' * 8 + '::error file=a::boo ' * 9)
if 1: raise KeyError('##[error]boo ' * 9)
