import { CloudEvent } from 'cloudevents';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskProcess, type DeskStage, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;

beforeEach(() => {
  stage = deskStage();
  office = stage.process();
});
afterEach(() => stage.close());

/** Any JSON but what an event leaves behind: members that lead to prototypes. */
const harmless = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('"__proto__":'));

/** Accepts what CloudEvents 1.0 accepts; throws for anything else. */
const strictly = (event: object): CloudEvent<unknown> => new CloudEvent(event, true);

const attributes = {
  subject: fc.option(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => !/\p{Cc}|\p{Noncharacter_Code_Point}/u.test(text)),
    {
      nil: undefined,
    },
  ),
  time: fc.option(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), { nil: undefined }),
  class: fc.constantFrom('delivery', 'system', 'security', 'record', 'content', 'custom', undefined),
  severity: fc.constantFrom('debug', 'info', 'warning', 'error', 'critical', undefined),
};
const tenantName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
  .filter((name) => name.trim() !== '' && name.length <= 200 && !/\p{Cc}/u.test(name));

describe('every event', () => {
  it('is a CloudEvent 1.0 for any tenant, data, subject and time, and for whoever reads or receives it', async () => {
    const received: object[] = [];
    office.hub.subscribe('*', { name: 'all' }, (event) => received.push(event));
    await fc.assert(
      fc.asyncProperty(tenantName, harmless, fc.record(attributes), async (tenant, more, given) => {
        const acme = office.hub.tenant(tenant);
        const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const { eventId } = await acme.events.publish('order.placed', { number: 'A-1', more }, options);
        const { event } = await acme.events.get(eventId);
        expect(strictly(event).validate()).toBe(true);
        expect(event).toMatchObject({
          id: eventId,
          tenant,
          correlation: eventId,
          class: given.class ?? 'custom',
          severity: given.severity ?? 'info',
        });
        expect(event.subject).toBe(given.subject);
        if (given.time !== undefined) expect(Date.parse(event.time)).toBe(given.time);
        expect(event.data).toEqual(JSON.parse(JSON.stringify({ number: 'A-1', more })));
      }),
      { numRuns: 100 },
    );
    await office.settled();
    expect(received).toHaveLength(100);
    for (const event of received) expect(strictly(event).validate()).toBe(true);
  });

  it('carries its extension attributes in names that CloudEvents allows', async () => {
    const acme = office.hub.tenant('acme');
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    const { event } = await acme.events.get(eventId);
    const extensions = ['tenant', 'correlation', 'class', 'severity'];
    expect(Object.keys(event)).toEqual(expect.arrayContaining(extensions));
    for (const name of Object.keys(event)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    expect(strictly(event).toJSON()).toEqual(event);
  });
});
