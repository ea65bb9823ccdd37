import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMapping } from './apply-mapping.ts';
import { compileMapping } from './compile-mapping.ts';
import type { MappingDefinition } from './mapping-definition.ts';
import { readMapping } from './read-mapping.ts';
import { reverseMapping } from './reverse-mapping.ts';

const definition = (fields: readonly unknown[]): MappingDefinition => readMapping({ fields });
const compile = (of: MappingDefinition) => compileMapping({ name: 'm', version: 1, definition: readMapping(of) });

const contact = definition([
  { to: 'email', from: 'properties.email', required: true },
  { to: 'stage', from: 'properties.lifecycle', transforms: [{ values: { lead: 'new', customer: 'won' } }] },
  { to: 'total', from: 'properties.cents', transforms: [{ scale: 0.01 }] },
  { to: 'since', from: 'properties.created', sourceType: 'integer', transforms: ['from_unix_seconds'], type: 'timestamp' },
  { to: 'tags', from: 'properties.tags', transforms: [{ split: ';' }] },
  { to: 'phone', from: 'properties.phone', sourceType: 'integer', type: 'string' },
  { to: 'lines', from: 'items', fields: [{ to: 'sku', from: 'id' }] },
  { to: 'source', value: 'crm' },
  { to: 'greeting', cel: '"Dear " + source.properties.email', reverse: false },
  { to: 'name', from: 'properties.name', transforms: ['upper'], reverse: 'source.name.lowerAscii()' },
]);

describe('a mapping that is reversed', () => {
  it('gives back what it was made from', () => {
    const forward = compile(contact);
    const back = compile(reverseMapping(contact));
    const record = fc.record({
      properties: fc.record({
        email: fc.string({ minLength: 1 }),
        lifecycle: fc.constantFrom('lead', 'customer'),
        cents: fc.integer({ min: 0, max: 1_000_000 }),
        created: fc.integer({ min: 0, max: 4_000_000_000 }),
        tags: fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1 }).map((tags) => tags.join(';')),
        phone: fc.integer({ min: 0, max: 9_999_999 }),
        name: fc.constantFrom('ada', 'grace'),
      }),
      items: fc.array(fc.record({ id: fc.integer() })),
    });
    fc.assert(
      fc.property(record, (source) => {
        const mapped = applyMapping(forward, source);
        expect(mapped.faults).toEqual([]);
        const reversed = applyMapping(back, mapped.value);
        expect(reversed.faults).toEqual([]);
        const { cents, ...others } = source.properties;
        const { cents: given, ...rest } = (reversed.value as typeof source).properties;
        expect(rest).toEqual(others);
        expect(given).toBeCloseTo(cents, 6);
        expect(reversed.value['items']).toEqual(source.items);
      }),
    );
  });

  it.each([
    [{ to: 'a', cel: 'source.x' }, 'a', 'a formula cannot be taken back'],
    [{ to: 'a', from: 'x', transforms: ['trim'] }, 'a', 'trim forgets the spaces'],
    [{ to: 'a', from: 'x', transforms: ['lower'] }, 'a', 'lower forgets'],
    [{ to: 'a', from: 'x', transforms: ['first'] }, 'a', 'first forgets'],
    [{ to: 'a', from: 'x', transforms: [{ join: ',' }] }, 'a', 'join forgets'],
    [{ to: 'a', from: 'x', transforms: [{ round: 1 }] }, 'a', 'round forgets'],
    [{ to: 'a', from: 'x', transforms: [{ values: { a: '1', b: '1' } }] }, 'a', 'the same value'],
    [{ to: 'a', from: 'x', transforms: [{ values: { a: '1' }, otherwise: '2' }] }, 'a', 'more values than one'],
    [{ to: 'a', from: 'x', type: 'string' }, 'a', 'sourceType'],
    [{ to: 'a', from: 'x', type: 'date', sourceType: 'timestamp' }, 'a', 'a date forgets'],
    [{ to: 'a', from: 'x[0]' }, 'a', 'one place of a list'],
    [{ to: 'l', from: 'x', fields: [{ to: 'b', from: 'y', transforms: ['upper'] }] }, 'l.b', 'upper forgets'],
  ])('is refused by the name of the field: %j', (field, name, reason) => {
    expect(() => reverseMapping(definition([field]))).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        details: expect.objectContaining({ field: name }),
        message: expect.stringContaining(reason),
      }),
    );
    expect(
      reverseMapping(
        definition([
          { ...field, reverse: false },
          { to: 'z', from: 'z' },
        ]),
      ).fields,
    ).toHaveLength(1);
  });

  it('is refused where two fields read the same, and where nothing is left', () => {
    expect(() =>
      reverseMapping(
        definition([
          { to: 'a', from: 'x' },
          { to: 'b', from: 'x' },
        ]),
      ),
    ).toThrow(/reads x as well/);
    expect(() => reverseMapping(definition([{ to: 'a', value: 1 }]))).toThrow(/no field of it/);
  });
});
