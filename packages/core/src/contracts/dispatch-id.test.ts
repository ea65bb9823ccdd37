import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDispatchId, formatRunId, parseDispatchId, parseRunId } from './dispatch-id.ts';

const root = fc.uuid();
const replay = fc.integer({ min: 0, max: 999_999_999 });
// Any text but lone surrogates, which no encoding can carry: colons, percent signs, controls, other scripts.
const text = fc.string({ unit: 'grapheme', maxLength: 60 });

describe('ids of dispatches and runs', () => {
  it('come back as the key that they were made from', () => {
    fc.assert(
      fc.property(root, replay, text, text, (event, count, target, path) => {
        const key = { tenant: 'acme', root: event, replay: count, target, path };
        expect(parseDispatchId('acme', formatDispatchId(key))).toEqual(key);
      }),
    );
    fc.assert(
      fc.property(root, replay, root, (event, count, automation) => {
        const key = { tenant: 'acme', root: event, replay: count, automation };
        expect(parseRunId('acme', formatRunId(key))).toEqual(key);
      }),
    );
  });

  it('belong to the tenant who asks, whatever the text says', () => {
    const key = { tenant: 'acme', root: '019b7600-0000-7000-8000-000000000001', replay: 0, target: 'call', path: 'call' };
    expect(parseDispatchId('other', formatDispatchId(key))).toEqual({ ...key, tenant: 'other' });
  });

  it.each([
    ['nothing', ''],
    ['another number of parts', '019b7600-0000-7000-8000-000000000001:0:call'],
    ['a root that is no uuid', 'root:0:call:call'],
    ['a negative replay', '019b7600-0000-7000-8000-000000000001:-1:call:call'],
    ['a replay with a leading zero', '019b7600-0000-7000-8000-000000000001:01:call:call'],
    ['a broken encoding', '019b7600-0000-7000-8000-000000000001:0:call:%E0%A4%A'],
    ['a text of megabytes', `019b7600-0000-7000-8000-000000000001:0:call:${'a'.repeat(5_000)}`],
  ])('are not %s', (_, id) => {
    expect(parseDispatchId('acme', id)).toBeNull();
  });

  it('are not numbers, objects or nothing at all', () => {
    const parse = parseDispatchId as (tenant: string, id: unknown) => unknown;
    for (const id of [undefined, null, 7, {}, ['019b7600-0000-7000-8000-000000000001:0:call:call']]) expect(parse('acme', id)).toBeNull();
  });
});
