import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { capabilityMatrix, capabilityMatrixMarkdown } from '@patchbay/core';
import { expect, it } from 'vitest';
import { connectorPackages, everyConnector } from './every-connector.ts';

const root = new URL('../../../../', import.meta.url);

it('is the committed one: run npm run exec -- node scripts/capability-matrix.mjs after a change', () => {
  const committed = readFileSync(new URL('docs/capability-matrix.md', root), 'utf8');
  expect(committed).toBe(capabilityMatrixMarkdown(capabilityMatrix(everyConnector)));
});

it('holds every connector of the repository', () => {
  const folders = readdirSync(fileURLToPath(new URL('packages/', root))).filter((name) => name.startsWith('connector-'));
  expect(Object.keys(connectorPackages)).toEqual(folders.toSorted());
  expect(capabilityMatrix(everyConnector).map(({ id }) => id)).toEqual(['github', 'jira', 'slack', 'slack-user', 'slack-webhook']);
});

it.each(everyConnector.map((connector) => [connector.id, connector.manifest] as const))(
  'is made from the manifest of %s, which is JSON',
  (_id, manifest) => {
    expect(JSON.parse(JSON.stringify(manifest))).toStrictEqual({ ...manifest });
  },
);
