import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createHub, localKeys } from '@patchbay/core';
import { afterEach, expect, inject, it } from 'vitest';
import { createFaultSchema } from './support/fault-schema.ts';
import { hubKeys, publicUrl, tenant } from './support/hub-settings.ts';
import { papersApps, papersConnectors } from './support/papers-connector.ts';
import { turnOf } from './support/refresh-stage.ts';
import { startWorker, type WorkerProcess } from './support/start-worker.ts';
import { waitUntil } from './support/wait-until.ts';

/** Milliseconds of a call, and for which the lease of a probe outlasts it. */
const callMs = 2_000;
const graceMs = 10_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const program = {
  file: fileURLToPath(new URL('./program/caller.ts', import.meta.url)),
  hooks: new URL('./support/source-hooks.ts', import.meta.url).href,
};

/** A service that fails, hangs or works, and knows how many requests it has under way. */
async function weatherService() {
  const state = { weather: 'fails' as 'fails' | 'hangs' | 'works', asked: 0, under: 0 };
  const answer = (response: ServerResponse): void => {
    state.asked += 1;
    state.under += 1;
    response.once('close', () => {
      state.under -= 1;
    });
    if (state.weather === 'hangs') return;
    response.writeHead(state.weather === 'fails' ? 500 : 200, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { state, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('a process that is killed while it finds out whether a service works costs its lease: another finds out then', async () => {
  const database = await createFaultSchema(inject('databaseUrl'));
  closing.push(() => database.close());
  const { state, origin } = await weatherService();
  const hub = createHub({
    connectors: papersConnectors(origin),
    storage: database.storage,
    keys: localKeys(hubKeys),
    publicUrl,
    loopbackOnly: true,
    apps: papersApps,
  });
  await hub
    .tenant(tenant)
    .connections.put('main', { connector: 'papers', credential: { type: 'oauth2', accessToken: 'access-token-of-main' } });
  await hub.stop();
  const [victim, rescuer] = ['victim', 'rescuer'].map((name): WorkerProcess => {
    const store = { kind: 'postgres', url: database.url, schema: database.schema, poolSize: 5 } as const;
    const figures = { concurrency: 1, leaseMs: 2_000, pollMs: 100 };
    const settings = { name, store, provider: origin, connectors: [], figures, maximumCrashes: 3, clockOffMs: 0 };
    const started = startWorker(settings, program);
    closing.push(() => started.kill());
    return started;
  });
  if (!victim || !rescuer) throw new Error('Two were started.');
  await waitUntil({ what: 'the processes are ready', withinMs: 60_000 }, () =>
    [victim, rescuer].every((each) => each.port() !== undefined),
  );
  for (const each of [victim, rescuer]) each.tell(`within ${callMs}`);
  victim.tell('call 12 main');
  await turnOf(1, [victim]);
  state.weather = 'hangs';
  const before = state.asked;
  let turn = 1;
  await waitUntil({ what: 'the victim finds out', withinMs: 30_000 }, () => {
    if (state.asked > before) return true;
    if (victim.lines.some((line) => line.startsWith(`turn-${turn} `))) {
      turn += 1;
      victim.tell('call 1 main');
    }
    return false;
  });
  await victim.kill();
  const killedAt = performance.now();
  await waitUntil({ what: 'its request is over', withinMs: 5_000 }, () => state.under === 0);
  state.weather = 'works';
  let calls = 0;
  const good = () => rescuer.lines.filter((line) => /^turn-\d+ [1-9]/.test(line)).length;
  await waitUntil({ what: 'another finds out', withinMs: callMs + graceMs + 10_000 }, () => {
    if (good() > 0) return true;
    if (rescuer.lines.filter((line) => line.startsWith('turn-')).length === calls) {
      calls += 1;
      rescuer.tell('call 5 main');
    }
    return false;
  });
  const tookMs = performance.now() - killedAt;
  expect(tookMs).toBeLessThan(callMs + graceMs + 5_000);
  // It was waited for.
  expect(tookMs).toBeGreaterThan(graceMs / 2);
}, 120_000);
