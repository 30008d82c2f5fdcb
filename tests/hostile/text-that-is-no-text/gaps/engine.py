# exercise: add
raise NotImplementedError('mul')
# exercise: mul
raise ValueError('x' * 10**6)
# exercise: pow
raise ValueError('\x1b[31mred\x1b]0;title\x07 \u202egnirts \u2066 \r\n::error::boo\n\0')
# exercise: exp
class E(Exception):
    def __str__(self): raise self
raise E
# exercise: log
raise type('\x1b[1m<b>&\n::warning::\u202e', (Exception,), {})('</testcase>')
# exercise: tanh
raise SyntaxError('made', ('engine.py', -5, 'x', 'y'))
# exercise: relu
raise type('M', (type,), {'__name__': property(lambda s: 1 / 0)})('E', (Exception,), {})()
