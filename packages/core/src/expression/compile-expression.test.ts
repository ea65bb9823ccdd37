import { describe, expect, test } from 'vitest';
import { isPatchbayError, type PatchbayError } from '../errors/patchbay-error.ts';
import { compileExpression } from './compile-expression.ts';

const scope = {
  event: {
    n: 3,
    half: 0.5,
    id: 9_007_199_254_740_991,
    big: 12_345_678_901_234_567n,
    text: 'Crash on start',
    missing: null,
    labels: [{ name: 'bug' }, { name: 'p1' }],
    counts: { open: 1, closed: 2 },
    'x-y': 'dashed',
    constructor: 'own',
  },
  now: Date.UTC(2026, 0, 31, 8),
};

const evaluate = (source: string): unknown => compileExpression(source).evaluate(scope);

function failure(run: () => unknown): PatchbayError {
  try {
    run();
  } catch (error) {
    if (isPatchbayError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('numbers of JSON', () => {
  test.each([
    ['event.n + 1', 4],
    ['1 + event.n', 4],
    ['event.n - 1', 2],
    ['event.n * 2', 6],
    ['event.n / 2', 1.5],
    ['event.n % 2', 1],
    ['event.n == 3', true],
    ['event.n > 2', true],
    ['event.n < 3.5', true],
    ['event.n in [1, 2, 3]', true],
    ['event.labels[event.n - 2].name', 'p1'],
    ['"n: " + event.n', 'n: 3'],
    ['event.n + " items"', '3 items'],
    ['"half: " + event.half', 'half: 0.5'],
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['7 % -2', 1],
    ['7.0 / 2.0', 3.5],
    ['event.n + 0.5', 3.5],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toBe(expected);
  });

  test('an int beyond 2^53 leaves as text only', () => {
    expect(() => evaluate('9007199254740993')).toThrow('beyond 2^53');
    expect(() => evaluate('event.big')).toThrow('beyond 2^53');
    expect(evaluate('string(event.big)')).toBe('12345678901234567');
    expect(evaluate('string(9007199254740993)')).toBe('9007199254740993');
    expect(evaluate('event.id')).toBe(9_007_199_254_740_991);
  });

  test('an int overflows beyond 64 bits instead of losing digits', () => {
    expect(() => evaluate('9223372036854775807 + 1')).toThrow('overflows');
    expect(evaluate('string(-9223372036854775808)')).toBe('-9223372036854775808');
    expect(() => compileExpression('9223372036854775808')).toThrow('beyond 64 bits');
  });

  test('infinity and NaN do not leave', () => {
    expect(() => evaluate('1.0 / 0.0')).toThrow('infinity and NaN are no JSON');
    expect(evaluate('1.0 / 0.0 > 5')).toBe(true);
    expect(() => evaluate('1 / 0')).toThrow('division by zero');
    expect(() => evaluate('event.n % 0')).toThrow('remainder by zero');
  });
});

describe('operators', () => {
  test.each([
    ['true || event.nope', true],
    ['event.nope || true', true],
    ['false && event.nope', false],
    ['event.nope && false', false],
    ['!true', false],
    ['event.n > 2 ? "many" : event.nope', 'many'],
    ['1 == 1.0', true],
    ['[1, {"a": 2}] == [1.0, {"a": 2.0}]', true],
    ['{"a": 1} == {"a": 1, "b": 2}', false],
    ['"1" == 1', false],
    ['null == event.missing', true],
    ['"a" < "b"', true],
    ['"\u{1f600}" > "\uff00"', true],
    ['b"ab" < b"b"', true],
    ['false < true', true],
    ['["a"] + ["b"]', ['a', 'b']],
    ['"open" in event.counts', true],
    ['"toString" in event.counts', false],
    ['"bug" in event.labels.map(l, l.name)', true],
    ['- (2 - 3)', 1],
    ['1 - 2 - 3', -4],
    ['b"ab" == b"ab"', true],
    ['b"ab" == b"ac"', false],
    ['b"ab" == "ab"', false],
    ['b"a" + b"b" == b"ab"', true],
    ['[1, 2] == [1]', false],
    ['[1] == {"a": 1}', false],
    ['{"a": 1} == {"b": 1}', false],
    ['string(1.0 / 0.0) + string(-1.0 / 0.0) + string(0.0 / 0.0)', '+infinity-infinityNaN'],
    ['string(-0.0)', '-0'],
    ['-0.0', 0],
    ['0.0 / 0.0 == 0.0 / 0.0', false],
    ['true && true && false', false],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test.each([
    ['1 + true', 'cannot add int and bool'],
    ['"a" - "b"', 'cannot subtract string and string'],
    ['"a" < 1', 'string and int have no common order'],
    ['"a" && true', '"&&" needs a bool, not string'],
    ['1 ? 2 : 3', '"?" needs a bool, not int'],
    ['!event.n', '"!" needs a bool, not double'],
    ['-"a"', '"-" needs a number, not string'],
    ['"a" in "abc"', '"in" needs a list or a map, not string'],
    ['{"a": 1, "a": 2}', 'each name once'],
  ])('%s fails: %s', (source, reason) => {
    expect(() => evaluate(source)).toThrow(reason);
  });
});

describe('members and items', () => {
  test.each([
    ["event['x-y']", 'dashed'],
    ['event.labels[1].name', 'p1'],
    ['event["te" + "xt"]', 'Crash on start'],
    ['has(event.text)', true],
    ['has(event.nope)', false],
    ['has(event.missing)', true],
    ['has(event.missing.login)', false],
    ['has(event.nope.deeper)', false],
    ["has(event['x-y'])", true],
    ['has(event.constructor)', false],
    ['has(event.toString)', false],
    ['has({"a": 1}.a)', true],
    ['has(event.labels[0].name)', true],
    ['has(event.labels.filter(l, true)[0].nope)', false],
    ['{"a": {"b": 1}}.a.b', 1],
    ['{"a": [1, {"b": 2}]}.a[1].b', 2],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test.each([
    ['event.nope', 'there is no member "nope"'],
    ['event.missing.login', 'cannot read "login" of null'],
    ['event.text.length', 'cannot read "length" of string'],
    ['event.labels.name', 'cannot read "name" of list'],
    ['event.labels[2]', 'there is no item 2'],
    ['event.labels[0.5]', 'not a whole number'],
    ['event.labels["0"]', 'cannot read "0" of list'],
    ['event.labels[event.text]', 'a list has no place string'],
    ['event.labels[1 - 2]', 'there is no item at that place'],
    ['event.constructor', 'there is no member "constructor"'],
    ['event[event.text]', 'there is no such member'],
    ['nope.deeper', 'the variable has no value here'],
  ])('%s fails: %s', (source, reason) => {
    expect(() => evaluate(source)).toThrow(reason);
  });
});

describe('macros', () => {
  test.each([
    ['event.labels.exists(l, l.name == "bug")', true],
    ['event.labels.all(l, size(l.name) > 0)', true],
    ['event.labels.exists_one(l, l.name == "bug")', true],
    ['event.labels.filter(l, l.name != "bug")', [{ name: 'p1' }]],
    ['event.labels.map(l, l.name)', ['bug', 'p1']],
    ['event.labels.map(l, l.name == "bug", l.name)', ['bug']],
    ['event.counts.map(name, event.counts[name])', [1, 2]],
    [
      '[1, 2].map(x, [3, 4].map(y, x * y))',
      [
        [3, 4],
        [6, 8],
      ],
    ],
    ['[1, 2].map(x, [3].map(x, x))', [[3], [3]]],
    ['[1].map(x, [2].map(y, x))[0][0]', 1],
    ['[].all(x, x)', true],
    ['[].exists(x, x)', false],
    ['[1, 0].exists(x, 1 / x > 0)', true],
    ['[0, 1].exists(x, 1 / x > 0)', true],
    ['[0, 1].all(x, 1 / x > 5)', false],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test('a fault is absorbed only where another item decides', () => {
    expect(() => evaluate('[0, 1].all(x, 1 / x > 0)')).toThrow('division by zero');
    expect(() => evaluate('[0, 1].exists_one(x, 1 / x > 0)')).toThrow('division by zero');
  });

  test('a variable of a macro ends with it', () => {
    expect(() => compileExpression('[1].map(x, x) == [x]', { roots: ['event'] })).toThrow('there is no variable "x"');
  });
});

describe('functions', () => {
  test.each([
    ['size("héé")', 3],
    ['"\u{1f600}a".size()', 2],
    ['size(event.labels)', 2],
    ['size(event.counts)', 2],
    ['size(b"abc")', 3],
    ['"abc".contains("b")', true],
    ['"abc".startsWith("ab")', true],
    ['"abc".endsWith("bc")', true],
    ['"abc".matches("^a.c$")', true],
    ['matches("abc", "b")', true],
    ['"ÀBC".lowerAscii()', 'Àbc'],
    ['"àbc".upperAscii()', 'àBC'],
    ['" \\t a \\u0085".trim()', 'a'],
    ['"a,b,c".split(",")', ['a', 'b', 'c']],
    ['"a,b,c".split(",", 2)', ['a', 'b,c']],
    ['"a,b,c".split(",", 0)', []],
    ['"a\u{1f600}b".split("")', ['a', '\u{1f600}', 'b']],
    ['"abab".replace("a", "xy")', 'xybxyb'],
    ['"abab".replace("a", "", 1)', 'bab'],
    ['["a", 1, 2.5].join("-")', 'a-1-2.5'],
    ['["a", "b"].join()', 'ab'],
    ['string(1.0)', '1'],
    ['string(true)', 'true'],
    ['string(b"abc")', 'abc'],
    ['int("-12")', -12],
    ['int(3.9)', 3],
    ['int(-3.9)', -3],
    ['double("1.5e2")', 150],
    ['double(2)', 2],
    ['bool("true")', true],
    ['bytes("é")', 'w6k='],
    ['dyn(1)', 1],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test.each([
    ['int("1.5")', 'the text is no integer'],
    ['int("")', 'the text is no integer'],
    ['double("1,5")', 'the text is no number'],
    ['int(1e30)', 'beyond 64 bits'],
    ['bool("yes")', 'neither'],
    ['string([1])', 'cannot turn list into a string'],
    ['string(b"\\xff")', 'not UTF-8'],
    ['size(1)', 'size needs a string'],
    ['size(null)', 'not null'],
    ['event.n.contains("a")', 'contains needs a string, not double'],
    ['"a".replace("", "b")', 'a text to look for'],
    ['[[1]].join("")', 'join needs text or numbers, not list'],
  ])('%s fails: %s', (source, reason) => {
    expect(() => evaluate(source)).toThrow(reason);
  });
});

describe('times', () => {
  test.each([
    ['timestamp("2026-01-31T10:00:00+02:00")', '2026-01-31T08:00:00Z'],
    ['timestamp("2026-01-31T08:00:00Z") + duration("1h30m")', '2026-01-31T09:30:00Z'],
    ['timestamp("2026-01-31T08:00:00Z") - timestamp("2026-01-31T07:00:00Z")', '3600s'],
    ['duration("1h") - duration("90m")', '-1800s'],
    ['timestamp(1769846400)', '2026-01-31T08:00:00Z'],
    ['timestamp(1769846400.5)', '2026-01-31T08:00:00.5Z'],
    ['int(timestamp("2026-01-31T08:00:00Z"))', 1_769_846_400],
    ['timestamp("2026-03-01T08:09:10.123Z").getDayOfYear()', 59],
    ['timestamp("2026-03-01T08:09:10.123Z").getMonth()', 2],
    ['timestamp("2026-03-01T08:09:10.123Z").getMilliseconds()', 123],
    ['duration("1h30m").getMinutes()', 90],
    ['now', '2026-01-31T08:00:00Z'],
    ['now - duration("24h") < timestamp("2026-01-30T09:00:00Z")', true],
    ['timestamp("2026-01-31T08:00:00Z") == timestamp("2026-01-31T09:00:00+01:00")', true],
    ['timestamp("2026-01-31T08:00:00Z") == "2026-01-31T08:00:00Z"', false],
    ['duration("60m") == duration("1h")', true],
    ['duration("60m") == 3600', false],
    ['duration("1m") < duration("1h")', true],
    ['duration("1h") + timestamp("2026-01-31T08:00:00Z")', '2026-01-31T09:00:00Z'],
    ['timestamp(timestamp("2026-01-31T08:00:00Z")) - duration(duration("1h"))', '2026-01-31T07:00:00Z'],
    ['duration("1h") + duration("1s")', '3601s'],
    ...Object.entries({
      FullYear: 2026,
      Month: 2,
      Date: 1,
      DayOfMonth: 0,
      DayOfWeek: 0,
      DayOfYear: 59,
      Hours: 8,
      Minutes: 9,
      Seconds: 10,
    }).map(([part, value]): [string, unknown] => [`timestamp("2026-03-01T08:09:10Z").get${part}()`, value]),
    ['duration("25h").getHours()', 25],
    ['duration("90s").getSeconds()', 90],
    ['duration("1.25s").getMilliseconds()', 250],
    ['string(now)', '2026-01-31T08:00:00Z'],
    ['"at " + string(duration("1.5s"))', 'at 1.5s'],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test.each([1_769_846_400_000, new Date(1_769_846_400_000), '2026-01-31T08:00:00Z'])('"now" may be given as %s', (now) => {
    expect(compileExpression('now').evaluate({ now })).toBe('2026-01-31T08:00:00Z');
  });

  test.each([
    ['"2026".getHours()', 'getHours needs a timestamp, not string'],
    ['duration("1h").getMonth()', 'getMonth needs a timestamp, not duration'],
    ['timestamp("9999-12-31T23:59:59Z") + duration("1h")', 'outside the years 1 to 9999'],
    ['timestamp("9999-12-31T00:00:00Z") - timestamp("0001-01-01T00:00:00Z")', 'longer than 292 years'],
    ['timestamp(1e20)', 'outside the years 1 to 9999'],
    ['timestamp(true)', 'cannot turn bool into a timestamp'],
    ['duration(1)', 'cannot turn int into a duration'],
    ['duration("1d")', 'the text is no duration'],
    ['timestamp("2026-01-01T00:00:00Z") < duration("1h")', 'no common order'],
  ])('%s fails: %s', (source, reason) => {
    expect(() => evaluate(source)).toThrow(reason);
  });

  test('there is no clock but the one injected', () => {
    expect(() => compileExpression('now').evaluate({})).toThrow('there is no "now" here');
    expect(() => compileExpression('now').evaluate({ now: 'soon' })).toThrow('not RFC 3339');
  });
});

describe('what leaves', () => {
  test('a value of the data leaves as a copy', () => {
    const value = evaluate('event.labels');
    expect(value).toEqual(scope.event.labels);
    expect(value).not.toBe(scope.event.labels);
  });

  test('members of forbidden names stay behind', () => {
    expect(Object.hasOwn(Object(evaluate('event.counts')), 'open')).toBe(true);
    const own = compileExpression('event').evaluate({ event: JSON.parse('{"a":1,"__proto__":{"b":2},"constructor":3}') });
    expect(own).toEqual({ a: 1 });
    expect(Object.keys(Object(own))).toEqual(['a']);
  });

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a map', new Map()],
    ['a date', new Date(0)],
    ['a class instance', new (class Host {})()],
    ['a promise', Promise.resolve(1)],
    ['a list with a function', [() => 1]],
    ['an object with a function', { call: () => 1 }],
  ])('%s of the host does not leave', (_name, value) => {
    expect(() => compileExpression('event').evaluate({ event: value })).toThrow('not JSON');
  });

  test('the value read is the object’s own, never inherited', () => {
    const inherited = Object.create({ secret: 1 });
    expect(() => compileExpression('event.secret').evaluate({ event: inherited })).toThrow('not JSON');
    expect(() => compileExpression('secret').evaluate(Object.create({ secret: 1 }))).toThrow('no value here');
  });
});

describe('compiling', () => {
  test.each([
    ['', 'line 1, column 1: Unexpected end'],
    ['1 +', 'line 1, column 4: Unexpected end'],
    ['\n\n  1 +', 'line 3, column 6: Unexpected end'],
    ['a b', 'line 1, column 3'],
    ['evnt.x', 'line 1, column 1: there is no variable "evnt"; there are event, now'],
    ['event.a + nope.b', 'line 1, column 11: there is no variable "nope"'],
    ['foo(1)', 'line 1, column 1: there is no function "foo"'],
    ['1 + event.foo()', 'line 1, column 5: there is no function "foo"'],
    ['contains("a", "b")', '"contains" is a method; write x.contains(…)'],
    ['size()', 'size takes 1 argument'],
    ['"a".replace("b")', 'replace takes 2 to 3 arguments'],
    ['"a".matches(event.pattern)', 'a string literal'],
    ['"a".matches("(a")', 'the pattern is not RE2'],
    ['1u', 'unsigned integers are not part of the language'],
    ['b"é"', 'bytes are written in ASCII'],
    ['{1: 2}', 'the names of a map are strings'],
    ['has(event)', 'has(…) takes a member'],
    ['event.map(1, 2)', 'invalid'],
    ['event.?x', 'Expected IDENTIFIER'],
    ['constructor', 'the name constructor is not allowed'],
    ['__proto__', '__proto__'],
  ])('%j is refused: %s', (source, reason) => {
    const error = failure(() => compileExpression(source, { roots: ['event', 'now'] }));
    expect(error.code).toBe('expression_invalid');
    expect(error.message).toContain(reason);
  });

  test('it tells what it reads, as paths where they are known', () => {
    const { roots } = compileExpression('event.b["x-y"] + event.a[0].c + steps[event.key].z + event.list.map(e, e.f)[0] + now.getHours()');
    expect(roots).toEqual([['event', 'a', 0, 'c'], ['event', 'b', 'x-y'], ['event', 'key'], ['event', 'list'], ['now'], ['steps']]);
  });

  test('errors hold no data and at most 60 characters of the source', () => {
    const source = `event.text == "${'x'.repeat(100)}" ? int(event.text) : int(event.text)`;
    const error = failure(() => evaluate(`int(event.text + "${'x'.repeat(100)}")`));
    expect(error.message).not.toContain('Crash');
    expect(error.message).toMatch(/in "[^…]{59}…"/);
    expect(failure(() => compileExpression(source).evaluate(scope)).message).not.toContain('Crash');
    expect(JSON.stringify(error)).not.toContain('Crash');
  });

  test('a failure tells its position and cause', () => {
    const error = failure(() => compileExpression('1 +\n  event.nope').evaluate(scope));
    expect(error.code).toBe('expression_failed');
    expect(error.message).toBe('The expression fails at line 2, column 3, in "event.nope": there is no member "nope".');
    expect(error.details).toEqual({ line: 2, column: 3, reason: 'there is no member "nope"' });
  });
});
