import { expect, it } from 'vitest';
import { instruments } from '../../packages/core/src/telemetry/instruments.ts';
import { readSourceTree } from '../architecture/source-tree.ts';
import { noticesIn, rowsBelow, spanAttributesIn } from './telemetry-facts.ts';

const tree = readSourceTree();
const guide = tree.get('docs/guides/telemetry.md') ?? '';
const core = 'packages/core/src';

it('the guide lists every metric with its kind, its unit and its attributes', () => {
  const listed = rowsBelow(guide, 'Metrics').map(({ name, cells: [kind = [], attributes = []] }) => [name, kind.join(' '), attributes]);
  const declared = Object.entries(instruments).map(([name, { kind, unit, attributes }]) => [name, `${kind} ${unit}`, [...attributes]]);
  expect(listed).toEqual(declared);
});

it('the guide lists every attribute of spans', () => {
  const listed = rowsBelow(guide, 'Spans').flatMap(({ cells: [, attributes = []] }) => attributes);
  const declared = spanAttributesIn(tree.get(`${core}/telemetry/span-attributes.ts`) ?? '');
  expect(declared.length).toBeGreaterThan(20);
  expect([...new Set(listed)].toSorted()).toEqual(declared.toSorted());
});

it('the guide lists every notice with its fields', () => {
  const listed = rowsBelow(guide, 'Notices').map(({ name, cells: [fields = []] }) => ({ name, fields }));
  const files = [...tree].filter(([path]) => path.startsWith(`${core}/notices/`)).toSorted(([left], [right]) => left.localeCompare(right));
  const declared = files.flatMap(([, source]) => noticesIn(source));
  expect(declared.length).toBeGreaterThan(20);
  const byName = (left: { readonly name: string }, right: { readonly name: string }): number => left.name.localeCompare(right.name);
  expect(listed.toSorted(byName)).toEqual(declared.toSorted(byName));
});

it('reads what a notice carries from its declaration', () => {
  const source = `interface Shared {\n  readonly tenant: string;\n}\n\nexport interface Notices {\n  /** at: no field. */\n  'a.b': { one: string; two: number | null };
  'c.d': Shared & { readonly error: E };\n  'e.f': {\n    id: string;\n    /** to: none. */\n    at: number;\n  };\n}\n`;
  expect(noticesIn(source)).toEqual([
    { name: 'a.b', fields: ['one', 'two'] },
    { name: 'c.d', fields: ['tenant', 'error'] },
    { name: 'e.f', fields: ['id', 'at'] },
  ]);
});
