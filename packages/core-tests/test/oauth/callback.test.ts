import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStage, archiveStage, failureOf } from './archive-stage.ts';

let stage: ArchiveStage;
beforeEach(async () => {
  stage = await archiveStage();
});
afterEach(async () => {
  expect(stage.asked).toEqual([]);
  await stage.close();
});

const stateOf = (url: URL): string => url.searchParams.get('state') ?? '';
const errorOf = (at: URL | null): string | null | undefined => at?.searchParams.get('connect_error');

it('sends the browser on to a clean address that nobody keeps and no other page is told', async () => {
  const { begin, comeBack } = stage.hub();
  const { status, at, headers, text } = await comeBack({ code: 'code-1', state: stateOf(await begin()) });
  expect([status, at?.searchParams.has('code'), at?.searchParams.has('state'), text]).toEqual([303, false, false, '']);
  expect([headers['referrer-policy'], headers['cache-control']]).toEqual(['no-referrer', 'no-store']);
});

describe('a state', () => {
  it('that nobody gave out is refused', async () => {
    const { comeBack } = stage.hub();
    expect((await comeBack({ code: 'code-1', state: 'a'.repeat(43) })).status).toBe(400);
  });

  it('is used once, also where the first answer was an error', async () => {
    const { begin, comeBack } = stage.hub();
    const state = stateOf(await begin());
    expect((await comeBack({ error: 'access_denied', state })).status).toBe(303);
    expect((await comeBack({ code: 'code-1', state })).status).toBe(400);
  });

  it('that differs in one bit is refused, and leaves the true one as it is', async () => {
    const { begin, comeBack } = stage.hub();
    const state = stateOf(await begin());
    const flipped = state.replace(/^./, (letter) => String.fromCharCode(letter.charCodeAt(0) ^ 1));
    expect((await comeBack({ code: 'code-1', state: flipped })).status).toBe(400);
    expect((await comeBack({ code: 'code-1', state })).status).toBe(303);
  });

  it('holds for ten minutes', async () => {
    const { begin, comeBack, test } = stage.hub();
    const [early, late] = [stateOf(await begin()), stateOf(await begin())];
    await test.clock.advance(599_999);
    expect((await comeBack({ code: 'code-1', state: early })).status).toBe(303);
    await test.clock.advance(2);
    expect((await comeBack({ code: 'code-1', state: late })).status).toBe(400);
  });
});

describe('the issuer', () => {
  const issuer = 'https://as.example.com';

  it('must be the one that was asked', async () => {
    const { begin, comeBack } = stage.hub({ issuer });
    const wrong = await comeBack({ code: 'code-1', state: stateOf(await begin()), iss: 'https://evil.example' });
    expect(errorOf(wrong.at)).toBe('wrong_issuer');
    const right = await comeBack({ code: 'code-1', state: stateOf(await begin()), iss: issuer });
    expect(errorOf(right.at)).toBeNull();
  });

  it('must be said where the server always says it', async () => {
    const strict = stage.hub({ issuer, requiresIssuer: true });
    expect(errorOf((await strict.comeBack({ code: 'code-1', state: stateOf(await strict.begin()) })).at)).toBe('wrong_issuer');
    const loose = stage.hub({ issuer });
    expect(errorOf((await loose.comeBack({ code: 'code-1', state: stateOf(await loose.begin()) })).at)).toBeNull();
  });

  it('is not compared where nobody knows it', async () => {
    const { begin, comeBack } = stage.hub();
    expect(errorOf((await comeBack({ code: 'code-1', state: stateOf(await begin()), iss: 'https://any.example' })).at)).toBeNull();
  });
});

it('refuses an answer at the address of another registration, and ends its flow', async () => {
  const { begin, comeBack } = stage.hub();
  const state = stateOf(await begin());
  expect(errorOf((await comeBack({ code: 'code-1', state }, 'other')).at)).toBe('wrong_callback');
  expect((await comeBack({ code: 'code-1', state })).status).toBe(400);
});

it('takes the name under which a code waits for no state: nobody puts another code in its place', async () => {
  const { permit, comeBack } = stage.hub();
  const parked = await permit();
  const { status, at } = await comeBack({ code: 'code-of-another', state: parked });
  expect([status, at]).toEqual([400, null]);
});

it('repeats nothing of what the server said besides the code', async () => {
  const { begin, comeBack, logged } = stage.hub();
  const said = '<script>alert(1)</script>\r\nset-cookie: a=b';
  const denied = await comeBack({ error: 'access_denied', error_description: said, error_uri: said, state: stateOf(await begin()) });
  const odd = await comeBack({ error: said, state: stateOf(await begin()) });
  expect([errorOf(denied.at), errorOf(odd.at)]).toEqual(['access_denied', 'other']);
  expect(JSON.stringify([denied.at?.href, odd.at?.href, denied.headers, logged])).not.toContain('script');
});

it.each([
  ['a long state', { code: 'c', state: 's'.repeat(1_000_000) }],
  ['a long code', { code: 'c'.repeat(1_000_000), state: 'STATE' }],
  ['no code', { state: 'STATE' }],
  ['code and error at once', { code: 'c', error: 'access_denied', state: 'STATE' }],
  ['a token in the address', { code: 'c', state: 'STATE', access_token: 't' }],
  ['a code that comes twice', 'code=a&code=b&state=STATE'],
  ['a state that comes twice', 'code=a&state=STATE&state=STATE'],
])('refuses %s, and leaves the flow as it is', async (_, answer) => {
  const { begin, comeBack } = stage.hub();
  const state = stateOf(await begin());
  const query = (typeof answer === 'string' ? answer : new URLSearchParams(answer).toString()).replaceAll('STATE', state);
  expect((await comeBack(query)).status).toBe(400);
  expect((await comeBack({ code: 'code-1', state })).status).toBe(303);
});

it('takes no answer in a body', async () => {
  const { begin, comeBack } = stage.hub();
  const { status, headers } = await comeBack({ code: 'code-1', state: stateOf(await begin()) }, 'archive', 'POST');
  expect([status, headers['allow']]).toEqual([405, 'GET']);
});

it('ends a flow whose registration has changed in the meantime', async () => {
  const hub = stage.hub();
  const { origin } = stage.provider;
  const own = { connector: 'archive', clientId: 'own-1', clientSecret: 'own-secret-123' };
  const app = await hub.acme.oauth.putApp(own);
  const [first, second, third] = [stateOf(await hub.begin()), stateOf(await hub.begin()), stateOf(await hub.begin())];
  const parked = (await hub.comeBack({ code: 'code-1', state: first }, app.id)).at?.searchParams.get('flow') ?? '';
  await hub.acme.oauth.putApp({ ...own, clientSecret: 'own-secret-456' });
  expect(errorOf((await hub.comeBack({ code: 'code-1', state: second }, app.id)).at)).toBeNull();
  await hub.acme.oauth.putApp({ ...own, endpoints: { authorizationUrl: `${origin}/authorize`, tokenUrl: `${origin}/elsewhere` } });
  expect(errorOf((await hub.comeBack({ code: 'code-1', state: third }, app.id)).at)).toBe('app_changed');
  expect(await failureOf(hub.complete(parked))).toMatchObject({ reason: 'app_changed' });
});
