"""What a worker may send: any bytes and any JSON end in an answer that is checked or in a LearnerFault."""

from __future__ import annotations

import itertools
import json
import math
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.base.compare import MAX_SHOWN, same, show
from grader.base.errors import LearnerFault
from grader.base.model import Place
from grader.base.report import Verdict
from grader.base.text import printable
from grader.grading.hidden_run import run_hidden_tests
from grader.intake.loading import what_to_load
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.sandbox import protocol
from grader.sandbox.inside import probes
from grader.sandbox.protocol import Raised

NAN, INF = math.nan, math.inf
HUGE = 10**400
DEEP = 100_000

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [NAN, INF, -INF, HUGE, -HUGE, 10**19, 1e308, 5e-324, "\ud800", "\x1b[31m", "\u202e", "nan", "1.0"]
    )
)
TAGS = ["node", "value", "number", "set", "dict", "object", "id", "answers", "error", "type", "message", "path", "line"]
keys = st.sampled_from(TAGS) | st.text(max_size=5)
any_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)
numbers = st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)
# What the reference can answer: the forms of inside/probes.py.
answers = st.recursive(
    numbers | st.booleans() | st.none() | st.text(max_size=5) | st.just({"number": "nan"}) | st.just({"node": "v[3]"}),
    lambda inner: (
        st.lists(inner, max_size=3)
        | inner.map(lambda x: {"value": x})
        | st.lists(inner, max_size=3).map(lambda x: {"set": x})
        | st.lists(st.tuples(inner, inner).map(list), max_size=2).map(lambda x: {"dict": x})
    ),
    max_leaves=8,
)


def as_line(reply: Any) -> bytes:
    """A reply as a worker could send it, NaN and lone surrogates and all."""
    return json.dumps(reply, ensure_ascii=True).encode()


# Bytes.


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xfe{}")
@example(b"\xef\xbb\xbf{}")
@example(b"{}{}")
@example(b'{"id": 1, "answers": [NaN]}')
@example(b'{"id": 1, "answers": [-Infinity]}')
@example(b'{"id": 1, "answers": [1e999]}')
@example(b'{"id": 1, "answers": [' + b"9" * 5000 + b"]}")
@example(b'{"id": 1, "id": 1}')
@example(b'{"a": {"b": 1, "b": 2}}')
@example(b"[" * DEEP)
@example(b"[" * DEEP + b"]" * DEEP)
@example(b'{"a":' * DEEP + b"1" + b"}" * DEEP)
@example(b'{"id": 1, "answers": "\xed\xa0\x80"}')
@example(b'"' + b"\\u0000" * 1000)
def test_any_bytes(line: bytes) -> None:
    """Any bytes are an object or a LearnerFault."""
    try:
        reply = protocol.parse_reply(line)
    except LearnerFault:
        return
    assert type(reply) is dict


@given(any_json)
def test_any_json_line(reply: Any) -> None:
    """Whatever JSON a line holds, its numbers are finite and of a sane length once it is parsed."""
    try:
        parsed = protocol.parse_reply(as_line(reply))
    except LearnerFault:
        return
    assert_sane(parsed)


def assert_sane(value: Any) -> None:
    """Every number in a parsed reply is finite and has at most 20 digits."""
    if type(value) is dict:
        for key, item in value.items():
            assert type(key) is str
            assert_sane(item)
    elif type(value) is list:
        for item in value:
            assert_sane(item)
    elif type(value) is float:
        assert math.isfinite(value)
    elif type(value) is int:
        assert abs(value) < 10**20
    else:
        assert value is None or type(value) in (bool, str)


@pytest.mark.parametrize("line", [b'{"a": 1, "a": 1}', b'{"a": [{"b": 1, "b": 1}]}', b'{"a": NaN}', b'{"a": 1e400}'])
def test_json_that_is_not_strict(line: bytes) -> None:
    """A key twice, NaN and a number beyond all floats are refused."""
    with pytest.raises(LearnerFault):
        protocol.parse_reply(line)


# Replies.

errors = st.fixed_dictionaries(
    {"type": scalars, "message": scalars, "path": scalars, "line": scalars, "column": scalars, "newer": scalars}
)
replies = st.fixed_dictionaries(
    {"id": st.sampled_from([1, 1, 1, True, 1.0, "1", 2, None, HUGE])},
    optional={"answers": any_json, "error": errors | any_json},
)


@given(replies | st.dictionaries(keys, any_json, max_size=4))
def test_any_reply(reply: dict[str, Any]) -> None:
    """A reply is the value asked for, an exception in plain text, or a LearnerFault; never one to another question."""
    try:
        taken = protocol.take(reply, 1, "answers")
    except LearnerFault:
        return
    assert type(reply["id"]) is int
    assert reply["id"] == 1
    assert len(reply) == 2
    if isinstance(taken, Raised):
        assert_plain(taken)
    else:
        assert taken is reply["answers"]


@given(errors | any_json)
def test_any_error(error: Any) -> None:
    """What stands for an exception is plain text of limited length, or a LearnerFault."""
    try:
        raised = protocol.raised(error)
    except LearnerFault:
        return
    assert_plain(raised)


def assert_plain(raised: Raised) -> None:
    """Nothing of an exception can move a cursor or flood a report."""
    for text in (raised.type, raised.message, raised.place.path if raised.place else "", str(raised)):
        assert text.isprintable()
        assert len(text) <= 2 * 10 * protocol.MAX_TEXT + 2
        text.encode()
    if raised.place:
        assert type(raised.place.line) is int
        assert raised.place.line > 0


@given(any_json | st.tuples(scalars, scalars).map(list) | st.tuples(st.text(), st.integers()).map(list))
def test_any_place(value: Any) -> None:
    """A place is a line of a file, None, or a LearnerFault."""
    try:
        place = protocol.place(value)
    except LearnerFault:
        return
    assert (place is None) == (value is None)
    if place is not None:
        assert isinstance(place, Place)
        assert place.path.isprintable()
        assert 0 <= place.line <= 10_000_000


@given(st.text())
@example("\x1b[31m\x07\r\n\0\u202e\u2066\ud800\U000e0041")
def test_printable(value: str) -> None:
    """Escape codes, line breaks, bidi marks and lone surrogates are shown as escapes; the letters of all scripts stay,
    with the accents that stand on them."""
    shown = printable(value)
    assert shown.isprintable()
    shown.encode()
    letters = "".join(character for character in value if unicodedata.category(character) in ("Lu", "Ll", "Nd"))
    assert printable(letters) == letters
    assert printable("你e\u0301") == "你e\u0301"
    assert printable("\u0301") == "\\u0301"


@given(any_json, st.integers(0, 100))
def test_whole_numbers(value: Any, most: int) -> None:
    """A whole number is an int in its range, and no bool."""
    try:
        number = protocol.whole_number(value, most)
    except LearnerFault:
        return
    assert type(number) is int
    assert 0 <= number <= most


# Answers.


@given(any_json, answers)
@example(HUGE, 1.5)
@example([HUGE], [0.5])
@example({"value": -HUGE}, {"value": 1e308})
@example({"set": [HUGE, {"set": NAN}]}, {"set": []})
@example({"set": [{"a": 1, "b": None}]}, {"set": [{"node": "a"}]})
def test_any_answer_is_compared(got: Any, want: Any) -> None:
    """Comparing never raises, and gives a bool."""
    assert same(got, want) in (True, False)


@pytest.mark.parametrize("depth", [10, 100, 500, 900, 990, 20_000])
def test_answers_that_are_deeply_nested(depth: int) -> None:
    """An answer nested to any depth is compared and shown like any other."""
    deep: Any = 0
    for _ in range(depth):
        deep = [deep]
    for got in (deep, {"set": deep}, {"set": [deep]}, {"value": deep}, {"dict": [[1, deep]]}):
        assert not same(got, {"set": [1]})
        assert not same(got, [[[[1]]]])
        assert not same([got], [{"set": [[1]]}])
        assert show(got).isprintable()


@given(answers)
def test_a_right_answer_is_right(want: Any) -> None:
    """An answer that is word for word the right one is right, unless it holds what is no number."""
    assert same(want, want) or '{"number"' in json.dumps(want)


@given(numbers, st.sampled_from([1e-9, 1e-6, 0.0]), st.sampled_from([1e-11, 1e-5, 0.0]))
@settings(max_examples=200)
def test_what_is_never_a_number(want: float, rtol: float, atol: float) -> None:
    """NaN, infinity, bool, text, None, lists, tags and far too big an int are no number, whatever the tolerance."""
    wrong = [NAN, INF, -INF, True, False, str(want), "nan", "", None, [want], {"value": want}, {"number": str(want)}]
    wrong += [
        HUGE,
        -HUGE,
        {"number": "nan"},
        Fraction(want),
        Decimal(want),
        complex(want),
        type("F", (float,), {})(want),
    ]
    for got in wrong:
        assert not same(got, want, rtol, atol)
        assert not same([got], [want], rtol, atol)
        assert not same({"value": got}, {"value": want}, rtol, atol)


@given(numbers, numbers, st.floats(0, 1e-3), st.floats(0, 1e-3))
@example(1e300, 1.0, 1e-3, 1e-3)
@example(1e308, -1e308, 1e-3, 1e-3)
def test_the_tolerance_is_of_the_right_answer(got: float, want: float, rtol: float, atol: float) -> None:
    """A number is right exactly if it is within a distance that the right answer alone decides."""
    distance = abs(Fraction(got) - Fraction(want))
    allowed = Fraction(atol) + Fraction(rtol) * abs(Fraction(want))
    # Close to the edge the rounding of floats may decide.
    if distance > allowed * Fraction(1001, 1000) + Fraction(1, 10**300):
        exact = float(distance) if distance < Fraction(10) ** 300 else INF
        assert not same(got, want, rtol, atol) or exact <= 1e-15 * abs(want)
    elif distance < allowed * Fraction(999, 1000) and Fraction(1, 10**15) * abs(Fraction(want)) < allowed:
        assert same(got, want, rtol, atol)


@given(answers)
def test_no_number_equals_nan(want: Any) -> None:
    """Where the right answer itself is no number, nothing is right."""
    for got in ({"number": "nan"}, NAN, want, "nan", None):
        assert not same(got, {"number": "nan"})


def test_types_are_never_mixed() -> None:
    """0 is not False, 1 not True, a list not a set, a node not its number."""
    pairs = [
        (0, False),
        (1, True),
        (None, False),
        ([], {"set": []}),
        ([1], {"set": [1]}),
        (1.0, {"value": 1.0}),
        ("a", ["a"]),
    ]
    for one, other in pairs:
        assert not same(one, other)
        assert not same(other, one)
    assert not same({"set": [1, 1]}, {"set": [1]})
    assert not same({"set": [True]}, {"set": [1]})
    assert same({"set": [{"node": "b"}, {"node": "a"}]}, {"set": [{"node": "a"}, {"node": "b"}]})


@given(any_json)
@example(HUGE)
@example(-(10**5000))
@example([10**5000])
@example({"number": HUGE})
@example({"node": "\x1b" * 1000})
@example([0.1] * 100_000)
@example("\u202e" * 1000)
def test_any_answer_is_shown(answer: Any) -> None:
    """Any answer is shown on one printable line of limited length."""
    shown = show(answer)
    assert shown.isprintable()
    assert len(shown) <= MAX_SHOWN
    shown.encode()


honest = st.integers() | st.floats() | st.booleans() | st.none() | st.text(max_size=5)


@given(st.recursive(honest, lambda x: st.lists(x) | st.tuples(x)))
def test_what_an_honest_worker_sends(value: Any) -> None:
    """Whatever a probe reads, its answer is JSON that the protocol lets through."""
    (answer,) = probes.answer({"value": value}, probes.compiled("", ("value",)))
    line = json.dumps({"id": 1, "answers": [answer]}, allow_nan=False).encode()
    assert protocol.take(protocol.parse_reply(line), 1, "answers") == [answer]


# The hidden tests, all of them.


class _SaysAnything:
    """In place of a session: gives answers out of a list, whatever it is asked."""

    def __init__(self, said: list[Any], raises: bool) -> None:
        submission = read_submission(ROOT / "solutions", read_kit().manifest)
        self.load = what_to_load(submission, read_kit().manifest)
        self.symbols = dict.fromkeys(self.load.symbols, Place("engine.py", 1))
        self.broken: dict[str, str] = {}
        self.measured: dict[str, Any] = {}
        self._said = itertools.cycle(said)
        self._raises = itertools.cycle([False, False, raises])

    def ask(
        self, _script: str, reads: Sequence[str], _cpu_seconds: float = 1.0, _: object = None
    ) -> list[Any] | Raised:
        if next(self._raises):
            return Raised("ValueError", "said", None)
        return [next(self._said) for _ in reads]

    def printed(self) -> tuple[str, ...]:
        return ("said",)


nodes = st.integers(0, 12).map(lambda i: {"node": f"v[{i}]"}) | st.sampled_from(
    [{"node": []}, {"node": "a"}, {"node": {}}]
)
said = any_json | st.lists(st.integers(0, 45) | nodes | st.lists(nodes, max_size=3) | any_json, max_size=45)


@settings(max_examples=25, deadline=None)
@given(st.lists(said, min_size=1, max_size=7), st.booleans())
@example([["x", *range(40)]], False)
@example([[{"node": []}]], False)
@example([True], False)
@example([{"value": 0.0}, [[0.5]]], False)
def test_any_answers_to_all_the_hidden_tests(answers: list[Any], raises: bool) -> None:
    """Whatever JSON a worker answers, every hidden test fails: none passes, and none makes the grader fail."""
    session: Any = _SaysAnything(answers, raises)
    results = [o.result for o in run_hidden_tests(session, read_kit(), 1, {}, list(read_kit().manifest.by_id)).outcomes]
    assert len(results) > 100
    assert [(r.id, r.verdict, r.detail) for r in results if r.verdict is not Verdict.FAILED] == []
