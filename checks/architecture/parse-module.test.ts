import { expect, it } from 'vitest';
import { parseModule } from './parse-module.ts';

const mentionsOf = (text: string) => parseModule('a.ts', text).mentions;

it('finds a module in every form of import and export', () => {
  const text = [
    "import a from './a.ts';",
    "import './side-effect.ts';",
    "import * as b from './b.ts';",
    "export { c } from './c.ts';",
    "export * from './d.ts';",
    "const e = await import('./e.ts');",
  ].join('\n');
  const specifiers = ['./a.ts', './side-effect.ts', './b.ts', './c.ts', './d.ts', './e.ts'];
  expect(mentionsOf(text)).toEqual(specifiers.map((specifier) => ({ specifier, typeOnly: false })));
});

it('counts type imports and says that they are', () => {
  const text = [
    "import type { A } from './a.ts';",
    "import { type B } from './b.ts';",
    "export type { C } from './c.ts';",
    "export { type D } from './d.ts';",
    "type E = import('./e.ts').E;",
  ].join('\n');
  expect(mentionsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => ({ specifier: `./${name}.ts`, typeOnly: true })));
  expect(mentionsOf("import { type A, b } from './a.ts';")).toEqual([{ specifier: './a.ts', typeOnly: false }]);
});

it('is not taken in by comments, strings and templates', () => {
  expect(
    mentionsOf("// import './a.ts'\nconst b = \"import './b.ts'\"; const c = `export * from './c.ts'`; const d = /from 'x'/;"),
  ).toEqual([]);
});

it('refuses what does not parse', () => {
  expect(() => mentionsOf('import {')).toThrow(/a\.ts does not parse/);
});
