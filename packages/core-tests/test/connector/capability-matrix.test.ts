import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { slack } from '@patchbay/connector-slack';
import { capabilityMatrix, capabilityMatrixMarkdown } from '@patchbay/core';
import { expect, it } from 'vitest';

const root = new URL('../../../../', import.meta.url);
const connectors = [github(), jira(), slack()];

it('is the committed one: run npm run exec -- node scripts/capability-matrix.mjs after a change', () => {
  const committed = readFileSync(new URL('docs/capability-matrix.md', root), 'utf8');
  expect(committed).toBe(capabilityMatrixMarkdown(capabilityMatrix(connectors)));
});

it('holds every connector of the repository', () => {
  const folders = readdirSync(fileURLToPath(new URL('packages/', root))).filter((name) => name.startsWith('connector-'));
  expect(capabilityMatrix(connectors).map(({ id }) => `connector-${id}`)).toEqual(folders.toSorted());
});

it.each(connectors.map((connector) => [connector.id, connector.manifest] as const))(
  'is made from the manifest of %s, which is JSON',
  (_id, manifest) => {
    expect(JSON.parse(JSON.stringify(manifest))).toStrictEqual({ ...manifest });
  },
);
