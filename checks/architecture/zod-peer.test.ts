import { expect, it } from 'vitest';
import { z } from 'zod';
import { fixtureTree } from './source-tree.ts';
import { findZodFaults } from './zod-peer.ts';

const path = 'packages/a/package.json';
const faultsOf = (manifest: object) => findZodFaults(fixtureTree({ [path]: JSON.stringify(manifest) }));

it('accepts the one range, and a package that needs none', () => {
  expect(faultsOf({ peerDependencies: { zod: '^4.2.0' } })).toEqual([]);
  expect(faultsOf({ dependencies: { undici: '^8.0.0' } })).toEqual([]);
  expect(faultsOf({ private: true, dependencies: { zod: '^3.0.0' } })).toEqual([]);
});

it.each(['^4.0.0', '^4.6.7', '4', '*'])('objects to %s', (zod) => {
  expect(faultsOf({ peerDependencies: { zod } })).toEqual([`${path}: zod ${zod} as a peer, and it is ^4.2.0 everywhere`]);
});

it('objects to a zod that a package brings along', () => {
  expect(faultsOf({ dependencies: { zod: '^4.2.0' } })).toEqual([`${path}: zod is a dependency and not a peer`]);
});

it('asks for what zod can', () => {
  expect(z.string()['~standard'].jsonSchema?.input({ target: 'draft-2020-12' })).toMatchObject({ type: 'string' });
});
