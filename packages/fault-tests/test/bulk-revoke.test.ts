import { fileURLToPath } from 'node:url';
import { createHub, type Hub, localKeys } from '@patchbay/core';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type CountingService, connectionsOver, countingConnector, startCountingService } from './support/counting-service.ts';
import { createFaultSchema, type FaultSchema } from './support/fault-schema.ts';
import { hubKeys, publicUrl } from './support/hub-settings.ts';
import { reportFigure } from './support/report-figure.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { startWorker, type WorkerProcess } from './support/start-worker.ts';
import { waitUntil } from './support/wait-until.ts';

const { connections, tenants, processes } = sizes.revocations;
const program = {
  file: fileURLToPath(new URL('program/user.ts', import.meta.url)),
  hooks: new URL('support/source-hooks.ts', import.meta.url).href,
};

let database: FaultSchema;
let service: CountingService;
let hub: Hub;
let crew: readonly WorkerProcess[] = [];

beforeEach(async () => {
  database = await createFaultSchema(inject('databaseUrl'));
  service = await startCountingService();
  hub = createHub({
    connectors: [countingConnector(service.origin)],
    storage: database.storage,
    keys: localKeys(hubKeys),
    publicUrl,
    loopbackOnly: true,
  });
  const all = [...connectionsOver(connections, tenants)];
  const connect = async (): Promise<void> => {
    for (let next = all.pop(); next !== undefined; next = all.pop())
      await hub
        .tenant(next.tenant)
        .connections.put(next.name, { connector: 'counting', credential: { type: 'bearer', token: `token of ${next.name}` } });
  };
  await Promise.all(Array.from({ length: 8 }, connect));
  const store = { kind: 'postgres', url: database.url, schema: database.schema, poolSize: 4 } as const;
  const figures = { concurrency: 1, leaseMs: 2_000, pollMs: 100 };
  const settings = { store, provider: service.origin, connectors: [String(connections), String(tenants)], figures };
  crew = Array.from({ length: processes }, (_, index) =>
    startWorker({ name: `user-${index}`, ...settings, maximumCrashes: 3, clockOffMs: 0 }, program),
  );
  await waitUntil({ what: 'the processes are ready', withinMs: 60_000 }, () => crew.every((each) => each.port() !== undefined));
}, patienceMs);
afterEach(async () => {
  await Promise.all(crew.map((each) => each.kill()));
  await hub.stop();
  await service.close();
  await database.close();
}, 60_000);

/** Tells all, and answers what each said last under a word. */
async function ask(line: string, word: string): Promise<readonly string[]> {
  const linesOf = ({ lines }: WorkerProcess) => lines.filter((said) => said.startsWith(`${word} `));
  const before = crew.map((each) => linesOf(each).length);
  for (const each of crew) each.tell(line);
  await waitUntil({ what: `the processes say ${word}`, withinMs: patienceMs / 2 }, () =>
    crew.every((each, index) => linesOf(each).length > (before[index] ?? 0)),
  );
  return crew.map((each) => (linesOf(each).at(-1) ?? '').slice(word.length + 1));
}

it(`${connections} connections over ${tenants} tenants, ended while ${processes} processes use them, are used by nobody afterwards`, {
  timeout: patienceMs,
}, async () => {
  expect(await ask('once', 'once')).toEqual(crew.map(() => JSON.stringify({ good: connections })));
  for (const each of crew) each.tell('begin');
  const before = service.asked();
  await waitUntil({ what: 'they are used', withinMs: 20_000 }, () => service.asked() > before);
  const begun = performance.now();
  const result = await hub.operator({ actor: 'grace', reason: 'drill' }).tenants.disconnectAll({ connector: 'counting' });
  const seconds = (performance.now() - begun) / 1_000;
  expect(result).toMatchObject({ tenants, counts: { disconnected: connections }, failed: 0, done: true });
  // What was on its way has its answer.
  await ask('end', 'ended');
  // A process goes by what it has read for a second at most.
  const refused = JSON.stringify({ credential_missing: connections });
  while ((await ask('once', 'once')).some((answered) => answered !== refused)) await Promise.resolve();
  const asked = service.asked();
  expect(await ask('once', 'once')).toEqual(crew.map(() => refused));
  expect(service.asked()).toBe(asked);
  reportFigure('connections ended', `${connections} over ${tenants} tenants, under use, in ${seconds.toFixed(1)} s`);
});
