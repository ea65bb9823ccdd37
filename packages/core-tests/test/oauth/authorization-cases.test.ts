import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveConnector } from './archive-connector.ts';
import { type ArchiveHub, type ArchiveStage, archiveStage, clientSecret, failureOf } from './archive-stage.ts';
import { type CertifiedServer, startCertifiedServer } from './certified-server.ts';
import { type HostileServer, startHostileServer } from './hostile-server.ts';

const callback = 'https://host.example.com/hub/oauth/callback/archive';

let stage: ArchiveStage;
let certified: CertifiedServer;
let hostile: HostileServer;
beforeEach(async () => {
  stage = await archiveStage();
  certified = await startCertifiedServer([callback]);
  hostile = await startHostileServer();
});
afterEach(async () => {
  await stage.close();
  await certified.close();
  await hostile.close();
});

const nowhere = { authorizationUrl: undefined, tokenUrl: undefined, revocationUrl: undefined };
const atCertified = (changes: Readonly<Record<string, unknown>> = {}): ArchiveHub =>
  stage.hub({ ...nowhere, issuer: certified.origin, scopes: ['openid'], parameters: { prompt: 'consent' }, ...changes });
const atHostile = (changes: Readonly<Record<string, unknown>> = {}): ArchiveHub =>
  stage.hub({ ...nowhere, issuer: hostile.origin, ...changes });

const stateOf = (url: URL): string => url.searchParams.get('state') ?? '';
const errorOf = (back: { readonly at: URL | null }): string | null | undefined => back.at?.searchParams.get('connect_error');
const flowOf = (back: { readonly at: URL | null }): string => back.at?.searchParams.get('flow') ?? '';

/** Begins, and has a person permit it at the certified server: what their browser comes back with. */
async function permitted(hub: ArchiveHub, changes: Readonly<Record<string, unknown>> = {}): Promise<URLSearchParams> {
  return (await certified.visit((await hub.begin(changes)).href)).searchParams;
}

const changed = (answer: URLSearchParams, changes: Readonly<Record<string, string | null>>): string => {
  const fields = new URLSearchParams(answer);
  for (const [name, value] of Object.entries(changes)) value === null ? fields.delete(name) : fields.set(name, value);
  return fields.toString();
};

/** The code of a certified server that came back so is not taken in, and nothing is asked of the server. */
async function refuses(hub: ArchiveHub, query: string, at = 'archive'): Promise<void> {
  expect((await hub.comeBack(query, at)).status).toBe(400);
  expect([certified.asked, await hub.connected()]).toEqual([[], []]);
}

it('oauth-1: an answer without a state is refused', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  await refuses(hub, changed(answer, { state: null }));
  await refuses(hub, changed(answer, { state: '' }));
});

it('oauth-2: a state that nobody gave out is refused', async () => {
  const hub = atCertified();
  await refuses(hub, changed(await permitted(hub), { state: 'A'.repeat(43) }));
});

it('oauth-3: a state that comes again after success is refused, and tokens are asked for once', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  const flow = flowOf(await hub.comeBack(answer.toString()));
  await hub.complete(flow);
  expect((await hub.comeBack(answer.toString())).status).toBe(400);
  expect(await failureOf(hub.complete(flow))).toMatchObject({ reason: 'flow_ended' });
  expect(certified.asked).toEqual(['authorization_code']);
});

it('oauth-4: a state that is older than ten minutes is refused, and a code that waited two is not used', async () => {
  const hub = atCertified();
  const [early, late] = [await permitted(hub), await permitted(hub)];
  const flow = flowOf(await hub.comeBack(early.toString()));
  await hub.test.clock.advance(120_001);
  expect(await failureOf(hub.complete(flow))).toMatchObject({ reason: 'flow_ended' });
  await hub.test.clock.advance(480_000);
  await refuses(hub, late.toString());
});

it('oauth-5: the flow of a tenant, and of a registration, is nothing to another one', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  const globex = hub.test.tenant('globex').oauth;
  const app = await globex.putApp({ connector: 'archive', clientId: 'client-1', clientSecret: 'another-secret-123' });
  expect(errorOf(await hub.comeBack((await permitted(hub)).toString(), app.id))).toBe('wrong_callback');
  const flow = flowOf(await hub.comeBack(answer.toString()));
  expect(await failureOf(globex.completeConnect({ flowId: flow, hostUser: 'user-1' }))).toMatchObject({ reason: 'flow_ended' });
  expect(certified.asked).toEqual([]);
  expect((await hub.complete(flow)).connection.status).toBe('active');
});

it('oauth-6: who began and who came back must be one user, before tokens are asked for', async () => {
  const hub = atCertified();
  // The attacker begins and has the victim open the address: the victim's browser is told the flow, and its user is another one.
  const url = await hub.begin({ hostUser: 'attacker' });
  const back = await hub.comeBack((await certified.visit(url.href)).search.slice(1));
  expect(await failureOf(hub.complete(stateOf(url), 'attacker'))).toMatchObject({ reason: 'flow_ended' });
  expect(await failureOf(hub.complete(flowOf(back), 'victim'))).toMatchObject({ code: 'connect_failed', reason: 'other_user' });
  expect(await failureOf(hub.complete(flowOf(back), 'attacker'))).toMatchObject({ reason: 'flow_ended' });
  expect([certified.asked, await hub.connected()]).toEqual([[], []]);
});

it('oauth-7: a browser without a session of the host brings a code that nobody exchanges', async () => {
  const hub = atCertified();
  const back = await hub.comeBack((await permitted(hub)).toString());
  expect(back.headers['set-cookie']).toBeUndefined();
  expect((await failureOf(hub.complete(flowOf(back), ''))).code).toBe('invalid_argument');
  await hub.test.clock.advance(120_001);
  expect(await failureOf(hub.complete(flowOf(back)))).toMatchObject({ reason: 'flow_ended' });
  expect(certified.asked).toEqual([]);
});

it('oauth-8: a state with any one bit turned is refused, and the true one still holds', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  const state = answer.get('state') ?? '';
  for (let index = 0; index < state.length; index += 1) {
    for (const bit of [1, 2, 4, 8, 16, 32]) {
      const turned = String.fromCharCode(state.charCodeAt(index) ^ bit);
      expect((await hub.comeBack(changed(answer, { state: state.slice(0, index) + turned + state.slice(index + 1) }))).status).toBe(400);
    }
  }
  expect((await hub.complete(flowOf(await hub.comeBack(answer.toString())))).connection.status).toBe('active');
});

it('oauth-9: of two flows in one browser each has its own code, and swapped codes are refused by the server', async () => {
  const hub = atCertified();
  const [first, second] = [await permitted(hub, { name: 'first' }), await permitted(hub, { name: 'second' })];
  const [third, fourth] = [await permitted(hub, { name: 'third' }), await permitted(hub, { name: 'fourth' })];
  for (const [mine, theirs] of [[first, second] as const, [second, first] as const]) {
    const flow = flowOf(await hub.comeBack(changed(mine, { code: theirs.get('code') })));
    expect(await failureOf(hub.complete(flow))).toMatchObject({ reason: 'exchange_refused' });
  }
  const flows = [flowOf(await hub.comeBack(fourth.toString())), flowOf(await hub.comeBack(third.toString()))];
  const names = await Promise.all(flows.map(async (flow) => (await hub.complete(flow)).connection.name));
  expect([names, certified.asked.length]).toEqual([['fourth', 'third'], 2]);
});

it('oauth-10: each flow has a state and a verifier of its own, of 256 bits, and no address holds a verifier', async () => {
  const hub = atHostile();
  const seen = new Set<string>();
  for (let index = 0; index < 5; index += 1) {
    const url = await hub.begin();
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    const back = await hub.comeBack({ code: 'code-1', state: stateOf(url) });
    await hub.complete(flowOf(back));
    const verifier = hostile.requests.at(-1)?.fields.get('code_verifier') ?? '';
    expect(url.href + back.at?.href).not.toContain(verifier);
    for (const name of [verifier, stateOf(url), flowOf(back)]) seen.add(name);
  }
  expect([...seen].filter((name) => /^[\w-]{43}$/.test(name))).toHaveLength(15);
});

it('oauth-11: a server whose metadata list plain alone is refused, unless the connector has said that its service cannot', async () => {
  hostile.say({ code_challenge_methods_supported: ['plain'] });
  expect((await failureOf(atHostile().begin())).code).toBe('unsupported');
  const url = await atHostile({ pkce: 'none' }).begin();
  expect([...url.searchParams.keys()].filter((name) => name.startsWith('code_challenge'))).toEqual([]);
  for (const connector of [{ pkce: 'plain' }, { pkce: 'none', clientAuthentication: 'none' }])
    expect(() => archiveConnector(hostile.origin, connector)).toThrow(expect.objectContaining({ code: 'connector_invalid' }));
});

it('oauth-12: a challenge that somebody takes out of the address, or makes plain, makes a code that is good for nothing', async () => {
  const lax = await startCertifiedServer([callback], { isPkceRequired: false });
  try {
    const hub = atCertified({ issuer: lax.origin });
    const url = await hub.begin();
    for (const name of ['code_challenge', 'code_challenge_method']) url.searchParams.delete(name);
    const flow = flowOf(await hub.comeBack((await lax.visit(url.href)).search.slice(1)));
    expect(await failureOf(hub.complete(flow))).toMatchObject({ reason: 'exchange_refused' });
    const plain = await hub.begin();
    plain.searchParams.set('code_challenge_method', 'plain');
    expect(errorOf(await hub.comeBack((await lax.visit(plain.href)).search.slice(1)))).toBe('other');
    expect([lax.asked, await hub.connected()]).toEqual([[], []]);
  } finally {
    await lax.close();
  }
});

it("oauth-13: an attacker's code in the flow of a victim is refused by the server, and nothing is stored", async () => {
  const hub = atCertified();
  const [attacker, victim] = [await permitted(hub, { hostUser: 'attacker' }), await permitted(hub, { hostUser: 'victim' })];
  const flow = flowOf(await hub.comeBack(changed(victim, { code: attacker.get('code') })));
  expect(await failureOf(hub.complete(flow, 'victim'))).toMatchObject({ reason: 'exchange_refused' });
  expect([certified.asked, await hub.connected()]).toEqual([[], []]);
});

it('oauth-14: an answer of another issuer is refused before tokens are asked for', async () => {
  const hub = atCertified();
  for (const iss of [hostile.origin, `${certified.origin}/`, certified.origin.toUpperCase(), certified.origin.replace('http', 'https')])
    expect(errorOf(await hub.comeBack(changed(await permitted(hub), { iss })))).toBe('wrong_issuer');
  expect(certified.asked).toEqual([]);
});

it('oauth-15: an answer without an issuer is refused where the metadata say that the server always names it', async () => {
  const hub = atCertified();
  expect(errorOf(await hub.comeBack(changed(await permitted(hub), { iss: null })))).toBe('wrong_issuer');
  expect(certified.asked).toEqual([]);
});

it('oauth-16: an issuer that nobody expected is compared where it is known, and else passed over with a line in the log', async () => {
  const known = atHostile();
  const other = { code: 'c', state: stateOf(await known.begin()), iss: 'https://other.example.com' };
  expect(errorOf(await known.comeBack(other))).toBe('wrong_issuer');
  const unknown = stage.hub({ issuer: undefined });
  const iss = 'https://any.example.com/\u2028';
  expect(errorOf(await unknown.comeBack({ code: 'c', state: stateOf(await unknown.begin()), iss }))).toBeNull();
  expect(unknown.logged.filter((line) => line.includes('issuer'))).toHaveLength(1);
  expect(unknown.logged.join()).not.toContain('any.example');
});

it('oauth-17: a hostile server that sends people on to an honest one gets no code: neither by issuer nor by redirect URI', async () => {
  const registration = { connector: 'archive', clientId: 'client-1', clientSecret: 'own-secret-123' };
  const hub = atCertified();
  hostile.say({ authorization_response_iss_parameter_supported: false });
  const app = await hub.acme.oauth.putApp({ ...registration, endpoints: { issuer: hostile.origin } });
  const lured = await hub.begin();
  expect(lured.origin).toBe(hostile.origin);
  const onward = new URL(`${certified.origin}/auth${lured.search}`);
  onward.searchParams.set('prompt', 'consent');
  // The honest server knows the redirect URI of the host's app alone, not that of the hostile registration.
  await expect(certified.visit(onward.href)).rejects.toThrow('The server answered 400');
  onward.searchParams.set('redirect_uri', callback);
  const answer = (await certified.visit(onward.href)).search.slice(1);
  expect(errorOf(await hub.comeBack(answer))).toBe('wrong_callback');
  const again = new URL(`${certified.origin}/auth${(await hub.begin()).search}`);
  again.searchParams.set('redirect_uri', callback);
  again.searchParams.set('prompt', 'consent');
  // Even brought to the address of the hostile registration, the answer names the honest issuer.
  expect(errorOf(await hub.comeBack((await certified.visit(again.href)).search.slice(1), app.id))).toBe('wrong_issuer');
  expect([hostile.asked('/token'), certified.asked]).toEqual([0, []]);
});

it('oauth-18: the address of a callback decides nothing: the flow does, and another address ends it', async () => {
  const hub = atHostile();
  const own = { connector: 'archive', clientId: 'own-1', clientSecret: 'own-secret-123' };
  const state = stateOf(await hub.begin());
  const app = await hub.acme.oauth.putApp({ ...own, endpoints: { issuer: hostile.origin } });
  for (const [given, at] of [
    [state, app.id],
    [stateOf(await hub.begin()), 'archive'],
    [stateOf(await hub.begin()), '01890a5d-ac96-774b-bcce-b302099a8057'],
  ] as const) {
    expect(errorOf(await hub.comeBack({ code: 'code-1', state: given }, at))).toBe('wrong_callback');
    expect((await hub.comeBack({ code: 'code-1', state: given }, app.id)).status).toBe(400);
  }
  expect(hostile.asked('/token')).toBe(0);
});

it('oauth-19: the secret of the host goes to no address that a tenant names, and new addresses end old flows', async () => {
  const hub = atCertified({ scopes: ['profile'] });
  const old = await permitted(hub);
  const endpoints = { issuer: hostile.origin };
  expect((await failureOf(hub.acme.oauth.putApp({ connector: 'archive', clientId: 'client-1', endpoints }))).code).toBe(
    'credential_missing',
  );
  const app = await hub.acme.oauth.putApp({ connector: 'archive', clientId: 'client-1', clientSecret: 'own-secret-123', endpoints });
  const back = await hub.comeBack({ code: 'code-1', state: stateOf(await hub.begin()) }, app.id);
  await hub.complete(flowOf(back));
  const sent = JSON.stringify(hostile.requests.map(({ headers, fields }) => [headers, fields.toString()]));
  const basic = (secret: string) => Buffer.from(`client%2D1:${secret.replaceAll('-', '%2D')}`).toString('base64');
  expect(sent).toContain(basic('own-secret-123'));
  for (const form of [clientSecret, basic(clientSecret)]) expect(sent).not.toContain(form);
  const pending = stateOf(await hub.begin());
  await hub.acme.oauth.putApp({
    connector: 'archive',
    clientId: 'client-1',
    clientSecret: 'own-secret-123',
    endpoints: { issuer: certified.origin },
  });
  expect(errorOf(await hub.comeBack({ code: 'code-1', state: pending }, app.id))).toBe('app_changed');
  // The host's own registration is as it was.
  expect((await hub.complete(flowOf(await hub.comeBack(old.toString())))).connection.status).toBe('active');
});

it('oauth-20: of a refusal its code alone is told, and nothing of its description is shown or logged', async () => {
  const hub = atCertified();
  const said = '<script>alert(1)</script>\r\nset-cookie: a=b\u2028{"level":"error"}';
  for (const [error, told] of [
    ['access_denied', 'access_denied'],
    [said, 'other'],
    ['__proto__', 'other'],
  ] as const) {
    const fields = {
      error,
      error_description: said,
      error_uri: 'javascript:alert(1)',
      state: stateOf(await hub.begin()),
      iss: certified.origin,
    };
    const back = await hub.comeBack(fields);
    expect([back.status, back.at?.search, back.text, back.headers['set-cookie']]).toEqual([303, `?connect_error=${told}`, '', undefined]);
  }
  expect(JSON.stringify([hub.logged, hub.test.notices])).not.toMatch(/script|alert|set-cookie/);
});

it('oauth-21: a refusal of a flow that nobody knows, and one of another issuer, are not told as the server’s', async () => {
  const hub = atCertified();
  const unknown = await hub.comeBack({ error: 'access_denied', error_description: 'shown?', state: 'B'.repeat(43) });
  expect([unknown.status, unknown.text.includes('shown')]).toEqual([400, false]);
  const other = { error: 'access_denied', state: stateOf(await hub.begin()), iss: hostile.origin };
  expect(errorOf(await hub.comeBack(other))).toBe('wrong_issuer');
});

it('oauth-22: a parameter that comes twice, a code beside an error and a token in the address are refused, and end nothing', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  for (const more of [
    'code=other',
    `state=${answer.get('state')}`,
    `iss=${hostile.origin}`,
    'error=access_denied',
    'access_token=t',
    'id_token=t',
    'response=t',
  ])
    await refuses(hub, `${answer}&${more}`);
  expect((await hub.complete(flowOf(await hub.comeBack(answer.toString())))).connection.status).toBe('active');
});

it('oauth-23: an answer in a body, or behind a hash, is not taken, and no connector can ask for one', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  const posted = await hub.test.hub.handler(new Request(callback, { method: 'POST', body: answer }));
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  expect((await hub.test.hub.handler(new Request(`${callback}#${answer}`))).status).toBe(400);
  for (const method of ['PUT', 'HEAD', 'OPTIONS']) expect((await hub.comeBack(answer.toString(), 'archive', method)).status).toBe(405);
  for (const parameters of [{ response_mode: 'form_post' }, { RESPONSE_MODE: 'fragment' }])
    expect(() => archiveConnector(hostile.origin, { parameters })).toThrow(expect.objectContaining({ code: 'connector_invalid' }));
  expect((await failureOf(hub.begin({ parameters: { response_mode: 'form_post' } }))).code).toBe('invalid_argument');
  expect(certified.asked).toEqual([]);
});

it('oauth-24: a state, a code and an issuer of a megabyte are refused', async () => {
  const hub = atCertified();
  const answer = await permitted(hub);
  const long = 'a'.repeat(1_048_576);
  for (const name of ['state', 'code', 'iss', 'session_state']) await refuses(hub, changed(answer, { [name]: long }));
  for (const [name, most] of [
    ['state', 128],
    ['code', 4_096],
    ['iss', 1_024],
  ] as const)
    await refuses(hub, changed(answer, { [name]: 'a'.repeat(most + 1) }));
});

it('oauth-25: a browser is sent on to a page of the host alone, and nobody keeps or is told the address that it came with', async () => {
  const hub = atHostile();
  for (const returnTo of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    'javascript:alert(1)',
    '/a\r\nb: c',
    'https://u:p@host.example.com/',
  ])
    expect((await failureOf(hub.begin({ returnTo }))).code).toBe('invalid_argument');
  const state = stateOf(await hub.begin());
  for (const back of [await hub.comeBack({ code: 'code-canary', state }), await hub.comeBack({ code: 'code-canary', state })]) {
    const policy = ['referrer-policy', 'cache-control', 'content-security-policy', 'x-content-type-options'].map(
      (name) => back.headers[name],
    );
    expect(policy).toEqual(['no-referrer', 'no-store', "default-src 'none'; frame-ancestors 'none'", 'nosniff']);
    expect(`${back.at?.href} ${back.text}`).not.toMatch(/code-canary|state=/);
    expect([null, 'https://host.example.com']).toContain(back.at?.origin ?? null);
  }
  expect(hostile.asked('/token')).toBe(0);
});
