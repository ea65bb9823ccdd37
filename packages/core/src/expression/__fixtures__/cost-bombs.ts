/** Data that is as large as an event gets. */
export const bombScope = {
  event: {
    text: 'a'.repeat(200_000),
    spaces: `${' '.repeat(50_000)}x`,
    accents: `é${'aB'.repeat(50_000)}`,
    list: Array.from({ length: 2_000 }, (_item, index) => index),
    items: Array.from({ length: 5_000 }, (_item, index) => ({ id: index, name: `name ${index}` })),
    map: Object.fromEntries(Array.from({ length: 20_000 }, (_item, index) => [`key${index}`, index])),
    deep: Array.from({ length: 5_000 }).reduce<unknown>((inside) => ({ inside }), null),
  },
  now: 1_764_000_000_000,
};

const nested = (depth: number, body: string): string => `${'event.list.map(x, '.repeat(depth)}${body}${')'.repeat(depth)}`;

/** Sources that cost far more than they look, by what grows. Each must end within its fuel, with a value or an error. */
export const costBombs: readonly string[] = [
  // Nested loops
  nested(2, 'x'),
  nested(3, 'x'),
  nested(4, 'x * x'),
  nested(12, 'x'),
  'event.list.all(a, event.list.all(b, event.list.all(c, a * b * c >= 0)))',
  'event.list.exists(a, event.list.exists(b, a == -1 || b == -1))',
  'event.list.filter(a, event.list.filter(b, b > a).size() > 3000)',
  'event.list.exists_one(a, event.items.exists_one(b, b.id == a))',
  // Loops over faults
  'event.list.all(a, event.list.all(b, event.nope == 1))',
  'event.list.exists(a, event.list.exists(b, a.x.y == 1))',
  'event.list.all(a, event.list.all(b, int("x") == 1 || int("y") == 1))',
  // Large maps and lists, again and again
  'event.list.all(a, size(event.map) == 20000)',
  'event.list.all(a, event.map == event.map)',
  'event.list.all(a, event.items == event.items)',
  'event.list.map(a, event.items + event.items)',
  'event.list.map(a, event.list.map(b, {"a": b, "b": [b, b]}))',
  'event.list.map(a, event.items.map(b, b.name + b.name))',
  'event.list.all(a, event.list in [event.list, event.list])',
  '[event.items, event.items, event.items, event.items, event.items, event.items]',
  // Text that doubles, scans and splits
  'event.list.map(a, event.text + "b")',
  '"aaaaaaaaaa".replace("a", "aaaaaaaaaa").replace("a", "aaaaaaaaaa").replace("a", "aaaaaaaaaa").replace("a", "aaaaaaaaaa").replace("a", "aaaaaaaaaa")',
  'event.list.map(a, event.text.split(""))',
  'event.list.map(a, event.text.split("a"))',
  'event.text.replace("a", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")',
  'event.list.map(a, event.accents.lowerAscii())',
  'event.list.map(a, event.spaces.trim())',
  'event.list.map(a, event.text.split("").join("xxxxxxxxxxxxxxxx"))',
  'event.list.all(a, !event.text.contains(event.text.replace("aaaa", "aaab", 1)))',
  'event.list.all(a, event.text < event.text)',
  'event.list.all(a, event.text == event.text + "")',
  'event.list.all(a, size(event.text) > 0)',
  'event.list.all(a, event.text.matches("(a|aa)+$"))',
  'event.list.all(a, event.text.matches("(x+x+)+y"))',
  'event.spaces.matches("^\\\\s+|\\\\s+$")',
  'bytes(event.text) + bytes(event.text) + bytes(event.text) + bytes(event.text) + bytes(event.text)',
  // Conversions
  'event.list.map(a, timestamp("2026-01-01T00:00:00Z").getDayOfYear())',
  'event.items.all(a, event.items.all(b, duration("1h1m1s1ms1us1ns") < duration("2h")))',
  'event.items.all(a, event.items.all(b, double("1.5e3") < 2.0 || string(1.5e300) != "" || int("12") > 4))',
  // Depth of data
  'event.deep',
  'event.deep == event.deep',
  '[[event.deep]]',
  'string(event.deep)',
];

/** Sources that are dear to parse or to compile. Each must be refused, or compile and end within its fuel. */
export const compileBombs: readonly string[] = [
  `${'('.repeat(1_500)}1${')'.repeat(1_500)}`,
  `${'['.repeat(1_500)}${']'.repeat(1_500)}`,
  `${'!'.repeat(4_000)}true`,
  `${'-'.repeat(1_900)}1`,
  `1${'+1'.repeat(2_000)}`,
  `1${'+1'.repeat(900)}`,
  `true${'&&true'.repeat(600)}`,
  `true${'?true:true'.repeat(300)}`,
  `event${'.a'.repeat(1_500)}`,
  `event${'[0]'.repeat(1_200)}`,
  `''${'.trim()'.repeat(500)}`,
  `[${'1,'.repeat(1_999)}1]`,
  `{${Array.from({ length: 300 }, (_item, index) => `'${index}':1`).join(',')}}`,
  `'${'\\u0041'.repeat(600)}'`,
  `'${'x'.repeat(5_000)}'`,
  '9'.repeat(4_000),
  `0x${'f'.repeat(4_000)}`,
  `1e${'9'.repeat(300)}`,
  `${'x'.repeat(4_000)}`,
  `"x".matches("(?:${'a'.repeat(200)}){1000}")`,
  `"x".matches("${'x{1000}'.repeat(30)}")`,
  `"x".matches("(?i)${'[B-\\\\x{1E000}]'.repeat(15)}")`,
  `"x".matches("${'('.repeat(120)}a${')'.repeat(120)}")`,
  `${'"x".matches("(a?){300}") || '.repeat(60)}true`,
];
