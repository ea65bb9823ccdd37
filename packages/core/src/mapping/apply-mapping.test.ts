import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotIntrinsics } from '../expression/__fixtures__/intrinsics.ts';
import type { Json } from '../json/json.ts';
import { hostileBodies, inheritedTargets } from './__fixtures__/pollution.ts';
import { applyMapping } from './apply-mapping.ts';
import { compileMapping } from './compile-mapping.ts';
import { failedMapping } from './mapping-error.ts';
import { readMapping } from './read-mapping.ts';

const compile = (fields: readonly unknown[]) => compileMapping({ name: 'm', version: 1, definition: readMapping({ fields }) });
const map = (fields: readonly unknown[], source: unknown) => applyMapping(compile(fields), source);
const madeOf = (field: Readonly<Record<string, unknown>>, source: unknown): Json | undefined => {
  const { value, faults } = map([{ to: 'a', ...field }], source);
  expect(faults).toEqual([]);
  return value['a'];
};
const reasonOf = (field: Readonly<Record<string, unknown>>, source: unknown): string => {
  const { value, faults } = map([{ to: 'a', ...field }], source);
  expect(value).toEqual({});
  expect(faults).toHaveLength(1);
  return faults[0]?.reason ?? '';
};

describe('a field', () => {
  it('reads by path, by formula, or is the same for every source', () => {
    const source = { person: { first: 'Ada', last: 'Lovelace' }, tags: ['x', 'y'] };
    const fields = [
      { to: 'name.first', from: 'person.first' },
      { to: 'name.full', cel: 'source.person.first + " " + source.person.last' },
      { to: 'kind', value: 'person' },
      { to: 'tag', from: 'tags[1]' },
    ];
    expect(map(fields, source)).toEqual({ value: { name: { first: 'Ada', full: 'Ada Lovelace' }, kind: 'person', tag: 'y' }, faults: [] });
  });

  it('is left out where nothing is there, null where null is, and has its default for both', () => {
    expect(
      map(
        [
          { to: 'a', from: 'x' },
          { to: 'b', from: 'y' },
        ],
        { y: null },
      ).value,
    ).toEqual({ b: null });
    expect(
      map(
        [
          { to: 'a', from: 'x', default: 1 },
          { to: 'b', from: 'y', default: [] },
        ],
        { y: null },
      ).value,
    ).toEqual({ a: 1, b: [] });
    expect(reasonOf({ from: 'x', required: true }, { x: null })).toBe('it is required');
    expect(reasonOf({ from: 'x', required: true }, {})).toBe('it is required');
  });

  it.each([
    ['string', 7, '7'],
    ['string', true, 'true'],
    ['number', ' 1.50 ', 1.5],
    ['number', '-2e3', -2_000],
    ['integer', '42', 42],
    ['boolean', 'FALSE', false],
    ['boolean', 1, true],
    ['timestamp', '2026-01-31T10:00:00+02:00', '2026-01-31T08:00:00Z'],
    ['timestamp', '2026-01-31', '2026-01-31T00:00:00Z'],
    ['date', '2026-01-31T23:30:00-02:00', '2026-02-01'],
    ['list', [1], [1]],
    ['object', { b: 1 }, { b: 1 }],
  ])('is made %s of %j', (type, given, made) => {
    expect(madeOf({ from: 'x', type }, { x: given })).toEqual(made);
  });

  it.each([
    ['string', {}, 'it cannot be made text'],
    ['number', '', 'it cannot be made a number'],
    ['number', '0x10', 'it cannot be made a number'],
    ['number', true, 'it cannot be made a number'],
    ['number', '9007199254740993', 'it cannot be made a number'],
    ['integer', 1.5, 'it cannot be made a whole number that is exact'],
    ['integer', 9_007_199_254_740_992, 'it cannot be made a whole number that is exact'],
    ['boolean', 'yes', 'it cannot be made true or false'],
    ['timestamp', '31.01.2026', 'it is no timestamp as in RFC 3339'],
    ['timestamp', '2026-02-30', 'it is no timestamp as in RFC 3339'],
    ['list', 'a', 'it is no list'],
    ['object', [1], 'it is no object'],
  ])('is not made %s of %j', (type, given, reason) => {
    expect(reasonOf({ from: 'x', type }, { x: given })).toBe(reason);
  });

  it.each([
    ['trim', ' a ', 'a'],
    ['lower', 'ÄB', 'äb'],
    ['upper', 'äb', 'ÄB'],
    ['first', [3, 4], 3],
    [{ split: ',' }, 'a,b', ['a', 'b']],
    [{ join: '; ' }, ['a', 2], 'a; 2'],
    [{ scale: 0.01 }, 1_250, 12.5],
    [{ round: 2 }, 1.005, 1.01],
    [{ round: 0 }, -2.5, -3],
    [{ values: { open: 'todo', '1': true } }, 'open', 'todo'],
    [{ values: { open: 'todo', '1': true } }, 1, true],
    [{ values: { open: 'todo' }, otherwise: 'other' }, 'closed', 'other'],
    ['from_unix_seconds', 1_790_000_000, '2026-09-21T14:13:20Z'],
    ['to_unix_milliseconds', '2026-09-21T14:13:20.5Z', 1_790_000_000_500],
  ])('is changed by %j', (transform, given, made) => {
    expect(madeOf({ from: 'x', transforms: [transform] }, { x: given })).toEqual(made);
  });

  it.each([
    ['as it is', {}, -0],
    ['inside of a list', {}, [-0]],
    ['inside of an object', {}, { a: -0 }],
    ['scaled', { transforms: [{ scale: -1 }] }, 0],
    ['rounded', { transforms: [{ round: 0 }] }, -0.2],
    ['read from text', { type: 'number' }, '-0'],
    ['a whole number', { type: 'integer' }, '-0.0'],
    ['by a formula', { from: undefined, cel: 'source.x * -1.0' }, 0],
    ['by default', { from: 'y', default: -0 }, 0],
  ])('has the one zero that JSON has: %s', (_what, field, given) => {
    const made = madeOf({ from: 'x', ...field }, { x: given });
    expect(JSON.parse(JSON.stringify(made))).toStrictEqual(made);
  });

  it.each([
    ['trim', 1, 'trim takes text'],
    ['first', 'a', 'first takes a list'],
    [{ join: ',' }, [{}], 'join takes a list of text and numbers'],
    [{ scale: 2 }, '2', 'scale takes a number'],
    [{ values: { open: 'todo' } }, 'constructor', 'the table of values has nothing for it'],
    [{ values: { open: 'todo' } }, ['open'], 'the table of values has nothing for it'],
    ['from_unix_seconds', 1e300, 'it is outside the years 1 to 9999'],
  ])('is not changed by %j of %j', (transform, given, reason) => {
    expect(reasonOf({ from: 'x', transforms: [transform] }, { x: given })).toBe(reason);
  });

  it.each([
    [{ oneOf: ['a'] }, 'b', 'it is none of the values that may be'],
    [{ minimum: 2 }, 1, 'it is less than 2'],
    [{ maximum: 2 }, 3, 'it is more than 2'],
    [{ maximum: 2 }, 'x', 'it is no number, and the bounds are of numbers'],
    [{ minLength: 2 }, '😀', 'it is shorter than 2'],
    [{ maxLength: 1 }, [1, 2], 'it is longer than 1'],
    [{ pattern: '^[a-z]+$' }, 'a1', 'it does not match the pattern'],
    [{ pattern: 'a' }, 1, 'it is no text, and a pattern is of text'],
  ])('is checked by %j', (check, given, reason) => {
    expect(reasonOf({ from: 'x', check }, { x: given })).toBe(reason);
  });

  it('says what the source must have there', () => {
    expect(reasonOf({ from: 'x', sourceType: 'number', type: 'string' }, { x: '7' })).toBe('it is no number');
    expect(madeOf({ from: 'x', sourceType: 'number', type: 'string' }, { x: 7 })).toBe('7');
  });

  it('maps the items of a list, and the object, with paths of their own', () => {
    const fields = [
      {
        to: 'lines',
        from: 'items',
        fields: [
          { to: 'sku', from: 'id', type: 'string' },
          { to: 'of', cel: 'source.order + "/" + item.name' },
        ],
      },
      { to: 'buyer', from: 'customer', fields: [{ to: 'mail', from: 'email' }] },
    ];
    const source = {
      order: 'R7',
      items: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
      customer: { email: 'a@example.com' },
    };
    expect(map(fields, source)).toEqual({
      value: {
        lines: [
          { sku: '1', of: 'R7/a' },
          { sku: '2', of: 'R7/b' },
        ],
        buyer: { mail: 'a@example.com' },
      },
      faults: [],
    });
    expect(map(fields, { order: 'R7', items: [{ id: {}, name: 'a' }, 3] }).faults).toEqual([
      { to: 'lines[0].sku', from: 'id', kind: 'object', reason: 'it cannot be made text', isFinal: false },
      { to: 'lines', from: 'items', kind: 'list', reason: 'it is no object whose fields could be mapped', isFinal: false },
    ]);
  });
});

describe('faults', () => {
  it('tell every field that does not fit, with the kind of value and never the value', () => {
    const secret = 'sk_live_4242';
    const fields = [
      { to: 'total', from: 'amount', type: 'number' },
      { to: 'at', from: 'when', type: 'timestamp' },
      { to: 'sum', cel: 'source.a + source.b' },
      { to: 'ok', from: 'fine' },
    ];
    const { value, faults } = map(fields, { amount: secret, when: [secret], a: { secret }, b: 1, fine: 1 });
    expect(value).toEqual({ ok: 1 });
    expect(faults.map(({ to, from, kind }) => [to, from, kind])).toEqual([
      ['total', 'amount', 'text'],
      ['at', 'when', 'list'],
      ['sum', null, 'absent'],
    ]);
    const error = failedMapping('orders', faults);
    expect(error).toMatchObject({ code: 'mapping_failed', message: expect.stringContaining('total (text): it cannot be made a number') });
    expect(JSON.stringify([error, error.message])).not.toContain(secret);
  });

  it('are at most 50', () => {
    const fields = Array.from({ length: 80 }, (_, index) => ({ to: `a${index}`, from: 'x', required: true }));
    expect(map(fields, {}).faults).toHaveLength(50);
  });
});

describe('fuel', () => {
  it('is paid for times and transforms, which cost more than a member that is read', () => {
    const mapped = (field: Readonly<Record<string, unknown>>, x: Json) => {
      const use = { steps: 0, bytes: 0 };
      expect(applyMapping(compile([{ to: 'a', from: 'x', ...field }]), { x }, { use }).faults).toEqual([]);
      return use.steps;
    };
    const time = '2026-01-31T08:00:00Z';
    const plain = mapped({}, time);
    expect(mapped({ type: 'timestamp' }, time)).toBe(plain + 20);
    expect(mapped({ type: 'timestamp', sourceType: 'date' }, time)).toBe(plain + 40);
    expect(mapped({ transforms: ['to_unix_seconds', 'from_unix_seconds'] }, time)).toBe(plain + 24);
    expect(mapped({ transforms: [{ round: 1 }, { scale: 2 }] }, 1.25)).toBe(plain + 4);
  });

  const bomb = 'source.l.map(a, source.l.map(b, source.l.map(c, a + b + c))).size()';

  it('bounds all formulas of a mapping together, and ends it', () => {
    const l = Array.from({ length: 100 }, (_, index) => index);
    const use = { steps: 0, bytes: 0 };
    const fields = Array.from({ length: 20 }, (_, index) => ({ to: `a${index}`, cel: bomb }));
    const { faults } = applyMapping(compile(fields), { l }, { use });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ isFinal: true, to: 'a0' });
    expect(failedMapping('m', faults).code).toBe('fuel_exhausted');
    expect(use.steps).toBeLessThan(110_000);
  });

  it('bounds what is copied without a formula', () => {
    const fields = Array.from({ length: 20 }, (_, index) => ({ to: `a${index}`, from: 'big' }));
    const { faults } = map(fields, { big: 'x'.repeat(500_000) });
    expect(faults.map(({ isFinal }) => isFinal)).toEqual([true]);
  });

  it('bounds what a pattern looks through', () => {
    const fields = Array.from({ length: 60 }, (_, index) => ({ to: `a${index}`, from: 'big', check: { pattern: '(a|b|c|d)+e$' } }));
    const use = { steps: 0, bytes: 0 };
    const { faults } = applyMapping(compile(fields), { big: 'abcd'.repeat(5_000) }, { use });
    expect(faults.at(-1)).toMatchObject({ isFinal: true });
    expect(use.steps).toBeLessThan(200_000);
  });
});

describe('prototypes', () => {
  it.each(inheritedTargets)('are not touched by a mapping that writes to %s', (to) => {
    const before = snapshotIntrinsics();
    const { value } = map([{ to, value: { polluted: true } }], {});
    expect(Object.hasOwn(value, to.split('.', 1)[0] ?? '')).toBe(true);
    expect(snapshotIntrinsics()).toEqual(before);
    expect(JSON.parse(JSON.stringify({}))).not.toHaveProperty('polluted');
  });

  it.each(hostileBodies)('are not touched by a source such as %s', (body) => {
    const before = snapshotIntrinsics();
    const source: unknown = JSON.parse(body);
    const fields = [
      { to: 'whole.of.it', cel: 'source' },
      { to: 'a', from: 'a' },
      { to: 'inner', from: 'then' },
      { to: 'first', from: '[0]' },
      { to: 'kind', from: 'constructor2' },
    ];
    const { value } = map(fields, source);
    const stored: unknown = JSON.parse(JSON.stringify(value));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(stored).not.toHaveProperty('polluted');
    expect(JSON.stringify(value)).not.toContain('__proto__');
    for (const member of Object.values(value).filter((each) => typeof each === 'object' && each !== null))
      expect(Reflect.get(member as object, 'polluted')).toBeUndefined();
    expect(snapshotIntrinsics()).toEqual(before);
  });

  it('stay as they are whatever is mapped, and the same source gives the same result', () => {
    const before = snapshotIntrinsics();
    const fields = [
      { to: 'copy', from: 'x' },
      { to: 'text', from: 'y', type: 'string' },
      { to: 'items', from: 'z', fields: [{ to: 'a', from: 'a' }] },
      { to: 'size', cel: 'size(source.x)' },
    ];
    const compiled = compile(fields);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (x, y, z) => {
        const first = applyMapping(compiled, { x, y, z });
        expect(applyMapping(compiled, { x, y, z })).toEqual(first);
        expect(JSON.parse(JSON.stringify(first.value))).toEqual(first.value);
      }),
    );
    expect(snapshotIntrinsics()).toEqual(before);
  });
});
