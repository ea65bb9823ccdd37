import type { WorkClass } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage } from './stage.ts';

/** A tenant's lanes in the order in which they are walked over; those in `open` are open, the others closed. */
interface Lanes {
  readonly tenant: string;
  readonly prefix: string;
  readonly count: number;
  readonly open: readonly number[];
  /** Dispatches in each open lane. */
  readonly waiting?: number;
}

const laneName = (prefix: string, number: number): string => `${prefix}:${String(number).padStart(4, '0')}`;

/** Stores one dispatch in each closed lane and some in each open one. */
async function store(stage: Stage, { tenant, prefix, count, open, waiting = 1 }: Lanes, workClass: WorkClass): Promise<void> {
  const { samples, storage } = stage;
  const lanes = Array.from({ length: count }, (_, number) => ({ lane: laneName(prefix, number), isOpen: open.includes(number) }));
  await storage.ingest(
    lanes.flatMap(({ lane, isOpen }) =>
      Array.from({ length: isOpen ? waiting : 1 }, () => {
        const root = samples.newId();
        const key = { tenant, root, target: 'call', replay: 0, path: 'ticket' };
        return { ...samples.call(root, [samples.dispatch(root, { key, lane, workClass })]), tenant };
      }),
    ),
  );
  const closed = lanes.filter(({ isOpen }) => !isOpen);
  await storage.gates.close(closed.map(({ lane }) => ({ tenant, lane, reason: 'breaker', forMs: null })));
}

/** Claims one dispatch at a time, so often; answers whose it was, each as `tenant lane`. */
async function claimOneByOne(stage: Stage, claims: number): Promise<readonly string[]> {
  const served: string[] = [];
  for (let turn = 0; turn < claims; turn += 1) {
    for (const { key, lane } of await stage.storage.claim(stage.samples.claim({ limit: 1, replayShare: 0.2 })))
      served.push(`${key.tenant} ${lane}`);
  }
  return served;
}

function reachesOpenLanes(scenario: Scenario, workClass: WorkClass): void {
  scenario(`reaches the open lane of each of several tenants with many closed ones (${workClass})`, async (stage) => {
    await store(stage, { tenant: 'acme', prefix: 'a', count: 141, open: [140] }, workClass);
    await store(stage, { tenant: 'globex', prefix: 'k', count: 141, open: [70] }, workClass);
    await store(stage, { tenant: 'initech', prefix: 'z', count: 141, open: [140] }, workClass);
    expect((await claimOneByOne(stage, 9)).toSorted()).toEqual(['acme a:0140', 'globex k:0070', 'initech z:0140']);
  });

  scenario(`reaches the open lane of each of several tenants while another always has work (${workClass})`, async (stage) => {
    await store(stage, { tenant: 'acme', prefix: 'a', count: 100, open: [99], waiting: 4 }, workClass);
    await store(stage, { tenant: 'busy', prefix: 'b', count: 1, open: [0], waiting: 40 }, workClass);
    await store(stage, { tenant: 'globex', prefix: 'k', count: 100, open: [99], waiting: 4 }, workClass);
    await store(stage, { tenant: 'initech', prefix: 'z', count: 100, open: [0], waiting: 4 }, workClass);
    const served = await claimOneByOne(stage, 40);
    expect(served).toHaveLength(40);
    for (const lane of ['acme a:0099', 'globex k:0099', 'initech z:0000']) expect(served.filter((one) => one === lane)).toHaveLength(4);
  });
}

/** Stores so many dispatches in one lane of each tenant; those in `closed` are closed. */
async function storeTenants(
  stage: Stage,
  tenants: readonly string[],
  { closed = [] }: { readonly closed?: readonly string[] } = {},
): Promise<void> {
  for (const tenant of new Set(tenants)) {
    const waiting = tenants.filter((one) => one === tenant).length;
    await store(stage, { tenant, prefix: 'a', count: 1, open: closed.includes(tenant) ? [] : [0], waiting }, 'live');
  }
}

const numberedTenants = (count: number): readonly string[] => Array.from({ length: count }, (_, number) => laneName('t', number));

function sharesBetweenTenants(scenario: Scenario): void {
  scenario('comes round to each of more tenants than one look visits', async (stage) => {
    await storeTenants(stage, numberedTenants(100));
    const served: string[] = [];
    for (let turn = 0; turn < 10; turn += 1)
      served.push(...(await stage.storage.claim(stage.samples.claim({ limit: 10 }))).map(({ key }) => key.tenant));
    expect(new Set(served).size).toBe(100);
  });

  scenario('finds the one tenant with an open lane behind more closed ones than one look visits', async (stage) => {
    const closed = numberedTenants(80);
    await storeTenants(stage, [...closed, 'zz'], { closed });
    expect((await stage.storage.claim(stage.samples.claim({ limit: 1 }))).map(({ key }) => key.tenant)).toEqual(['zz']);
  });

  scenario('gives a tenant what others leave, in one call', async (stage) => {
    await storeTenants(stage, [...Array.from({ length: 60 }, () => 'large'), ...numberedTenants(3)]);
    const claimed = await stage.storage.claim(stage.samples.claim({ limit: 40 }));
    expect(claimed).toHaveLength(40);
    expect(claimed.filter(({ key }) => key.tenant !== 'large')).toHaveLength(3);
  });
}

/** What `claim` promises where tenants have more lanes than one look at the store visits. */
export function manyLanesConcern(scenario: Scenario): void {
  describe('claim of many lanes', () => {
    reachesOpenLanes(scenario, 'live');
    reachesOpenLanes(scenario, 'replay');
    sharesBetweenTenants(scenario);

    scenario('finds the one open lane behind more closed ones than one look visits', async (stage) => {
      await store(stage, { tenant: 'acme', prefix: 'a', count: 151, open: [150] }, 'live');
      expect((await stage.storage.claim(stage.samples.claim({ limit: 1 }))).map(({ lane }) => lane)).toEqual(['a:0150']);
    });

    scenario('comes round to every open lane of a tenant that has many', async (stage) => {
      const open = Array.from({ length: 150 }, (_, number) => number);
      await store(stage, { tenant: 'acme', prefix: 'a', count: 150, open, waiting: 2 }, 'live');
      await store(stage, { tenant: 'globex', prefix: 'z', count: 150, open, waiting: 2 }, 'live');
      const lanes = (await stage.storage.claim(stage.samples.claim({ limit: 600 }))).map(({ key, lane }) => `${key.tenant} ${lane}`);
      for (let turn = 0; turn < 8 && lanes.length < 600; turn += 1)
        lanes.push(...(await stage.storage.claim(stage.samples.claim({ limit: 600 }))).map(({ key, lane }) => `${key.tenant} ${lane}`));
      expect(lanes).toHaveLength(600);
      expect(new Set(lanes).size).toBe(300);
    });

    scenario('finds what was put into the first of many lanes after the last was served', async (stage) => {
      await store(stage, { tenant: 'acme', prefix: 'b', count: 150, open: [149] }, 'live');
      expect(only(await claimOneByOne(stage, 3))).toBe('acme b:0149');
      await store(stage, { tenant: 'acme', prefix: 'a', count: 1, open: [0] }, 'live');
      expect(only(await claimOneByOne(stage, 3))).toBe('acme a:0000');
    });
  });
}
