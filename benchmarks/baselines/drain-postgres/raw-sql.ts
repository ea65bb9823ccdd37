/**
 * The limit of `drain-postgres`: jobs worked off by SQL in batches, as a capable developer writes it who has measured it.
 *
 * Four loops in one process, each with a connection: claim 100 jobs that are due, by the physical place of the rows that were locked
 * (`ctid`), so that stale statistics of a queue cannot choose another plan; call the effect; move the 100 to the history in one statement,
 * by their surrogate number and fence. Commits are durable. A claim raises the fence and sets a lease.
 * What it leaves out: whoever else might have other kinds of work, tenants, fairness, retries, what takes over an expired lease, a
 * record of each try, and a key of the job's own: a job has a number alone.
 */
import pg from 'pg';
import { jobPayload, runDrainSubject } from '../../src/drain-postgres/drain-subject.ts';

const tables = `
  create table jobs (
    number bigint generated always as identity primary key,
    due_at timestamptz not null default now(),
    leased boolean not null default false,
    lease_until timestamptz,
    fence integer not null default 0,
    payload text not null
  ) with (fillfactor = 75);
  create index jobs_ready on jobs (due_at) where not leased;
  create table history (
    number bigint primary key,
    due_at timestamptz not null,
    fence integer not null,
    payload text not null,
    done_at timestamptz not null
  )`;

const claim = {
  name: 'claim',
  text: `update jobs set leased = true, lease_until = now() + interval '30 seconds', fence = fence + 1
    where ctid = any (array(select ctid from jobs where not leased and due_at <= now() order by due_at limit 100 for update skip locked))
    returning number, fence, payload`,
};

const finish = {
  name: 'finish',
  text: `with done as (
      delete from jobs j using unnest($1::bigint[], $2::int[]) u (number, fence)
      where j.number = u.number and j.fence = u.fence and j.number = any ($1) returning j.number, j.due_at, j.fence, j.payload)
    insert into history select number, due_at, fence, payload, now() from done`,
};

async function workLoop(client: pg.PoolClient, effect: () => void): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ number: string; fence: number }>(claim);
    if (rows.length === 0) return;
    for (const _ of rows) effect();
    await client.query({ ...finish, values: [rows.map(({ number }) => number), rows.map(({ fence }) => fence)] });
  }
}

await runDrainSubject({
  async fill({ databaseUrl, jobs }) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(tables);
    await client.query(
      `insert into jobs (payload) select json_build_object('position', g, 'text', $1::text)::text from generate_series(1, $2::int) g`,
      [jobPayload(0).text, jobs],
    );
    await client.end();
  },
  async open({ databaseUrl }) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    const clients = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
    return {
      drain: async (effect) => {
        await Promise.all(clients.map((client) => workLoop(client, effect)));
      },
      counts: async () => {
        const [client] = clients;
        const found = await client?.query<{ left: string; kept: string }>(
          'select (select count(*) from jobs) as left, (select count(*) from history) as kept',
        );
        return { left: Number(found?.rows[0]?.left), kept: Number(found?.rows[0]?.kept) };
      },
    };
  },
});
