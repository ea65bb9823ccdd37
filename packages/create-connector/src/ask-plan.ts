import { confirm, isCancel, select, text } from '@clack/prompts';
import { authKinds, type ConnectorPlan, categories, idFault, nameFault, nameOf, originFault } from './connector-plan.ts';

/** Asks a person for what the command line has left open; `undefined` where the person leaves. */
export async function askPlan(given: Partial<ConnectorPlan>): Promise<Partial<ConnectorPlan> | undefined> {
  const plan: Plan = { ...given };
  const asked: readonly (() => Promise<boolean>)[] = [
    async () =>
      keep(plan, 'id', () => text({ message: 'Id of the service', placeholder: 'my-service', validate: (id) => idFault(id ?? '') })),
    async () =>
      keep(plan, 'name', () =>
        text({ message: 'Its name', initialValue: nameOf(plan.id ?? ''), validate: (name) => nameFault(name ?? '') }),
      ),
    async () => keep(plan, 'category', () => select({ message: 'What it is for', options: categories.map((value) => ({ value })) })),
    async () => keep(plan, 'auth', () => select({ message: 'How accounts are connected', options: authKinds.map((value) => ({ value })) })),
    async () =>
      keep(plan, 'origin', () =>
        text({
          message: 'Where its API is',
          initialValue: `https://api.${plan.id}.example`,
          validate: (origin) => originFault(origin ?? ''),
        }),
      ),
    async () => keep(plan, 'webhooks', () => confirm({ message: 'Does it send webhooks?' })),
    async () => keep(plan, 'polling', () => confirm({ message: 'Is something to be asked for regularly?', initialValue: false })),
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
