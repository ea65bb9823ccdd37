import { isPatchbayError } from '@patchbay/core';
import { systemClock } from '@patchbay/core/adapter';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ConnectorSubject, DeliveryCase } from './connector-subject.ts';
import { openDoor } from './webhook-door.ts';

/** Webhooks: what is let in, and what becomes of it. */
export function describeWebhook<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { scheme } = subject.create('https://api.example.com').definition.webhook ?? {};
  for (const delivery of subject.deliveries) {
    describe(`webhook ${delivery.title}`, () => {
      it(titleOf(delivery), async () => {
        const { harness, make, url, secret } = openDoor(subject);
        const received = await harness
          .receive({ ...make(delivery), url, secrets: [secret.registered] })
          .catch((error: unknown) => explainRefusal(delivery, error));
        expect(received.challenge).toBe(delivery.challenge !== undefined);
        if (delivery.challenge !== undefined) expect(received.answer.body).toContain(delivery.challenge);
        expect(received.answer.status).toBeLessThan(300);
        expect(received.events.map(({ trigger }) => trigger)).toEqual(
          delivery.trigger === null ? [] : [delivery.trigger, ...(delivery.further ?? [])],
        );
        for (const { time } of received.events) expect(time ?? 0).toBeLessThan(systemClock.now() + 86_400_000);
      });

      if (scheme !== undefined)
        it('is let in with the old and the new secret while a secret is changed', async () => {
          const { harness, make, url, secret, another } = openDoor(subject);
          const secrets = [another.registered, secret.registered];
          await expect(harness.receive({ ...make(delivery), url, secrets })).resolves.toBeDefined();
        });

      if (delivery.challenge === undefined) {
        it('carries an id that stays the same when it is sent again', async () => {
          const { harness, make, url, secret } = openDoor(subject);
          const made = make(delivery);
          const first = await harness.receive({ ...made, url, secrets: [secret.registered] });
          const second = await harness.receive({ ...made, url, secrets: [secret.registered] });
          expect(first.deliveryId).toMatch(/^[\x21-\x7e]{1,200}$/);
          expect(second.deliveryId).toBe(first.deliveryId);
        });
      }
    });
  }
}

function titleOf({ trigger, challenge }: DeliveryCase): string {
  if (challenge !== undefined) return 'is let in, and its challenge answered';
  return trigger === null ? 'is let in and makes no event' : `is let in and makes the event ${trigger}, whose payload its schema accepts`;
}

/** A refused signature says nothing to whoever sent it; here an author is to know. */
function explainRefusal({ title }: DeliveryCase, cause: unknown): never {
  if (!isPatchbayError(cause) || cause.code !== 'signature_refused') throw cause;
  const advice = "make signs it otherwise than the connector's scheme checks it. Hold both against what the service says.";
  throw new Error(`The signature of ${title} is refused: ${advice}`, { cause });
}
