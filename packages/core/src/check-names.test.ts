import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConnectorIds, checkHostEvents } from './check-names.ts';
import { registryOf, sampleConnector } from './routing/__fixtures__/sample-tenant.ts';

const registry = registryOf(sampleConnector('desk'));
const schema = z.object({});

describe("the host's own event types", () => {
  it('may be two segments or more', () => {
    const events = { 'order.placed': schema, 'a.b.c-d_e.1': schema };
    expect(checkHostEvents(events, registry)).toBe(events);
  });

  it.each([
    'order',
    '',
    '.',
    'order.',
    '.placed',
    'order..placed',
    'order.*',
    '1.a',
    'order placed',
    'order.plac ed',
    'ö.a',
    `a.${'b'.repeat(199)}`,
    '__proto__',
    'desk.ticket.filed',
    'manual.requested',
    'flow.each',
  ])('cannot be %j', (type) => {
    expect(() => checkHostEvents(JSON.parse(`{${JSON.stringify(type)}:null}`), registry)).toThrowError(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });

  it.each([[null], [{}], ['z.object'], [{ parse: () => 1 }]])('need a schema, and %j is none', (none) => {
    expect(() => checkHostEvents({ 'order.placed': none as never }, registry)).toThrowError(/has no schema/);
  });
});

it.each(['manual', 'flow'])('refuses a connector called %s, whose names the hub uses itself', (id) => {
  expect(() => checkConnectorIds(registryOf(sampleConnector(id)))).toThrowError(expect.objectContaining({ code: 'connector_invalid' }));
  expect(() => checkConnectorIds(registry)).not.toThrow();
});
