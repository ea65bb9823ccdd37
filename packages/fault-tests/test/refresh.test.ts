import { fileURLToPath } from 'node:url';
import { createHub, localKeys } from '@patchbay/core';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createFaultSchema, type FaultSchema } from './support/fault-schema.ts';
import { hubKeys, publicUrl, tenant } from './support/hub-settings.ts';
import { papersApp, papersConnector } from './support/papers-connector.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { startWorker, type WorkerProcess } from './support/start-worker.ts';
import { firstRefreshToken, type StrictServer, startStrictServer } from './support/strict-server.ts';
import { waitUntil } from './support/wait-until.ts';

const { processes, callers, expiries } = sizes.refreshes;
const hour = 3_600_000;

let database: FaultSchema;
let server: StrictServer;
let crew: readonly WorkerProcess[] = [];

beforeEach(async () => {
  database = await createFaultSchema(inject('databaseUrl'));
  server = await startStrictServer();
  const hub = hubHere();
  const credential = { type: 'oauth2', accessToken: 'access-token-0', refreshToken: firstRefreshToken, expiresAt: Date.now() } as const;
  await hub.tenant(tenant).connections.put('main', { connector: 'papers', credential });
  await hub.stop();
  const program = {
    file: fileURLToPath(new URL('program/caller.ts', import.meta.url)),
    hooks: new URL('support/source-hooks.ts', import.meta.url).href,
  };
  crew = Array.from({ length: processes }, (_, index) =>
    startWorker(
      {
        name: `caller-${index}`,
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
  await waitUntil({ what: 'the processes are ready', withinMs: 60_000 }, () => crew.every((each) => each.port() !== undefined));
}, 90_000);

afterEach(async () => {
  await Promise.all(crew.map((each) => each.kill()));
  await server.close();
  await database.close();
}, 60_000);

function hubHere() {
  return createHub({
    connectors: [papersConnector(server.origin)],
    storage: database.storage,
    keys: localKeys(hubKeys),
    publicUrl,
    loopbackOnly: true,
    apps: { papers: { oauth: papersApp } },
  });
}

async function statusNow(): Promise<string> {
  const hub = hubHere();
  const { status } = await hub.tenant(tenant).connections.get('main');
  await hub.stop();
  return status;
}

/** Good answers of each process in a turn, once all have told. */
async function turnOf(turn: number, among: readonly WorkerProcess[] = crew): Promise<readonly number[]> {
  const lineOf = ({ lines }: WorkerProcess) => lines.find((line) => line.startsWith(`turn-${turn} `));
  await waitUntil({ what: `turn ${turn} ends`, withinMs: 60_000 }, () => among.every((each) => lineOf(each) !== undefined));
  return among.map((each) => Number(lineOf(each)?.split(' ')[1]));
}

it(
  `renews once at each of ${expiries} expiries, with ${callers} callers in each of ${processes} processes`,
  async () => {
    for (let expiry = 1; expiry <= expiries; expiry += 1) {
      for (const each of crew) each.tell(`call ${callers}`);
      expect(await turnOf(expiry)).toEqual(crew.map(() => callers));
      expect(server.asked).toEqual(Array.from({ length: expiry }, (_, index) => `refresh-token-${index}`));
      for (const each of crew) each.tell(`shift ${hour}`);
    }
    expect([server.isRevoked(), server.served(), await statusNow()]).toEqual([
      false,
      { good: expiries * callers * processes, refused: 0 },
      'active',
    ]);
  },
  patienceMs,
);

it(
  'loses no grant where the one who renews stands still past its lease with the answer in its socket',
  async () => {
    const [stopped, ...others] = crew;
    if (!stopped) throw new Error('There are processes.');
    server.onAsked(async () => void stopped.process.kill('SIGSTOP'));
    stopped.tell('call 1');
    await waitUntil({ what: 'the first asks', withinMs: 20_000 }, () => server.asked.length === 1);
    for (const each of others) each.tell('call 1');
    await waitUntil({ what: 'another one takes the lease over', withinMs: 60_000 }, async () => (await statusNow()) === 'token_invalid');
    expect(await turnOf(1, others)).toEqual(others.map(() => 0));
    stopped.process.kill('SIGCONT');
    await waitUntil({ what: 'the first stores what it was given', withinMs: 20_000 }, async () => (await statusNow()) === 'active');
    for (const each of others) each.tell('call 10');
    expect(await turnOf(2, others)).toEqual(others.map(() => 10));
    expect([server.asked, server.isRevoked()]).toEqual([[firstRefreshToken], false]);
  },
  patienceMs,
);
