/**
 * The limit of `pipeline-postgres`: what a capable developer writes by hand for this one job, on PostgreSQL.
 *
 * What it does, for every webhook:
 *  1. `webhook-door.ts`: takes it over plain node:http, checks the signature, parses the JSON, checks the condition;
 *  2. inserts the delivery with its whole body, the deliveries of one turn of the event loop in one multi-row `insert`, at most 64 in a
 *     batch and two batches under way, `on conflict do nothing` on the delivery's id; commits are durable (fsync, synchronous_commit);
 *  3. answers 202 after the commit;
 *  4. `create-issue.ts`: makes the create-issue call, of a delivery that was new, and reads the answer;
 *  5. sets `done_at` and the new issue's key, batched in the same way.
 *
 * What it leaves out: a look at start for what was taken in and not done, so that a crash between 3 and 5 leaves a row for a person to
 * find; retries, leases and any second process; a history of what was decided and tried; configuration, tenants, a vault, and every
 * service but these two.
 */
import pg from 'pg';
import { listenOnLoopback } from '../../src/listen-on-loopback.ts';
import type { SubjectSettings } from '../../src/pipeline-memory/messages.ts';
import { runSubject, type StartedSubject } from '../../src/pipeline-memory/subject-process.ts';
import { issueCreator } from './create-issue.ts';
import { microBatch } from './micro-batch.ts';
import { type WantedDelivery, webhookDoor } from './webhook-door.ts';

// Room on each page lets `done` be set without a new index entry.
const table = `create table deliveries (
  delivery_id text primary key,
  received_at timestamptz not null default now(),
  body text not null,
  done_at timestamptz,
  issue_key text
) with (fillfactor = 90)`;

const mostItems = 64;

const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);

// Two batches with the same ids take them in the same order, so that they cannot wait for each other in a circle.
const inserter = (pool: pg.Pool) =>
  microBatch<Pick<WantedDelivery, 'id' | 'text'>, boolean>(mostItems, async (deliveries) => {
    const rows = deliveries.map((_, place) => `($${place * 2 + 1}, $${place * 2 + 2})`).join(', ');
    const { rows: inserted } = await pool.query<{ delivery_id: string }>({
      name: `insert_${deliveries.length}`,
      text: `insert into deliveries (delivery_id, body) values ${rows} on conflict do nothing returning delivery_id`,
      values: deliveries.toSorted(byId).flatMap(({ id, text }) => [id, text]),
    });
    const created = new Set(inserted.map((row) => row.delivery_id));
    return deliveries.map(({ id }) => created.delete(id));
  });

const finisher = (pool: pg.Pool) =>
  microBatch<{ readonly id: string; readonly key: string }, true>(mostItems, async (done) => {
    const sorted = done.toSorted(byId);
    await pool.query({
      name: 'done',
      text: `update deliveries d set done_at = now(), issue_key = u.key
             from unnest($1::text[], $2::text[]) u (id, key) where d.delivery_id = u.id`,
      values: [sorted.map(({ id }) => id), sorted.map(({ key }) => key)],
    });
    return done.map(() => true);
  });

async function startHandWritten({ sinkOrigin, secret, databaseUrl }: SubjectSettings): Promise<StartedSubject> {
  const pool = new pg.Pool({ connectionString: databaseUrl ?? '', max: 6 });
  await pool.query(table);
  const [insert, finish, createIssue] = [inserter(pool), finisher(pool), issueCreator(sinkOrigin)];
  const act = async ({ id, event }: WantedDelivery): Promise<void> => {
    const key = await createIssue(event);
    if (key !== `OPS-${event.issue.number}`) throw new Error(`Issue ${event.issue.number} became ${key}.`);
    await finish({ id, key });
  };
  const server = webhookDoor(secret, async (delivery) => {
    if (await insert(delivery)) void act(delivery);
  });
  const completed = async (): Promise<number> => {
    const { rows } = await pool.query<{ done: string }>('select count(*) as done from deliveries where done_at is not null');
    return Number(rows[0]?.done);
  };
  return { port: await listenOnLoopback(server), path: '/webhooks/github', completed };
}

await runSubject(startHandWritten);
