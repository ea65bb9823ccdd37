import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkHostEvents } from './check-names.ts';
import { reservedIds } from './connector/check-definition.ts';
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
  ])('cannot be %j', (type) => {
    expect(() => checkHostEvents(JSON.parse(`{${JSON.stringify(type)}:null}`), registry)).toThrowError(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });

  it.each(reservedIds)("cannot begin with %s, which is the hub's", (prefix) => {
    expect(() => checkHostEvents({ [`${prefix}.begun`]: schema }, registry)).toThrowError(
      expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringContaining(`${prefix}.begun begins with ${prefix}, which the hub uses itself`),
      }),
    );
    const near = { [`${prefix}s.begun`]: schema, [`order.${prefix}`]: schema };
    expect(checkHostEvents(near, registry)).toBe(near);
  });

  it.each([[null], [{}], ['z.object'], [{ parse: () => 1 }]])('need a schema, and %j is none', (none) => {
    expect(() => checkHostEvents({ 'order.placed': none as never }, registry)).toThrowError(/has no schema/);
  });
});
