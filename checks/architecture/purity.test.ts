import { expect, it } from 'vitest';
import { findAnyFaults, findWorldFaults } from './purity.ts';
import { fixtureTree } from './source-tree.ts';

const worldOf = (text: string, path = 'packages/core/src/rules/match.ts') => findWorldFaults(fixtureTree({ [path]: text }));

it.each([
  ['const now = Date.now();', 'Date.now'],
  ['const today = new Date();', 'new Date()'],
  ['const read = Date.now;', 'Date.now'],
  ['const chance = Math.random();', 'Math.random'],
  ['const start = performance.now();', 'performance.now'],
  ['const key = process.env.KEY;', 'process.env'],
  ["const key = process['env'].KEY;", 'process.env'],
  ['await fetch(url);', 'fetch'],
  ['const call = options.fetch ?? fetch;', 'fetch'],
  ['await globalThis.fetch(url);', 'globalThis.fetch'],
  ['setTimeout(run, 5);', 'setTimeout'],
  ['const timers = { setInterval };', 'setInterval'],
  ['const signal = AbortSignal.timeout(5);', 'AbortSignal.timeout'],
])('objects to %s', (text, name) => {
  expect(worldOf(text)).toEqual([`packages/core/src/rules/match.ts: uses ${name}, inject it`]);
});

it.each([
  'const at = new Date(clock.now());',
  'const run = ({ fetch }: World) => fetch(url);',
  'const run = (fetch: Fetch) => fetch(url);',
  'const answer = await world.fetch(url);',
  'interface World { readonly fetch: typeof fetch; setTimeout(run: () => void): void }',
  'const world = { fetch: given };',
  '// Date.now() is not called here\nconst text = "Math.random()";',
])('accepts %s', (text) => {
  expect(worldOf(text)).toEqual([]);
});

it('leaves the clock, the option resolver, tests and the testing package alone, and no one else', () => {
  const text = 'const now = Date.now();';
  const free = [
    'core/src/clock/system-clock.ts',
    'core/src/resolve-options.ts',
    'core/src/rules/match.test.ts',
    'testing/src/fake-provider.ts',
  ];
  for (const path of free) expect(worldOf(text, `packages/${path}`)).toEqual([]);
  for (const path of [
    'core/src/clocks/a.ts',
    'core/src/http/resolve-options.ts',
    'connector-github/src/webhook.ts',
    'storage-memory/src/claim.ts',
  ]) {
    expect(worldOf(text, `packages/${path}`)).toHaveLength(1);
  }
});

it('objects to any, with its line', () => {
  const path = 'packages/core/src/rules/match.ts';
  expect(findAnyFaults(fixtureTree({ [path]: 'const one: string = "any";\nconst two = (three: any[]) => three as any;' }))).toEqual([
    `${path}:2: any`,
    `${path}:2: any`,
  ]);
});

it('accepts the word any elsewhere', () => {
  const text = "const when = { any: [], all: [] }; // any\nconst any = 'any'; type Any = unknown;";
  expect(findAnyFaults(fixtureTree({ 'packages/core/src/rules/match.ts': text }))).toEqual([]);
});
