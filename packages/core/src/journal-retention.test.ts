import { expect, it } from 'vitest';
import type { JournalPrune } from './contracts/journal-store.ts';
import { retireEntries } from './journal-retention.ts';
import { silentLogger } from './logger/logger.ts';

const dayMs = 86_400_000;
const now = 100 * dayMs;

async function retire(planOf: ((tenant: string) => string) | null, left: readonly number[] = []) {
  const pruned: JournalPrune[] = [];
  const counts = [...left];
  const tenants = ['acme', 'beta', 'gone'];
  const storage = {
    now: async () => now,
    listTenants: async ({ after }: { readonly after: string | null }) => tenants.filter((tenant) => after === null || tenant > after),
    journal: {
      async prune(request: JournalPrune) {
        pruned.push(request);
        return counts.shift() ?? 0;
      },
    },
  };
  const plan = (name: string, limits: Readonly<Record<string, number | 'unlimited'>>) => ({ name, limits, features: [] });
  const plans = planOf && {
    planOf,
    plans: [plan('short', { requestDays: 3 }), plan('ever', { requestDays: 'unlimited' }), plan('silent', {})],
  };
  await retireEntries({ storage, stream: 'request', days: 14, limit: 'requestDays', plans, logger: silentLogger });
  return pruned.map(({ before, tenant }) => [(now - before) / dayMs, tenant]);
}

it('takes away what is older than the option says, for all tenants at once', async () => {
  expect(await retire(null)).toEqual([[14, undefined]]);
});

it('goes on until nothing older is left', async () => {
  expect(await retire(null, [5_000, 5_000, 7])).toHaveLength(3);
});

it("goes by each tenant's plan, and keeps everything of one whose plan is for ever or cannot be found out", async () => {
  const plans: Readonly<Record<string, string>> = { acme: 'short', beta: 'ever' };
  expect(await retire((tenant) => plans[tenant] ?? 'no such plan')).toEqual([[3, 'acme']]);
  expect(await retire(() => 'silent')).toEqual([
    [14, 'acme'],
    [14, 'beta'],
    [14, 'gone'],
  ]);
});
