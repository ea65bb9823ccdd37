import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStage, accessToken, archiveStage, clientSecret, failureOf, goodAnswer, refreshToken } from './archive-stage.ts';

let stage: ArchiveStage;
beforeEach(async () => {
  stage = await archiveStage();
});
afterEach(() => stage.close());

const stateOf = (url: URL): string => url.searchParams.get('state') ?? '';

describe('beginning', () => {
  it('makes an address with state, PKCE by S256, the scopes of what is enabled and the redirect URI of its registration', async () => {
    const { begin } = stage.hub();
    const url = await begin({ parameters: { login_hint: 'user-1' } });
    const { state, code_challenge: challenge, ...rest } = Object.fromEntries(url.searchParams);
    expect(url.origin + url.pathname).toBe(`${stage.provider.origin}/authorize`);
    expect([state?.length, challenge?.length]).toEqual([43, 43]);
    expect(rest).toEqual({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: 'https://host.example.com/hub/oauth/callback/archive',
      scope: 'profile papers:write papers:read',
      code_challenge_method: 'S256',
      login_hint: 'user-1',
    });
  });

  it('asks for no more than what the enabled actions need, between the separator of the provider', async () => {
    const { begin } = stage.hub({ scopeSeparator: ',' });
    expect((await begin({ actions: ['find'] })).searchParams.get('scope')).toBe('profile,papers:read');
    expect((await begin({ actions: [], scopes: ['more'] })).searchParams.get('scope')).toBe('profile,more');
    expect((await failureOf(begin({ actions: ['shred'] }))).code).toBe('unknown_action');
  });

  it('leaves PKCE out only where the connector says that the provider cannot', async () => {
    const { begin } = stage.hub({ pkce: 'none' });
    expect((await begin()).searchParams.has('code_challenge')).toBe(false);
  });

  it.each([
    ['a parameter that is not allowed', { parameters: { prompt: 'none' } }],
    ['a parameter of the hub', { parameters: { redirect_uri: 'https://evil.example' } }],
    ['a page of somebody else', { returnTo: 'https://evil.example/settings' }],
    ['a page that only looks like the own one', { returnTo: '//evil.example/settings' }],
    ['a scope that holds two', { scopes: ['one two'] }],
    ['no user', { hostUser: '' }],
    ['a name with a slash', { name: 'a/b' }],
  ])('refuses %s', async (_, changes) => {
    expect((await failureOf(stage.hub().begin(changes))).code).toBe('invalid_argument');
  });

  it('takes a page of an origin that the host has named', async () => {
    const { begin, comeBack } = stage.hub({}, { returnOrigins: ['https://app.example.com'] });
    const url = await begin({ returnTo: 'https://app.example.com/done?tab=1' });
    const { at } = await comeBack({ code: 'code-1', state: stateOf(url) });
    expect(at?.href).toMatch(/^https:\/\/app\.example\.com\/done\?tab=1&flow=[\w-]{43}$/);
  });

  it('refuses a flood of one user, and nobody else', async () => {
    const { begin } = stage.hub();
    for (let index = 0; index < 50; index += 1) await begin();
    expect((await failureOf(begin())).code).toBe('overloaded');
    await begin({ hostUser: 'user-2' });
  });
});

describe('completing', () => {
  it('confines the connection from its first moment, and as before when it is connected again', async () => {
    const hub = stage.hub();
    const connect = async (changes: Parameters<typeof hub.begin>[0]) => {
      const back = await hub.comeBack({ code: 'code-1', state: stateOf(await hub.begin(changes)) });
      return (await hub.complete(back.at?.searchParams.get('flow') ?? '')).connection.confinedTo;
    };
    expect(await connect({ confinedTo: { cabinet: ['Blue'] } })).toEqual({ cabinet: ['blue'] });
    expect(await connect({})).toEqual({ cabinet: ['blue'] });
    expect(await connect({ confinedTo: null })).toBeNull();
    expect((await failureOf(hub.begin({ confinedTo: { shelf: ['a'] } }))).code).toBe('invalid_argument');
  });

  it('asks for tokens only then, with the verifier of the challenge, and makes an active connection', async () => {
    const hub = stage.hub();
    const url = await hub.begin({ metadata: { team: 'blue' } });
    const back = await hub.comeBack({ code: 'code-1', state: stateOf(url) });
    expect([back.status, back.at?.origin, back.at?.pathname]).toEqual([303, 'https://host.example.com', '/settings']);
    expect(stage.asked).toEqual([]);
    const { connection, missingScopes } = await hub.complete(back.at?.searchParams.get('flow') ?? '');
    expect(connection).toMatchObject({ name: 'main', connector: 'archive', status: 'active', owner: 'user-1', metadata: { team: 'blue' } });
    expect([connection.grantedScopes, missingScopes]).toEqual([['papers:read', 'papers:write', 'profile'], []]);
    const [fields] = stage.asked;
    expect(stage.asked).toHaveLength(1);
    expect(Object.fromEntries(fields ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: 'https://host.example.com/hub/oauth/callback/archive',
    });
    const verifier = fields?.get('code_verifier') ?? '';
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(url.searchParams.get('code_challenge'));
    const { dispatchId } = await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
    await hub.test.settled({ withinMs: 0 });
    expect(await hub.acme.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded' });
    expect(hub.test.noticesOf('connection.connected')).toHaveLength(1);
  });

  it('brings an existing connection of the name back, with its lane', async () => {
    const hub = stage.hub();
    const first = await hub.complete(await hub.permit());
    await hub.acme.connections.disconnect('main');
    expect(await hub.test.storage.gates.list('acme')).toHaveLength(1);
    const second = await hub.complete(await hub.permit());
    expect(second.connection).toMatchObject({ id: first.connection.id, status: 'active' });
    expect(await hub.test.storage.gates.list('acme')).toEqual([]);
  });

  it('is refused to another user, before anything is asked of the service, and ends the flow', async () => {
    const hub = stage.hub();
    const flow = await hub.permit();
    expect(await failureOf(hub.complete(flow, 'user-2'))).toMatchObject({ code: 'connect_failed', reason: 'other_user' });
    expect(await failureOf(hub.complete(flow))).toMatchObject({ reason: 'flow_ended' });
    expect(stage.asked).toEqual([]);
  });

  it('is refused to whoever began and did not come back: only the browser that did is told the flow', async () => {
    const hub = stage.hub();
    const url = await hub.begin();
    await hub.comeBack({ code: 'code-of-the-lured', state: stateOf(url) });
    expect(await failureOf(hub.complete(stateOf(url)))).toMatchObject({ reason: 'flow_ended' });
    expect(stage.asked).toEqual([]);
  });

  it('is refused to another tenant, whose try uses nothing up', async () => {
    const hub = stage.hub();
    const flow = await hub.permit();
    const globex = hub.test.tenant('globex').oauth;
    expect(await failureOf(globex.completeConnect({ flowId: flow, hostUser: 'user-1' }))).toMatchObject({ reason: 'flow_ended' });
    expect((await hub.complete(flow)).connection.status).toBe('active');
  });

  it('happens once, however many ask at a time', async () => {
    const hub = stage.hub();
    const flow = await hub.permit();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => hub.complete(flow)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(stage.asked).toHaveLength(1);
  });

  it('is too late two minutes after the callback', async () => {
    const hub = stage.hub();
    const flow = await hub.permit();
    await hub.test.clock.advance(120_001);
    expect(await failureOf(hub.complete(flow))).toMatchObject({ reason: 'flow_ended' });
  });

  it('leaves nothing behind where the server does not accept the code', async () => {
    const hub = stage.hub();
    stage.answer(() => ({ status: 400, json: { error: 'invalid_grant', error_description: 'PKCE' } }));
    expect(await failureOf(hub.complete(await hub.permit()))).toMatchObject({ code: 'connect_failed', reason: 'exchange_refused' });
    expect(await hub.acme.connections.list()).toEqual([]);
  });

  it('tells which scopes were not given, and records what was', async () => {
    const hub = stage.hub();
    stage.answer(() => ({ json: { ...goodAnswer.json, scope: 'profile papers:read extra' } }));
    const { connection, missingScopes } = await hub.complete(await hub.permit());
    expect([missingScopes, connection.grantedScopes]).toEqual([['papers:write'], ['extra', 'papers:read', 'profile']]);
  });
});

describe('an action', () => {
  const file = (hub: ReturnType<ArchiveStage['hub']>) =>
    hub.acme.actions.execute('archive.file', { connection: 'main', input: { text: 'A paper' } });

  it('that lacks a scope is refused before anything is sent, and says which', async () => {
    const hub = stage.hub();
    stage.answer(() => ({ json: { ...goodAnswer.json, scope: 'profile papers:read' } }));
    await hub.complete(await hub.permit());
    await expect(file(hub)).rejects.toMatchObject({ code: 'scope_missing', message: expect.stringContaining('papers:write') });
    expect(stage.provider.requests.map(({ path }) => path)).toEqual(['/token']);
  });

  it('has a scope that comes with another one', async () => {
    const hub = stage.hub();
    stage.answer(() => ({ json: { ...goodAnswer.json, scope: 'profile everything' } }));
    expect((await hub.complete(await hub.permit())).missingScopes).toEqual([]);
    await file(hub);
    await hub.test.settled({ withinMs: 0 });
    expect(stage.provider.requests.map(({ path }) => path)).toEqual(['/token', '/papers']);
  });
});

it('finishes 20 flows of one user apart, in any order', async () => {
  const hub = stage.hub();
  stage.answer((fields) => ({ json: { ...goodAnswer.json, access_token: `token-of-${fields.get('code')}` } }));
  const names = Array.from({ length: 20 }, (_, index) => `account-${index}`);
  const urls = await Promise.all(names.map((name) => hub.begin({ name })));
  const flows = await Promise.all(
    urls.map(async (url, index) => {
      const { at } = await hub.comeBack({ code: `code-${index}`, state: stateOf(url) });
      return at?.searchParams.get('flow') ?? '';
    }),
  );
  await Promise.all(flows.toReversed().map((flow) => hub.complete(flow)));
  for (const [index, name] of names.entries()) {
    const answer = await hub.acme.connections.get(name);
    expect(answer.status).toBe('active');
    const { dispatchId } = await hub.acme.actions.execute('archive.find', { connection: `archive/${name}`, input: {} });
    await hub.test.settled({ withinMs: 0 });
    // The service repeats the header that it was sent, and the gateway takes the token out of its answer.
    expect(await hub.acme.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded' });
    expect(stage.asked.filter((fields) => fields.get('code') === `code-${index}`)).toHaveLength(1);
  }
});

it('keeps no secret in the clear: not in the store, a log, a notice, an error or an answer', async () => {
  const hub = stage.hub();
  const put: string[] = [];
  const { flows } = hub.test.storage;
  const original = flows.put.bind(flows);
  const watched = (flow: Parameters<typeof original>[0]) => {
    put.push(JSON.stringify(flow));
    return original(flow);
  };
  Object.assign(flows, { put: watched });
  const url = await hub.begin();
  const back = await hub.comeBack({ code: 'code-canary-1', state: stateOf(url) });
  const flow = back.at?.searchParams.get('flow') ?? '';
  const done = await hub.complete(flow);
  stage.answer((fields) => ({ status: 400, json: { error: 'invalid_grant', error_description: `no ${fields.get('code')}` } }));
  const failed = await failureOf(hub.complete(await hub.permit({}, 'code-canary-2')));
  const rows = await hub.test.storage.configuration.snapshot('acme', ['connection', 'credential', 'app']);
  const said = JSON.stringify([put, done, failed, rows, hub.logged, hub.test.notices, back.text]);
  const verifier = stage.asked[0]?.get('code_verifier') ?? '';
  for (const secret of [stateOf(url), flow, verifier, 'code-canary', accessToken, refreshToken, clientSecret]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(said).not.toContain(secret);
  }
  expect(put).toHaveLength(4);
});
