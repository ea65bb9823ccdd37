import { type HubOptions, path } from '@patchbay/core';
import { createTestHub, type FakeProvider, type ProviderHandler, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';
import { type DepotOptions, depotConnector } from './depot-connector.ts';

export const anything = z.json();
export const token = 'tok-1234567890';

/** A service on this machine and hubs that use it. */
export interface DepotStage {
  readonly provider: FakeProvider;
  /** What the service answers from now on. */
  answer(handler: ProviderHandler): void;
  hub(options?: Omit<DepotOptions, 'origin'>, hubOptions?: Partial<HubOptions<[], Record<never, never>>>): Promise<DepotHub>;
  /** Resolves when so many requests have come, without waiting by the clock. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export type DepotHub = Awaited<ReturnType<typeof openHub>>;

/** Starts the service. It answers `{ "ok": true }` unless told otherwise. */
export async function depotStage(): Promise<DepotStage> {
  const open: { close(): Promise<void> }[] = [];
  let handler: ProviderHandler = () => ({ json: { ok: true }, effect: true });
  let came = 0;
  const provider = await startFakeProvider({
    handler: (request) => {
      came += 1;
      return handler(request);
    },
  });
  return {
    provider,
    answer(next) {
      handler = next;
    },
    async hub(options = {}, hubOptions = {}) {
      const made = await openHub(provider.origin, options, hubOptions);
      open.push(made.test);
      return made;
    },
    async arrived(count) {
      // What hangs is in the log from the moment it hangs, and has not been handed to the handler.
      while (Math.max(came, provider.requests.length) < count) await new Promise((resolve) => setImmediate(resolve));
    },
    async close() {
      for (const each of open.splice(0)) await each.close();
      await provider.close();
    },
  };
}

async function openHub(origin: string, options: Omit<DepotOptions, 'origin'>, hubOptions: Partial<HubOptions<[], Record<never, never>>>) {
  const test = createTestHub({
    retry: { baseMs: 1_000, maximumAttempts: 3 },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    random: () => 0.5,
    ...hubOptions,
    connectors: [depotConnector({ ...options, origin })],
  });
  const acme = test.tenant('acme');
  await acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
  return {
    test,
    acme,
    clock: test.clock,
    get: (options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {}) =>
      acme.request('main', { method: 'GET', path: path`/items`, ...options }),
    post: (options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {}) =>
      acme.request('main', { method: 'POST', path: path`/items`, json: {}, ...options }),
    /** Queues a call of the action of this class. */
    async call(idempotency: 'read' | 'idempotent' | 'keyed' | 'reconcilable' | 'unsafe') {
      const { dispatchId } = await acme.actions.execute(`depot.${idempotency}`, { connection: 'main', input: {} });
      return { look: () => acme.dispatches.get(dispatchId) };
    },
  };
}
