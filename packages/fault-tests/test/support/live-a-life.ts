import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createHub, type Hub, isPatchbayError, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { createSender } from './deliveries.ts';
import { effectsConnector, effectsSecret } from './effects-connector.ts';
import type { EffectsProvider } from './effects-provider.ts';
import { hubKeys, publicUrl } from './hub-settings.ts';
import { twoSteps } from './hub-stage.ts';

/** What a life comes to, besides what the ledger and the provider say. */
export interface Life {
  /** Events that the subscriber was called with, in order. */
  readonly calls: readonly string[];
  /** Dispatches and runs that were asked to end otherwise. */
  readonly cancelled: readonly string[];
}

const aside = { action: 'effects.apply', connection: 'aside' } as const;

/** Repeats what the storage failed, as a host does. */
async function insist<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries > 5 || !isPatchbayError(error) || error.code !== 'storage_unavailable') throw error;
    }
  }
}

/** Works until nothing is left to do now: what is due within a minute is waited for. */
async function workOff(hub: Hub): Promise<void> {
  for (;;) {
    const { nextDueMs } = await insist(() => hub.work({ until: 'idle', deadline: 20_000 }));
    if (nextDueMs === null || nextDueMs > 30_000) return;
    await pause(Math.min(50, Math.max(1, nextDueMs)));
  }
}

async function furnish(hub: Hub, tenant: string): Promise<string> {
  const acme = hub.tenant(tenant);
  for (const name of ['main', 'aside', 'far'])
    await insist(() => acme.connections.put(name, { connector: 'effects', credential: { type: 'none' } }));
  const { url } = await insist(() => acme.webhooks.register({ connection: 'main', secret: effectsSecret }));
  await insist(() => acme.automations.put('order', twoSteps('effects')));
  const steps = [{ id: 'only', ...aside, input: { subject: 'later' } }];
  await insist(() => acme.automations.put('by-hand', { trigger: { manual: true }, steps }));
  return new URL(url).pathname;
}

/** What the life of a hub needs. */
export interface LifeOptions {
  readonly storage: Storage<unknown>;
  readonly provider: EffectsProvider;
  readonly tenant: string;
}

/**
 * One life of a hub, always the same: a delivery over HTTP with two steps and a subscriber, of which the first step is refused once; a call
 * that is rejected and then retried by a person; a replay of the event; a run and a call that are cancelled while they wait.
 */
export async function liveALife({ storage, provider, tenant }: LifeOptions): Promise<Life> {
  const calls: string[] = [];
  const seen = new Map<string, number>();
  provider.decide = ({ subject }) => {
    const time = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, time);
    if (subject === 'later' || subject === 'never') return { refuseForMs: 60_000 };
    if (time > 1) return 'serve';
    return subject === 'rejected' ? 'reject' : subject.endsWith('-first') ? { refuseForMs: 0 } : 'serve';
  };
  const hub: Hub = createHub({
    connectors: [effectsConnector({ origin: provider.origin, worker: 'only', die: () => undefined })],
    storage,
    keys: localKeys(hubKeys),
    publicUrl,
    loopbackOnly: true,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    worker: { leaseMs: 1_000, pollMs: 50, graceMs: 1_000 },
    retry: { baseMs: 0, maximumMs: 0, maximumAttempts: 1_000, maximumCrashes: 1_000 },
  });
  hub.subscribe('effects.*', { name: 'index' }, async ({ id }) => void calls.push(id));
  const server = createServer(hub.nodeHandler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const path = await furnish(hub, tenant);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await createSender({ path, ports: () => [port], pick: () => port }).deliver(1);
    return { calls, cancelled: await actAsPerson(hub, tenant) };
  } finally {
    await hub.stop();
    server.closeAllConnections();
    server.close();
  }
}

/** What people do with what has come in. Answers the ids of what they cancelled. */
async function actAsPerson(hub: Hub, tenant: string): Promise<readonly string[]> {
  const acme = hub.tenant(tenant);
  const call = (connection: string, subject: string) =>
    insist(() => acme.actions.execute('effects.apply', { connection, input: { subject }, idempotencyKey: subject }));
  const { dispatchId } = await call('main', 'rejected');
  await workOff(hub);
  await insist(() => acme.dispatches.retry(dispatchId));
  const { items } = await insist(() => acme.events.list({ type: 'effects.ordered' }));
  await insist(() => acme.events.replay(items[0]?.event.id ?? '', { all: true, idempotencyKey: 'again' }));
  const { runId } = await insist(() => acme.automations.run('by-hand', {}, { idempotencyKey: 'by-hand' }));
  const never = await call('far', 'never');
  await workOff(hub);
  await insist(() => acme.runs.cancel(runId ?? ''));
  await insist(() => acme.dispatches.cancel(never.dispatchId));
  await workOff(hub);
  return [runId ?? '', never.dispatchId];
}
