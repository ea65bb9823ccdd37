import { createHmac } from 'node:crypto';
import { PatchbayError, type WebhookDeclaration } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
});
afterEach(() => stage.close());

const broken = {
  events: [
    { trigger: 'rung', data: { tone: 'c' } },
    { trigger: 'rung', data: { tone: 7 } },
  ],
};
const never = new Promise<never>(() => undefined);

/** A process whose bell reads deliveries in another way. */
const withBell = (webhook: Partial<WebhookDeclaration>): BellProcess => stage.process({ connector: bellConnector({ webhook }) });

const keptOf = async (of: BellProcess, tenant = 'acme') => (await of.hub.tenant(tenant).webhooks.kept.list()).items;

describe('a verified delivery that cannot become events', () => {
  it('is kept whole, answered as taken in, and told of without a word of it', async () => {
    const { registration, handle, connection } = await settle(process);
    const notices: unknown[] = [];
    process.hub.on('webhook.kept', (notice) => notices.push(notice));
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x22]);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const secrets = { authorization: 'Bearer private', cookie: 'a=private', 'x-api-key': 'private', 'x-other-signature': 'private' };
    const headers = {
      'x-bell-delivery': 'd-1',
      'x-bell-signature': signature,
      'x-kind': 'ring',
      'content-type': 'application/json',
      ...secrets,
    };
    expect((await process.send(registration.url, { headers, body })).status).toBe(202);
    const [item, ...more] = (await handle.webhooks.kept.list()).items;
    expect(more).toEqual([]);
    expect(item).toMatchObject({
      ...{ connector: 'bell', registration: registration.id, connection: connection.id, deliveryId: 'd-1', size: 4 },
      error: { code: 'body_invalid', message: 'The body is not UTF-8.' },
      receivedAt: stage.clock.now(),
      keptUntil: stage.clock.now() + 29 * 86_400_000,
    });
    const detail = await handle.webhooks.kept.get(item?.id ?? '');
    expect(Buffer.from(detail.body)).toEqual(body);
    expect(detail.headers).toEqual({ 'x-bell-delivery': 'd-1', 'x-kind': 'ring', 'content-type': 'application/json' });
    expect(notices).toEqual([
      {
        ...{ tenant: 'acme', registrationId: registration.id, connectionId: connection.id, receiptId: item?.id },
        ...{ code: 'body_invalid', at: stage.clock.now() },
      },
    ]);
    expect(process.failed).toMatchObject([{ tenant: 'acme', error: { code: 'body_invalid' } }]);
  });

  it('is kept once, however often it comes and whoever takes it', async () => {
    const { registration } = await settle(process);
    const second = stage.process();
    const delivery = ring({ body: broken as never, id: 'd-1' });
    const answers = await Promise.all([process, second, process, second].map((each) => each.send(registration.url, delivery)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await keptOf(process)).toHaveLength(1);
    expect([...process.failed, ...second.failed]).toHaveLength(1);
  });

  const faults: readonly (readonly [string, string, Partial<WebhookDeclaration>])[] = [
    ['a connector throws', 'internal', { toEvents: () => JSON.parse('no JSON') }],
    ['a connector names a trigger that it does not declare', 'unknown_trigger', { toEvents: () => [{ trigger: 'broken', data: {} }] }],
    ['it has no delivery id', 'body_invalid', { deliveryId: 'x-missing' }],
    [
      'it tells of too many events',
      'body_invalid',
      { toEvents: () => Array.from({ length: 1_001 }, () => ({ trigger: 'rung', data: {} })) },
    ],
  ];
  it.each(faults)('is kept where %s', async (_why, code, webhook) => {
    const { registration } = await settle(process);
    expect((await withBell(webhook).send(registration.url, ring())).status).toBe(202);
    expect(await keptOf(process)).toMatchObject([{ error: { code } }]);
  });

  it('is kept where the connector does not answer in time: few services send again', async () => {
    const { registration } = await settle(process);
    const answer = withBell({ toEvents: () => never }).send(registration.url, ring());
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    await stage.clock.advance(10_000);
    expect((await answer).status).toBe(202);
    expect(await keptOf(process)).toMatchObject([{ error: { code: 'timeout' } }]);
  });

  it('is left to the service while the store is away, and where a connector says that it may pass', async () => {
    const { registration } = await settle(process);
    const away = () => Promise.reject(new PatchbayError({ code: 'storage_unavailable', message: 'Away. Wait.', retryable: true }));
    const cut = stage.process({ storage: { ...stage.storage, receipts: { ...stage.storage.receipts, keep: away } } });
    expect((await cut.send(registration.url, ring({ body: broken as never }))).status).toBe(503);
    const shy = withBell({
      toEvents() {
        throw new PatchbayError({ code: 'overloaded', message: 'Too much. Wait.', retryable: true });
      },
    });
    expect((await shy.send(registration.url, ring())).status).toBe(503);
    expect(await keptOf(process)).toEqual([]);
  });

  it('is not kept without a signature that is good, whatever else is wrong with it', async () => {
    const { registration } = await settle(process);
    const delivery = ring({ body: broken as never, secret: 'another-secret' });
    expect((await process.send(registration.url, delivery)).status).toBe(401);
    expect((await process.send(registration.url, { ...delivery, headers: { 'x-bell-delivery': 'd' } })).status).toBe(401);
    expect(await keptOf(process)).toEqual([]);
  });

  it('is left to the service where its tenant has no room, and others keep theirs', async () => {
    const { registration } = await settle(process);
    const theirs = await settle(process, 'other');
    for (let number = 0; number < 1_000; number += 1) {
      const receipt = {
        tenant: 'acme',
        id: crypto.randomUUID(),
        guard: `g-${number}`,
        connector: 'bell',
        registration: 'r',
        connection: 'c',
      };
      const said = { deliveryId: null, error: { code: 'internal', message: 'x' }, headers: {}, receivedAt: 0, forMs: 86_400_000 };
      const body = { codec: 'plain', bytes: new Uint8Array() } as const;
      await stage.storage.receipts.keep({ ...receipt, ...said, body, most: { receipts: 1_000, bytes: 1 } });
    }
    expect((await process.send(registration.url, ring({ body: broken as never }))).status).toBe(503);
    expect(process.failed.at(-1)?.error).toMatchObject({ code: 'overloaded', message: expect.stringContaining('replay or discard') });
    expect((await process.send(theirs.registration.url, ring({ body: broken as never }))).status).toBe(202);
    expect(await keptOf(process, 'other')).toHaveLength(1);
  });

  it('is kept for as many days as the plan of its tenant says, and never as long as a dedupe key', async () => {
    const days = async (limits: Readonly<Record<string, number | 'unlimited'>>): Promise<number> => {
      const own = stage.process({
        plans: {
          plans: [{ name: 'only', limits: { connections: 9, webhooks: 9, ...limits }, features: ['webhooks', 'custom_connectors'] }],
          planOf: () => 'only',
        },
      });
      const tenant = `t-${JSON.stringify(limits)}`;
      const { registration } = await settle(own, tenant);
      await own.send(registration.url, ring({ body: broken as never }));
      const [kept] = await keptOf(own, tenant);
      return ((kept?.keptUntil ?? 0) - stage.clock.now()) / 86_400_000;
    };
    expect([
      await days({ receiptDays: 3 }),
      await days({ receiptDays: 90 }),
      await days({ receiptDays: 'unlimited' }),
      await days({}),
    ]).toEqual([3, 29, 29, 29]);
  });
});

describe('the replay of a kept delivery', () => {
  it("takes it in with today's code, as if it had come then, and keeps it no longer", async () => {
    const { registration } = await settle(process);
    const faulty = withBell({ toEvents: () => JSON.parse('no JSON') });
    await faulty.send(registration.url, ring({ id: 'd-1' }));
    const came = stage.clock.now();
    await stage.clock.advance(3_600_000);
    const { kept } = process.hub.tenant('acme').webhooks;
    const [item] = await keptOf(process);
    expect(await kept.replay(item?.id ?? '')).toEqual({ events: 1 });
    expect(await eventsOf(process)).toMatchObject([{ type: 'bell.rung', data: { tone: 'c' }, time: new Date(came).toISOString() }]);
    expect(await keptOf(process)).toEqual([]);
    await expect(kept.replay(item?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    const acts = (await process.hub.tenant('acme').audit.list()).items.map(({ action }) => action);
    expect(acts).toContain('webhook.replay');
  });

  it('brings no event a second time: neither what came with it then, nor what the service has sent since, nor two replays at once', async () => {
    const { registration } = await settle(process);
    const delivery = ring({ body: broken as never, id: 'd-1' });
    await process.send(registration.url, delivery);
    expect(await eventsOf(process)).toHaveLength(1);
    const lenient = stage.process({
      connector: bellConnector({
        webhook: {
          toEvents: () => [
            { trigger: 'rung', data: { tone: 'c' } },
            { trigger: 'muted', data: { tone: 'd' } },
          ],
        },
      }),
    });
    const [item] = await keptOf(process);
    const { kept } = lenient.hub.tenant('acme').webhooks;
    const [one] = await Promise.allSettled([kept.replay(item?.id ?? ''), kept.replay(item?.id ?? '')]);
    expect(one).toMatchObject({ status: 'fulfilled', value: { events: 2 } });
    await lenient.send(registration.url, delivery);
    expect((await eventsOf(process)).map(({ type }) => type).sort()).toEqual(['bell.muted', 'bell.rung']);
  });

  it('fails as the delivery did while nothing has changed, and the delivery stays', async () => {
    const { registration, handle } = await settle(process);
    await process.send(registration.url, ring({ body: broken as never }));
    const [item] = await keptOf(process);
    await expect(handle.webhooks.kept.replay(item?.id ?? '')).rejects.toMatchObject({ code: 'invalid_event' });
    expect(await keptOf(process)).toEqual([item]);
  });

  it('is refused where what it came through has ended, also for another registration of the same connection', async () => {
    const { registration, handle } = await settle(process);
    await process.send(registration.url, ring({ body: broken as never }));
    const [item] = await keptOf(process);
    await handle.webhooks.unregister(registration.id);
    await handle.webhooks.register({ connection: 'main', secret });
    await expect(handle.webhooks.kept.replay(item?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await keptOf(process)).toEqual([item]);
  });

  it('takes many in, oldest first, and says which stay; a dry run takes none', async () => {
    const { registration, handle } = await settle(process);
    const faulty = withBell({ toEvents: () => JSON.parse('no JSON') });
    for (let number = 0; number < 20; number += 1) {
      await faulty.send(registration.url, ring({ id: `d-${number}`, body: { tone: number === 3 ? 7 : `c${number}` } }));
      await stage.clock.advance(1_000);
    }
    const { kept } = handle.webhooks;
    const dry = await kept.replayMany({ dryRun: true, code: 'internal', limit: 5 });
    expect(dry).toMatchObject({ deliveries: 5, replayed: 5, refused: 0, events: 0, codes: { internal: 5 }, cursor: expect.any(String) });
    expect([await eventsOf(process), (await kept.list()).items.length]).toEqual([[], 20]);
    const first = await kept.replayMany({ limit: 12 });
    expect(first).toMatchObject({ deliveries: 12, replayed: 11, refused: 1, events: 11, refusals: [{ code: 'invalid_event' }] });
    const rest = await kept.replayMany({ cursor: first.cursor });
    expect(rest).toMatchObject({ deliveries: 8, replayed: 8, refused: 0, cursor: null });
    expect(await eventsOf(process)).toHaveLength(19);
    expect((await kept.list()).items).toMatchObject([{ deliveryId: 'd-3' }]);
  });

  it('takes those of a window, a registration or a code', async () => {
    const { registration, handle } = await settle(process);
    await process.send(registration.url, ring({ body: broken as never }));
    const { kept } = handle.webhooks;
    const now = stage.clock.now();
    for (const none of [{ from: now + 1 }, { to: now }, { registration: 'another' }, { connection: 'another' }, { code: 'internal' }])
      expect(await kept.replayMany({ ...none, dryRun: true })).toMatchObject({ deliveries: 0 });
    const all = { from: now, to: now + 1, registration: registration.id, code: 'invalid_event', dryRun: true };
    expect(await kept.replayMany(all)).toMatchObject({ deliveries: 1 });
    for (const odd of ['', 'a\u0000b', 7])
      await expect(kept.replayMany({ code: odd as string })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('can be left: what is discarded is gone, and the act recorded', async () => {
    const { registration, handle } = await settle(process);
    await process.send(registration.url, ring({ body: broken as never }));
    const [item] = await keptOf(process);
    await handle.webhooks.kept.discard(item?.id ?? '');
    expect(await keptOf(process)).toEqual([]);
    expect((await handle.audit.list()).items.map(({ action }) => action)).toContain('webhook.discard');
  });

  it('shows an operator how many there are, and no more', async () => {
    const { registration } = await settle(process);
    await process.send(registration.url, ring({ body: broken as never }));
    const operated = process.hub.operator({ actor: 'grace', reason: 'T-1' }).tenant('acme');
    expect((await operated.health()).keptDeliveries).toMatchObject({ receipts: 1 });
    expect(JSON.stringify(await operated.health())).not.toContain('tone');
  });
});
