import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crookedConnector, echo, sampleConnector, thingCreated } from './__fixtures__/sample-connector.ts';
import { configurationProperties } from './configuration-properties.ts';

const said = (changes: object): string => {
  try {
    crookedConnector(changes);
    return 'accepted';
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : String(error);
  }
};
const refusal = (configuration: unknown): string => said({ configuration });

describe('a configuration', () => {
  it.each<[string, unknown]>([
    ['a strict object', z.strictObject({ project: z.string().default('OPS'), labels: z.array(z.string()).optional() })],
    ['a plain object, which takes no more either', z.object({ project: z.string().nullable() })],
    ['one with a sensitive property', z.strictObject({ contact: z.string().optional().meta({ sensitive: true }) })],
    ['one whose defaults look like marks', z.strictObject({ options: z.record(z.string(), z.json()).default({ secret: true }) })],
    ['one with a property by the name of a mark', z.strictObject({ secret: z.boolean(), format: z.literal('password') })],
  ])('can be %s', (_, configuration) => {
    expect(refusal(configuration)).toBe('accepted');
  });

  it.each<[string, unknown, string]>([
    ['no schema', { type: 'object' }, 'Standard Schema'],
    ['a schema of no object', z.string(), 'named properties'],
    ['an object of any names', z.record(z.string(), z.string()), 'named properties'],
    ['an object with more than it names', z.looseObject({ a: z.string() }), 'named properties'],
    [
      'a choice of objects',
      z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]),
      'JSON Schema|named properties',
    ],
    ['what JSON cannot say', z.strictObject({ since: z.date() }), 'cannot say|JSON Schema'],
    ['what gives something else than JSON', z.strictObject({ since: z.string().transform((text) => new Date(text)) }), 'JSON Schema'],
    [
      'one that marks a choice within a property',
      z.strictObject({ a: z.string().meta({ sensitive: true }).nullable() }),
      'mark the property itself',
    ],
    [
      'one that marks what lies deeper',
      z.strictObject({ a: z.strictObject({ b: z.string().meta({ secret: true }) }) }),
      'mark the property itself',
    ],
    ['one that marks items', z.strictObject({ a: z.array(z.string().meta({ sensitive: true })) }), 'mark the property itself'],
    ['one that marks a named part', z.strictObject({ a: z.string().meta({ id: 'note', sensitive: true }) }), 'mark the property itself'],
  ])('cannot be %s', (_, configuration, what) => {
    expect(refusal(configuration)).toMatch(new RegExp(`^connector_invalid: .*(${what})`));
  });

  it.each<[string, z.ZodType]>([
    ['secret', z.string().meta({ secret: true })],
    ['write-only', z.string().meta({ writeOnly: true })],
    ['a password', z.string().meta({ format: 'password' })],
    ['an optional secret', z.string().optional().meta({ secret: true })],
  ])('is refused where a property is marked as %s, and says where secrets are kept', (_, property) => {
    expect(refusal(z.strictObject({ token: property }))).toMatch(/^connector_invalid: .*property token .*tenant\.vault\.put/);
  });

  it('is described in the manifest, and absent there for a connector that has none', () => {
    const { manifest } = sampleConnector({
      configuration: z.strictObject({ project: z.string().default('OPS') }),
      flags: { quiet: { description: 'Says less.' }, loud: { description: 'Says more.', default: true } },
    });
    expect(manifest.configuration).toMatchObject({ type: 'object', properties: { project: { type: 'string', default: 'OPS' } } });
    expect(manifest.flags).toEqual([
      { name: 'quiet', description: 'Says less.', default: false },
      { name: 'loud', description: 'Says more.', default: true },
    ]);
    expect(sampleConnector().manifest).toMatchObject({ configuration: null, flags: [] });
  });

  it('has the names and the marks of its properties', () => {
    const schema = z.strictObject({ open: z.number(), kept: z.string().meta({ sensitive: true }), pin: z.string().meta({ secret: true }) });
    expect(configurationProperties(schema, 'sample')).toEqual({
      names: new Set(['open', 'kept', 'pin']),
      sensitive: new Set(['kept']),
      secret: ['pin'],
      hasHiddenMarks: false,
    });
  });
});

describe('flags', () => {
  it.each<[string, unknown, string]>([
    ['an object', null, 'declarations by name'],
    ['of snake-case names', { quietHours: { description: 'x' } }, 'lower_snake_case'],
    ['described', { quiet: {} }, 'needs a description'],
    ['on or off by default', { quiet: { description: 'x', default: 'on' } }, 'true or false'],
  ])('must be %s', (_, flags, what) => {
    expect(said({ flags })).toMatch(new RegExp(`^connector_invalid: .*${what}`));
  });
});

describe('a part of a connector', () => {
  const configuration = z.strictObject({ project: z.string() });
  const flags = { quiet: { description: 'Says less.' } };

  it('reads the very configuration and flags of its connector', () => {
    const reads = { configuration, flags };
    expect(said({ ...reads, actions: { echo: { ...echo, ...reads } }, triggers: { made: { ...thingCreated, ...reads } } })).toBe(
      'accepted',
    );
  });

  it.each<[string, object, string]>([
    ['configuration', { actions: { echo: { ...echo, configuration } } }, 'echo reads another configuration'],
    ['flags', { configuration, flags, actions: { echo: { ...echo, flags: { ...flags } } } }, 'echo reads other flags'],
    ['configuration', { triggers: { made: { ...thingCreated, configuration } } }, 'made reads another configuration'],
  ])('is refused where it reads another %s', (_, changes, what) => {
    expect(said(changes)).toContain(what);
  });

  it('is refused where it accepts by something else than a function', () => {
    expect(said({ triggers: { made: { ...thingCreated, accepts: true } } })).toMatch(/accepts of the trigger made must be a function/);
  });
});
