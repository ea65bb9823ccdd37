import { defineConnector } from '@patchbay/core';
import { createTestHub, type FakeProvider, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveConnector } from '../oauth/archive-connector.ts';

const tokens = { refresh_token: 'refresh-klmnopqrst', token_type: 'Bearer', expires_in: 3_600, scope: 'profile papers:write' };

let service: FakeProvider;
let test: ReturnType<typeof archiveHub>;
let meanwhile: () => Promise<unknown>;
let given: number;
beforeEach(async () => {
  meanwhile = async () => undefined;
  given = 0;
  service = await startFakeProvider({
    routes: {
      'POST /token': async () => {
        await meanwhile();
        given += 1;
        return { json: { ...tokens, access_token: `access-${given}-abcdefgh` } };
      },
      'PUT /papers': () => ({ json: { id: 'paper' } }),
    },
    handler: () => ({ json: { id: 'paper' } }),
  });
  test = archiveHub(service.origin);
});
afterEach(async () => {
  await test.close();
  await service.close();
});

/** A hub with two majors of a connector with OAuth. */
function archiveHub(origin: string) {
  const major = (number: number) => defineConnector({ ...archiveConnector(origin).definition, version: `${number}.0.0` });
  return createTestHub({
    publicUrl: 'https://host.example.com/hub',
    apps: { archive: { oauth: { clientId: 'client-1', clientSecret: 'client-secret-1234567890' } } },
    connectors: [major(1), major(2)],
  });
}

/** The flow that a person has come back with. */
async function permit(): Promise<string> {
  const acme = test.tenant('acme');
  const begun = await acme.oauth.beginConnect({ connector: 'archive', major: 1, name: 'main', hostUser: 'user-1', returnTo: '/settings' });
  const state = new URL(begun.url).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ code: 'code-1', state });
  const back = await test.hub.handler(new Request(`https://host.example.com/hub/oauth/callback/archive?${query}`));
  return new URL(back.headers.get('location') ?? '').searchParams.get('flow') ?? '';
}

const connect = async () => {
  const flowId = await permit();
  return (await test.tenant('acme').oauth.completeConnect({ flowId, hostUser: 'user-1' })).connection;
};

it('a token that is renewed while its connection moves is kept, and the connection stays moved', async () => {
  const acme = test.tenant('acme');
  expect(await connect()).toMatchObject({ major: 1, status: 'active' });
  await test.clock.advance(3_600_000);
  meanwhile = () => acme.connections.migrate('main', { to: 2 });
  const { dispatchId } = await acme.actions.execute('archive.file', { connection: 'main', input: { text: 'a' } });
  await test.settled();
  expect((await acme.dispatches.get(dispatchId)).status).toBe('succeeded');
  expect(await acme.connections.get('main')).toMatchObject({ major: 2, status: 'active' });
  const sent = service.requests.filter(({ path }) => path === '/papers');
  expect(sent).toHaveLength(1);
  meanwhile = async () => undefined;
  await acme.actions.execute('archive.file', { connection: 'main', input: { text: 'b' } });
  await test.settled();
  // The token of then goes on: nobody had to ask for another.
  expect([given, service.requests.filter(({ path }) => path === '/papers').length]).toEqual([2, 2]);
});

it('who began to connect an account before its connection was moved does not move it back', async () => {
  const acme = test.tenant('acme');
  await connect();
  const flowId = await permit();
  await acme.connections.migrate('main', { to: 2 });
  await expect(acme.oauth.completeConnect({ flowId, hostUser: 'user-1' })).rejects.toMatchObject({ code: 'conflict' });
  expect(await acme.connections.get('main')).toMatchObject({ major: 2, status: 'active' });
});
