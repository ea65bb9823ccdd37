import { hmacSha256 } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let registration: { readonly id: string; readonly url: string };

const secret = 'a-desk-secret';
const scheme = hmacSha256({ header: 'x-desk-signature' });

// A tenant with more automations than are planned at the door.
beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  const acme = office.hub.tenant('acme');
  await connect(acme);
  registration = await acme.webhooks.register({ connection: 'main', secret });
  const steps = [{ id: 'tell', action: 'chat.say', connection: 'team', input: { text: '{{ event.data.key }}' } }] as const;
  for (let index = 0; index < 65; index += 1) await acme.automations.put(`a${index}`, { trigger: { event: 'desk.ticket.filed' }, steps });
});
afterEach(() => stage.close());

async function deliver({ hub }: DeskProcess, id: string): Promise<number> {
  const body = JSON.stringify({ key: 'T-1' });
  const headers = { 'content-type': 'application/json', 'x-desk-delivery': id, ...signWebhook(scheme, { secret, body }) };
  return (await hub.handler(new Request(registration.url, { method: 'POST', headers, body }))).status;
}

const eventIds = async () => (await office.hub.tenant('acme').events.list()).items.map(({ event }) => event.id);
const runs = async () => (await stage.storage.history.runs('acme', {}, { cursor: null, limit: 500 })).items;

it('is acknowledged before it is planned, and makes each automation run once, however often it comes', async () => {
  expect(await deliver(office, 'one')).toBe(202);
  expect(await runs()).toHaveLength(0);
  await office.settled();
  expect(await deliver(office, 'one')).toBe(202);
  await office.settled();
  expect(await eventIds()).toHaveLength(1);
  expect((await runs()).map(({ status }) => status)).toEqual(Array.from({ length: 65 }, () => 'succeeded'));
  expect(stage.desk.callsOf('say')).toHaveLength(65);
});

it('is refused where the registration goes between its check and its commit', async () => {
  let taken: Promise<unknown> | undefined;
  const ingest: typeof stage.storage.ingest = async (items) => {
    taken ??= office.hub.tenant('acme').webhooks.unregister(registration.id);
    await taken;
    return stage.storage.ingest(items);
  };
  const door = stage.process({ storage: { ...stage.storage, ingest } });
  expect(await deliver(door, 'late')).toBe(401);
  expect(await eventIds()).toEqual([]);
});

it('comes in where something else has changed between its check and its commit', async () => {
  let changed: Promise<unknown> | undefined;
  const ingest: typeof stage.storage.ingest = async (items) => {
    changed ??= office.hub.tenant('acme').automations.disable('a0');
    await changed;
    return stage.storage.ingest(items);
  };
  const door = stage.process({ storage: { ...stage.storage, ingest } });
  expect(await deliver(door, 'late')).toBe(202);
  await office.settled();
  expect(await runs()).toHaveLength(64);
});
