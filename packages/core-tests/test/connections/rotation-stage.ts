import { randomBytes } from 'node:crypto';
import { createHub, type Hub, localKeys, type NoticeName, type Notices, path } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, type FakeProvider, fakeClock, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';
import { depotConnector } from '../gateway/depot-connector.ts';
import { anything } from '../gateway/depot-stage.ts';

/** Tokens that the service knows, each of an account. */
export const tokens = { first: 'tok-1111111111', second: 'tok-2222222222', third: 'tok-3333333333', foreign: 'tok-9999999999' };

export const bearer = (token: string) => ({ type: 'bearer' as const, token });

/** Several processes over one store, and a service that knows some tokens. */
export interface RotationStage {
  readonly clock: FakeClock;
  readonly storage: Storage<never>;
  readonly provider: FakeProvider;
  /** Account of each token that the service takes now. */
  readonly valid: Map<string, string>;
  /** Called when a request has come, with its token, before it is answered. */
  onRequest: (token: string) => Promise<void>;
  /** Status of every answer; `null`: as the token says. */
  broken: number | null;
  /** Tokens of the requests to things, in order. */
  readonly used: string[];
  process(options?: { readonly remindDays?: readonly number[]; readonly storage?: Storage<never> }): RotationProcess;
  close(): Promise<void>;
}

/** One process. */
export interface RotationProcess {
  readonly hub: Hub;
  readonly acme: ReturnType<Hub['tenant']>;
  noticesOf<Name extends NoticeName>(name: Name): readonly Notices[Name][];
  call(): Promise<() => ReturnType<ReturnType<Hub['tenant']>['dispatches']['get']>>;
}

/** Starts the stage. */
export async function rotationStage(): Promise<RotationStage> {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const hubs: Hub[] = [];
  const used: string[] = [];
  const key = randomBytes(32).toString('base64');
  const provider = await startFakeProvider({
    async handler({ headers, path: asked }) {
      const token = (headers['authorization'] ?? '').slice('Bearer '.length);
      if (asked.endsWith('/items')) used.push(token);
      await stage.onRequest(token);
      if (stage.broken !== null) return { status: stage.broken, json: {} };
      const account = stage.valid.get(token);
      return account === undefined ? { status: 401, json: {} } : { json: { account }, effect: true };
    },
  });
  const connector = depotConnector({
    origin: provider.origin,
    run: ({ http }) => http.post(path`/items`, { json: {}, response: anything }),
    changes: {
      settings: z.strictObject({ label: z.string().default('none') }),
      async healthCheck({ http }) {
        const said: unknown = await http.get(path`/me`, { response: anything });
        const id = String(Object(said)['account']);
        return { healthy: id !== 'locked', account: { id, name: `Account ${id}` } };
      },
    },
  });
  const stage: RotationStage = {
    clock,
    storage,
    provider,
    valid: new Map([
      [tokens.first, 'A1'],
      [tokens.second, 'A1'],
      [tokens.third, 'A1'],
      [tokens.foreign, 'A2'],
    ]),
    onRequest: async () => undefined,
    broken: null,
    used,
    process({ remindDays, storage: own = storage } = {}) {
      const notices: { readonly name: NoticeName; readonly notice: Notices[NoticeName] }[] = [];
      const hub: Hub = createHub({
        connectors: [connector],
        storage: own,
        clock,
        keys: localKeys({ active: 'k1', keys: { k1: key } }),
        publicUrl: 'https://host.example.com',
        dangerouslyAllowPrivateNetworks: true,
        random: () => 0.5,
        // They wait on the clock, which moves when it is told.
        retry: { quickRetries: 0 },
        // Nothing goes out that the test has not asked for.
        health: { checkEveryMs: null },
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        ...(remindDays === undefined ? {} : { credentials: { remindDays } }),
      });
      for (const name of ['connection.status_changed', 'connection.credential_expiring', 'connection.credential_replaced'] as const)
        hub.on(name, (notice) => notices.push({ name, notice }));
      hubs.push(hub);
      const acme = hub.tenant('acme');
      return {
        hub,
        acme,
        // A notice is recorded under its own name.
        noticesOf: <Name extends NoticeName>(name: Name) =>
          notices.filter((each) => each.name === name).map(({ notice }) => notice as Notices[Name]),
        async call() {
          const { dispatchId } = await acme.actions.execute('depot.unsafe' as never, { connection: 'main', input: {} as never });
          return () => acme.dispatches.get(dispatchId);
        },
      };
    },
    async close() {
      for (const hub of hubs) await hub.stop();
      await storage.close();
      await provider.close();
    },
  };
  return stage;
}
