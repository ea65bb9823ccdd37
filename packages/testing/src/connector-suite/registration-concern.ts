import type { ListedSubscription } from '@patchbay/core/host';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { type ConnectorStage, errorOf, setConnectorStage } from './connector-stage.ts';
import type { ConnectorSubject, RegistrationCase } from './connector-subject.ts';

const secret = 'a secret of the suite, 32 bytes.';
const place = 'https://host.example.com/hub/webhooks';

/** What a test asks for. */
interface Asked {
  readonly url: string;
  readonly secret?: string;
}

/** Webhooks that are registered by the service's API: they are there once, listed, changed, renewed and taken away. */
export function describeRegistration<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const connector = subject.create('https://api.example.com');
  const { subscriptions } = connector.definition.webhook ?? {};
  if (!subscriptions) return;
  const { registration } = subject;

  describe('registration', () => {
    it('has a case', () => {
      expect(registration, 'a connector that registers webhooks needs a registration case').toBeDefined();
    });
    if (!registration) return;
    const triggers = registration.triggers ?? Object.keys(connector.triggers);
    const url = `${place}/${connector.id}/01980000-0000-7000-8000-000000000000`;
    const calls = callsOf(registration, triggers);

    it('is there once after it was made, with its URL, and is listed with its triggers', async () => {
      const stage = await setConnectorStage(subject);
      const { id } = await calls.create(stage, { url });
      expect(registration.held(stage.provider)).toEqual([url]);
      const listed = await calls.list(stage);
      expect(listed).toMatchObject([{ id, url }]);
      expect([...(listed[0]?.triggers ?? [])].sort()).toEqual(triggers.toSorted());
      expect(listed[0]?.active).not.toBe(false);
    });

    it('is found in the list although the answer that named it was lost', async () => {
      const stage = await setConnectorStage(subject);
      stage.provider.failNext(1, { kind: 'reset', when: 'after_effect', match: /^POST/ });
      await errorOf(calls.create(stage, { url }));
      expect((await calls.list(stage)).map((each) => each.url)).toEqual([url]);
    });

    it('is gone once it was taken away, which is no other failure the second time', async () => {
      const stage = await setConnectorStage(subject);
      const { id } = await calls.create(stage, { url });
      await calls.remove(stage, id);
      expect([registration.held(stage.provider), await calls.list(stage)]).toEqual([[], []]);
      const again = await calls.remove(stage, id).then(
        () => 'provider_not_found',
        (error: { code?: string }) => error.code,
      );
      expect(again).toBe('provider_not_found');
    });

    if (subscriptions.update)
      it('has another URL once it was brought up to date, and is there once', async () => {
        const stage = await setConnectorStage(subject);
        const { id } = await calls.create(stage, { url });
        const other = url.replace(/0$/, '1');
        const updated = await calls.update(stage, id, { url: other, secret: 'another secret of the suite' });
        expect(registration.held(stage.provider)).toEqual([other]);
        expect((await calls.list(stage)).map((each) => each.id)).toEqual([updated?.id]);
      });

    if (subscriptions.renew)
      it('ends no sooner once it was renewed, and one that is gone is told to be', async () => {
        const stage = await setConnectorStage(subject);
        const made = await calls.create(stage, { url });
        const renewed = await calls.renew(stage, made.id);
        expect(made.expiresAt, 'what is renewed has an end').toBeDefined();
        expect(renewed?.expiresAt).toBeGreaterThanOrEqual(made.expiresAt ?? Number.POSITIVE_INFINITY);
        await calls.remove(stage, made.id);
        expect((await errorOf(calls.renew(stage, made.id))).code).toBe('provider_not_found');
      });

    it('is refused with a wrong credential, and told of no secret', async () => {
      const stage = await setConnectorStage(subject, { credential: subject.wrongCredential });
      const error = await errorOf(calls.create(stage, { url }));
      expect(error.code).toBe('authentication_failed');
      expect(String(error)).not.toContain(secret);
      expect(registration.held(stage.provider)).toEqual([]);
    });

    it('sends its secret in no address', async () => {
      const stage = await setConnectorStage(subject);
      await calls.create(stage, { url });
      expect(stage.provider.requests.map(({ path }) => decodeURIComponent(path)).join(' ')).not.toContain(secret);
    });
  });
}

function callsOf<Provider extends FakeProvider>(registration: RegistrationCase<Provider>, triggers: readonly string[]) {
  const target = registration.target ?? null;
  type Stage = ConnectorStage<Provider>;
  const wanted = (asked: Asked) => ({ target, triggers, secret, ...asked });
  return {
    create: ({ harness }: Stage, asked: Asked) => harness.subscriptions(({ create }, call) => create({ ...call, ...wanted(asked) })),
    list: ({ harness }: Stage): Promise<readonly ListedSubscription[]> =>
      harness.subscriptions(({ list }, call) => list({ ...call, target })),
    remove: ({ harness }: Stage, id: string) => harness.subscriptions(({ remove }, call) => remove({ ...call, target, id })),
    update: ({ harness }: Stage, id: string, asked: Asked) =>
      harness.subscriptions(async ({ update }, call) => update?.({ ...call, ...wanted(asked), id })),
    renew: ({ harness }: Stage, id: string) => harness.subscriptions(async ({ renew }, call) => renew?.({ ...call, target, id })),
  };
}
