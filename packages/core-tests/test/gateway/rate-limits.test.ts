import { path } from '@patchbay/core';
import type { Plan } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DepotRun } from './depot-connector.ts';
import { anything, type DepotHub, type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const run: DepotRun = ({ http }) => http.post(path`/items`, { json: {}, response: anything });
const post = { run };
const minute = 60_000;

/** Answers with what remains of a window, and refuses what is beyond it. */
function limitedService(limit: number): { readonly came: () => number; readonly next: () => void } {
  let used = 0;
  let came = 0;
  stage.answer(() => {
    came += 1;
    used += 1;
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': '60',
    };
    return used > limit ? { status: 429, headers, json: {} } : { headers, json: { ok: true }, effect: true };
  });
  const next = (): void => {
    used = 0;
  };
  return { came: () => came, next };
}

async function lookOf(call: Awaited<ReturnType<DepotHub['call']>>) {
  const { status, reason, attempts } = await call.look();
  return { status, reason, outcomes: attempts.map(({ outcome }) => outcome) };
}

describe('a dispatch', () => {
  it('that its service refuses for a while waits, and those behind it without an attempt', async () => {
    const hub = await stage.hub(post);
    stage.provider.failNext(1, { kind: 'rate_limit', retryAfter: 60 });
    const first = await hub.call('unsafe');
    await hub.test.hub.work();
    const second = await hub.call('unsafe');
    await hub.test.hub.work();
    expect(await lookOf(first)).toMatchObject({ status: 'pending', outcomes: ['failed'] });
    expect((await lookOf(second)).outcomes).toEqual([]);
    expect(await hub.test.storage.gates.list('acme')).toMatchObject([{ reason: 'rate_limited' }]);
    expect(stage.provider.requests).toHaveLength(1);
    await hub.clock.advance(61_000);
    await hub.test.hub.work();
    expect([await lookOf(first), await lookOf(second)]).toMatchObject([{ outcomes: ['failed', 'succeeded'] }, { outcomes: ['succeeded'] }]);
  });

  it('that would exceed what answers have told is not sent, and uses no attempt', async () => {
    const service = limitedService(3);
    const hub = await stage.hub(post);
    const calls = [];
    for (let time = 0; time < 5; time += 1) {
      calls.push(await hub.call('unsafe'));
      await hub.test.hub.work();
    }
    expect(service.came()).toBe(3);
    expect((await Promise.all(calls.map(lookOf))).map(({ outcomes }) => outcomes.length)).toEqual([1, 1, 1, 0, 0]);
    service.next();
    await hub.clock.advance(61_000);
    await hub.test.hub.work();
    expect((await Promise.all(calls.map(lookOf))).map(({ status }) => status)).toEqual(Array(5).fill('succeeded'));
    expect(service.came()).toBe(5);
  });

  it('that is refused again and again for a limit ends some day', async () => {
    stage.answer(() => ({ status: 429, headers: { 'retry-after': '3600' }, json: {} }));
    const hub = await stage.hub(post);
    const call = await hub.call('read');
    await hub.test.settled({ withinMs: 20 * 86_400_000 });
    expect(await lookOf(call)).toMatchObject({ status: 'dead', outcomes: ['failed', 'failed', 'failed'] });
    expect(stage.provider.requests.length).toBeLessThan(110);
  });

  it('whose budget is used up fails at once', async () => {
    stage.answer(() => ({ status: 429, json: { error: { code: 'insufficient_quota' } } }));
    const hub = await stage.hub(post);
    const call = await hub.call('read');
    await hub.test.hub.work();
    expect(await lookOf(call)).toMatchObject({ status: 'dead', outcomes: ['failed'] });
  });
});

describe('a limit', () => {
  it('of a connection is the host’s to set, to change and to take away', async () => {
    const hub = await stage.hub();
    const limits = [{ name: 'ours', requests: 1, windowMs: minute }];
    expect((await hub.acme.connections.update('main', { limits })).limits).toEqual(limits);
    await hub.get();
    await expect(hub.get()).rejects.toMatchObject({ code: 'rate_limited', sent: 'no', details: { limit: 'ours', source: 'host' } });
    await hub.acme.connections.update('main', { limits: null });
    expect((await hub.get()).status).toBe(200);
    await expect(hub.acme.connections.update('main', { limits: [{ name: 'ours', requests: 0, windowMs: 1 }] })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  it('shows how it stands, to the tenant and to an operator', async () => {
    limitedService(10);
    const limits = [{ name: 'app', per: 'connector' as const, requests: 100, windowMs: minute }];
    const hub = await stage.hub({ changes: { limits } });
    await hub.get();
    await hub.get();
    const status = await hub.acme.connections.rateLimitStatus('main');
    expect(status).toMatchObject([
      { name: 'app', source: 'declared', limit: 100, windowMs: minute, waiting: 0 },
      { name: '', source: 'headers', limit: 10, remaining: 9, resetsAt: expect.any(Number), waiting: 0, waitingSince: null },
    ]);
    const operated = hub.test.hub.operator({ actor: 'grace', reason: 'looks' }).tenant('acme');
    expect(await operated.rateLimitStatus('main')).toEqual(status);
  });

  it('is told of where it begins to hold requests back, and not for each of them', async () => {
    const hub = await stage.hub({ changes: { limits: [{ name: 'all', requests: 1, windowMs: minute }] } });
    await hub.get();
    for (let time = 0; time < 5; time += 1) await hub.get().catch(() => undefined);
    expect(hub.test.noticesOf('api.rate_limited')).toMatchObject([
      { tenant: 'acme', connectorId: 'depot', limit: 'all', source: 'declared', waiting: 0 },
    ]);
  });
});

describe('the requests a minute of a plan', () => {
  const plans: readonly Plan[] = [
    { name: 'none', limits: { connections: 5 }, features: ['custom_connectors', 'gateway', 'actions'] },
    { name: 'small', limits: { connections: 5, requestsPerMinute: 2 }, features: ['custom_connectors', 'gateway', 'actions'] },
    { name: 'large', limits: { connections: 5, requestsPerMinute: 'unlimited' }, features: ['custom_connectors', 'gateway', 'actions'] },
  ];
  let plan = 'small';
  const open = () => stage.hub(post, { plans: { plans, planOf: () => plan } });

  beforeEach(() => {
    plan = 'small';
  });

  it('are refused beyond, with the limit and the plan that lifts it', async () => {
    const hub = await open();
    expect(await hub.acme.plan.remaining('requestsPerMinute')).toBe(2);
    await hub.get();
    await hub.get();
    expect(await hub.acme.plan.remaining('requestsPerMinute')).toBe(0);
    await expect(hub.get()).rejects.toMatchObject({
      code: 'plan_limit',
      sent: 'no',
      message: 'The plan small allows 2 requests a minute, and they are used. The plan large lifts it.',
      details: { limit: 'requestsPerMinute', plan: 'small', liftedBy: 'large' },
    });
    await hub.clock.advance(61_000);
    expect((await hub.get()).status).toBe(200);
  });

  it('hold for all connections of the tenant, and for no other tenant', async () => {
    const { acme, test, get } = await open();
    await acme.connections.put('second', { connector: 'depot', credential: { type: 'bearer', token: 'tok-0987654321' } });
    await acme.request('second', { method: 'GET', path: path`/items` });
    await get();
    await expect(get()).rejects.toMatchObject({ code: 'plan_limit' });
    const other = test.tenant('other');
    await other.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'tok-0987654321' } });
    expect((await other.request('main', { method: 'GET', path: path`/items` })).status).toBe(200);
  });

  it('make a dispatch wait instead of failing, and a plan that names none lets nothing out until it is another', async () => {
    plan = 'none';
    const hub = await open();
    const call = await hub.call('unsafe');
    await hub.test.hub.work();
    expect(await lookOf(call)).toEqual({ status: 'pending', reason: 'plan', outcomes: [] });
    await expect(hub.get()).rejects.toMatchObject({ code: 'plan_limit', details: { liftedBy: 'small' } });
    // What the hub does by itself is not the tenant's use.
    expect(await hub.acme.connections.test('main')).toMatchObject({ healthy: true });
    plan = 'large';
    expect(await hub.acme.plan.remaining('requestsPerMinute')).toBeNull();
    await hub.clock.advance(61_000);
    await hub.test.hub.work();
    expect(await lookOf(call)).toMatchObject({ outcomes: ['succeeded'] });
  });

  it('let nothing out where nobody can say what the plan is', async () => {
    const hub = await stage.hub({}, { plans: { plans, planOf: () => (plan === 'away' ? Promise.reject(new Error('away')) : plan) } });
    plan = 'away';
    await expect(hub.get({ timeoutMs: 500 })).rejects.toThrow('away');
    expect(stage.provider.requests).toHaveLength(0);
  });
});
