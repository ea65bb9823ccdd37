/**
 * The limit of `receive-commit` and `receive-commit-full`: what is the least that is right for taking a webhook in, by hand, on PostgreSQL.
 *
 * What it does, for every webhook:
 *  1. `webhook-door.ts`: takes it over plain node:http, checks the signature, parses the JSON, checks the condition;
 *  2. inserts the delivery with its whole body as one row in one statement, `on conflict do nothing` on the delivery's id; the commit is durable
 *     (fsync, synchronous_commit), and each delivery has one of its own;
 *  3. answers 202 after the commit.
 *
 * What it leaves out: who it is for, which automations want it, and everything that is to be done with it; batches; limits of any kind but the
 * size of the body.
 */
import pg from 'pg';
import { listenOnLoopback } from '../../src/listen-on-loopback.ts';
import type { SubjectSettings } from '../../src/pipeline-memory/messages.ts';
import { runSubject, type StartedSubject } from '../../src/pipeline-memory/subject-process.ts';
import { webhookDoor } from '../pipeline-postgres/webhook-door.ts';

const table = 'create table deliveries (delivery_id text primary key, received_at timestamptz not null default now(), body text not null)';

async function startHandWritten({ secret, databaseUrl }: SubjectSettings): Promise<StartedSubject> {
  const pool = new pg.Pool({ connectionString: databaseUrl ?? '', max: 10 });
  await pool.query(table);
  const server = webhookDoor(secret, ({ id, text: body }) =>
    pool.query({
      name: 'insert',
      text: 'insert into deliveries (delivery_id, body) values ($1, $2) on conflict do nothing',
      values: [id, body],
    }),
  );
  const completed = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: string }>('select count(*) as count from deliveries');
    return Number(rows[0]?.count);
  };
  return { port: await listenOnLoopback(server), path: '/webhooks/github', completed };
}

await runSubject(startHandWritten);
