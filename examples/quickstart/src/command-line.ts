import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeVariables, type LiveSettings, readLiveSettings } from './live-settings.ts';

const help = `Usage: npm run quickstart [-- --live] [-- --durable [--file <path>]]

A host app with Patchbay in it. An issue is opened on GitHub; Patchbay files a ticket in Jira and posts its key to Slack. Then the
delivery comes again, one was tampered with, one does not fit, and one meets a Jira that is busy.

It runs against stand-ins of the three services on 127.0.0.1: no account, no database, nothing leaves this machine.

  --live   files two true tickets in Jira and posts two true messages to Slack. GitHub's deliveries are still made here, because GitHub
           cannot reach this machine, and nobody makes the true Jira busy. It needs these variables:
${describeVariables().replace(/^/gm, '         ')}
  --durable
           keeps everything in a SQLite file in a new temporary folder, and says where it is.
  --file   the same in this file, which must not exist yet.
  --help   this text

The last line counts what happened. The exit code is 0 where the counts are what they must be, 1 where they are not, and 2 where
something is missing, before anything is sent.`;

/** What was asked for. */
export interface Command {
  /** Settings of the true services, or `null` for the stand-ins. */
  readonly live: LiveSettings | null;
  /** Path of the file to keep everything in, or `null` for memory. */
  readonly file: string | null;
}

/** Reads the arguments and variables. Ends the process where there is nothing to run: 0 after `--help`, 2 where something is missing or wrong. */
export function readCommandLine(parameters = process.argv.slice(2), environment = process.env): Command {
  const { live, help: asked, durable, file } = parse(parameters);
  if (asked) return end(0, help);
  const settings = live ? liveSettings(environment) : null;
  return { live: settings, file: durable || file !== undefined ? newFile(file) : null };
}

function liveSettings(environment: NodeJS.ProcessEnv): LiveSettings {
  const read = readLiveSettings(environment);
  if ('settings' in read) return read.settings;
  return end(2, `--live needs ${read.missing.length} more variables. Nothing was sent. Set:\n${describeVariables(read.missing)}`);
}

function newFile(file: string | undefined): string {
  if (file === undefined) return join(mkdtempSync(join(tmpdir(), 'patchbay-quickstart-')), 'patchbay.db');
  // Each run makes keys of its own, so it could not open what an earlier one has sealed.
  if (existsSync(file)) return end(2, `${file} exists already. Nothing was sent. Name a file that does not.`);
  return resolve(file);
}

interface Flags {
  readonly live: boolean;
  readonly durable: boolean;
  readonly file?: string | undefined;
  readonly help: boolean;
}

function parse(parameters: readonly string[]): Flags {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const options = { live: flag, durable: flag, file: { type: 'string' }, help: { ...flag, short: 'h' } } as const;
    return parseArgs({ args: [...parameters], options }).values;
  } catch (error) {
    return end(2, `${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}

function end(exitCode: 0 | 2, words: string): never {
  (exitCode === 0 ? process.stdout : process.stderr).write(`${words}\n`);
  process.exit(exitCode);
}
