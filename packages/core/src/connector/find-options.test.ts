import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crookedConnector, echo } from './__fixtures__/sample-connector.ts';
import { findOptions } from './find-options.ts';
import { offeredOptions, requireOptionResources } from './offered-options.ts';
import type { OptionSource } from './option-source.ts';
import { readOptionPage } from './read-option-page.ts';

const list = async () => ({ options: [] });
const sources = { places: { title: 'Places', needs: ['shelf'], list } };
const input = z.strictObject({ rack: z.strictObject({ shelf: z.string() }), place: z.string() });
const put = { ...echo, input, options: { place: { source: 'places', from: { shelf: 'rack.shelf' } } } };
const connector = crookedConnector({ options: sources, actions: { put } });
const find = (field: string, given: unknown, action = 'put') =>
  findOptions(connector, { action, field }, JSON.parse(JSON.stringify(given)));

describe('what options are asked from', () => {
  it('is the source of the field, with its needs out of the input', () => {
    expect(find('place', { rack: { shelf: 'a1' } })).toMatchObject({ name: 'places', given: { shelf: 'a1' } });
  });

  it.each<[message: string, given: unknown]>([
    ['Fill in rack.shelf first', {}],
    ['Fill in rack.shelf first', { rack: { shelf: '' } }],
    ['Fill in rack.shelf first', { rack: { shelf: { of: 'x' } } }],
    ['Fill in rack.shelf first', { rack: 'a1' }],
    ['which is a template here', { rack: { shelf: '{{ event.data.shelf }}' } }],
    ['longer than 1000', { rack: { shelf: 'x'.repeat(1_001) } }],
  ])('is not known yet: %s', (message, given) => {
    expect(() => find('place', given)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message), details: { needs: 'rack.shelf' } }),
    );
  });

  it('is not there for other fields and actions', () => {
    expect(() => find('rack', {})).toThrow(/has no options to ask for. These have: place/);
    expect(() => find('constructor', {})).toThrow(/has no options to ask for/);
    expect(() => find('place', {}, 'take')).toThrow(expect.objectContaining({ code: 'unknown_action' }));
  });
});

describe('a page of options', () => {
  it('is read with its labels cut, without half of a character', () => {
    const label = `${'x'.repeat(198)}\ud83d\ude00`;
    expect(readOptionPage({ options: [{ value: 1, label: `${label}y`, other: 1 }] }, 'sample.places')).toEqual({
      options: [{ value: 1, label: `${'x'.repeat(198)}\ufffd…` }],
      cursor: null,
    });
  });

  it.each([
    null,
    { options: Array.from({ length: 201 }, (_, value) => ({ value, label: 'a' })) },
    { options: [{ value: '', label: 'a' }] },
  ])('is refused where it is none', (given) => {
    expect(() => readOptionPage(given, 'sample.places')).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it('is refused with a cursor that is too long', () => {
    expect(() => readOptionPage({ options: [], cursor: 'x'.repeat(5_000) }, 'sample.places')).toThrow(/cursor of more than 4096/);
  });
});

const kinds = { shelf: { title: 'Shelf', example: 'a1', pattern: '[a-z0-9]+', letters: 'lower' } } as const;
const base: OptionSource = { title: 'Places', list };
const asked = (source: Partial<OptionSource>, allowed: readonly string[] = ['a1'], given = {}) =>
  ({ what: 'sample.put: place', kinds, confinedTo: { shelf: allowed }, source: { ...base, ...source }, given }) as const;

describe('a confined connection', () => {
  it('asks where the needs name what it may touch, or nothing of the kind is touched, or the options are of the kind', () => {
    const named = { resources: { shelf: [{ fields: ['shelf'] }] } } as const;
    expect(() => requireOptionResources(asked(named, ['a1'], { shelf: 'A1' }))).not.toThrow();
    expect(() => requireOptionResources(asked({ resources: { shelf: 'untouched' } }))).not.toThrow();
    expect(() => requireOptionResources(asked({ resource: 'shelf' }))).not.toThrow();
  });

  it.each([
    asked({}),
    asked({ resources: { shelf: 'any' } }),
    asked({ resources: { shelf: [{ fields: ['shelf'] }] } }, ['a1'], { shelf: 'b2' }),
    // The needs say another one, whatever the options are.
    asked({ resource: 'shelf', resources: { shelf: [{ fields: ['shelf'] }] } }, ['a1'], { shelf: 'b2' }),
    { ...asked({ resource: 'shelf' }), kinds: {} },
  ])('is refused else, before anything is asked', (call) => {
    expect(() => requireOptionResources(call)).toThrow(expect.objectContaining({ code: 'resource_refused', sent: 'no' }));
  });

  it('is offered only what it may touch', () => {
    const { options } = readOptionPage(
      {
        options: [
          { value: 'A1', label: 'One' },
          { value: 'b2', label: 'Two' },
          { value: 7, label: 'Seven', resource: 'a1' },
          { value: '-', label: 'No' },
        ],
      },
      'x',
    );
    expect(offeredOptions(asked({ resource: 'shelf' }), { options }, '').map(({ value }) => value)).toEqual(['A1', 7]);
    expect(offeredOptions({ ...asked({ resource: 'shelf' }), confinedTo: undefined }, { options }, '')).toHaveLength(4);
  });

  it('is searched by the hub where the source cannot', () => {
    const options = [
      { value: 'k1', label: 'Red' },
      { value: 2, label: 'Blue', description: 'A colour' },
    ];
    const values = (source: Partial<OptionSource>, search: string) =>
      offeredOptions({ ...asked(source), confinedTo: undefined }, { options }, search).map(({ value }) => value);
    expect([values({}, 'RED'), values({}, 'k1'), values({}, 'colour'), values({}, 'green')]).toEqual([['k1'], ['k1'], [2], []]);
    expect(values({ searches: true }, 'green')).toEqual(['k1', 2]);
  });
});
