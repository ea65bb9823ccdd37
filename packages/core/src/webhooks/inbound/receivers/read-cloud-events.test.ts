import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPatchbayError } from '../../../errors/patchbay-error.ts';
import { readCloudEvents } from './read-cloud-events.ts';

const contentTypes = [
  'application/cloudevents+json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/json',
  'text/plain',
  'a/b',
  '',
];
const good = { specversion: '1.0', id: '1', source: '/s', type: 't' };
const members = fc.dictionary(
  fc.constantFrom(...Object.keys(good), 'data', 'data', 'more', 'more', 'subject', 'time', 'x y'),
  fc.jsonValue(),
  {
    maxKeys: 2,
  },
);
const bodies = fc.oneof(
  fc.uint8Array(),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  members.map((changes) => Buffer.from(JSON.stringify({ ...good, ...changes }))),
  fc.array(members).map((events) => Buffer.from(JSON.stringify(events.map((changes) => ({ ...good, ...changes }))))),
);
const headers = fc.dictionary(fc.constantFrom('ce-id', 'ce-source', 'ce-type', 'ce-specversion', 'ce-time', 'ce-data', 'ce-'), fc.string());

it('reads a CloudEvent or says that it cannot, whatever comes', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.constantFrom(...contentTypes), headers, bodies, (type, more, body) => {
      try {
        for (const message of readCloudEvents({ headers: { ...more, 'content-type': type }, body })) {
          read += 1;
          expect(message.deliveryId).toMatch(/^[\x21-\x7e]{1,200}$/);
          expect(typeof message.type).toBe('string');
          expect(message.time === undefined || Number.isFinite(message.time)).toBe(true);
        }
      } catch (error) {
        if (!isPatchbayError(error)) throw error;
        expect(error.code).toBe('body_invalid');
      }
    }),
    { numRuns: 1_000 },
  );
  expect(read).toBeGreaterThan(20);
});
