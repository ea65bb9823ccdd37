import pg from 'pg';
import { expect, inject, it } from 'vitest';

it('is the version that this project is for', async () => {
  const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
  const { rows } = await pool.query<{ major: number }>("select current_setting('server_version_num')::int / 10000 as major");
  await pool.end();
  expect(rows[0]?.major).toBe(inject('postgresMajor') ?? rows[0]?.major);
  expect(rows[0]?.major).toBeGreaterThanOrEqual(15);
});
