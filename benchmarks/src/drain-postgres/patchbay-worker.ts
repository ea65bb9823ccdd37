/**
 * Ours in `drain-postgres`: direct calls of an action that does nothing, queued by `actions.execute` in a process that is no worker, and
 * worked off by `hub.start()` in another, from the built packages.
 *
 * What it does for every dispatch: claims it fairly with a lease and fence, finds its connection and credential, parses its input, executes
 * it through the connector, and settles it with its attempt into the history. An action was chosen because a subscriber would read its
 * event besides, and because a queue's job is the like of it.
 */
import { createHash } from 'node:crypto';
import { createHub, localKeys } from '@patchbay/core';
import { postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { jobPayload, runDrainSubject } from './drain-subject.ts';
import { nothingConnector } from './nothing-connector.ts';

/** Dispatches at once. A no-op never waits, so it takes more than the default of 32 to fill the batches of claim and settle. */
const concurrency = 512;

const callsAtOnce = 2_000;

// The same in the process that fills and in the one that drains, and of no use to anybody else.
const key = createHash('sha256').update('drain-postgres').digest('base64');

function newHub(databaseUrl: string, effect: () => void) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const hub = createHub({
    connectors: [nothingConnector(effect)],
    storage: postgresStorage({ pool }),
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'http://127.0.0.1/hub',
    worker: { concurrency },
  });
  return { hub, pool };
}

await runDrainSubject({
  async fill({ databaseUrl, jobs }) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    const tables = postgresStorage({ pool });
    await tables.ready({ migrate: true });
    await tables.close();
    await pool.end();
    const { hub, pool: own } = newHub(databaseUrl, () => {});
    const acme = hub.tenant('acme');
    await acme.connections.put('main', { connector: 'nothing', credential: { type: 'none' } });
    for (let first = 0; first < jobs; first += callsAtOnce) {
      const part = Array.from({ length: Math.min(callsAtOnce, jobs - first) }, (_, place) => jobPayload(first + place));
      await Promise.all(part.map((input) => acme.actions.execute('nothing.act', { connection: 'main', input })));
    }
    await hub.stop();
    await own.end();
  },
  async open({ databaseUrl, jobs }) {
    let onEffect: () => void = () => {};
    const { hub, pool } = newHub(databaseUrl, () => onEffect());
    await hub.ready();
    return {
      drain: async (effect) => {
        onEffect = effect;
        let settled = 0;
        await new Promise<void>((resolve, reject) => {
          hub.on('action.executed', ({ result }) => {
            if (result !== 'succeeded') reject(new Error(`A dispatch ended as ${result}.`));
            settled += 1;
            if (settled === jobs) resolve();
          });
          hub.start().catch(reject);
        });
      },
      counts: async () => {
        const { rows } = await pool.query<{ left: string; kept: string }>(
          `select (select count(*) from patchbay.dispatches) as left,
             (select count(*) from patchbay.dispatch_history where status = 'succeeded' and attempt_outcome = 'succeeded') as kept`,
        );
        return { left: Number(rows[0]?.left), kept: Number(rows[0]?.kept) };
      },
    };
  },
});
