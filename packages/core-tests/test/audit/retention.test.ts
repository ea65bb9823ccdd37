import { createSecretKey } from 'node:crypto';
import type { Checkpoint } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage, type ProcessOptions } from '../desk/desk-stage.ts';

const dayMs = 86_400_000;
const plan = (name: string, limits: Readonly<Record<string, number | 'unlimited'>>) => ({
  name,
  limits: { connections: 10, automations: 10, ...limits },
  features: ['actions', 'custom_connectors'],
});
const plans = [
  plan('silent', {}),
  plan('short', { auditDays: 30 }),
  plan('long', { auditDays: 90 }),
  plan('endless', { auditDays: 'unlimited' }),
];

let stage: DeskStage;
/** The plan of each tenant; who is not in it has none that is known. */
let subscriptions: Map<string, string>;
let checkpoints: Checkpoint[];

beforeEach(() => {
  stage = deskStage();
  checkpoints = [];
  subscriptions = new Map([
    ['acme', 'short'],
    ['globex', 'long'],
    ['initech', 'endless'],
    ['umbrella', 'silent'],
  ]);
});
afterEach(() => stage.close());

function open(audit: ProcessOptions['audit'] = {}): DeskProcess {
  const planOf = (tenant: string): string => {
    const name = subscriptions.get(tenant);
    if (name === undefined) throw new Error(`nobody knows ${tenant}`);
    return name;
  };
  const chainKeys = { active: 'a1', keys: { a1: createSecretKey(Buffer.alloc(32, 3)) } };
  const sink = async (checkpoint: Checkpoint): Promise<void> => void checkpoints.push(checkpoint);
  return stage.process({ plans: { plans, planOf }, audit: { chainKeys, checkpoints: { sink, everyMs: 1 }, ...audit } });
}

/** Lets so many days pass, hour by hour, as far as upkeep looks. */
async function pass(office: DeskProcess, days: number): Promise<void> {
  await stage.clock.advance(days * dayMs);
  await office.hub.work();
  await office.hub.work();
}

const actionsOf = async (office: DeskProcess, tenant: string): Promise<readonly string[]> =>
  (await office.hub.tenant(tenant).audit.list({ limit: 500 })).items.map(({ action }) => action).toReversed();

const tenants = ['acme', 'globex', 'initech', 'umbrella'];

describe('the audit of a tenant', () => {
  it('is kept for as long as its plan says, and what is left can be verified, also against checkpoints', async () => {
    const office = open();
    for (const name of tenants) await connect(office.hub.tenant(name));
    await office.hub.work();
    const before = await actionsOf(office, 'acme');
    expect(before).toContain('connection.create');
    const kept = async (): Promise<Readonly<Record<string, boolean>>> => {
      const found = await Promise.all(tenants.map(async (name) => [name, (await actionsOf(office, name)).includes('connection.create')]));
      for (const name of tenants) {
        const mine = checkpoints.filter(({ tenant }) => tenant === name);
        expect(mine.length).toBeGreaterThan(0);
        expect(await office.hub.tenant(name).audit.verify({ checkpoints: mine })).toMatchObject({ valid: true, break: null });
      }
      return Object.fromEntries(found);
    };
    await pass(office, 29);
    expect(await kept()).toEqual({ acme: true, globex: true, initech: true, umbrella: true });
    await pass(office, 2);
    expect(await kept()).toEqual({ acme: false, globex: true, initech: true, umbrella: true });
    expect(await actionsOf(office, 'acme')).toEqual(['audit.prune']);
    await office.hub.tenant('acme').connections.disconnect('main');
    await office.hub.work();
    await pass(office, 60);
    expect(await kept()).toEqual({ acme: false, globex: false, initech: true, umbrella: true });
    await pass(office, 3_650);
    expect(await kept()).toEqual({ acme: false, globex: false, initech: true, umbrella: true });
  });

  it('follows a change of the plan without a restart, in both directions', async () => {
    const office = open();
    for (const name of tenants) await connect(office.hub.tenant(name));
    await office.hub.work();
    subscriptions.set('acme', 'endless');
    await pass(office, 40);
    expect(await actionsOf(office, 'acme')).toContain('connection.create');
    subscriptions.set('acme', 'long');
    subscriptions.set('initech', 'short');
    await pass(office, 1);
    expect(await actionsOf(office, 'acme')).toContain('connection.create');
    expect(await actionsOf(office, 'initech')).toEqual(['audit.prune']);
    expect(await office.hub.tenant('initech').audit.verify()).toMatchObject({ valid: true });
  });

  it('is kept for as long as the option says where the plan does not, and the plan goes before the option', async () => {
    const office = open({ retentionDays: 10 });
    for (const name of tenants) await connect(office.hub.tenant(name));
    await office.hub.work();
    await pass(office, 11);
    expect(await actionsOf(office, 'umbrella')).toEqual(['audit.prune']);
    for (const name of ['acme', 'globex', 'initech']) expect(await actionsOf(office, name)).toContain('connection.create');
  });

  it('is kept where nobody can say which plan the tenant has, and that of others is not', async () => {
    const office = open();
    for (const name of tenants) await connect(office.hub.tenant(name));
    await office.hub.work();
    subscriptions.delete('globex');
    subscriptions.set('initech', 'a plan that is none');
    await pass(office, 1_000);
    expect(await actionsOf(office, 'acme')).toEqual(['audit.prune']);
    for (const name of ['globex', 'initech']) expect(await actionsOf(office, name)).toContain('connection.create');
    expect(office.logged).toContain('the plan of a tenant cannot be found out, so that its audit is kept');
  });

  it('of more tenants than one look finds is taken away, whoever of them keeps theirs', async () => {
    const office = open();
    const many = Array.from({ length: 250 }, (_, index) => `tenant-${String(index).padStart(3, '0')}`);
    for (const [index, name] of many.entries()) {
      subscriptions.set(name, index < 220 ? 'endless' : 'short');
      await connect(office.hub.tenant(name));
    }
    await office.hub.work();
    await pass(office, 31);
    for (const [index, name] of many.entries())
      expect((await actionsOf(office, name)).includes('connection.create'), name).toBe(index < 220);
  });

  it('can be verified also before the record of what was taken away is sealed', async () => {
    const office = open();
    for (const name of tenants) await connect(office.hub.tenant(name));
    await office.hub.work();
    await stage.clock.advance(31 * dayMs);
    await office.hub.work();
    const [prune] = (await office.hub.tenant('acme').audit.list({ action: 'audit.prune' })).items;
    expect(prune).toMatchObject({ seq: null });
    expect(await office.hub.tenant('acme').audit.verify()).toMatchObject({ valid: true, unsealed: 1 });
  });

  it('is taken away by the one process that may, however often the others look after the storage', async () => {
    const storage = { ...stage.storage, maintain: async () => undefined };
    const [office, keeper] = [stage.process({ storage }), stage.process({ storage, audit: { retentionDays: 10 } })];
    await connect(office.hub.tenant('acme'));
    await office.hub.work();
    for (let hour = 0; hour < 11 * 24; hour += 1) {
      await stage.clock.advance(3_600_000);
      await office.hub.work();
      await keeper.hub.work();
    }
    expect(await actionsOf(keeper, 'acme')).toEqual(['audit.prune']);
  });

  it('cannot be kept for no day at all', () => {
    for (const auditDays of [0, 36_501])
      expect(() => stage.process({ plans: { plans: [plan('none', { auditDays })], planOf: () => 'none' } })).toThrow(
        expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('auditDays') }),
      );
  });
});
