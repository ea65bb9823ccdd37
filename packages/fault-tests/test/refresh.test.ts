import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type RefreshStage, refreshStage, turnOf } from './support/refresh-stage.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import type { WorkerProcess } from './support/start-worker.ts';
import { refreshTokenOf } from './support/strict-server.ts';
import { waitUntil } from './support/wait-until.ts';

const { processes, callers, expiries } = sizes.refreshes;
const hour = 3_600_000;

let stage: RefreshStage;
let crew: readonly WorkerProcess[] = [];

beforeEach(async () => {
  stage = await refreshStage(inject('databaseUrl'));
  await stage.connect(['main']);
  crew = await stage.start(processes);
}, 90_000);

afterEach(() => stage.close(), 60_000);

const statusNow = async () => (await stage.connection('main')).status;

it(
  `renews once at each of ${expiries} expiries, with ${callers} callers in each of ${processes} processes`,
  async () => {
    const { server } = stage;
    for (let expiry = 1; expiry <= expiries; expiry += 1) {
      for (const each of crew) each.tell(`call ${callers} main`);
      expect(await turnOf(expiry, crew)).toEqual(crew.map(() => callers));
      expect(server.asked).toEqual(Array.from({ length: expiry }, (_, index) => refreshTokenOf('main', index)));
      for (const each of crew) each.tell(`shift ${hour}`);
    }
    expect([server.revoked(), server.served(), await statusNow()]).toEqual([
      [],
      { good: expiries * callers * processes, refused: 0 },
      'active',
    ]);
  },
  patienceMs,
);

it(
  'loses no grant where the one who renews stands still past its lease with the answer in its socket',
  async () => {
    const { server } = stage;
    const [stopped, ...others] = crew;
    if (!stopped) throw new Error('There are processes.');
    server.onAsked(async () => void stopped.process.kill('SIGSTOP'));
    stopped.tell('call 1 main');
    await waitUntil({ what: 'the first asks', withinMs: 20_000 }, () => server.asked.length === 1);
    for (const each of others) each.tell('call 1 main');
    await waitUntil({ what: 'another one takes the lease over', withinMs: 60_000 }, async () => (await statusNow()) === 'token_invalid');
    expect(await turnOf(1, others)).toEqual(others.map(() => 0));
    stopped.process.kill('SIGCONT');
    await waitUntil({ what: 'the first stores what it was given', withinMs: 20_000 }, async () => (await statusNow()) === 'active');
    for (const each of others) each.tell('call 10 main');
    expect(await turnOf(2, others)).toEqual(others.map(() => 10));
    expect([server.asked, server.revoked()]).toEqual([[refreshTokenOf('main')], []]);
  },
  patienceMs,
);
