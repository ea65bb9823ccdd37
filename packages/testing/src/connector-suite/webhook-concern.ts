import type { SignatureScheme, WebhookDeclaration } from '@patchbay/core';
import { systemClock } from '@patchbay/core/adapter';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { SignedDelivery } from '../providers/signed-delivery.ts';
import { errorOf, setConnectorStage } from './connector-stage.ts';
import type { ConnectorSubject, DeliveryCase } from './connector-subject.ts';

const now = (): number => Math.floor(systemClock.now() / 1000);

const bytesOf = ({ headers, body }: SignedDelivery) => ({ headers, body: Buffer.from(body, 'utf8') });

/** Webhooks: what is let in, what is not, and what becomes of it. */
export function describeWebhook<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { webhook } = subject.create('https://api.example.com').definition;
  const secret = writtenFor(webhook?.scheme, 'a secret of the suite');
  const another = writtenFor(webhook?.scheme, 'another secret of it');
  const newer = writtenFor(webhook?.scheme, 'a newer secret of it');
  for (const delivery of subject.deliveries) {
    describe(`webhook ${delivery.title}`, () => {
      it(titleOf(delivery), async () => {
        const { harness } = await setConnectorStage(subject);
        const received = await harness.receive({ ...bytesOf(delivery.make({ secret, timestamp: now() })), secrets: [secret] });
        expect(received.challenge).toBe(delivery.challenge !== undefined);
        if (delivery.challenge !== undefined) expect(received.answer.body).toContain(delivery.challenge);
        expect(received.answer.status).toBeLessThan(300);
        expect(received.events.map(({ trigger }) => trigger)).toEqual(
          delivery.trigger === null ? [] : [delivery.trigger, ...(delivery.further ?? [])],
        );
        for (const { time } of received.events) expect(time ?? 0).toBeLessThan(systemClock.now() + 86_400_000);
      });

      it('is refused without a signature, with a wrong one, and where no secret is set', async () => {
        const { harness } = await setConnectorStage(subject);
        const made = bytesOf(delivery.make({ secret, timestamp: now() }));
        const { [nameOfSignature(webhook)]: signature, ...unsigned } = made.headers;
        expect(signature).toBeTypeOf('string');
        const attempts = [
          { ...made, headers: unsigned, secrets: [secret] },
          { ...made, secrets: [another] },
          { ...made, secrets: [] },
          { ...bytesOf(delivery.make({ secret: another, timestamp: now() })), secrets: [secret] },
        ];
        for (const attempt of attempts) expect((await errorOf(harness.receive(attempt))).code).toBe('signature_refused');
      });

      it('is refused with one byte changed', async () => {
        const { harness } = await setConnectorStage(subject);
        const { headers, body } = bytesOf(delivery.make({ secret, timestamp: now() }));
        for (const at of [0, body.length >> 1, body.length - 1]) {
          const changed = Buffer.from(body);
          changed[at] = (changed[at] ?? 0) ^ 1;
          expect((await errorOf(harness.receive({ headers, body: changed, secrets: [secret] }))).code).toBe('signature_refused');
        }
      });

      it('is let in with the old and the new secret while a secret is changed', async () => {
        const { harness } = await setConnectorStage(subject);
        const made = bytesOf(delivery.make({ secret, timestamp: now() }));
        await expect(harness.receive({ ...made, secrets: [newer, secret] })).resolves.toBeDefined();
      });

      if (signsTime(webhook?.scheme)) {
        it.each([-3_600, 3_600])('is refused with a signed time %i seconds off', async (offset) => {
          const { harness } = await setConnectorStage(subject);
          const made = bytesOf(delivery.make({ secret, timestamp: now() + offset }));
          expect((await errorOf(harness.receive({ ...made, secrets: [secret] }))).code).toBe('signature_refused');
        });
      }

      if (delivery.challenge === undefined) {
        it('carries an id that stays the same when it is sent again', async () => {
          const { harness } = await setConnectorStage(subject);
          const made = bytesOf(delivery.make({ secret, timestamp: now() }));
          const first = await harness.receive({ ...made, secrets: [secret] });
          const second = await harness.receive({ ...made, secrets: [secret] });
          expect(first.deliveryId).toMatch(/^[\x21-\x7e]{1,200}$/);
          expect(second.deliveryId).toBe(first.deliveryId);
        });
      }
    });
  }
}

/** A secret as the scheme writes them. */
function writtenFor(scheme: SignatureScheme | undefined, text: string): string {
  const coding = scheme?.kind === 'standard-webhooks' ? 'whsec' : scheme?.kind === 'hmac' ? scheme.secret : 'utf8';
  if (coding === 'whsec') return `whsec_${Buffer.from(text).toString('base64')}`;
  return Buffer.from(text).toString(coding);
}

/** Every provider of this suite signs in a header. */
function nameOfSignature(webhook: WebhookDeclaration | undefined): string {
  const { scheme } = webhook ?? {};
  if (scheme?.kind === 'standard-webhooks') return `${scheme.headers}-signature`;
  return scheme !== undefined && 'header' in scheme ? scheme.header : '';
}

/** Is a time signed that is told in seconds by the delivery's `timestamp`? */
function signsTime(scheme: SignatureScheme | undefined): boolean {
  return scheme?.kind === 'standard-webhooks' || (scheme !== undefined && 'time' in scheme && scheme.time !== undefined);
}

function titleOf({ trigger, challenge }: DeliveryCase): string {
  if (challenge !== undefined) return 'is let in, and its challenge answered';
  return trigger === null ? 'is let in and makes no event' : `is let in and makes the event ${trigger}, whose payload its schema accepts`;
}
