import { isPatchbayError } from '@patchbay/core';
import type { AmendItem, ClaimedDispatch, DispatchKey, IngestItem, RunKey, SettleItem, Storage } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import type { ClientBase } from 'pg';

/** Who does a deed, and which of theirs it is: those of one round bring the same keys. */
interface Turn {
  readonly worker: number;
  readonly round: number;
}

/** What one of a crowd does next; `order` decides in which order it goes over what it takes. */
export interface Deed {
  readonly kind: (typeof kinds)[number];
  readonly tenant: (typeof tenants)[number];
  readonly order: readonly number[];
}

/** All that a process does to the store while it lives. */
export const kinds = [
  'ingest',
  'ingest',
  'add',
  'route',
  'settle',
  'settle',
  'defer',
  'amend',
  'cancelRun',
  'configure',
  'extend',
] as const;

/** Whose things they are. */
export const tenants = ['acme', 'globex', 'initech'] as const;

/** What a crowd works on: two processes, and what all of them know of. */
export interface Crowd {
  readonly storages: readonly Storage<ClientBase>[];
  /** Events that are there, of all tenants, with the runs and dispatches that they were planned with. */
  readonly items: IngestItem[];
  /** State codes of what the server refused. */
  readonly refused: string[];
}

/** As many of the list as the deed has numbers, in its order. */
function chosen<Item>(list: readonly Item[], order: readonly number[]): Item[] {
  if (list.length === 0) return [];
  return [...new Set(order.map((number) => number % list.length))].flatMap((index) => list[index] ?? []);
}

const ofTenant = (item: IngestItem, tenant: string): IngestItem => {
  const key = <Key extends { readonly tenant: string }>(given: Key): Key => ({ ...given, tenant });
  const plan = item.plan && {
    ...item.plan,
    runs: item.plan.runs.map((run) => ({ ...run, key: key(run.key) })),
    dispatches: item.plan.dispatches.map((dispatch) => ({ ...dispatch, key: key(dispatch.key) })),
  };
  return { ...item, tenant, event: item.event && { ...item.event, tenant }, plan };
};

async function ingest({ storages, items }: Crowd, { tenant, order }: Deed, { worker, round }: Turn): Promise<void> {
  const storage = storages[worker % storages.length];
  const revision = await storage?.configuration.revision(tenant);
  const made = order.map((number): IngestItem => {
    const item = ofTenant(newRunItem(['a', 'b'], { dedupe: { key: `key-${number}-${round}`, hash: null } }), tenant);
    if (number % 5 === 0 || revision === undefined) return { ...item, plan: null };
    return {
      ...item,
      plan: item.plan && { ...item.plan, revision },
      lease: { holder: `worker-${worker}`, ttlMs: 30_000, limit: number % 3 },
    };
  });
  items.push(...made);
  await storage?.ingest(made);
}

/** A plan beside events that are there, under keys of its own: two who bring it at once meet at its runs and dispatches. */
async function add({ storages, items }: Crowd, { tenant, order }: Deed, { worker, round }: Turn): Promise<void> {
  const storage = storages[worker % storages.length];
  const revision = (await storage?.configuration.revision(tenant)) ?? { hub: 0, tenant: 0 };
  const beside = chosen(items.filter((item) => item.tenant === tenant).slice(-64), order);
  await storage?.ingest(
    beside.map((item) => {
      const root = item.root;
      const dispatches = ['x', 'y'].map((path) =>
        newDispatch(root, { key: { tenant, root, target: 'call', replay: round + 1, path }, workClass: 'replay' }),
      );
      return newItem(dispatches, {
        tenant,
        root,
        event: null,
        dedupe: { key: newId(), hash: null },
        plan: { revision, considered: [], runs: [], dispatches },
      });
    }),
  );
}

async function route({ storages }: Crowd, { order }: Deed, { worker }: Turn): Promise<void> {
  const storage = storages[worker % storages.length];
  const marks = (await storage?.claimMarks({ holder: `router-${worker}`, limit: 20, ttlMs: 50 })) ?? [];
  const pages = await Promise.all(
    chosen(marks, order).map(async ({ tenant, root, fence, routed }) => {
      const revision = (await storage?.configuration.revision(tenant)) ?? { hub: 0, tenant: 0 };
      const dispatches = [newDispatch(root, { key: { tenant, root, target: 'call', replay: 0, path: 'routed' } })];
      return { tenant, root, fence, revision, from: routed, to: routed + 1, considered: [], runs: [], dispatches, last: true };
    }),
  );
  await storage?.recordRouting(pages);
}

const claim = async ({ storages }: Crowd, worker: number): Promise<readonly ClaimedDispatch[]> =>
  (await storages[worker % storages.length]?.claim(claimAll({ holder: `worker-${worker}`, limit: 40 }))) ?? [];

async function settle(crowd: Crowd, { order }: Deed, { worker }: Turn): Promise<void> {
  const outcomes = chosen(await claim(crowd, worker), order).map((dispatch, index): SettleItem => {
    const done = succeeded(dispatch);
    if (index % 4 === 0) return { ...done, settlement: { to: 'held' } };
    const ends = done.run !== null && index % 3 === 0;
    return ends ? { ...done, run: done.run && { ...done.run, status: 'succeeded' } } : done;
  });
  await crowd.storages[worker % crowd.storages.length]?.settle(outcomes);
}

async function defer(crowd: Crowd, { order }: Deed, { worker }: Turn): Promise<void> {
  const back = chosen(await claim(crowd, worker), order).map(({ key: { tenant }, handle, fence }) => ({ tenant, handle, fence }));
  const storage = crowd.storages[worker % crowd.storages.length];
  await storage?.begin(back.toReversed());
  await storage?.defer(back.map((held) => ({ ...held, delayMs: 0, reason: 'drain', nothingSent: true })));
}

const keysIn = ({ items }: Crowd): DispatchKey[] =>
  items
    .slice(-64)
    .flatMap(({ plan }) => plan?.dispatches ?? [])
    .map(({ key }) => key);
const runsIn = ({ items }: Crowd): RunKey[] =>
  items
    .slice(-64)
    .flatMap(({ plan }) => plan?.runs ?? [])
    .map(({ key }) => key);

async function amend(crowd: Crowd, { order }: Deed, { worker }: Turn): Promise<void> {
  const storage = crowd.storages[worker % crowd.storages.length];
  const amended = (settlement: AmendItem['settlement']) =>
    chosen(keysIn(crowd), order).map((key) => ({ key, round: 1, settlement, run: null }));
  await storage?.cancel(amended({ to: 'cancelled' }).slice(0, 5));
  await storage?.resolve(amended({ to: 'succeeded', output: null }).slice(5, 10));
  await storage?.reopen(amended({ to: 'pending', delayMs: 0, forget: false }).slice(0, 5));
}

async function cancelRun(crowd: Crowd, { order }: Deed, { worker }: Turn): Promise<void> {
  for (const key of chosen(runsIn(crowd), order).slice(0, 5))
    await crowd.storages[worker % crowd.storages.length]?.cancelRun({ key, revision: 1 });
}

async function configure({ storages }: Crowd, { tenant, order }: Deed, { worker }: Turn): Promise<void> {
  const changes = order.slice(0, 4).map((number) => ({
    put: 'subscriber' as const,
    id: `s-${number}-${newId()}`,
    name: `s-${number}-${newId()}`,
    expect: 'absent' as const,
    value: { name: `s-${number}`, pattern: '*' },
  }));
  // The hub's own scope now and then: every plan stands under it.
  await storages[worker % storages.length]?.configuration.write(order.length % 5 === 0 ? '' : tenant, changes);
}

const extend = async ({ storages }: Crowd, _deed: Deed, { worker }: Turn): Promise<void> => {
  await storages[worker % storages.length]?.extend({ holder: `worker-${worker}`, ttlMs: 30_000 });
};

const deeds = { ingest, add, route, settle, defer, amend, cancelRun, configure, extend };

/** Lets the crowd do the deeds of a round at once, each on its own connection, and notes what the server refused. */
export async function letCrowdWork(crowd: Crowd, rounds: readonly (readonly Deed[])[]): Promise<void> {
  for (const [round, together] of rounds.entries()) {
    await Promise.all(
      together.map(async (deed, worker) => {
        try {
          await deeds[deed.kind](crowd, deed, { worker, round });
        } catch (error) {
          if (!isPatchbayError(error) || typeof error.details['sqlstate'] !== 'string') throw error;
          crowd.refused.push(`${deed.kind} ${error.details['sqlstate']}`);
        }
      }),
    );
  }
}
