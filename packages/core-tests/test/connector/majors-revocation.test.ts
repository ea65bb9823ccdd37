import { defineConnector } from '@patchbay/core';
import { createTestHub, type FakeProvider, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveConnector } from '../oauth/archive-connector.ts';

let service: FakeProvider;
let test: ReturnType<typeof archiveHub>;
beforeEach(async () => {
  service = await startFakeProvider({ handler: () => ({ status: 200, json: {} }) });
  test = archiveHub(service.origin);
});
afterEach(async () => {
  await test.close();
  await service.close();
});

/** A hub with two majors of a connector, of which the second takes its grants back elsewhere, and a third that takes none back. */
function archiveHub(origin: string) {
  const major = (number: number, revocationUrl: string | undefined) =>
    defineConnector({ ...archiveConnector(origin, { revocationUrl }).definition, version: `${number}.0.0` });
  return createTestHub({
    publicUrl: 'https://host.example.com/hub',
    apps: { archive: { oauth: { clientId: 'client-1', clientSecret: 'client-secret-1234567890' } } },
    connectors: [major(1, `${origin}/revoke-1`), major(2, `${origin}/revoke-2`), major(3, undefined)],
  });
}

const connect = (name: string, major: number) =>
  test.tenant('acme').connections.put(name, {
    connector: 'archive',
    major,
    credential: { type: 'oauth2', accessToken: `access-${name}-123456`, refreshToken: `refresh-${name}-123456` },
  });

it('a grant is taken back as the major of its connection says', async () => {
  for (const major of [1, 2, 3]) await connect(`account${major}`, major);
  for (const major of [1, 2, 3]) await test.tenant('acme').connections.disconnect(`account${major}`);
  await test.settled();
  expect(service.requests.map(({ path }) => path).toSorted()).toEqual(['/revoke-1', '/revoke-2']);
});

it('and so is each of many that end at once', async () => {
  for (const major of [1, 2, 3]) await connect(`account${major}`, major);
  await test.hub.operator({ actor: 'ada', reason: 'T-1' }).tenants.disconnectAll({ connector: 'archive' });
  await test.settled();
  expect(service.requests.map(({ path }) => path).toSorted()).toEqual(['/revoke-1', '/revoke-2']);
});
