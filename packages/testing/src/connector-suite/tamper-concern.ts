import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf } from './connector-stage.ts';
import type { ConnectorSubject } from './connector-subject.ts';
import { type RawDelivery, tamperings } from './tampering.ts';
import { openDoor, rawOf, type WebhookDoor } from './webhook-door.ts';

/** Deliveries that somebody else made, or changed on their way. Only where the service signs. */
export function describeTampering<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { scheme } = subject.create('https://api.example.com').definition.webhook ?? {};
  if (scheme === undefined) return;
  for (const delivery of subject.deliveries) {
    describe(`webhook ${delivery.title} tampered with`, () => {
      for (const { title, change } of tamperings(scheme))
        it(`is refused ${title}`, async () => {
          const door = openDoor(subject);
          const signing = { secret: door.secret.signing, timestamp: door.now, url: door.url };
          await expectRefusals(door, change(door.make(delivery), signing), [door.secret.registered]);
        });

      it('is refused with a signature by another secret', async () => {
        const door = openDoor(subject);
        const forged = rawOf(delivery, { secret: door.another.signing, timestamp: door.now, url: door.url });
        await expectRefusals(door, [forged], [door.secret.registered]);
      });

      it('is refused where another secret, or none, is set', async () => {
        const door = openDoor(subject);
        await expectRefusals(door, [door.make(delivery)], [door.another.registered]);
        await expectRefusals(door, [door.make(delivery)], []);
      });
    });
  }
}

async function expectRefusals({ harness, url }: WebhookDoor, attempts: readonly RawDelivery[], secrets: readonly string[]): Promise<void> {
  expect(attempts.length).toBeGreaterThan(0);
  for (const [index, attempt] of attempts.entries()) {
    const error = await errorOf(harness.receive({ ...attempt, url, secrets }), `Delivery ${index + 1} of ${attempts.length}, changed so,`);
    expect(error.code).toBe('signature_refused');
  }
}
