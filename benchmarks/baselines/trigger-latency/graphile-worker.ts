/**
 * The limit of `trigger-latency` and `trigger-latency-200`: graphile-worker, a queue on PostgreSQL that is woken by its own NOTIFY.
 *
 * What it does for every trigger: commits one job with its payload by `addJob`, fetches it by a lock of its row, and calls the task. Its options
 * are its defaults but for 32 jobs at once, as many as a hub's worker has, and a connection for each; a local queue or batched completions would
 * serve throughput. What it leaves out: an event that several may want, conditions, input that is filled in and checked, and any history: a job that
 * is done is deleted.
 */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import { runLatencySubject } from '../../src/trigger-latency/latency-subject.ts';

const concurrentJobs = 32;

const logger = new Logger(() => () => undefined);

const order = z.object({ number: z.int() });

await runLatencySubject(async ({ databaseUrl, part }, effect) => {
  const pgPool = new pg.Pool({ connectionString: databaseUrl, max: concurrentJobs + 4 });
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  if (part !== 'trigger')
    await run({
      pgPool,
      logger,
      noHandleSignals: true,
      preset: { worker: { concurrentJobs } },
      taskList: { note: async (payload) => effect(order.parse(payload).number) },
    });
  return { trigger: (number) => utils.addJob('note', { number }) };
});
