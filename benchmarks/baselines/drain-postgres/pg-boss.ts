/**
 * pg-boss as a peer of `drain-postgres`, with the options that its documentation gives for throughput: four workers that fetch 100 jobs
 * each and go on at once while batches are full; a batch is completed in one statement. It keeps jobs that are done for seven days.
 */

import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { jobPayload, runDrainSubject } from '../../src/drain-postgres/drain-subject.ts';
import { untilNoneLeft } from '../../src/drain-postgres/until-none-left.ts';

const queue = 'nothing';
const fetching = { batchSize: 100, localConcurrency: 4, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 };

const jobsAtOnce = 10_000;

async function startBoss(connectionString: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString, max: 10, schedule: false });
  boss.on('error', (error: Error) => {
    throw error;
  });
  return boss.start();
}

await runDrainSubject({
  async fill({ databaseUrl, jobs }) {
    const boss = await startBoss(databaseUrl);
    await boss.createQueue(queue);
    for (let first = 0; first < jobs; first += jobsAtOnce) {
      const part = Array.from({ length: Math.min(jobsAtOnce, jobs - first) }, (_, place) => ({ data: jobPayload(first + place) }));
      await boss.insert(queue, part);
    }
    await boss.stop({ graceful: false });
  },
  async open({ databaseUrl, jobs }) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    const count = async (condition: string): Promise<number> => {
      const { rows } = await pool.query<{ found: string }>(`select count(*) as found from pgboss.job where ${condition}`);
      return Number(rows[0]?.found);
    };
    const left = (): Promise<number> => count(`state < 'completed'`);
    return {
      drain: async (effect) => {
        const boss = await startBoss(databaseUrl);
        let effects = 0;
        await boss.work(queue, fetching, async (batch) => {
          for (const _ of batch) effect();
          effects += batch.length;
        });
        await untilNoneLeft({ isWorkedOff: () => effects >= jobs, left });
      },
      counts: async () => ({ left: await left(), kept: await count(`state = 'completed'`) }),
    };
  },
});
