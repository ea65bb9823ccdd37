import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyMutant, type Mutant, mutantPlugin } from '../../scripts/mutant-plugin.ts';

const mutant: Mutant = {
  name: 'no-fence',
  file: 'src/settle.ts',
  find: 'row.fence === fence',
  replace: 'true',
  tests: { project: 'core', filter: 'settle' },
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'patchbay-mutant-'));
  for (const folder of ['scripts', 'src']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'scripts/mutants.json'), JSON.stringify([mutant]));
  writeFileSync(join(root, mutant.file), 'if (row.fence === fence) settle();');
});
afterEach(() => rmSync(root, { recursive: true }));

const load = (id: string): unknown => {
  const hook: unknown = mutantPlugin(mutant.name, root)[0]?.load;
  return typeof hook === 'function' ? hook(id) : hook;
};

it('replaces the one occurrence', () => {
  expect(applyMutant('a; row.fence === fence; b', mutant)).toBe('a; true; b');
});

it.each([
  ['not there', 'row.fence !== fence', mutant],
  ['there twice', 'row.fence === fence || row.fence === fence', mutant],
  ['empty', 'row', { ...mutant, find: '' }],
  ['its own replacement', 'row.fence === fence', { ...mutant, replace: mutant.find }],
])('refuses a text that is %s', (_, source, faulty) => {
  expect(() => applyMutant(source, faulty)).toThrow(/^Mutant no-fence: .*scripts\/mutants\.json\.$/);
});

it('changes the named file as it is loaded, and no other', () => {
  expect(load(join(root, mutant.file))).toBe('if (true) settle();');
  expect(load(`${join(root, mutant.file)}?v=1`)).toBe('if (true) settle();');
  expect(load(join(root, 'src/claim.ts'))).toBeUndefined();
});

it('does nothing without a name', () => {
  expect(mutantPlugin(undefined, root)).toEqual([]);
  expect(mutantPlugin('', root)).toEqual([]);
});

it('refuses an unknown name, and a mutant that no longer fits its file, before any test runs', () => {
  expect(() => mutantPlugin('no-such', root)).toThrow(/No mutant is called "no-such"/);
  writeFileSync(join(root, mutant.file), 'settle();');
  expect(() => mutantPlugin(mutant.name, root)).toThrow(/found 0 times/);
});

it('knows mutants that all fit their files', () => {
  const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const all: readonly Mutant[] = JSON.parse(readFileSync(path('scripts/mutants.json'), 'utf8'));
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const each of all) expect(() => applyMutant(readFileSync(path(each.file), 'utf8'), each), each.name).not.toThrow();
});
