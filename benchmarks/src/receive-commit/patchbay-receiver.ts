/**
 * Ours in `receive-commit` and `receive-commit-full`: a host's web process on plain node:http, from the built packages, that takes webhooks in and
 * works nothing off.
 *
 * What it does for every webhook: checks the signature and the limits, makes the event, asks which automations want it, and commits the event, its
 * run and its first dispatch, of which a worker elsewhere would hear.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { createHub, localKeys } from '@patchbay/core';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { runSubject } from '../pipeline-memory/subject-process.ts';

await runSubject(async ({ secret, databaseUrl }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl ?? '', max: 10 });
  await migrate({ pool });
  const key = createHash('sha256').update(secret).digest('base64');
  const hub = createHub({
    connectors: [github(), jira({ origin: 'https://jira.example.com' })],
    storage: postgresStorage({ pool }),
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'http://127.0.0.1/hub',
  });
  await hub.ready();
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token: 'not used here' } });
  await acme.connections.put('ops', { connector: 'jira', credential: { type: 'basic', username: 'ops@example.com', password: 'token' } });
  const registration = await acme.webhooks.register({ connection: 'main', trigger: 'issue.opened', secret });
  await acme.automations.put('triage', {
    trigger: { event: 'github.issue.opened', connection: 'main' },
    when: { field: 'event.data.issue.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } },
    steps: [
      { id: 'ticket', action: 'jira.create_issue', connection: 'ops', input: { project: 'OPS', summary: '{{ event.data.issue.title }}' } },
    ],
  });
  const completed = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: string }>('select count(*) as count from patchbay.dispatches');
    return Number(rows[0]?.count);
  };
  return { port: await listenOnLoopback(createServer(hub.nodeHandler)), path: new URL(registration.url).pathname, completed };
});
