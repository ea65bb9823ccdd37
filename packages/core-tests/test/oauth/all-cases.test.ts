import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('names each of the 48 cases of an OAuth client under attack once', () => {
  const files = ['authorization-cases.test.ts', 'token-cases.test.ts'];
  const sources = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'));
  const numbers = sources.flatMap((source) => [...source.matchAll(/^it\((?:'|")oauth-(\d+): /gm)].map((found) => Number(found[1])));
  expect(numbers).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
});
