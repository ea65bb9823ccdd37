/**
 * pg-boss as a peer of `pipeline-postgres`, with the same door and the same effect as the hand-written limit.
 *
 * What it does, for every webhook: inserts a job with the whole body under the delivery's id, which the library keeps for seven days and
 * so drops a repeated delivery, micro-batched like the limit (`insert` takes many); answers 202 after the commit; the library's workers
 * in the same process fetch jobs in batches, make the calls of a batch at once and complete it in one statement.
 * Its options are those that its documentation gives for throughput and speed: batches, workers that go on at once while batches are
 * full, and its own NOTIFY to wake them. What it leaves out: any history besides the job itself.
 */

import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { listenOnLoopback } from '../../src/listen-on-loopback.ts';
import type { SubjectSettings } from '../../src/pipeline-memory/messages.ts';
import { runSubject, type StartedSubject } from '../../src/pipeline-memory/subject-process.ts';
import { issueCreator } from './create-issue.ts';
import { microBatch } from './micro-batch.ts';
import { type IssueOpened, type WantedDelivery, webhookDoor } from './webhook-door.ts';

const queue = 'create-issue';
const fetching = {
  batchSize: 10,
  localConcurrency: 4,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 0.5,
};

const adder = (boss: PgBoss) =>
  microBatch<WantedDelivery, true>(64, async (deliveries) => {
    const sorted = deliveries.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    await boss.insert(
      queue,
      sorted.map(({ id, event }) => ({ id, data: event })),
    );
    return deliveries.map(() => true);
  });

async function startPgBoss({ sinkOrigin, secret, databaseUrl }: SubjectSettings): Promise<StartedSubject> {
  const pool = new pg.Pool({ connectionString: databaseUrl ?? '', max: 2 });
  const boss = new PgBoss({ connectionString: databaseUrl ?? '', max: 10, useListenNotify: true, schedule: false });
  boss.on('error', (error: Error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(queue, { notify: true });
  const createIssue = issueCreator(sinkOrigin);
  await boss.work<IssueOpened>(queue, fetching, async (jobs) => {
    await Promise.all(
      jobs.map(async ({ data }) => {
        const key = await createIssue(data);
        if (key !== `OPS-${data.issue.number}`) throw new Error(`Issue ${data.issue.number} became ${key}.`);
      }),
    );
  });
  const server = webhookDoor(secret, adder(boss));
  const completed = async (): Promise<number> => {
    const { rows } = await pool.query<{ done: string }>(`select count(*) as done from pgboss.job where state = 'completed'`);
    return Number(rows[0]?.done);
  };
  return { port: await listenOnLoopback(server), path: '/webhooks/github', completed };
}

await runSubject(startPgBoss);
