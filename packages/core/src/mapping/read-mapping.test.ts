import { describe, expect, it } from 'vitest';
import { inheritedTargets, refusedTargets } from './__fixtures__/pollution.ts';
import { compileMapping } from './compile-mapping.ts';
import { readMapping } from './read-mapping.ts';

const compile = (value: unknown) => compileMapping({ name: 'm', version: 1, definition: readMapping(value) });

describe('a mapping that is read', () => {
  it.each([
    [null, 'it must be an object'],
    [{}, 'fields'],
    [{ fields: [] }, 'fields must have at least 1 item'],
    [{ fields: [{ to: 'a', from: 'a' }], extra: 1 }, 'Unrecognized key: "extra"'],
    [{ fields: [{ to: 'a', from: 'b', defualt: 1 }] }, 'fields[0]: Unrecognized key: "defualt".'],
    [{ fields: [{ to: 'a' }] }, 'exactly one of from, cel and value'],
    [{ fields: [{ to: 'a', from: 'a', cel: '1' }] }, 'exactly one of from, cel and value'],
    [{ fields: [{ to: 'a', value: 1, type: 'string' }] }, 'stands alone'],
    [{ fields: [{ to: 'a', from: 'b', type: 'text' }] }, 'type must be'],
    [{ fields: [{ to: 'a', from: 'b', transforms: ['trimm'] }] }, 'transforms.0 must be trim, lower, upper'],
    [{ fields: [{ to: 'a', from: 'b', transforms: [{ scale: 0 }] }] }, 'transforms'],
    [{ fields: [{ to: 'a', cel: 'source.' }] }, 'fields[0].cel'],
    [{ fields: [{ to: 'a', cel: 'secrets.x' }] }, 'there is no variable "secrets"'],
    [{ fields: [{ to: 'a', cel: 'item.x' }] }, 'there is no variable "item"'],
    [{ fields: [{ to: 'a', from: 'b', check: { pattern: '(' } }] }, 'fields[0].check.pattern'],
    [{ fields: [{ to: 'a', from: 'b', check: { minimum: 2, maximum: 1 } }] }, 'nothing could be'],
    [{ fields: [{ to: 'a', from: 'b', fields: [{ to: 'c', from: '__proto__' }] }] }, 'fields[0].fields[0].from'],
    [
      {
        fields: [
          { to: 'a', from: 'x' },
          { to: 'a', from: 'y' },
        ],
      },
      'same place',
    ],
    [
      {
        fields: [
          { to: 'a', from: 'x' },
          { to: 'a.b', from: 'y' },
        ],
      },
      'writes the whole',
    ],
    [{ connection: 'main', fields: [{ to: 'a', from: 'x' }] }, 'no event is named'],
    [{ event: 'github', fields: [{ to: 'a', from: 'x' }] }, 'must be a type of event'],
    [{ fields: Array.from({ length: 201 }, (_, index) => ({ to: `a${index}`, from: 'x' })) }, 'at most 200 items'],
  ])('is refused with its place: %j', (value, fault) => {
    expect(() => compile(value)).toThrow(expect.objectContaining({ code: 'mapping_invalid', message: expect.stringContaining(fault) }));
  });

  it.each(refusedTargets)('is refused where it would write to %s', (to) => {
    expect(() => compile({ fields: [{ to, value: true }] })).toThrow(
      expect.objectContaining({ code: 'mapping_invalid', details: expect.objectContaining({ place: 'fields[0].to' }) }),
    );
  });

  it.each(inheritedTargets)('may write to %s, which is a name like others', (to) => {
    expect(compile({ fields: [{ to, value: true }] }).fields).toHaveLength(1);
  });

  it('is a copy, and nothing in it leads to a prototype', () => {
    const given = { fields: [{ to: 'a', value: JSON.parse('{"__proto__":{"polluted":true},"b":[1]}') }] };
    const read = readMapping(given);
    expect(read).toEqual({ fields: [{ to: 'a', value: { b: [1] } }] });
    expect(JSON.stringify(read)).not.toContain('polluted');
  });

  it('has a bound for all of its formulas together', () => {
    const long = `"${'x'.repeat(4_000)}"`;
    const fields = Array.from({ length: 20 }, (_, index) => ({ to: `a${index}`, cel: long }));
    expect(() => compile({ fields })).toThrow(/too long/);
  });
});
