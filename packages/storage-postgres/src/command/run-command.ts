import { isPatchbayError } from '@patchbay/core';
import type { Pool } from 'pg';
import { type Database, openDatabase } from '../database/database.ts';
import { nobody } from '../database/scope.ts';
import { checkSchemaName } from '../schema/check-schema-name.ts';
import { checkTables, tableStatus } from '../schema/check-tables.ts';
import { migrate } from '../schema/migrate.ts';
import { migrationScript } from '../schema/migration-script.ts';
import { malformed } from '../storage-error.ts';
import { wallFaults } from '../wall/check-wall.ts';
import { disableRowLevelSecurity, enableRowLevelSecurity } from '../wall/set-wall.ts';
import { type CommandLine, parseCommand, usage } from './parse-command.ts';

/** The world of a command. */
export interface CommandWorld {
  /** Words behind the program's name. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly openPool: (url: string) => Pool;
  /** Standard output: what was asked for. */
  readonly print: (text: string) => void;
  /** Standard error: why there is none. */
  readonly complain: (text: string) => void;
}

/** 0: done. 1: a migration is missing, or it failed. 2: the command line is not understood. */
export type ExitCode = 0 | 1 | 2;

const openFree = (pool: Pool, schema: string): Database => openDatabase({ pool, schema, prepare: false }).within(nobody);

async function runMigrate({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  const { applied, version } = await migrate({ pool, schema });
  for (const { version: number, name } of applied) print(`installed ${number} ${name}\n`);
  print(`The schema ${schema} is at version ${version}${applied.length === 0 ? '; nothing was missing' : ''}.\n`);
  return 0;
}

async function runStatus({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  const { installed, pending } = await tableStatus(openFree(pool, schema));
  for (const { version, name } of installed) print(`installed ${version} ${name}\n`);
  for (const { version, name } of pending) print(`missing   ${version} ${name}\n`);
  print(pending.length === 0 ? `The schema ${schema} is up to date.\n` : 'Run "patchbay-postgres migrate".\n');
  return pending.length === 0 ? 0 : 1;
}

async function runEnable({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  await enableRowLevelSecurity({ pool, schema });
  print(`Row-level security is enabled in the schema ${schema}.\n`);
  return 0;
}

async function runDisable({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  await disableRowLevelSecurity({ pool, schema });
  print(`Row-level security is disabled in the schema ${schema}.\n`);
  return 0;
}

async function runCheck({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  const database = openFree(pool, schema);
  await checkTables(database);
  const faults = await wallFaults(database);
  for (const fault of faults) print(`fault: ${fault}\n`);
  if (faults.length === 0) print(`Row-level security holds for this role in the schema ${schema}.\n`);
  return faults.length === 0 ? 0 : 1;
}

/** The commands that look at a database. */
const connected = {
  migrate: runMigrate,
  status: runStatus,
  'enable-row-security': runEnable,
  'disable-row-security': runDisable,
  'check-row-security': runCheck,
} as const;

async function runParsed(world: CommandWorld, line: CommandLine): Promise<ExitCode> {
  const schema = checkSchemaName(line.schema);
  const { command } = line;
  if (command === 'help') world.print(usage);
  if (command === 'sql') world.print(migrationScript(`"${schema}"`, line.from));
  if (command === 'help' || command === 'sql') return 0;
  if (line.url === null) throw malformed('No database is named. Set DATABASE_URL or pass --url postgres://user@host/database.');
  const pool = world.openPool(line.url);
  try {
    return await connected[command](world, pool, schema);
  } finally {
    await pool.end();
  }
}

/** Runs the command that the words name, and says how it went. Never rejects. */
export async function runCommand(world: CommandWorld): Promise<ExitCode> {
  try {
    return await runParsed(world, parseCommand(world.words, world.env));
  } catch (error) {
    const misread = isPatchbayError(error) && error.code === 'invalid_argument';
    world.complain(`${error instanceof Error ? error.message : String(error)}\n${misread ? `\n${usage}` : ''}`);
    return misread ? 2 : 1;
  }
}
