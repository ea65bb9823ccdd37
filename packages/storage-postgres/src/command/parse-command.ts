import { parseArgs } from 'node:util';
import { malformed } from '../storage-error.ts';

/** How the command is used. */
export const usage = `patchbay-postgres <command> [options]

  migrate                installs the migrations that are missing
  status                 says which are installed; ends with 1 where one is missing
  sql [--from <n>]       prints the migrations behind version n as SQL, for a person to run; connects to nothing
  enable-row-security    binds every role but the owner of the tables to the tenants of each call
  disable-row-security   takes that back
  check-row-security     says what lets the role of the url past it; ends with 1 where something does

  --url <url>            database; DATABASE_URL unless given
  --schema <name>        schema of the tables; patchbay unless given
`;

const commands = ['migrate', 'status', 'sql', 'enable-row-security', 'disable-row-security', 'check-row-security', 'help'] as const;

/** What was asked for on the command line. */
export interface CommandLine {
  readonly command: (typeof commands)[number];
  readonly schema: string;
  readonly url: string | null;
  readonly from: number;
}

/** Reads the command line. Throws `invalid_argument` for what it does not know. */
export function parseCommand(words: readonly string[], env: Readonly<Record<string, string | undefined>>): CommandLine {
  const options = { url: { type: 'string' }, schema: { type: 'string' }, from: { type: 'string' }, help: { type: 'boolean' } } as const;
  const parsed = (() => {
    try {
      return parseArgs({ args: [...words], options, allowPositionals: true });
    } catch {
      throw malformed('There is no such option.');
    }
  })();
  const { positionals, values } = parsed;
  const [word = 'help', ...rest] = positionals;
  const command = values.help === true ? 'help' : commands.find((known) => known === word);
  if (command === undefined || rest.length > 0) throw malformed(`There is no command "${positionals.join(' ')}".`);
  const from = Number(values.from ?? 0);
  if (!Number.isInteger(from) || from < 0) throw malformed('--from is the version that is installed, a whole number.');
  return { command, schema: values.schema ?? 'patchbay', url: values.url ?? env['DATABASE_URL'] ?? null, from };
}
