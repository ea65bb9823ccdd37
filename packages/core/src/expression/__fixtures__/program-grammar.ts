/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const names = ['event', 'steps', 'now', 'x', 'y', 'constructor', '__proto__', 'toString', 'globalThis', 'nope'];
const members = [
  'n',
  'text',
  'list',
  'map',
  'none',
  'ok',
  'a',
  'name',
  'output',
  'data',
  'constructor',
  '__proto__',
  'prototype',
  'length',
];
const literals = [
  'true',
  'false',
  'null',
  '0',
  '1',
  '-1',
  '2.5',
  '9223372036854775807',
  '0xff',
  '1e308',
  '""',
  '"a"',
  "'constructor'",
  '"__proto__"',
  '"2026-01-31T08:00:00Z"',
  '"1h30m"',
  'b"ab"',
  "r'\\d+'",
  '[]',
  '{}',
];
const operators = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||'];
const calls = ['size', 'string', 'int', 'double', 'bool', 'bytes', 'timestamp', 'duration', 'dyn', 'has', 'type', 'nope'];
const methods = [
  'contains',
  'startsWith',
  'endsWith',
  'split',
  'join',
  'trim',
  'lowerAscii',
  'upperAscii',
  'replace',
  'size',
  'matches',
  'getHours',
];
const macros = ['all', 'exists', 'exists_one', 'map', 'filter'];
const patterns = ['"(a+)+$"', '"^.*$"', '"[a-z]{2,5}"', '"(?i)A|b"', '"(?=x)"', '"("', 'event.text'];
const rubble = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
  ':',
  '?',
  '"',
  "'",
  '\\',
  '\n',
  '//',
  '\u0000',
  '?.',
  '=>',
  '`',
  '{{',
  '}}',
  ';',
  '\ud800',
];

/** A program of the language's grammar, sometimes broken on purpose. */
export function randomProgram(random: () => number): string {
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  };
  const part = (depth: number): string => {
    if (depth === 0) return pick([literals, names])[Math.floor(random() * 9)] ?? 'null';
    const inner = (): string => part(depth - 1 - Math.floor(random() * Math.min(depth, 3)) * (depth > 2 ? 1 : 0));
    switch (Math.floor(random() * 14)) {
      case 0:
        return pick(literals);
      case 1:
        return pick(names);
      case 2:
        return `event.${pick(members)}`;
      case 3:
        return `${inner()}.${pick(members)}`;
      case 4:
        return `${inner()}[${inner()}]`;
      case 5:
      case 6:
        return `(${inner()} ${pick(operators)} ${inner()})`;
      case 7:
        return `(${inner()} ? ${inner()} : ${inner()})`;
      case 8:
        return `${pick(['!', '-'])}${inner()}`;
      case 9:
        return `${pick(calls)}(${inner()})`;
      case 10:
        return `${inner()}.${pick(methods)}(${pick(['', inner(), `${inner()}, ${inner()}`, pick(patterns)])})`;
      case 11:
        return `${inner()}.${pick(macros)}(${pick(['x', 'y'])}, ${inner()})`;
      case 12:
        return `[${inner()}, ${inner()}]`;
      default:
        return `{${pick(literals)}: ${inner()}, "k": ${inner()}}`;
    }
  };
  const program = part(2 + Math.floor(random() * 4));
  if (random() < 0.9) return program;
  const at = Math.floor(random() * program.length);
  return program.slice(0, at) + pick(rubble) + program.slice(at + Math.floor(random() * 3));
}
