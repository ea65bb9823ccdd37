import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ExitCode, runCommand } from '../src/command/run-command.ts';
import { migrations } from '../src/schema/migrations.ts';

const schema = `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
let pool: pg.Pool;

beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 2 });
});
afterEach(() => pool.query(`drop schema if exists ${schema} cascade`));
afterAll(() => pool.end());

interface Said {
  readonly exit: ExitCode;
  readonly printed: string;
  readonly complained: string;
}

async function run(
  words: readonly string[],
  env: Readonly<Record<string, string>> = { DATABASE_URL: inject('databaseUrl') },
): Promise<Said> {
  let printed = '';
  let complained = '';
  const exit = await runCommand({
    words,
    env,
    openPool: (url) => new pg.Pool({ connectionString: url, max: 1 }),
    print: (text) => {
      printed += text;
    },
    complain: (text) => {
      complained += text;
    },
  });
  return { exit, printed, complained };
}

describe('the command', () => {
  it('migrates, and says what it did', async () => {
    const first = await run(['migrate', '--schema', schema]);
    expect(first).toMatchObject({ exit: 0, complained: '' });
    for (const { version, name } of migrations) expect(first.printed).toContain(`installed ${version} ${name}\n`);
    const again = await run(['migrate', '--schema', schema, '--url', inject('databaseUrl')], {});
    expect(again).toMatchObject({ exit: 0, printed: expect.stringContaining('nothing was missing') });
  });

  it('tells the status, and by its exit code whether a migration is missing', async () => {
    expect(await run(['status', '--schema', schema])).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('missing   1 first_tables'),
    });
    await run(['migrate', '--schema', schema]);
    expect(await run(['status', '--schema', schema])).toMatchObject({ exit: 0, printed: expect.stringContaining('up to date') });
  });

  it('prints the statements without a database', async () => {
    const { exit, printed } = await run(['sql', '--schema', schema], {});
    expect(exit).toBe(0);
    await pool.query(printed);
    expect(await run(['status', '--schema', schema])).toMatchObject({ exit: 0 });
  });

  for (const [words, complaint] of [
    [['destroy'], 'no command "destroy"'],
    [['migrate', 'twice'], 'no command'],
    [['migrate', '--shema', 'x'], 'no such option'],
    [['migrate', '--schema', 'A B'], 'schema is not usable'],
    [['sql', '--from', 'one'], '--from'],
  ] as const) {
    it(`does not understand "${words.join(' ')}", and shows how it is used`, async () => {
      const { exit, complained } = await run(words);
      expect(exit).toBe(2);
      expect(complained).toContain(complaint);
      expect(complained).toContain('patchbay-postgres <command>');
    });
  }

  it('asks for a database where none is named', async () => {
    expect(await run(['migrate'], {})).toMatchObject({ exit: 2, complained: expect.stringContaining('DATABASE_URL') });
  });

  it('fails where the server is away, and says so without the address', async () => {
    const { exit, complained } = await run(['migrate', '--url', 'postgres://nobody:hunter2@127.0.0.1:1/none']);
    expect(exit).toBe(1);
    expect(complained).toContain('cannot be reached');
    expect(complained).not.toContain('hunter2');
  });

  it('shows how it is used', async () => {
    expect(await run([])).toMatchObject({ exit: 0, printed: expect.stringContaining('migrate') });
  });
});
