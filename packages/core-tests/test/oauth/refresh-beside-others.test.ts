import { PatchbayError, path } from '@patchbay/core';
import type { ProviderReply } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveHub, type ArchiveStage, archiveStage, failureOf } from './archive-stage.ts';

let stage: ArchiveStage;
beforeEach(async () => {
  stage = await archiveStage();
  stage.answer(() => ({ json: tokens(1) }));
});
afterEach(() => stage.close());

const hour = 3_600_000;
const tokens = (count: number) => ({
  access_token: `access-number-${count}`,
  refresh_token: `refresh-number-${count}`,
  token_type: 'Bearer',
  expires_in: 3_600,
});

async function connected(refresh: Readonly<Record<string, unknown>> = { singleUse: true }): Promise<ArchiveHub> {
  const hub = stage.hub({ refresh });
  await hub.complete(await hub.permit());
  return hub;
}

const ask = (hub: ArchiveHub) => hub.acme.request('main', { method: 'GET', path: path`/papers` });
const sent = () => stage.asked.slice(1).map((fields) => fields.get('refresh_token'));
const away = () => new PatchbayError({ code: 'storage_unavailable', message: 'The store is away.', retryable: true });

async function statusOf(hub: ArchiveHub) {
  const { status, statusReason } = await hub.acme.connections.get('main');
  return [status, statusReason];
}

async function sealAnew(hub: ArchiveHub): Promise<void> {
  await hub.acme.vault.rotate();
  await hub.acme.vault.rewrap();
}

describe('a refresh while the credential is sealed anew', () => {
  it('keeps the tokens that it was given: the one before is good for nothing by then', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(async () => {
      await sealAnew(hub);
      return { json: tokens(2) };
    });
    expect((await ask(hub)).status).toBe(200);
    stage.answer(() => ({ json: tokens(3) }));
    await hub.test.clock.advance(hour);
    expect((await ask(hub)).status).toBe(200);
    expect([sent(), await statusOf(hub)]).toEqual([
      ['refresh-number-1', 'refresh-number-2'],
      ['active', null],
    ]);
  });

  it('can be tried again where the service did not answer', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(async () => {
      await sealAnew(hub);
      return { status: 503, json: {} };
    });
    expect((await failureOf(ask(hub))).code).toBe('provider_unavailable');
    stage.answer(() => ({ json: tokens(2) }));
    expect((await ask(hub)).status).toBe(200);
    expect(await statusOf(hub)).toEqual(['active', null]);
  });
});

it('is not called lost where the store has marked it and its answer did not come: nothing was sent', async () => {
  const hub = await connected();
  await hub.test.clock.advance(hour);
  const { configuration } = hub.test.storage;
  const write = configuration.write.bind(configuration);
  const deaf: typeof write = async (...given) => {
    const verdict = await write(...given);
    if (!given[1].some((change) => 'put' in change && change.put === 'credential')) return verdict;
    configuration.write = write;
    throw away();
  };
  configuration.write = deaf;
  expect((await failureOf(ask(hub))).code).toBe('provider_unavailable');
  expect(sent()).toEqual([]);
  expect((await ask(hub)).status).toBe(200);
  expect(await statusOf(hub)).toEqual(['active', null]);
});

describe('a refresh token that is good for once, and was sent without an answer', () => {
  const second = 1_000;
  const unanswered: readonly [string, () => ProviderReply][] = [
    ['is 200 without a token', () => ({ status: 200, json: { message: 'maintenance' } })],
    ['is that of a gateway', () => ({ status: 504, json: {} })],
    ['is cut off', () => ({ status: 200, text: '{"access_token":"access-num' })],
  ];

  it.each(unanswered)('is sent no sooner than the server works on it no more: the answer %s', async (_, answer) => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(answer);
    await failureOf(ask(hub));
    stage.answer(() => ({ json: tokens(2) }));
    await hub.test.clock.advance(29 * second);
    expect((await failureOf(ask(hub))).code).toBe('provider_unavailable');
    expect([sent().length, await statusOf(hub)]).toEqual([1, ['active', null]]);
    expect(hub.test.noticesOf('connection.renewal_failed')).toHaveLength(1);
    await hub.test.clock.advance(second);
    expect((await ask(hub)).status).toBe(200);
    expect([sent(), await statusOf(hub)]).toEqual([
      ['refresh-number-1', 'refresh-number-1'],
      ['active', null],
    ]);
    // Nothing of it is left.
    await hub.test.clock.advance(hour);
    expect((await ask(hub)).status).toBe(200);
  });

  it('ends the grant by its name where the server has taken it', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(() => ({ status: 502, json: {} }));
    await failureOf(ask(hub));
    await hub.test.clock.advance(30 * second);
    stage.answer(() => ({ status: 503, json: {} }));
    await failureOf(ask(hub));
    stage.answer(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    await failureOf(ask(hub));
    expect([sent().length, await statusOf(hub)]).toEqual([3, ['token_invalid', 'answer_lost']]);
    stage.answer(() => ({ json: tokens(2) }));
    await hub.complete(await hub.permit());
    expect((await ask(hub)).status).toBe(200);
  });

  it('is sent at once where the service was never reached, or has refused it unread', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    stage.answer(() => ({ status: 429, json: {} }));
    await failureOf(ask(hub));
    stage.answer(() => ({ json: tokens(2) }));
    expect((await ask(hub)).status).toBe(200);
    expect(sent()).toEqual(['refresh-number-1', 'refresh-number-1']);
  });

  it('waits no longer for a clock that was ahead', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    const { configuration } = hub.test.storage;
    const row = await configuration.find('acme', 'credential', (await hub.acme.connections.get('main')).id);
    if (!row) throw new Error('It has a credential.');
    const value = { ...row.value, refreshAgainAt: hub.test.clock.now() + hour };
    await configuration.write('acme', [{ put: 'credential', id: row.id, name: row.name, expect: row.version, value }]);
    stage.answer(() => ({ json: tokens(2) }));
    expect((await ask(hub)).status).toBe(200);
  });
});

it('that somebody was lost with keeps its grace from then on, also where another try fails', async () => {
  const hub = await connected({ singleUse: true, graceMs: 600_000 });
  await hub.test.clock.advance(hour);
  const { configuration } = hub.test.storage;
  const { id } = await hub.acme.connections.get('main');
  const row = await configuration.find('acme', 'credential', id);
  if (!row) throw new Error('It has a credential.');
  const value = { ...row.value, refreshSentAt: hub.test.clock.now() };
  await configuration.write('acme', [{ put: 'credential', id: row.id, name: row.name, expect: row.version, value }]);
  await hub.test.clock.advance(300_000);
  stage.answer(() => ({ status: 503, json: {} }));
  expect((await failureOf(ask(hub))).code).toBe('provider_unavailable');
  await hub.test.clock.advance(300_000);
  expect((await failureOf(ask(hub))).code).toBe('credential_missing');
  expect([sent(), await statusOf(hub)]).toEqual([['refresh-number-1'], ['token_invalid', 'answer_lost']]);
});

it('that brings a connection back opens its lane, also where the store was away for a moment then', async () => {
  const hub = await connected();
  await hub.test.clock.advance(hour);
  const { gates, configuration } = hub.test.storage;
  const open = gates.open.bind(gates);
  let faults = 0;
  stage.answer(async () => {
    const { id } = await hub.acme.connections.get('main');
    const row = await configuration.get('acme', 'connection', id);
    if (!row) throw new Error('It is there.');
    // As another process does that was told that the grant has ended.
    const ended = { ...row.value, status: 'token_invalid', statusReason: 'refused' } as const;
    await configuration.write('acme', [{ put: 'connection', id, name: row.name, expect: row.version, value: ended }]);
    await gates.close([{ tenant: 'acme', lane: `connection:${id}`, reason: 'connection', forMs: null }]);
    gates.open = async () => {
      gates.open = open;
      faults += 1;
      throw away();
    };
    return { json: tokens(2) };
  });
  const asked = ask(hub);
  for (let turns = 0; turns < 400 && (faults === 0 || (await gates.list('acme')).length > 0); turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (faults > 0) await hub.test.clock.advance(10);
  }
  expect((await asked).status).toBe(200);
  expect([faults, await statusOf(hub), await gates.list('acme')]).toEqual([1, ['active', null], []]);
});

it('takes back at the service the token that was held last, where the connection is ended while another is stored', async () => {
  const hub = await connected({});
  stage.revoke(() => ({ status: 200 }));
  await hub.test.clock.advance(hour);
  stage.answer(() => ({ json: tokens(2) }));
  const { configuration } = hub.test.storage;
  const get = configuration.get.bind(configuration);
  configuration.get = async (tenant, kind, id) => {
    configuration.get = get;
    // A renewal comes between what is read first and the end.
    await ask(hub);
    return get(tenant, kind, id);
  };
  await hub.acme.connections.disconnect('archive/main');
  await hub.test.settled({ withinMs: 0 });
  const revoked = stage.provider.requests
    .filter(({ path: at }) => at === '/revoke')
    .map(({ body }) => new URLSearchParams(body).get('token'));
  expect(revoked).toEqual(['refresh-number-2']);
});

describe('a request of the host that needs another token first', () => {
  const slow = () => {
    const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    stage.answer(async () => {
      asked.resolve();
      await go.promise;
      return { json: tokens(2) };
    });
    return { asked: asked.promise, go: go.resolve };
  };

  it('is given up with its own time, and the renewal goes on for the others', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    const { asked, go } = slow();
    const hasty = failureOf(hub.acme.request('main', { method: 'GET', path: path`/papers`, timeoutMs: 1_000 }));
    const patient = ask(hub);
    await asked;
    await hub.test.clock.advance(1_000);
    expect(await hasty).toMatchObject({ code: 'timeout' });
    go();
    expect((await patient).status).toBe(200);
    expect([sent(), await statusOf(hub)]).toEqual([['refresh-number-1'], ['active', null]]);
  });

  it('has no more time for the rest than the renewal has left', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    const [begun, served] = [slow(), Promise.withResolvers<ProviderReply>()];
    const reached = Promise.withResolvers<void>();
    stage.serve(() => {
      reached.resolve();
      return served.promise;
    });
    const call = failureOf(hub.acme.request('main', { method: 'GET', path: path`/papers`, timeoutMs: 5_000 }));
    await begun.asked;
    await hub.test.clock.advance(4_000);
    begun.go();
    await reached.promise;
    await hub.test.clock.advance(1_000);
    expect(await call).toMatchObject({ code: 'timeout' });
    served.resolve({ json: {} });
  });

  it('is taken back while the token is renewed, and nothing is sent for it', async () => {
    const hub = await connected();
    await hub.test.clock.advance(hour);
    const { asked, go } = slow();
    const abort = new AbortController();
    let served = 0;
    stage.serve(() => {
      served += 1;
      return { json: {} };
    });
    const call = failureOf(hub.acme.request('main', { method: 'GET', path: path`/papers`, signal: abort.signal }));
    await asked;
    abort.abort();
    expect(await call).toMatchObject({ code: 'aborted' });
    go();
    expect((await ask(hub)).status).toBe(200);
    expect([served, sent()]).toEqual([1, ['refresh-number-1']]);
  });

  it('gets the refusal as it came where there is no time to renew the token', async () => {
    const hub = await connected();
    stage.serve(() => ({ status: 401, json: {} }));
    const { asked, go } = slow();
    const call = hub.acme.request('main', { method: 'GET', path: path`/papers`, timeoutMs: 1_000 });
    await asked;
    await hub.test.clock.advance(1_000);
    expect((await call).status).toBe(401);
    go();
  });
});
