import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ArchiveHub, type ArchiveStage, accessToken, archiveStage, goodAnswer, refreshToken } from './archive-stage.ts';

let stage: ArchiveStage;
beforeEach(async () => {
  stage = await archiveStage();
});
afterEach(() => stage.close());

async function connected(method: Readonly<Record<string, unknown>> = {}, name = 'main'): Promise<ArchiveHub> {
  const hub = stage.hub(method);
  await hub.complete(await hub.permit({ name }));
  return hub;
}

const revoked = () =>
  stage.provider.requests.filter(({ path }) => path === '/revoke').map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

it('ends the connection here at once, and the grant at the service afterwards', async () => {
  const hub = await connected();
  stage.revoke(() => ({ status: 200 }));
  expect((await hub.acme.connections.disconnect('main')).status).toBe('disconnected');
  expect(revoked()).toEqual([]);
  await hub.test.settled({ withinMs: 0 });
  expect(revoked()).toEqual([{ token: refreshToken, token_type_hint: 'refresh_token' }]);
  const shown = JSON.stringify([await hub.test.dispatches(), hub.test.notices, hub.logged]);
  expect(shown).not.toContain(refreshToken);
  expect(shown).not.toContain(accessToken);
});

it('goes on until the service has answered', async () => {
  const hub = await connected();
  let tries = 0;
  stage.revoke(() => ({ status: ++tries < 4 ? 503 : 200 }));
  await hub.acme.connections.disconnect('main');
  expect(await hub.acme.connections.get('main')).toMatchObject({ status: 'disconnected' });
  await hub.test.settled();
  expect([tries, (await hub.test.dispatches()).map(({ status }) => status)]).toEqual([4, ['succeeded']]);
});

it('takes the access token back where there is no other, and nothing where the connector does not say how', async () => {
  stage.revoke(() => ({ status: 200 }));
  stage.answer(() => ({ json: { ...goodAnswer.json, refresh_token: null } }));
  const hub = await connected();
  await hub.acme.connections.disconnect('main');
  await hub.acme.connections.disconnect('main');
  await hub.test.settled({ withinMs: 0 });
  expect(revoked()).toEqual([{ token: accessToken, token_type_hint: 'access_token' }]);
  const silent = await connected({ revocationUrl: undefined });
  await silent.acme.connections.disconnect('main');
  expect(await silent.test.dispatches()).toEqual([]);
});

it('takes a grant back where the host’s own registration alone says how', async () => {
  const { origin } = stage.provider;
  stage.revoke(() => ({ status: 200 }));
  const endpoints = { authorizationUrl: `${origin}/authorize`, tokenUrl: `${origin}/token`, revocationUrl: `${origin}/revoke` };
  const apps = { archive: { oauth: { clientId: 'client-1', clientSecret: 'client-secret-1234567890', endpoints } } };
  const hub = stage.hub({ revocationUrl: undefined }, { apps });
  await hub.complete(await hub.permit());
  await hub.acme.connections.disconnect('main');
  await hub.test.settled({ withinMs: 0 });
  expect(revoked()).toEqual([{ token: refreshToken, token_type_hint: 'refresh_token' }]);
});

it('is told to a person where the service does not accept the app', async () => {
  const hub = await connected();
  stage.revoke(() => ({ status: 401, json: { error: 'invalid_client' } }));
  await hub.acme.connections.disconnect('main');
  await hub.test.settled();
  expect(hub.test.noticesOf('dispatch.dead')).toMatchObject([{ handler: 'revocation', error: { code: 'authentication_failed' } }]);
});

it('ends all connections of a connector, and no other tenant’s', async () => {
  const hub = await connected();
  stage.revoke(() => ({ status: 200 }));
  for (const name of ['second', 'third']) await hub.complete(await hub.permit({ name }));
  const globex = hub.test.tenant('globex');
  await globex.connections.put('main', { connector: 'archive', credential: { type: 'oauth2', accessToken: 'their-access-token' } });
  expect(await hub.acme.oauth.revokeAll('archive')).toEqual({ disconnected: 3 });
  expect((await hub.acme.connections.list()).map(({ status }) => status)).toEqual(['disconnected', 'disconnected', 'disconnected']);
  expect((await globex.connections.get('main')).status).toBe('active');
  await hub.test.settled({ withinMs: 0 });
  expect(revoked()).toHaveLength(3);
  expect(await hub.acme.oauth.revokeAll('archive')).toEqual({ disconnected: 0 });
});

describe('a grant is handed over for taking back', () => {
  const away = (): PatchbayError => new PatchbayError({ code: 'storage_unavailable', message: 'Away.', retryable: true });
  const ends = (changes: readonly object[]): boolean => JSON.stringify(changes).includes('"status":"disconnected"');

  async function two(): Promise<ArchiveHub> {
    const hub = await connected();
    await hub.complete(await hub.permit({ name: 'second' }));
    stage.revoke(() => ({ status: 200 }));
    return hub;
  }

  it.each([
    ['all of a connector end', (hub: ArchiveHub) => hub.acme.oauth.revokeAll('archive'), 2],
    ['it ends', (hub: ArchiveHub) => hub.acme.connections.disconnect('main'), 1],
  ])('though the lane cannot be closed when %s', async (_, end, grants) => {
    const hub = await two();
    vi.spyOn(hub.test.storage.gates, 'close').mockRejectedValueOnce(away());
    await expect(end(hub)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await hub.test.settled({ withinMs: 0 });
    expect(revoked()).toHaveLength(grants);
  });

  it('though the answer to the write that ended all was lost', async () => {
    const hub = await two();
    const { configuration } = hub.test.storage;
    const write = configuration.write.bind(configuration);
    vi.spyOn(configuration, 'write').mockImplementation(async (tenant, changes, options) => {
      const verdict = await write(tenant, changes, options);
      if (ends(changes)) throw away();
      return verdict;
    });
    await expect(hub.acme.oauth.revokeAll('archive')).rejects.toMatchObject({ code: 'storage_unavailable' });
    await hub.test.settled({ withinMs: 0 });
    expect(revoked()).toHaveLength(2);
  });

  it('as it is when the connection ends, also where it was renewed a moment before', async () => {
    const hub = await two();
    const { configuration } = hub.test.storage;
    const write = configuration.write.bind(configuration);
    const credential = { type: 'oauth2', accessToken: 'newer-access-token', refreshToken: 'newer-refresh-token' } as const;
    const spy = vi.spyOn(configuration, 'write').mockImplementation(async (tenant, changes, options) => {
      spy.mockImplementation(write);
      await hub.acme.connections.put('main', { connector: 'archive', credential });
      return write(tenant, changes, options);
    });
    await hub.acme.connections.disconnect('main');
    await hub.test.settled({ withinMs: 0 });
    expect(revoked()).toEqual([{ token: 'newer-refresh-token', token_type_hint: 'refresh_token' }]);
  });
});
