import { constantFrom, nat, oneof, record } from 'fast-check';
import { expect } from 'vitest';
import { tenants } from '../choices.ts';
import { type Step, step } from '../step.ts';

const choice = record({
  tenant: tenants,
  name: constantFrom('seen:a', 'seen:b', 'failing:a'),
  expect: oneof(constantFrom('any' as const, 'absent' as const), nat({ max: 3 })),
  value: constantFrom(null, 1, 2, 'text'),
});

/** A state is written: by who expects a version, by who expects none, by who repeats itself. */
export const stateStep: Step = step('state', choice, async ({ states: known }, { storage: { states } }, item) => {
  const key = `${item.tenant}/${item.name}`;
  const entry = known.get(key);
  const before = item.expect === 'absent' ? 0 : item.expect;
  const isAlready =
    item.value === null ? entry === undefined : before !== 'any' && entry?.version === before + 1 && entry.value === item.value;
  const fits = before === 'any' || isAlready || (entry?.version ?? 0) === before;
  expect((await states.write([item])).map(({ status }) => status)).toEqual([fits ? 'written' : 'conflict']);
  if (fits && item.value === null) known.delete(key);
  else if (fits && (before === 'any' || !isAlready)) known.set(key, { version: (entry?.version ?? 0) + 1, value: item.value });
  const { entries } = await states.list(item.tenant, 'seen:', { cursor: null, limit: 10 });
  const expected = [...known]
    .filter(([name]) => name.startsWith(`${item.tenant}/seen:`))
    .map(([name, { version, value }]) => ({
      name: name.slice(item.tenant.length + 1),
      version,
      value,
    }));
  expect(entries.map(({ updatedAt: _, ...stored }) => stored)).toEqual(expected.sort((left, right) => (left.name < right.name ? -1 : 1)));
});
