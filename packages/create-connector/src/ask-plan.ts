import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, select, text } from '@clack/prompts';
import { authKinds, type ConnectorPlan, categories, idFault, nameFault, nameOf, originFault } from './connector-plan.ts';

/** Where a person is asked. */
export interface Terminal {
  readonly input: Readable;
  /** Its columns and rows are those of a terminal. */
  readonly output: Writable & { columns?: number; rows?: number };
}

/** What a terminal is taken to have that does not tell its size. */
const usual = { columns: 80, rows: 24 };

/** Asks a person for what the command line has left open; `undefined` where the person leaves. */
export async function askPlan(
  given: Partial<ConnectorPlan>,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Promise<Partial<ConnectorPlan> | undefined> {
  // Some say 0, such as one below a program without a terminal of its own, and then each line would be one letter wide and each list one line long.
  if (terminal.output.columns === 0) Object.assign(terminal.output, usual);
  const plan: Plan = { ...given };
  const asked: readonly (() => Promise<boolean>)[] = [
    async () =>
      keep(plan, 'id', () =>
        text({ ...terminal, message: 'Id of the service', placeholder: 'my-service', validate: (id) => idFault(id ?? '') }),
      ),
    async () =>
      keep(plan, 'name', () =>
        text({ ...terminal, message: 'Its name', initialValue: nameOf(plan.id ?? ''), validate: (name) => nameFault(name ?? '') }),
      ),
    async () =>
      keep(plan, 'category', () => select({ ...terminal, message: 'What it is for', options: categories.map((value) => ({ value })) })),
    async () =>
      keep(plan, 'auth', () =>
        select({ ...terminal, message: 'How accounts are connected', options: authKinds.map((value) => ({ value })) }),
      ),
    async () =>
      keep(plan, 'origin', () =>
        text({
          ...terminal,
          message: 'Where its API is',
          initialValue: `https://api.${plan.id}.example`,
          validate: (origin) => originFault(origin ?? ''),
        }),
      ),
    async () => keep(plan, 'webhooks', () => confirm({ ...terminal, message: 'Does it send webhooks?' })),
    async () =>
      keep(plan, 'polling', () => confirm({ ...terminal, message: 'Is something to be asked for regularly?', initialValue: false })),
  ];
  for (const ask of asked) if (!(await ask())) return undefined;
  return plan;
}

type Plan = { -readonly [Field in keyof ConnectorPlan]?: ConnectorPlan[Field] };

/** False where the person leaves. What is known already is not asked for. */
async function keep<Field extends keyof Plan>(plan: Plan, field: Field, ask: () => Promise<Plan[Field] | symbol>): Promise<boolean> {
  if (plan[field] !== undefined) return true;
  const answer = await ask();
  if (isCancel(answer) || typeof answer === 'symbol') return false;
  plan[field] = answer;
  return true;
}
