/**
 * graphile-worker as a peer of `pipeline-postgres`, with the same door and the same effect as the hand-written limit.
 *
 * What it does, for every webhook: inserts the delivery's id into a table of its own, as the library deletes a job that is done and with
 * it its key, and adds a job with the whole body for each that was new, in the same statement (`add_jobs`), micro-batched like the limit;
 * answers 202 after the commit; the library's worker in the same process makes the call and completes the job.
 * Its options are those that its documentation gives for throughput: a local queue, which fetches jobs in batches, and batched
 * completions. Woken by the library's own NOTIFY. What it leaves out: a history; a job that is done leaves no trace.
 */
import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import { listenOnLoopback } from '../../src/listen-on-loopback.ts';
import type { SubjectSettings } from '../../src/pipeline-memory/messages.ts';
import { runSubject, type StartedSubject } from '../../src/pipeline-memory/subject-process.ts';
import { issueCreator } from './create-issue.ts';
import { microBatch } from './micro-batch.ts';
import { type IssueOpened, type WantedDelivery, webhookDoor } from './webhook-door.ts';

const concurrentJobs = 20;

const quiet = new Logger(() => () => undefined);

const adder = (pool: pg.Pool) =>
  microBatch<WantedDelivery, true>(64, async (deliveries) => {
    const sorted = deliveries.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    const rows = sorted.map((_, place) => `($${place * 2 + 1}::text, $${place * 2 + 2}::json)`).join(', ');
    await pool.query({
      name: `add_${deliveries.length}`,
      text: `with item (id, payload) as (values ${rows}),
        fresh as (insert into deliveries select distinct id from item on conflict do nothing returning id)
        select count(*) from graphile_worker.add_jobs(array(
          select row('create_issue', i.payload, null, null, null, null, null, null)::graphile_worker.job_spec
          from item i join fresh f using (id)))`,
      values: sorted.flatMap(({ id, text }) => [id, text]),
    });
    return deliveries.map(() => true);
  });

/** How many deliveries there were whose job is done, and with that gone. */
async function countCompleted(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ done: string }>(
    'select (select count(*) from deliveries) - (select count(*) from graphile_worker._private_jobs) as done',
  );
  return Number(rows[0]?.done);
}

async function startGraphileWorker({ sinkOrigin, secret, databaseUrl }: SubjectSettings): Promise<StartedSubject> {
  const pool = new pg.Pool({ connectionString: databaseUrl ?? '', max: 10 });
  await pool.query('create table deliveries (id text primary key)');
  const createIssue = issueCreator(sinkOrigin);
  await run({
    pgPool: pool,
    logger: quiet,
    noHandleSignals: true,
    preset: {
      worker: { concurrentJobs, localQueue: { size: concurrentJobs + 1 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
    },
    taskList: {
      create_issue: async (payload) => {
        // What this process has put in.
        const event = payload as IssueOpened;
        const key = await createIssue(event);
        if (key !== `OPS-${event.issue.number}`) throw new Error(`Issue ${event.issue.number} became ${key}.`);
      },
    },
  });
  const server = webhookDoor(secret, adder(pool));
  return { port: await listenOnLoopback(server), path: '/webhooks/github', completed: () => countCompleted(pool) };
}

await runSubject(startGraphileWorker);
