import { expect, it } from 'vitest';
import { findLayerFaults } from './layers.ts';
import { fixtureTree } from './source-tree.ts';

const core = (files: Readonly<Record<string, string>>) =>
  fixtureTree(Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/core/src/${path}`, text])));

it('accepts imports that point down, within a room, and from the wiring', () => {
  const tree = core({
    'hub.ts': "import { serve } from './http/serve.ts'; import { resolveOptions } from './resolve-options.ts';",
    'http/serve.ts': "import type { Json } from '../json/json.ts'; import { read } from './read.ts';",
    'errors/patchbay-error.ts': "import type { Json } from '../json/json.ts';",
    'webhooks/inbound/receive.ts': "import { verify } from './verify.ts'; import { ingest } from '../../contracts/storage.ts';",
  });
  expect(findLayerFaults(tree)).toEqual([]);
});

it.each([
  ['up', 'rules/match.ts', '../dispatch/claim.ts', 'imports up, rules -> dispatch'],
  ['up by a type', 'json/json.ts', '../errors/patchbay-error.ts', 'imports up, json -> errors'],
  ['up to the wiring', 'tenant/tenant.ts', '../hub.ts', 'imports up, tenant -> the top'],
  ['sideways', 'vault/seal.ts', '../events/publish.ts', 'imports sideways, vault -> events'],
  [
    'between the two rooms of webhooks',
    'webhooks/inbound/receive.ts',
    '../outbound/deliver.ts',
    'imports sideways, webhooks/inbound -> webhooks/outbound',
  ],
])('objects to an import that points %s', (_, path, specifier, fault) => {
  const faults = findLayerFaults(core({ [path]: `import type { A } from '${specifier}';` }));
  expect(faults).toEqual([`packages/core/src/${path}: ${fault} (${specifier})`]);
});

it('objects to a room that the design does not know', () => {
  const tree = core({ 'plumbing/pipe.ts': 'export const pipe = 1;', 'webhooks/shared.ts': 'export const shared = 1;' });
  expect(findLayerFaults(tree)).toEqual(
    ['plumbing/pipe.ts', 'webhooks/shared.ts'].map((path) => `packages/core/src/${path}: no layer has this room`),
  );
});

it('leaves tests alone, which may need a higher room to make their material', () => {
  expect(findLayerFaults(core({ 'json/json.test.ts': "import { createHub } from '../hub.ts';" }))).toEqual([]);
});
