import { expect, it, onTestFinished } from 'vitest';
import type { ConnectorPlan } from '../src/connector-plan.ts';
import { writeConnector } from '../src/write-connector.ts';
import { makeFolder, runTests, typeFaults } from './support/run-written.ts';

const richest: ConnectorPlan = {
  id: 'my-2nd-crm',
  name: "Ada's CRM",
  category: 'crm',
  auth: 'oauth2',
  origin: 'https://api.acme-notes.dev',
  webhooks: true,
  polling: true,
};
// The template has an `account` of its own.
const smallest: ConnectorPlan = {
  id: 'account',
  name: 'Account',
  category: 'custom',
  auth: 'bearer',
  origin: 'https://api.account.example',
  webhooks: false,
  polling: false,
};

it.each([
  ['with everything', richest, 75],
  ['with as little as there is', smallest, 55],
])('a connector that is written %s type checks and passes its conformance test', { timeout: 400_000 }, async (_what, plan, atLeast) => {
  const { folder, remove } = makeFolder();
  onTestFinished(remove);
  writeConnector(folder, plan);
  expect(await typeFaults(folder)).toBe('');
  const { passed, failed, output } = await runTests(folder);
  expect(failed, output).toBe(0);
  expect(passed, output).toBeGreaterThan(atLeast);
});
