import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lampStage, settle as settleLamp } from '../configuration/lamp-stage.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, settle } from '../webhooks/bell-stage.ts';

let stage: BellStage;
/** Where things are changed. */
let office: BellProcess;
/** Where deliveries come in; it learns of a change only from the store. */
let door: BellProcess;

beforeEach(() => {
  stage = bellStage();
  office = stage.process();
  door = stage.process();
  const set = stage;
  onTestFinished(() => set.close());
});

const send = async (url: string, tone: string, id?: string) =>
  (await door.send(url, ring({ body: { tone }, ...(id === undefined ? {} : { id }) }))).status;

const tonesOf = async () => (await eventsOf(office)).map(({ data }) => data).toReversed();

async function countsOf(id: string) {
  await stage.clock.advance(1_000);
  await stage.clock.settle();
  return (await office.hub.tenant('acme').webhooks.get(id)).counts;
}

describe('the rules of a registration', () => {
  it('take in what the filter holds for, and acknowledge and count the rest', async () => {
    const { handle, registration } = await settle(office);
    const filter = { field: 'event.data.tone', op: 'equals', value: 'c' } as const;
    await handle.webhooks.update(registration.id, { rules: { filter } });
    for (const tone of ['c', 'd', 'e']) expect(await send(registration.url, tone)).toBe(202);
    expect(await tonesOf()).toEqual([{ tone: 'c' }]);
    expect(await countsOf(registration.id)).toMatchObject({ received: 1, filtered: 2, verified: 3 });
  });

  it('take none in where they drop all', async () => {
    const { handle, registration } = await settle(office);
    await handle.webhooks.update(registration.id, { rules: { drop: true } });
    expect(await send(registration.url, 'c')).toBe(202);
    expect(await tonesOf()).toEqual([]);
    expect(await countsOf(registration.id)).toMatchObject({ received: 0, dropped: 1 });
  });

  it('take in a part of the deliveries, and decide a repeat as they decided the first', async () => {
    const { handle, registration } = await settle(office);
    await handle.webhooks.update(registration.id, { rules: { sample: 0.25 } });
    for (let round = 0; round < 2; round += 1)
      for (let each = 0; each < 200; each += 1) await send(registration.url, 'c', `delivery-${each}`);
    const { received, duplicate, sampled } = await countsOf(registration.id);
    expect(received).toBeGreaterThan(25);
    expect(received).toBeLessThan(75);
    expect(duplicate).toBe(received);
    expect(sampled).toBe(400 - 2 * received);
  });

  it('store what they make of the data, with what came beside it, and automations read that', async () => {
    const { handle, registration } = await settle(office);
    await handle.webhooks.update(registration.id, { rules: { transform: { tone: '{{ event.data.tone + "#" }}', loud: true } } });
    await send(registration.url, 'c');
    const [stored] = (await handle.events.list()).items;
    expect(stored?.event.data).toEqual({ tone: 'c#', loud: true });
    const record = await stage.storage.history.event('acme', stored?.event.id ?? '');
    expect(Buffer.from(record?.original?.bytes ?? []).toString()).toBe('{"tone":"c"}');
  });

  it('have what they can make nothing of kept whole, and taken in when it is replayed under others', async () => {
    const { handle, registration } = await settle(office);
    await handle.webhooks.update(registration.id, { rules: { transform: { tone: '{{ event.data.missing.tone }}' } } });
    expect(await send(registration.url, 'c')).toBe(202);
    const [kept] = (await handle.webhooks.kept.list()).items;
    expect(kept).toMatchObject({ registration: registration.id, error: { code: 'expression_failed' } });
    await handle.webhooks.update(registration.id, { rules: null });
    await handle.webhooks.kept.replay(kept?.id ?? '');
    expect(await tonesOf()).toEqual([{ tone: 'c' }]);
    expect(await countsOf(registration.id)).toMatchObject({ received: 1, kept: 1 });
  });

  it('that failed in a process that has not heard of others are not asked again', async () => {
    const { handle, registration } = await settle(office);
    await handle.webhooks.update(registration.id, { rules: { transform: { tone: '{{ event.data.missing.tone }}' } } });
    expect(await send(registration.url, 'c')).toBe(202);
    await handle.webhooks.update(registration.id, { rules: null });
    expect(await send(registration.url, 'd')).toBe(202);
    expect(await tonesOf()).toEqual([{ tone: 'd' }]);
  });

  it('start those automations alone to which they send, and the subscribers', async () => {
    const lamps = lampStage();
    onTestFinished(() => lamps.close());
    const process = lamps.process();
    const lit = await settleLamp(process);
    const step = { id: 'light', action: 'lamp.light', connection: 'main', input: {} } as const;
    for (const name of ['one', 'two', 'three'])
      await lit.handle.automations.put(name, { trigger: { event: 'lamp.broken' }, steps: [step] });
    const calls: string[] = [];
    process.hub.subscribe('lamp.broken', { name: 'log' }, async ({ id }) => void calls.push(id));
    await process.hub.ready();
    const [registration] = await lit.handle.webhooks.list();
    await lit.handle.webhooks.update(registration?.id ?? '', { rules: { automations: ['two', 'three'] } });
    await process.deliver(lit.url, { trigger: 'broken' });
    await process.settled();
    const ids = await Promise.all(['two', 'three'].map(async (name) => (await lit.handle.automations.get(name)).id));
    expect((await lit.handle.runs.list()).items.map(({ automation }) => automation).sort()).toEqual(ids.sort());
    expect(calls).toHaveLength(1);
  });

  it('hold for every event that is committed after a change, in a process that has not heard of it', async () => {
    const { handle, registration } = await settle(office);
    expect(await send(registration.url, 'a')).toBe(202);
    await handle.webhooks.update(registration.id, { rules: { drop: true } });
    await send(registration.url, 'b');
    await handle.webhooks.update(registration.id, { rules: { transform: { tone: 'h' } } });
    await send(registration.url, 'c');
    await handle.webhooks.update(registration.id, { rules: { transform: { tone: 'g' } } });
    await send(registration.url, 'd');
    await handle.webhooks.update(registration.id, { rules: null });
    await send(registration.url, 'e');
    expect(await tonesOf()).toEqual([{ tone: 'a' }, { tone: 'h' }, { tone: 'g' }, { tone: 'e' }]);
  });

  it('are given when it is registered, stay when it is registered again, and are shown', async () => {
    const { handle } = await settle(office);
    const given = { connection: 'main', trigger: 'wound', secret: 'a-bell-secret' };
    const made = await handle.webhooks.register({ ...given, rules: { sample: 0.5 } });
    expect(made.rules).toEqual({ sample: 0.5 });
    expect((await handle.webhooks.register(given)).rules).toEqual({ sample: 0.5 });
    expect((await handle.webhooks.register({ ...given, secret: 'another-bell-secret' })).rules).toEqual({ sample: 0.5 });
    expect((await handle.webhooks.register({ ...given, secret: 'another-bell-secret', rules: { drop: true } })).rules).toEqual({
      drop: true,
    });
    expect((await handle.webhooks.update(made.id, { rules: null })).rules).toBeNull();
  });

  it.each([
    ['{"sample":2}', 'invalid_argument'],
    ['{"sample":"much"}', 'invalid_argument'],
    ['{"drop":1}', 'invalid_argument'],
    ['{"automations":"one"}', 'invalid_argument'],
    ['{"else":1}', 'invalid_argument'],
    ['[]', 'invalid_argument'],
    ['{"filter":{"op":"like"}}', 'condition_invalid'],
    ['{"filter":{"cel":"steps.a"}}', 'condition_invalid'],
    ['{"transform":"{{ event. }}"}', 'template_invalid'],
    ['{"automations":["nobody"]}', 'not_found'],
  ])('are refused where they are none: %s', async (rules, code) => {
    const { handle, registration } = await settle(office);
    await expect(handle.webhooks.update(registration.id, { rules: JSON.parse(rules) })).rejects.toMatchObject({ code });
    expect((await handle.webhooks.get(registration.id)).rules).toBeNull();
  });
});
