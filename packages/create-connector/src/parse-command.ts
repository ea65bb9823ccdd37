import { parseArgs } from 'node:util';
import { type AuthKind, authKinds, type ConnectorPlan, categories, idFault, nameFault, nameOf, originFault } from './connector-plan.ts';

/** What the command line says. What it leaves open is asked for, or takes its default. */
export interface Command {
  readonly plan: Partial<ConnectorPlan>;
  readonly directory: string | undefined;
  /** Nothing is asked. */
  readonly yes: boolean;
  /** Packages are installed, and the tests run. */
  readonly install: boolean;
  readonly help: boolean;
}

const options = {
  id: { type: 'string' },
  name: { type: 'string' },
  category: { type: 'string' },
  auth: { type: 'string' },
  origin: { type: 'string' },
  directory: { type: 'string' },
  webhooks: { type: 'boolean' },
  polling: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  install: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line. Throws with what to do instead for what it does not know. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = readFlags(args);
  if (positionals.length > 1) throw new Error(`There is one folder, and ${positionals.join(', ')} are ${positionals.length}. Name one.`);
  const {
    id,
    name,
    category,
    auth,
    origin,
    webhooks,
    polling,
    directory = positionals[0],
    yes = false,
    install = true,
    help = false,
  } = values;
  const faults = [id === undefined ? undefined : idFault(id), name === undefined ? undefined : nameFault(name)];
  const fault = [...faults, origin === undefined ? undefined : originFault(origin)].find((each) => each !== undefined);
  if (fault !== undefined) throw new Error(fault);
  const plan: Partial<ConnectorPlan> = {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(category === undefined ? {} : { category: oneOf(categories, category, '--category') }),
    ...(auth === undefined ? {} : { auth: oneOf<AuthKind>(authKinds, auth, '--auth') }),
    ...(origin === undefined ? {} : { origin }),
    ...(webhooks === undefined ? {} : { webhooks }),
    ...(polling === undefined ? {} : { polling }),
  };
  return { plan, directory, yes, install, help };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new Error(`${messageOf(error)}. Give the flags that --help lists.`);
  }
}

/** The first sentence: what Node advises beyond it does not apply here. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.? To specify.*$|\.$/s, '');

function oneOf<Choice extends string>(choices: readonly Choice[], given: string, flag: string): Choice {
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw new Error(`${flag} ${given} is not known. Give one of ${choices.join(', ')}.`);
  return found;
}

/** A plan with defaults for what nobody has said. Throws where there is no id. */
export function completePlan({ id, ...given }: Partial<ConnectorPlan>): ConnectorPlan {
  if (id === undefined) throw new Error('A connector needs an id, and nobody can be asked here. Give one: --id my-service.');
  const defaults = { name: nameOf(id), category: 'custom', auth: 'bearer', webhooks: false, polling: false } as const;
  return { id, ...defaults, origin: `https://api.${id}.example`, ...given };
}
