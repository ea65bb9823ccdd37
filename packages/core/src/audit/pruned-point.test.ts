import { expect, it } from 'vitest';
import { prunedPoint, pruneEntry } from './pruned-point.ts';

const entry = pruneEntry('0198a000-0000-7000-8000-000000000001', { seq: 3, hash: 'k1:00' }, 5);

it('is read back from the record that names it', () => {
  expect(prunedPoint(entry)).toEqual({ seq: 3, hash: 'k1:00' });
});

it('is named by no record of anybody else, and by none that says something else', () => {
  expect(prunedPoint({ ...entry, actor: { kind: 'host', id: '' } })).toBeNull();
  expect(prunedPoint({ ...entry, action: 'connection.put' })).toBeNull();
  for (const details of ['', 'null', '[]', '{}', '{"seq":"3","hash":"k1:00"}', '{"seq":3}'])
    expect(prunedPoint({ ...entry, details })).toBeNull();
});
