import { randomUUID } from 'node:crypto';
import { github } from '@patchbay/connector-github';
import { createHub, type Json, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock, githubDelivery } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const hour = 3_600_000;
const secret = 'a-long-secret-of-github';

function setting() {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const hub = createHub({
    connectors: [github()],
    storage,
    clock,
    events: { 'app.crashed': z.object({ service: z.string(), repository: z.string().optional(), environment: z.string().optional() }) },
    keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
    publicUrl: 'https://host.example.com/hub',
    health: { checkEveryMs: null },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return { clock, storage, hub };
}

let world: ReturnType<typeof setting>;
let send: (event: string, payload: Json) => Promise<string>;

async function listening(tenant: string): Promise<typeof send> {
  const handle = world.hub.tenant(tenant);
  await handle.connections.put('code', { connector: 'github', credential: { type: 'bearer', token: 'github_pat_x' } });
  const { url } = await handle.webhooks.register({ connection: 'code', secret });
  return async (event, payload) => {
    const { headers, body } = githubDelivery({ event, payload: JSON.parse(JSON.stringify(payload)), secret, deliveryId: randomUUID() });
    const answer = await world.hub.handler(new Request(url, { method: 'POST', headers: { ...headers }, body }));
    expect(answer.status).toBe(202);
    return (await handle.events.list({ limit: 1 })).items[0]?.event.id ?? '';
  };
}

beforeEach(async () => {
  world = setting();
  send = await listening('acme');
});
afterEach(async () => {
  await world.hub.stop();
  await world.storage.close();
});

const repository = (name = 'acme/shop') => ({ full_name: name, html_url: `https://github.com/${name}` });
const now = () => new Date(world.clock.now()).toISOString();
const push = (message: string, name?: string): Json => ({
  ref: 'refs/heads/main',
  after: 'a'.repeat(40),
  repository: repository(name),
  commits: [{ id: 'a'.repeat(40), message, url: `https://github.com/acme/shop/commit/${message}` }],
});
const deploy = (environment = 'production'): Json => ({
  action: 'created',
  deployment: { id: 1, ref: 'main', sha: 'b'.repeat(40), environment, created_at: now() },
  repository: repository(),
});
const merge = (number: number): Json => ({
  action: 'closed',
  number,
  pull_request: { number, title: 'VAT', html_url: `https://github.com/acme/shop/pull/${number}`, merged: true, merged_at: now() },
  repository: repository(),
});
const check = (conclusion: string): Json => ({
  action: 'completed',
  check_run: { name: 'test', head_sha: 'a'.repeat(40), conclusion, completed_at: now() },
  repository: repository(),
});

const evidenceFor = (id: string, windowMs?: number) =>
  world.hub.tenant('acme').evidence.forEvent(id, windowMs === undefined ? {} : { windowMs });

describe('evidence for a failure', () => {
  it('is what happened before it in the same repository, the latest first, with links and reasons', async () => {
    const merged = await send('pull_request', merge(7));
    await world.clock.advance(hour);
    const pushed = await send('push', push('fix-vat'));
    await send('push', push('other', 'acme/website'));
    await world.clock.advance(hour);
    const failed = await send('check_run', check('failure'));
    const report = await evidenceFor(failed);
    const { id: connection } = await world.hub.tenant('acme').connections.get('code');
    expect(report).toEqual({
      isFailure: true,
      subjects: { repository: 'acme/shop' },
      window: { from: world.clock.now() - 24 * hour, to: world.clock.now() },
      isCut: false,
      evidence: [
        {
          kind: 'commit',
          title: 'fix-vat',
          url: 'https://github.com/acme/shop/commit/fix-vat',
          at: world.clock.now() - hour,
          eventId: pushed,
          connection,
          connector: 'github',
          shared: { repository: 'acme/shop' },
          reason: 'Pushed 60 minutes before, in the same repository acme/shop.',
        },
        expect.objectContaining({
          kind: 'pull_request',
          title: '#7 VAT',
          eventId: merged,
          reason: 'Merged 2 hours before, in the same repository acme/shop.',
        }),
      ],
    });
    expect((await evidenceFor(await send('check_run', check('success')))).isFailure).toBe(false);
  });

  it('is of a day unless another window is asked for, and of nothing afterwards', async () => {
    await send('push', push('old'));
    await world.clock.advance(24 * hour + 1);
    await send('push', push('new'));
    await world.clock.advance(hour);
    const failed = await send('check_run', check('timed_out'));
    await world.clock.advance(1);
    await send('push', push('later'));
    const titles = async (windowMs?: number) => (await evidenceFor(failed, windowMs)).evidence.map(({ title }) => title);
    expect(await titles()).toEqual(['new']);
    expect(await titles(30 * 60_000)).toEqual([]);
    expect(await titles(26 * hour)).toEqual(['new', 'old']);
    for (const windowMs of [0, 1.5, 31 * 24 * hour])
      await expect(evidenceFor(failed, windowMs)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it("is ranked by what it shares with the host's own failure", async () => {
    const acme = world.hub.tenant('acme');
    await send('deployment', deploy('production'));
    await world.clock.advance(60_000);
    await send('push', push('newer'));
    await send('deployment', deploy('staging'));
    await world.clock.advance(60_000);
    const data = { service: 'shop', repository: 'acme/shop', environment: 'production' };
    const { eventId } = await acme.events.publish('app.crashed', data, { severity: 'critical' });
    const { isFailure, subjects, evidence } = await evidenceFor(eventId);
    expect([isFailure, subjects]).toEqual([true, data]);
    expect(evidence.map(({ title, shared }) => [title, Object.keys(shared).length])).toEqual([
      ['main to production', 2],
      expect.arrayContaining([1]),
      expect.arrayContaining([1]),
    ]);
    expect(evidence[0]?.reason).toBe('Deployed 2 minutes before, in the same repository acme/shop and the same environment production.');
  });

  it('is also told where a failure says nothing of what failed, by time alone', async () => {
    await send('push', push('fix'));
    const { eventId } = await world.hub.tenant('acme').events.publish('app.crashed', { service: 'shop' }, { severity: 'error' });
    expect((await evidenceFor(eventId)).evidence).toEqual([
      expect.objectContaining({ title: 'fix', shared: {}, reason: 'Pushed 0 minutes before.' }),
    ]);
  });

  it("holds nothing of another tenant's", async () => {
    const globex = await listening('globex');
    await globex('push', push('theirs'));
    const failed = await send('check_run', check('failure'));
    expect((await evidenceFor(failed)).evidence).toEqual([]);
    const theirs = (await world.hub.tenant('globex').events.list()).items[0]?.event.id ?? '';
    await expect(evidenceFor(theirs)).rejects.toMatchObject({ code: 'not_found' });
  });
});
