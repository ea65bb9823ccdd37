import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ConnectorPlan } from '../src/connector-plan.ts';
import { type CreateWorld, runCreate } from '../src/run-create.ts';

function world(change: Partial<CreateWorld> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-create-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const printed: string[] = [];
  const runs: string[] = [];
  const made: CreateWorld = {
    folder,
    isTerminal: false,
    packageManager: 'pnpm',
    print: (line) => printed.push(line),
    ask: () => expect.fail('Nobody is to be asked'),
    run: async (command, args, place) => {
      runs.push(`${command} ${args.join(' ')} in ${place.slice(folder.length + 1)}`);
      return 0;
    },
    ...change,
  };
  return { ...made, printed, runs };
}

it('writes a connector, installs its packages, checks its types and runs its test', async () => {
  const here = world();
  expect(await runCreate(['--id', 'my-crm', '--auth', 'api_key', '--webhooks'], here)).toBe(0);
  const place = 'patchbay-connector-my-crm';
  expect(here.runs).toEqual([`pnpm install in ${place}`, `pnpm run typecheck in ${place}`, `pnpm run test in ${place}`]);
  expect(readFileSync(join(here.folder, place, 'src/my-crm.ts'), 'utf8')).toContain("name: 'My Crm'");
  expect(here.printed.at(-1)).toContain('It is green.');
});

it('asks in a terminal for what no flag says, and asks nothing with --yes', async () => {
  const asked: Partial<ConnectorPlan>[] = [];
  const here = world({
    isTerminal: true,
    ask: async (given) => {
      asked.push(given);
      return { ...given, id: 'told' };
    },
  });
  expect(await runCreate(['--polling', '--no-install'], here)).toBe(0);
  expect(asked).toEqual([{ polling: true }]);
  expect(existsSync(join(here.folder, 'patchbay-connector-told/src/triggers/note-changed.ts'))).toBe(true);
  expect(await runCreate(['--id', 'other', '--yes', '--no-install'], here)).toBe(0);
  expect(asked).toHaveLength(1);
  expect(here.runs).toEqual([]);
});

it('writes nothing where the person leaves', async () => {
  const here = world({ isTerminal: true, ask: async () => undefined });
  expect(await runCreate([], here)).toBe(0);
  expect([here.printed, readdirSync(here.folder)]).toEqual([['Nothing was written.'], []]);
});

it.each([
  [[], 'Give one: --id my-service'],
  [['--id', 'My_CRM'], '--id my-service'],
  [['--id', '../../etc'], '--id my-service'],
  [['--id', 'webhook'], '--id my-webhook'],
  [['--id', 'hub'], '--id my-hub'],
  [['--id', 'index'], '--id my-index'],
  [['--id', 'a', '--name', "'}"], '--name "My Service"'],
  [['--id', 'a', '--auth', 'magic'], 'bearer, api_key, basic, oauth2'],
  [['--id', 'a', '--category', 'magic'], 'communication'],
  [['--id', 'a', '--origin', 'http://api.example.com'], '--origin https://api.example.com'],
  [['--id', 'a', '--origin', "https://a.example/'"], '--origin https://api.example.com'],
  [['--id', 'a', 'one', 'two'], 'Name one'],
  [['--id', 'a', '--colour'], '--help'],
])('refuses %j, says what to do, and writes nothing', async (args, advice) => {
  const here = world();
  expect(await runCreate(args, here)).toBe(1);
  expect(here.printed.join('\n')).toContain(advice);
  expect([readdirSync(here.folder), here.runs]).toEqual([[], []]);
});

it('writes into no folder that holds something, and not over a file', async () => {
  const here = world();
  mkdirSync(join(here.folder, 'full'));
  writeFileSync(join(here.folder, 'full/kept.txt'), 'kept');
  for (const directory of ['full', 'full/kept.txt']) {
    expect(await runCreate(['--id', 'a', '--directory', directory], here)).toBe(1);
    expect(here.printed.at(-1)).toContain('--directory my-folder');
  }
  expect(readdirSync(join(here.folder, 'full'))).toEqual(['kept.txt']);
});

it('writes into a folder in which somebody began a repository', async () => {
  const here = world();
  mkdirSync(join(here.folder, '.git'));
  expect(await runCreate(['.', '--id', 'a', '--no-install'], here)).toBe(0);
  expect(readdirSync(here.folder)).toContain('package.json');
});

it('says which step failed, in which folder, and gives its exit code', async () => {
  const here = world({ run: async (_command, args) => (args.includes('typecheck') ? 3 : 0) });
  expect(await runCreate(['--id', 'a'], here)).toBe(3);
  expect(here.printed.at(-1)).toMatch(/pnpm run typecheck ended with 3.*patchbay-connector-a.*again/);
});

it('says so where the package manager cannot be started', async () => {
  const here = world({ run: () => Promise.reject(new Error('spawn pnpm ENOENT')) });
  expect(await runCreate(['--id', 'a'], here)).toBe(1);
  expect(here.printed.join('\n')).toMatch(/pnpm cannot be started: spawn pnpm ENOENT/);
});

it('lists every flag with --help', async () => {
  const here = world();
  expect(await runCreate(['--help'], here)).toBe(0);
  for (const flag of ['id', 'name', 'category', 'auth', 'origin', 'webhooks', 'polling', 'directory', 'no-install', 'yes', 'help'])
    expect(here.printed.join('\n')).toContain(`--${flag}`);
});
