import { expect, it } from 'vitest';
import { findConnectorFaults } from './connector-files.ts';
import { fixtureTree } from './source-tree.ts';

const folder = 'packages/connector-acme';
const standard = [
  ...['index.ts', 'acme.ts', 'acme-auth.ts', 'acme-error.ts', 'acme-resources.ts', 'acme-schemas.ts', 'webhook.ts', 'conformance.test.ts'],
  ...['actions/create-issue.ts', 'triggers/issue-opened.ts', '__fixtures__/issue-opened.json'],
];
const faultsOf = (files: readonly string[]) =>
  findConnectorFaults(
    fixtureTree(Object.fromEntries([`${folder}/package.json`, ...files.map((file) => `${folder}/src/${file}`)].map((path) => [path, '']))),
  );

it.each(['subscriptions.ts', 'enrichers.ts', 'evidence.ts'])('accepts %s, which not every connector has', (file) => {
  expect(faultsOf([...standard, file])).toEqual([]);
});

it('accepts the standard set, with tests beside its files', () => {
  expect(faultsOf([...standard, 'webhook.test.ts', 'actions/create-issue.test.ts', 'acme.test-d.ts'])).toEqual([]);
});

it.each(standard)('objects when %s is missing', (file) => {
  expect(faultsOf(standard.filter((other) => other !== file))).toHaveLength(1);
});

it.each(['rate-limit.ts', 'actions/create.ts', 'actions/issue/create-issue.ts', 'other.test.ts', 'triggers/issueOpened.ts'])(
  'objects to %s',
  (file) => {
    expect(faultsOf([...standard, file])).toEqual([`${folder}: src/${file} is not of the standard set`]);
  },
);
