import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ConnectorSubject, DeliveryCase } from './connector-subject.ts';
import { setHubStage } from './hub-stage.ts';
import { suiteSecret } from './webhook-signing.ts';

/** Copies that come at a time. */
const copies = 10;

/** Deliveries that come again, sent by the service or by somebody who has read one. */
export function describeReplay<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const deliveries = subject.deliveries.filter(({ challenge }) => challenge === undefined);
  if (deliveries.length === 0) return;
  describe('webhooks that come again', () => {
    it.each(deliveries.map((delivery) => [delivery.title, delivery] as const))(
      'make the events of one delivery, now and later: %s',
      async (_title, delivery) => {
        const { acme, test, send } = await registered(subject, delivery);
        await send();
        await test.settled({ withinMs: 0 });
        const once = await kept(acme);
        expect(once.length, 'events of the first').toBe(delivery.trigger === null ? 0 : 1 + (delivery.further ?? []).length);
        await Promise.all(Array.from({ length: copies }, send));
        await test.settled({ withinMs: 0 });
        expect(await kept(acme), `after ${copies} copies at a time`).toEqual(once);
      },
    );
  });
}

/** A registration at the hub, and one delivery to it. */
async function registered<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, delivery: DeliveryCase) {
  const { acme, connector, test } = await setHubStage(subject);
  const { scheme } = connector.definition.webhook ?? {};
  const { registered: secret, signing } = suiteSecret(scheme, 'a secret of the suite');
  const { url } = await acme.webhooks.register({ connection: 'main', ...(scheme === undefined ? {} : { secret }) });
  const made = delivery.make({ secret: signing, timestamp: Math.floor(test.clock.now() / 1000), url });
  const send = async (): Promise<void> => {
    const { status } = await test.deliver(url, made);
    expect(status, 'the answer to the service').toBeLessThan(300);
  };
  return { acme, test, send };
}

interface Events {
  readonly events: { list(): Promise<{ readonly items: readonly { readonly event: { readonly id: string; readonly type: string } }[] }> };
}

async function kept({ events }: Events): Promise<readonly string[]> {
  return (await events.list()).items.map(({ event: { type, id } }) => `${type} ${id}`);
}
