import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, ring, secret, settle } from './bell-stage.ts';

/** Bytes that an HMAC was made over, of bodies alone: the vault's own texts are short. */
const work = vi.hoisted(() => ({ bytes: 0 }));

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const createHmac: typeof crypto.createHmac = (...given) => {
    const hmac = crypto.createHmac(...given);
    const update = hmac.update.bind(hmac);
    hmac.update = (given: string | NodeJS.ArrayBufferView) => {
      if (typeof given !== 'string' && given.byteLength > 10_000) work.bytes += given.byteLength;
      return update(given);
    };
    return hmac;
  };
  return { ...crypto, createHmac };
});

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process({ connector: bellConnector({ accounts: true }), appSecrets: secret });
});
afterEach(() => stage.close());

it('a refusal after the body costs one comparison over it, whether there is a secret to compare with or not', async () => {
  const { handle, registration } = await settle(process);
  const gone = await handle.connections.put('gone', { connector: 'bell', credential: { type: 'none' } });
  const ended = await handle.webhooks.register({ connection: gone.id, secret });
  await handle.connections.disconnect(gone.id);
  const removed = await handle.webhooks.register({ connection: 'main', secret, trigger: 'rung' });
  await handle.webhooks.unregister(removed.id);
  const strange = ring({ secret: 'another-secret', body: { tone: 'x'.repeat(100_000) } });
  const base = 'https://host.example.com/hub/webhooks/bell';
  const costs: Record<string, number> = {};
  for (const [what, url] of [
    ['a wrong signature', registration.url],
    ['an app, signed wrongly', base],
    ['an unknown registration', `${base}/${randomUUID()}`],
    ['a registration that was removed', removed.url],
    ['a connection that has ended', ended.url],
  ] as const) {
    work.bytes = 0;
    expect((await process.send(url, strange)).status).toBe(401);
    costs[what] = work.bytes / Buffer.byteLength(strange.body);
  }
  expect(costs).toEqual(Object.fromEntries(Object.keys(costs).map((what) => [what, 1])));
});
