import { path } from '@patchbay/core';
import { afterEach, describe, expect, it } from 'vitest';
import { stageSecrets, telemetryStage } from './telemetry-stage.ts';

let stage: Awaited<ReturnType<typeof telemetryStage>>;
afterEach(() => stage.close());

describe('what goes wrong for a tenant', () => {
  it('is put together by connector, operation, code and wording, with a dispatch to look at', async () => {
    stage = await telemetryStage();
    const { acme, deliver, hub, jiraServer } = stage;
    jiraServer.failNext(2, { kind: 'answer', status: 503, body: { errorMessages: [stageSecrets.title] } });
    await deliver(1);
    await hub.work({ until: 'idle' });
    for (const key of ['NO-1', 'NO-2', 'NO-3']) await acme.request('ops', { method: 'GET', path: path`/api/3/issue/${key}` });
    await hub.work({ until: 'idle' });
    const groups = await acme.errors.list();
    expect(
      groups.map(({ connector, source, operation, template, code, status, count }) => [
        connector,
        source,
        operation,
        template,
        code,
        status,
        count,
      ]),
    ).toEqual([
      ['jira', 'request', 'GET', '/rest/api/3/issue/{}', 'provider_not_found', 404, 3],
      ['jira', 'dispatch', 'create_issue', null, 'provider_unavailable', 503, 2],
    ]);
    const [, group] = groups;
    const dispatches = (await acme.dispatches.list()).items.map(({ id }) => id);
    expect(dispatches).toContain(group?.example.dispatchId);
    expect(group?.days).toHaveLength(1);
    expect(group?.firstSeen).toBeLessThanOrEqual(group?.lastSeen ?? 0);
    expect(JSON.stringify(groups)).not.toContain(stageSecrets.title);
    expect(await acme.errors.list({ connector: 'slack' })).toEqual([]);
    expect(await acme.errors.list({ from: 0, to: 86_400_000 })).toEqual([]);
    expect(await acme.errors.list({ limit: 1 })).toHaveLength(1);
  });

  it("is nobody else's, and an operator sees it over all tenants without whose it is", async () => {
    stage = await telemetryStage();
    const { hub, acme } = stage;
    const other = hub.tenant('other');
    const basic = { type: 'basic', username: 'a@example.com', password: stageSecrets.jira } as const;
    await other.connections.put('ops', { connector: 'jira', credential: basic });
    for (const tenant of [acme, other]) await tenant.request('ops', { method: 'GET', path: path`/api/3/issue/${'NO-1'}` });
    await hub.work({ until: 'idle' });
    expect((await other.errors.list()).map(({ count }) => count)).toEqual([1]);
    expect(await hub.tenant('nobody').errors.list()).toEqual([]);
    const operator = hub.operator({ actor: 'grace', reason: 'T-1' });
    const { counts } = await operator.tenants.errors();
    expect(counts.groups).toMatchObject([{ connector: 'jira', code: 'provider_not_found', count: 2, tenants: 2 }]);
    expect(JSON.stringify(counts)).not.toMatch(/acme|other/);
    const ids = [...(await acme.connections.list()), ...(await other.connections.list())].map(({ id }) => id);
    expect(ids.filter((id) => JSON.stringify(counts).includes(id))).toEqual([]);
    expect(await operator.tenant('acme').errors()).toHaveLength(1);
    expect((await acme.audit.list({ limit: 1 })).items).toMatchObject([{ action: 'operator.list_errors' }]);
  });

  it('holds nothing of what strangers do', async () => {
    stage = await telemetryStage();
    const { acme, deliver, hub } = stage;
    expect((await deliver(1, {}, 'another-secret')).status).toBe(401);
    await hub.work({ until: 'idle' });
    expect(await acme.errors.list()).toEqual([]);
  });
});
