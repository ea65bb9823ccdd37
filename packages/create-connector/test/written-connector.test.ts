import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectorPlan } from '../src/connector-plan.ts';
import { writeConnector } from '../src/write-connector.ts';
import { type Ends, makeFolder, runTests, typeFaults } from './support/run-written.ts';

const plain = { category: 'custom', webhooks: false, polling: false } as const;
const plans: readonly (ConnectorPlan & { readonly atLeast: number })[] = [
  {
    id: 'my-2nd-crm',
    name: "Ada's CRM",
    category: 'crm',
    auth: 'oauth2',
    origin: 'https://api.acme-notes.dev',
    webhooks: true,
    polling: true,
    atLeast: 75,
  },
  // The template has an `account` of its own.
  { ...plain, id: 'account', name: 'Account', auth: 'bearer', origin: 'https://api.account.example', atLeast: 55 },
  { ...plain, id: 'papers', name: 'Papers', auth: 'api_key', origin: 'https://api.papers.example', webhooks: true, atLeast: 60 },
  { ...plain, id: 'bills', name: 'Bills', auth: 'basic', origin: 'https://api.bills.example', polling: true, atLeast: 55 },
];

const { folder, remove } = makeFolder();
let ends: ReadonlyMap<string, Ends>;
let output: string;
beforeAll(async () => {
  for (const plan of plans) writeConnector(join(folder, plan.id), plan);
  ({ ends, output } = await runTests(folder));
}, 400_000);
afterAll(remove);

it('connectors of every way in, with and without webhooks and polling, type check', { timeout: 400_000 }, async () => {
  expect(await typeFaults(folder, 'account')).toBe('');
});

it.each(plans)('a connector with $auth, webhooks $webhooks and polling $polling passes its conformance test', ({ id, atLeast }) => {
  expect(ends.get(id)?.failed, output).toEqual([]);
  expect(ends.get(id)?.passed, output).toBeGreaterThan(atLeast);
});
