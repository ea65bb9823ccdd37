import { parseArgs } from 'node:util';
import { describeVariables, type LiveSettings, readLiveSettings } from './live-settings.ts';

const help = `Usage: npm run quickstart [-- --live]

A host app with Patchbay in it. An issue is opened on GitHub; Patchbay files a ticket in Jira and posts its key to Slack. Then the
delivery comes again, one was tampered with, one does not fit, and one meets a Jira that is busy.

It runs against stand-ins of the three services on 127.0.0.1: no account, no database, nothing leaves this machine.

  --live   files two true tickets in Jira and posts two true messages to Slack. GitHub's deliveries are still made here, because GitHub
           cannot reach this machine, and nobody makes the true Jira busy. It needs these variables:
${describeVariables().replace(/^/gm, '         ')}
  --help   this text

The last line counts what happened. The exit code is 0 where the counts are what they must be, 1 where they are not, and 2 where
something is missing, before anything is sent.`;

/** What was asked for: settings of the true services, or `null` for the stand-ins. */
export type Command = LiveSettings | null;

/** Reads the arguments and variables. Ends the process where there is nothing to run: 0 after `--help`, 2 where something is missing or wrong. */
export function readCommandLine(parameters = process.argv.slice(2), environment = process.env): Command {
  const { live, help: asked } = parse(parameters);
  if (asked) return end(0, help);
  if (!live) return null;
  const read = readLiveSettings(environment);
  if ('settings' in read) return read.settings;
  return end(2, `--live needs ${read.missing.length} more variables. Nothing was sent. Set:\n${describeVariables(read.missing)}`);
}

function parse(parameters: readonly string[]): { readonly live: boolean; readonly help: boolean } {
  try {
    const flag = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...parameters], options: { live: flag, help: { ...flag, short: 'h' } } }).values;
  } catch (error) {
    return end(2, `${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}

function end(exitCode: 0 | 2, words: string): never {
  (exitCode === 0 ? process.stdout : process.stderr).write(`${words}\n`);
  process.exit(exitCode);
}
