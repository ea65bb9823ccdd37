import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tenant } from './support/hub-settings.ts';
import { reportFigure } from './support/report-figure.ts';
import { keepSecrets, type SecretKeeper } from './support/secret-keeper.ts';
import { type Chance, chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { type Rewrapper, startRewrapper } from './support/start-rewrapper.ts';
import { waitUntil } from './support/wait-until.ts';

let folder: string;
let file: string;
let keeper: SecretKeeper;
let rewrapper: Rewrapper | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-rewraps-'));
  file = join(folder, 'patchbay.db');
  keeper = keepSecrets(file);
  await keeper.hub.ready();
}, 60_000);
afterEach(async () => {
  await rewrapper?.kill();
  await keeper?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** What was last acknowledged: for each connection its token and its secret. */
type Known = Map<string, { token: string; secret: string }>;

const write = {
  token: (name: string, token: string) =>
    keeper.hub.tenant(tenant).connections.put(name, { connector: 'locker', credential: { type: 'bearer', token } }),
  secret: (name: string, value: string) => keeper.hub.tenant(tenant).vault.put({ connection: `locker/${name}`, key: 'signing', value }),
};

/** Two sealed rows for each connection: its credential and its secrets. */
async function furnish(rows: number): Promise<Known> {
  const known: Known = new Map();
  const names = Array.from({ length: rows / 2 }, (_, index) => `c${index}`);
  for (let from = 0; from < names.length; from += 50) {
    const some = names.slice(from, from + 50);
    await Promise.all(some.map((name) => write.token(name, `token-of-${name}`)));
    await Promise.all(some.map((name) => write.secret(name, `secret-of-${name}`)));
    for (const name of some) known.set(name, { token: `token-of-${name}`, secret: `secret-of-${name}` });
  }
  return known;
}

/** Writers that go on until they are told to end, each over connections of its own, so that the last value is known. */
function startWriters({ writers, known, random }: { readonly writers: number; readonly known: Known; readonly random: Chance }) {
  const names = [...known.keys()];
  let isOver = false;
  let writes = 0;
  const ended = Array.from({ length: writers }, async (_, writer) => {
    const own = names.filter((_name, index) => index % writers === writer);
    while (!isOver) {
      const name = random.pick(own);
      const entry = known.get(name);
      if (entry === undefined) throw new Error('A writer has lost its connection.');
      const kind = random.chance(0.5) ? 'token' : 'secret';
      const value = `${kind}-${writes}-of-${name}`;
      await write[kind](name, value);
      entry[kind] = value;
      writes += 1;
      await pause(random.between(1, 10));
    }
  });
  return {
    writes: () => writes,
    async end() {
      isOver = true;
      await Promise.all(ended);
    },
  };
}

/** Where a killed process had come to, as it said. */
const lastCursor = ({ lines }: Rewrapper): string => lines.findLast((line) => line.startsWith('page '))?.slice('page '.length) ?? '';

it('rewraps that are killed at any moment, with writers beside them, leave nothing unreadable and lose no write', {
  timeout: patienceMs,
}, async () => {
  const { rows, kills, writers } = sizes.rewrapKills;
  const random = chanceOf('rewrap-kill');
  const known = await furnish(rows);
  const running = startWriters({ writers, known, random });
  let cursor = '';
  let pages = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const started = startRewrapper({ file, cursor });
    rewrapper = started;
    const least = 1 + random.between(0, Math.ceil(rows / 50));
    await waitUntil({ what: `a rewrap that has come ${least} lines far`, withinMs: patienceMs / 4 }, () => {
      if (started.signal() !== undefined) throw new Error(`A rewrap ended by itself (${started.signal()}): ${started.complaints()}`);
      return started.lines.length >= least;
    });
    await pause(random.between(0, 30));
    await started.kill();
    expect(started.lines.filter((line) => line.startsWith('unreadable'))).toEqual([]);
    pages += started.lines.filter((line) => line.startsWith('page')).length;
    cursor = random.chance(0.5) ? lastCursor(started) : '';
  }
  await running.end();

  const acme = keeper.hub.tenant(tenant);
  await acme.vault.rotate();
  const result = await acme.vault.rewrap();
  expect(result, random.again).toMatchObject({ rewrapped: rows, current: 0, unreadable: 0, cursor: null });
  const wrong: string[] = [];
  const revision = async (): Promise<number> => (await keeper.storage.configuration.revision(tenant)).tenant;
  const before = await revision();
  for (const [name, { token, secret }] of known) {
    const opened = await acme.vault.use({ connection: `locker/${name}`, key: 'signing', purpose: 'check' });
    if (opened.reveal('check') !== secret) wrong.push(`${name}: its secret`);
    // The same content changes nothing, so a change tells of a credential that was another one, or did not open.
    await write.token(name, token);
  }
  expect([wrong, await revision()], random.again).toEqual([[], before]);
  reportFigure('rewraps killed', `${kills}, after ${pages} pages and ${running.writes()} writes beside them`);
});
