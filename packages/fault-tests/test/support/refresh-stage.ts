import { fileURLToPath } from 'node:url';
import { createHub, type Hub, localKeys } from '@patchbay/core';
import type { Connection } from '@patchbay/core/host';
import { createFaultSchema } from './fault-schema.ts';
import { hubKeys, publicUrl, tenant } from './hub-settings.ts';
import { papersApps, papersConnectors } from './papers-connector.ts';
import { startWorker, type WorkerProcess } from './start-worker.ts';
import { forgiving, refreshTokenOf, type StrictServer, startStrictServer } from './strict-server.ts';
import { waitUntil } from './wait-until.ts';

/** A database, a strict authorization server, and processes that call its API through the hub. */
export interface RefreshStage {
  readonly server: StrictServer;
  /** Stores grants whose access tokens have ended; each connection is called as its grant, and one called `forgiving…` has a forgiving connector. */
  connect(names: readonly string[]): Promise<void>;
  /** Starts processes. Resolves when they are ready. */
  start(count: number): Promise<readonly WorkerProcess[]>;
  connection(name: string): Promise<Connection>;
  close(): Promise<void>;
}

const program = {
  file: fileURLToPath(new URL('../program/caller.ts', import.meta.url)),
  hooks: new URL('source-hooks.ts', import.meta.url).href,
};

/** Sets the stage on a schema of its own. */
export async function refreshStage(databaseUrl: string): Promise<RefreshStage> {
  const database = await createFaultSchema(databaseUrl);
  const server = await startStrictServer();
  const started: WorkerProcess[] = [];

  const withHub = async <Result>(act: (acme: ReturnType<Hub['tenant']>) => Promise<Result>): Promise<Result> => {
    const hub = createHub({
      connectors: [...papersConnectors(server.origin)],
      storage: database.storage,
      keys: localKeys(hubKeys),
      publicUrl,
      loopbackOnly: true,
      apps: papersApps,
    });
    try {
      return await act(hub.tenant(tenant));
    } finally {
      await hub.stop();
    }
  };

  return {
    server,
    connect: (names) =>
      withHub(async (acme) => {
        for (const name of names) {
          const credential = { type: 'oauth2', accessToken: 'ended', refreshToken: refreshTokenOf(name), expiresAt: Date.now() } as const;
          await acme.connections.put(name, { connector: name.startsWith(forgiving) ? 'forgiving-papers' : 'papers', credential });
        }
      }),
    async start(count) {
      const crew = Array.from({ length: count }, () =>
        startWorker(
          {
            name: `caller-${started.length}`,
            store: { kind: 'postgres', url: database.url, schema: database.schema, poolSize: 5 },
            provider: server.origin,
            connectors: [],
            figures: { concurrency: 1, leaseMs: 2_000, pollMs: 100 },
            maximumCrashes: 3,
            clockOffMs: 0,
          },
          program,
        ),
      );
      started.push(...crew);
      await waitUntil({ what: 'the processes are ready', withinMs: 60_000 }, () => crew.every((each) => each.port() !== undefined));
      return crew;
    },
    connection: (name) => withHub((acme) => acme.connections.get(name)),
    async close() {
      await Promise.all(started.map((each) => each.kill()));
      await server.close();
      await database.close();
    },
  };
}

/** Good answers of each process in a turn, once all have told. */
export async function turnOf(turn: number, among: readonly WorkerProcess[]): Promise<readonly number[]> {
  const lineOf = ({ lines }: WorkerProcess) => lines.find((line) => line.startsWith(`turn-${turn} `));
  await waitUntil({ what: `turn ${turn} ends`, withinMs: 60_000 }, () => among.every((each) => lineOf(each) !== undefined));
  return among.map((each) => Number(lineOf(each)?.split(' ')[1]));
}
