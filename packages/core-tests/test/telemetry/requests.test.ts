import { isPatchbayError, path } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import { telemetryStage } from './telemetry-stage.ts';

let stage: Awaited<ReturnType<typeof telemetryStage>>;
afterEach(() => stage.close());

/** A webhook that makes a ticket and a message, the ticket at the second try, and a request of the host's own that finds nothing. */
async function live(options: Parameters<typeof telemetryStage>[0] = {}) {
  stage = await telemetryStage(options);
  const { acme, deliver, hub, jiraServer } = stage;
  jiraServer.failNext(1, { kind: 'answer', status: 503 });
  await deliver(1);
  await hub.work({ until: 'idle' });
  const answer = await acme.request('ops', { method: 'GET', path: path`/api/3/issue/${'NO-1'}`, query: { token: 'in-the-query' } });
  expect(answer.status).toBe(404);
  await hub.work({ until: 'idle' });
  return stage;
}

describe('the requests of a tenant', () => {
  it('are listed with what became of them, newest first', async () => {
    const { acme } = await live();
    const { items, cursor } = await acme.requests.list();
    expect(cursor).toBeNull();
    expect(
      items.map(({ connector, method, template, operation, status, code, retried }) => [
        connector,
        method,
        template,
        operation,
        status,
        code,
        retried,
      ]),
    ).toEqual([
      ['jira', 'GET', '/rest/api/3/issue/{}', null, 404, 'provider_not_found', false],
      ['slack', 'POST', '/api/chat.postMessage', 'send_message', 200, null, false],
      ['jira', 'POST', '/rest/api/3/issue', 'create_issue', 201, null, true],
      ['jira', 'POST', '/rest/api/3/issue', 'create_issue', 503, 'provider_unavailable', false],
    ]);
    const [run] = (await acme.runs.list()).items;
    expect(items.map(({ author, runId }) => [author, runId])).toEqual([
      ['host', null],
      ['connector', run?.id],
      ['connector', run?.id],
      ['connector', run?.id],
    ]);
    const dispatches = (await acme.dispatches.list()).items.map(({ id }) => id);
    expect(dispatches).toContain(items[1]?.dispatchId);
    expect(JSON.stringify(items)).not.toContain('in-the-query');
  });

  it('are narrowed by connection, status, code and time, and go on page by page', async () => {
    const { acme } = await live();
    const statuses = async (filter: object) => (await acme.requests.list(filter)).items.map(({ status }) => status);
    expect(await statuses({ connection: 'team' })).toEqual([200]);
    expect(await statuses({ status: 503 })).toEqual([503]);
    expect(await statuses({ code: 'timeout' })).toEqual([]);
    expect(await statuses({ from: Date.now() + 60_000 })).toEqual([]);
    expect(await statuses({ from: 0, to: Date.now() + 60_000 })).toHaveLength(4);
    const first = await acme.requests.list({ limit: 3 });
    const rest = await acme.requests.list({ limit: 3, cursor: first.cursor });
    expect([...first.items, ...rest.items].map(({ status }) => status)).toEqual([404, 200, 201, 503]);
  });

  it.each([{ status: 99 }, { status: 200, code: 'timeout' }, { code: 'Nonsense!' }, { from: 2, to: 1 }, { limit: 0 }])(
    'refuses %j',
    async (filter) => {
      stage = await telemetryStage();
      const failure = await stage.acme.requests.list(filter).catch((error: unknown) => error);
      expect(isPatchbayError(failure) && failure.code).toBe('invalid_argument');
    },
  );

  it("are nobody else's, and an operator who looks is recorded", async () => {
    const { hub, acme } = await live();
    expect((await hub.tenant('other').requests.list()).items).toEqual([]);
    const operated = hub.operator({ actor: 'grace', reason: 'T-1' }).tenant('acme');
    expect((await operated.requests({ status: 404 })).items).toHaveLength(1);
    const [record] = (await acme.audit.list({ limit: 1 })).items;
    expect(record).toMatchObject({ action: 'operator.list_requests' });
  });

  it('are written when the hub stops', async () => {
    stage = await telemetryStage();
    const { acme, hub, storage } = stage;
    await acme.request('ops', { method: 'GET', path: path`/api/3/issue/${'NO-1'}` });
    await hub.stop();
    expect((await storage.journal.page('acme', { stream: 'request', cursor: null, limit: 10 })).entries).toHaveLength(1);
  });

  it('are kept as far as the host wants them: failures alone, or none', async () => {
    const { acme } = await live({ requestLog: { successShare: 0 } });
    expect((await acme.requests.list()).items.map(({ status }) => status)).toEqual([404, 503]);
    await stage.close();
    await live({ requestLog: { enabled: false } });
    expect((await stage.acme.requests.list()).items).toEqual([]);
  });
});
