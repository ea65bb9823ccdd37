import { type Connector, defineAction, defineConnector, path } from '@patchbay/core';
import { createTestHub, type FakeProvider, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

let provider: FakeProvider;
let close: () => Promise<void>;

beforeEach(async () => {
  provider = await startFakeProvider({ handler: () => ({ json: {}, effect: true }) });
  close = async () => undefined;
});
afterEach(async () => {
  await close();
  await provider.close();
});

const credential = { type: 'bearer', token: 'tok-1234567890' } as const;

/** A library that lends books; each action needs a scope of its own. */
function library(): Connector {
  const action = (title: string, scopes: readonly (string | { scope: string; reason: string })[]) =>
    defineAction({
      title,
      description: title,
      idempotency: 'unsafe',
      scopes,
      input: z.strictObject({}),
      output: z.json(),
      run: ({ http }) => http.post(path`/books`, { json: {}, response: z.json() }),
    });
  return defineConnector({
    id: 'library',
    name: 'Library',
    description: 'Lends books.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'bearer' }],
    origin: provider.origin,
    scopes: [{ scope: 'profile', reason: 'To tell whose account it is.' }],
    impliedScopes: { 'books:admin': ['books:write'], 'books:write': ['books:read'] },
    actions: {
      look_up: action('Look up', ['books:read']),
      lend: action('Lend', ['books:write', { scope: 'members', reason: 'To know who lends.' }]),
      burn: action('Burn', ['books:admin']),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}

function open() {
  const test = createTestHub({ connectors: [library()], logger: { debug() {}, info() {}, warn() {}, error() {} } });
  close = test.close;
  const acme = test.tenant('acme');
  return {
    test,
    acme,
    connect: (grantedScopes?: readonly string[], name = 'main') =>
      acme.connections.put(name, { connector: 'library', credential, ...(grantedScopes ? { grantedScopes } : {}) }),
    automate: (name: string, action: string, connection = 'main') =>
      acme.automations.put(name, {
        trigger: { manual: true },
        steps: [{ id: 'step', action: `library.${action}`, connection, input: {} }],
      }),
    call: (action: string) => acme.actions.execute(`library.${action}`, { connection: 'main', input: {} }),
  };
}

describe('the scopes of a connection', () => {
  it('to ask for are the union of what the connector needs and what enabled automations do', async () => {
    const { acme, connect, automate } = open();
    await connect(['profile']);
    await connect(['profile'], 'other');
    expect((await acme.connections.scopes('main')).needed).toEqual([
      { scope: 'profile', reasons: ['To tell whose account it is.'], actions: [] },
    ]);
    await automate('lending', 'lend');
    await automate('looking', 'look_up');
    await automate('elsewhere', 'burn', 'other');
    await automate('asleep', 'burn');
    await acme.automations.disable('asleep');
    expect(await acme.connections.scopes('main')).toEqual({
      granted: ['profile'],
      needed: [
        { scope: 'profile', reasons: ['To tell whose account it is.'], actions: [] },
        { scope: 'books:write', reasons: ['Needed to: Lend'], actions: ['library.lend'] },
        { scope: 'members', reasons: ['To know who lends.'], actions: ['library.lend'] },
        { scope: 'books:read', reasons: ['Needed to: Look up'], actions: ['library.look_up'] },
      ],
      missing: ['books:write', 'members', 'books:read'],
    });
  });

  it('are compared when it is put, when an automation changes and when one is enabled, and what is missing is noticed', async () => {
    const { acme, test, connect, automate } = open();
    const noticed = () => test.noticesOf('connection.scopes_missing').map(({ missing }) => missing);
    await connect([]);
    expect(noticed()).toEqual([['profile']]);
    await connect(['profile', 'books:write', 'members']);
    await automate('lending', 'lend');
    await automate('looking', 'look_up');
    expect(noticed()).toHaveLength(1);
    await automate('burning', 'burn');
    expect(noticed()).toEqual([['profile'], ['books:admin']]);
    await acme.automations.disable('burning');
    await acme.automations.enable('burning');
    expect(noticed()).toEqual([['profile'], ['books:admin'], ['books:admin']]);
    await connect(['profile', 'books:admin', 'members']);
    expect(noticed()).toHaveLength(3);
    expect(await acme.connections.scopes('main')).toMatchObject({ missing: [] });
  });

  it('are compared after every other change of what is granted or enabled: update, rotate, and an automation put anew', async () => {
    const { acme, test, connect, automate } = open();
    const noticed = () => test.noticesOf('connection.scopes_missing').map(({ missing }) => missing);
    await connect(['profile', 'books:admin', 'members']);
    await automate('lending', 'lend');
    await acme.connections.update('main', { grantedScopes: ['profile', 'books:read'] });
    expect(noticed()).toEqual([['books:write', 'members']]);
    const next = { type: 'bearer', token: 'tok-0987654321' } as const;
    await acme.connections.rotate('main', { credential: next, grantedScopes: ['profile', 'books:write'] });
    expect(noticed().at(-1)).toEqual(['members']);
    await automate('lending', 'burn');
    expect(noticed().at(-1)).toEqual(['books:admin']);
    await acme.connections.rollBack('main');
    expect(noticed()).toHaveLength(4);
    expect(await acme.connections.scopes('main')).toMatchObject({ granted: ['books:read', 'profile'], missing: ['books:admin'] });
    await automate('lending', 'look_up');
    expect(noticed()).toHaveLength(4);
  });

  it('that are missing are listed for what is enabled by the connection that it uses, and for no other', async () => {
    const { acme, test, connect, automate } = open();
    await connect(['profile']);
    const other = await connect(['profile'], 'other');
    await automate('looking', 'look_up', 'other');
    expect(test.noticesOf('connection.scopes_missing')).toMatchObject([
      { tenant: 'acme', connectionId: other.id, connectorId: 'library', missing: ['books:read'] },
    ]);
    expect(await acme.connections.scopes('main')).toMatchObject({ missing: [] });
    expect(await acme.connections.scopes('other')).toMatchObject({ missing: ['books:read'] });
  });

  it('refuse an action that lacks one before anything is queued', async () => {
    const { acme, connect, call } = open();
    await connect(['profile', 'books:write']);
    await expect(call('lend')).rejects.toMatchObject({ code: 'scope_missing', sent: 'no', details: { missing: ['members'] } });
    expect((await acme.dispatches.list()).items).toEqual([]);
  });

  it('refuse an action of an automation before it is sent, and the attempt says what is missing', async () => {
    const { acme, test, connect, automate } = open();
    await connect(['profile', 'books:read']);
    await automate('lending', 'lend');
    await acme.automations.run('lending');
    await test.settled();
    const [dispatch] = (await acme.dispatches.list()).items;
    expect(dispatch).toMatchObject({
      status: 'dead',
      error: { code: 'scope_missing', message: expect.stringContaining('books:write, members') },
    });
    expect(provider.requests).toEqual([]);
  });

  it('let through what is included in a granted one, and everything where nobody has said what is granted', async () => {
    const { test, connect, call } = open();
    await connect(['books:admin', 'members']);
    await call('burn');
    await call('lend');
    await connect();
    await call('burn');
    await test.settled();
    expect(provider.effects()).toHaveLength(3);
  });

  it.each([['read'], [7], [['']], [['a\nb']], [Array(501).fill('x')]])('that are no list of texts are refused: %j', async (scopes) => {
    const { acme, connect } = open();
    // As plain JavaScript would hand it in.
    await expect(connect(scopes as unknown as string[])).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await acme.connections.list()).toEqual([]);
  });
});
