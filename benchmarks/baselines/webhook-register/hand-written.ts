/**
 * By hand in `webhook-register`: the two calls without which there is no registration, on PostgreSQL.
 *
 * What it does, for every webhook:
 *  1. inserts a row with its secret, so that what the service sends while it is asked finds it; the commit is durable (fsync, synchronous_commit);
 *  2. sends the POST to the service, over a connection that stays open, and parses the answer.
 *
 * What it leaves out: the service's id and the state in the row (a lost answer would make a second webhook), a key for the secret, the lease that
 * keeps other processes away, the audit, who may register how many, limits and checks on the way out, and everything about renewing.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { z } from 'zod';
import type { Registrar, RegistrarSettings } from '../../src/webhook-register/registrar.ts';

const table = 'create table registrations (id uuid primary key, repository text not null unique, secret text not null)';
const insert = 'insert into registrations (id, repository, secret) values ($1, $2, $3)';
const answered = z.object({ id: z.int() });

/** Opens it. Throws where there is no database: in memory there would be one call only. */
export async function handWrittenRegistrar({ pool, origin, token }: RegistrarSettings): Promise<Registrar> {
  if (!pool) throw new Error('By hand needs a database.');
  await pool.query(table);
  const service = new Pool(origin);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'user-agent': 'by-hand' };
  return {
    async register(repository) {
      const id = randomUUID();
      const secret = randomBytes(32).toString('base64url');
      await pool.query({ name: 'insert', text: insert, values: [id, repository, secret] });
      const config = { url: `https://hub.example.com/hub/${id}`, secret, content_type: 'json', insecure_ssl: '0' };
      const body = JSON.stringify({ name: 'web', active: true, events: ['issues'], config });
      const answer = await service.request({ method: 'POST', path: `/repos/${repository}/hooks`, headers, body });
      const held = answered.parse(await answer.body.json());
      if (answer.statusCode !== 201) throw new Error(`The webhook ${held.id} was answered ${answer.statusCode}.`);
    },
    close: () => service.close(),
  };
}
