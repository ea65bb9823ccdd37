import { isPatchbayError } from '@patchbay/core';
import type { Pool } from 'pg';
import { openDatabase } from '../database.ts';
import { checkSchemaName } from '../schema/check-schema-name.ts';
import { tableStatus } from '../schema/check-tables.ts';
import { migrate } from '../schema/migrate.ts';
import { migrationScript } from '../schema/migration-script.ts';
import { malformed } from '../storage-error.ts';
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

async function runMigrate({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  const { applied, version } = await migrate({ pool, schema });
  for (const { version: number, name } of applied) print(`installed ${number} ${name}\n`);
  print(`The schema ${schema} is at version ${version}${applied.length === 0 ? '; nothing was missing' : ''}.\n`);
  return 0;
}

async function runStatus({ print }: CommandWorld, pool: Pool, schema: string): Promise<ExitCode> {
  const { installed, pending } = await tableStatus(openDatabase({ pool, schema, prepare: false }));
  for (const { version, name } of installed) print(`installed ${version} ${name}\n`);
  for (const { version, name } of pending) print(`missing   ${version} ${name}\n`);
  print(pending.length === 0 ? `The schema ${schema} is up to date.\n` : 'Run "patchbay-postgres migrate".\n');
  return pending.length === 0 ? 0 : 1;
}

async function runParsed(world: CommandWorld, line: CommandLine): Promise<ExitCode> {
  const schema = checkSchemaName(line.schema);
  if (line.command === 'help') world.print(usage);
  if (line.command === 'sql') world.print(migrationScript(`"${schema}"`, line.from));
  if (line.command === 'help' || line.command === 'sql') return 0;
  if (line.url === null) throw malformed('No database is named. Set DATABASE_URL or pass --url postgres://user@host/database.');
  const pool = world.openPool(line.url);
  try {
    return await (line.command === 'migrate' ? runMigrate : runStatus)(world, pool, schema);
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
