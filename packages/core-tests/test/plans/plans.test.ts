import { type HubOptions, path } from '@patchbay/core';
import type { Plan } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskStage, deskStage, orderAutomation } from '../desk/desk-stage.ts';

// The tiers of docs/guides/plans.md.
const tiers: readonly Plan[] = [
  { name: 'core', limits: { connections: 2 }, features: [] },
  {
    name: 'writer-pro',
    limits: { connections: 5, automations: 'unlimited', webhooks: 'unlimited', requestsPerMinute: 60, auditDays: 30 },
    features: ['webhooks', 'actions'],
  },
  {
    name: 'teams',
    limits: { connections: 'unlimited', automations: 'unlimited', webhooks: 'unlimited', requestsPerMinute: 600, auditDays: 90 },
    features: ['webhooks', 'actions', 'gateway'],
  },
  {
    name: 'enterprise',
    limits: { connections: 'unlimited', automations: 'unlimited', webhooks: 'unlimited', requestsPerMinute: 6_000, auditDays: 'unlimited' },
    features: ['webhooks', 'actions', 'gateway', 'custom_connectors', 'custom_gateway'],
  },
];

const credential = { type: 'bearer', token: 'desk-token' } as const;

let stage: DeskStage;
let plan: string;

beforeEach(() => {
  stage = deskStage();
  plan = 'enterprise';
});
afterEach(() => stage.close());

function open(plans: readonly Plan[] = tiers) {
  return stage.process({ plans: { plans, planOf: () => plan } }).hub.tenant('acme');
}

/** The tiers, with room for the desk's connectors, which are of the category custom. */
function roomyTiers(connections: number): readonly Plan[] {
  return tiers.map((tier) => ({ ...tier, limits: { ...tier.limits, connections }, features: [...tier.features, 'custom_connectors'] }));
}

describe('a limit of a plan', () => {
  it('holds when 50 race for the last place, in two processes', async () => {
    const plans = roomyTiers(3);
    const tenants = [open(plans), open(plans)];
    await tenants[0]?.connections.put('first', { connector: 'desk', credential });
    await tenants[0]?.connections.put('second', { connector: 'desk', credential });
    const races = Array.from({ length: 50 }, (_, index) =>
      tenants[index % 2]?.connections.put(`racer-${index}`, { connector: 'desk', credential }),
    );
    const ends = await Promise.allSettled(races);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends.filter((each) => each.status === 'rejected')) expect(end.reason).toMatchObject({ code: 'plan_limit' });
    expect(await tenants[1]?.connections.list()).toHaveLength(3);
    expect(await tenants[1]?.plan.remaining('connections')).toBe(0);
  });

  it('lets 50 in where there are 50 places', async () => {
    const acme = open(roomyTiers(50));
    await Promise.all(Array.from({ length: 50 }, (_, index) => acme.connections.put(`racer-${index}`, { connector: 'desk', credential })));
    expect(await acme.plan.remaining('connections')).toBe(0);
  });

  it('holds for automations and registrations as well', async () => {
    const plans: readonly Plan[] = [
      { name: 'enterprise', limits: { connections: 'unlimited', automations: 1, webhooks: 1 }, features: tiers[3]?.features ?? [] },
    ];
    const acme = open(plans);
    await connect(acme);
    const puts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => acme.automations.put(`order-${index}`, orderAutomation)),
    );
    expect(puts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await acme.webhooks.register({ connection: 'main', secret: 'a-long-secret' });
    await acme.webhooks.register({ connection: 'main', secret: 'another-long-secret' });
    await acme.connections.put('more', { connector: 'desk', credential });
    await expect(acme.webhooks.register({ connection: 'more', secret: 'a-long-secret' })).rejects.toMatchObject({
      code: 'plan_limit',
      message: 'The plan enterprise has 1 webhooks, and they are in use. No other plan lifts it.',
      details: { limit: 'webhooks', plan: 'enterprise', liftedBy: null },
    });
  });

  it('is named by the refusal, with the first plan that lifts it', async () => {
    plan = 'core';
    const acme = open(tiers.map((tier) => ({ ...tier, features: [...tier.features, 'custom_connectors'] })));
    await connect(acme);
    await expect(acme.connections.put('third', { connector: 'desk', credential })).rejects.toMatchObject({
      code: 'plan_limit',
      message: 'The plan core has 2 connections, and they are in use. The plan writer-pro lifts it.',
      details: { limit: 'connections', plan: 'core', liftedBy: 'writer-pro' },
    });
  });

  it('counts what is in use: one that is brought up to date takes no place, one that has ended gives its place back', async () => {
    plan = 'core';
    const acme = open(roomyTiers(2));
    await connect(acme);
    expect(await acme.plan.remaining('connections')).toBe(0);
    await acme.connections.put('main', { connector: 'desk', credential: { type: 'bearer', token: 'new-token' } });
    await acme.connections.disconnect('team');
    expect(await acme.plan.remaining('connections')).toBe(1);
    await acme.connections.put('third', { connector: 'desk', credential });
    // The ended one would take a place again.
    await expect(acme.connections.put('team', { connector: 'chat', credential })).rejects.toMatchObject({ code: 'plan_limit' });
  });

  it('follows a change of plan at once, and is 0 where the plan does not name it', async () => {
    const acme = open();
    await connect(acme);
    expect(await acme.plan.remaining('connections')).toBeNull();
    plan = 'core';
    expect(await acme.plan.remaining('connections')).toBe(0);
    expect(await acme.plan.remaining('automations')).toBe(0);
    await expect(acme.plan.remaining('auditDays')).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await acme.plan.get())?.name).toBe('core');
  });
});

describe('a feature', () => {
  it.each([
    ['core', []],
    ['writer-pro', ['webhooks', 'actions']],
    ['teams', ['webhooks', 'actions', 'gateway']],
    ['enterprise', ['webhooks', 'actions', 'gateway', 'custom']],
  ] as const)('of %s opens these doors and no others: %j', async (name, doors) => {
    const acme = open();
    await connect(acme);
    plan = name;
    const tries = {
      webhooks: () => acme.webhooks.register({ connection: 'main', secret: 'a-long-secret' }),
      actions: () => acme.actions.execute('desk.file_ticket', { connection: 'main', input: { title: 'x' } }),
      gateway: () => acme.request('main', { method: 'GET', path: path`/` }),
      custom: () => acme.connections.put('main', { connector: 'desk', credential }),
    };
    const opened: string[] = [];
    for (const [door, attempt] of Object.entries(tries)) {
      const refusal = await attempt().then(
        () => undefined,
        (error: { readonly code?: string }) => error.code,
      );
      if (refusal !== 'plan_limit') opened.push(door);
    }
    expect(opened).toEqual(doors);
    expect(await acme.plan.has('gateway')).toBe((doors as readonly string[]).includes('gateway'));
  });

  it('is needed for an automation that acts, and the refusal names the plan that has it', async () => {
    const acme = open();
    await connect(acme);
    plan = 'core';
    await expect(acme.automations.put('order', orderAutomation)).rejects.toMatchObject({
      code: 'plan_limit',
      message: 'The plan core does not include actions. The plan writer-pro lifts it.',
      details: { feature: 'actions', plan: 'core', liftedBy: 'writer-pro' },
    });
  });
});

describe('a policy', () => {
  it('that cannot say what plan a tenant has allows nothing', async () => {
    const acme = open();
    plan = 'gold';
    await expect(acme.connections.put('main', { connector: 'desk', credential })).rejects.toMatchObject({ code: 'invalid_argument' });
    const broken = stage.process({ plans: { plans: tiers, planOf: () => Promise.reject(new Error('away')) } }).hub.tenant('acme');
    await expect(broken.connections.put('main', { connector: 'desk', credential })).rejects.toThrow('away');
    expect(await acme.connections.list()).toEqual([]);
  });

  it('is left out, and everything is allowed', async () => {
    const acme = stage.process().hub.tenant('acme');
    await connect(acme);
    expect(await acme.plan.get()).toBeNull();
    expect(await acme.plan.remaining('connections')).toBeNull();
    expect(await acme.plan.has('anything')).toBe(true);
  });

  it.each<[unknown, string]>([
    [{ plans: [] }, 'planOf'],
    [{ plans: [], planOf: () => 'core' }, 'has no list of plans'],
    [{ plans: [tiers[0], tiers[0]], planOf: () => 'core' }, 'two of one name'],
    [{ plans: [{ name: 'x', limits: { connections: -1 }, features: [] }], planOf: () => 'x' }, 'no whole numbers'],
    [{ plans: [{ name: 'x', limits: {} }], planOf: () => 'x' }, 'features are no list'],
  ])('that could not decide is refused when the hub is made: %j', (plans, message) => {
    // As plain JavaScript would hand it in.
    const options = { plans: plans as NonNullable<HubOptions<[], Record<never, never>>['plans']> };
    expect(() => stage.process(options)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }),
    );
  });
});
