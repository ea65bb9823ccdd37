import { afterEach, expect, it } from 'vitest';
import { bellStage, eventsOf, ring, settle } from '../webhooks/bell-stage.ts';

const stage = bellStage();
afterEach(() => stage.close());

it('takes the webhooks of a paused connection in, unless it is asked otherwise, and notes the last event', async () => {
  const process = stage.process();
  const { handle, registration } = await settle(process);
  const send = async () => (await process.send(registration.url, ring())).status;
  await handle.connections.pause('main');
  expect(await send()).toBe(202);
  expect((await handle.connections.health('main')).lastEventAt).toBe(stage.clock.now());
  await handle.connections.pause('main', { inbound: true });
  expect((await handle.connections.health('main')).paused).toMatchObject({ by: 'host', inbound: true });
  // Another process finds out too, before it commits.
  const other = stage.process();
  expect((await other.send(registration.url, ring())).status).toBe(401);
  expect(await send()).toBe(401);
  expect(process.failed.map(({ reason }) => reason)).toEqual(['not_receiving']);
  // Put anew it is still paused.
  await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' }, owner: 'ada' });
  expect(await send()).toBe(401);
  await handle.connections.resume('main');
  expect(await send()).toBe(202);
  expect(await eventsOf(process)).toHaveLength(2);
});
