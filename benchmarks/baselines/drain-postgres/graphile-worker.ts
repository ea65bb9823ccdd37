/**
 * graphile-worker as a peer of `drain-postgres`, with the options that its documentation gives for throughput: ten jobs at once, a local
 * queue of 500, which fetches in batches, and batched completions. What it leaves out: a history; a job that is done is deleted.
 */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { jobPayload, runDrainSubject } from '../../src/drain-postgres/drain-subject.ts';
import { untilNoneLeft } from '../../src/drain-postgres/until-none-left.ts';

const quiet = new Logger(() => () => undefined);

const jobsAtOnce = 10_000;

await runDrainSubject({
  async fill({ databaseUrl, jobs }) {
    const pgPool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    const utils = await makeWorkerUtils({ pgPool, logger: quiet });
    await utils.migrate();
    for (let first = 0; first < jobs; first += jobsAtOnce) {
      const part = Array.from({ length: Math.min(jobsAtOnce, jobs - first) }, (_, place) => jobPayload(first + place));
      await utils.addJobs(part.map((payload) => ({ identifier: 'nothing', payload })));
    }
    await utils.release();
    await pgPool.end();
  },
  async open({ databaseUrl, jobs }) {
    const pgPool = new pg.Pool({ connectionString: databaseUrl, max: 14 });
    const left = async (): Promise<number> => {
      const { rows } = await pgPool.query<{ left: string }>('select count(*) as left from graphile_worker._private_jobs');
      return Number(rows[0]?.left);
    };
    return {
      drain: async (effect) => {
        let effects = 0;
        const nothing = (): void => {
          effects += 1;
          effect();
        };
        const worker = { concurrentJobs: 10, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
        await run({ pgPool, logger: quiet, noHandleSignals: true, preset: { worker }, taskList: { nothing } });
        await untilNoneLeft({ isWorkedOff: () => effects >= jobs, left });
      },
      counts: async () => ({ left: await left(), kept: null }),
    };
  },
});
