import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf } from './connector-stage.ts';
import type { ConnectorSubject } from './connector-subject.ts';
import { openDoor } from './webhook-door.ts';
import { signedTime } from './webhook-signing.ts';

/** Seconds by which clocks of sound machines differ at times. */
const usualSkew = 30;

/** Deliveries of a provider whose clock is off. Only where the service signs a time. */
export function describeSkew<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { toleranceSeconds } = signedTime(subject.create('https://api.example.com').definition.webhook?.scheme) ?? {};
  if (toleranceSeconds === undefined) return;
  for (const delivery of subject.deliveries) {
    describe(`webhook ${delivery.title} of a provider whose clock is off`, () => {
      it.each([usualSkew, toleranceSeconds])('is let in where it is %i seconds off, either way', async (offset) => {
        const { harness, make, url, secret } = openDoor(subject);
        for (const way of [-offset, offset])
          await expect(harness.receive({ ...make(delivery, way), url, secrets: [secret.registered] })).resolves.toBeDefined();
      });

      it.each([toleranceSeconds + 1, 86_400])('is refused where it is %i seconds off, either way', async (offset) => {
        const { harness, make, url, secret } = openDoor(subject);
        for (const way of [-offset, offset]) {
          const call = harness.receive({ ...make(delivery, way), url, secrets: [secret.registered] });
          expect((await errorOf(call, `A delivery that is ${way} seconds off`)).code).toBe('signature_refused');
        }
      });
    });
  }
}
