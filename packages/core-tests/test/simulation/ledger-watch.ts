import type { AmendItem, AmendVerdict, ClaimedDispatch, ConfigurationSnapshot, DispatchKey, Held, Storage } from '@patchbay/core/adapter';
import { hubScope } from '@patchbay/core/adapter';
import { idempotencyKeyOf } from '../../../core/src/dispatch/idempotency-key.ts';
import type { VirtualWorld } from './virtual-world.ts';

/** A lease as the store gave it. */
export interface Grant {
  readonly dispatch: ClaimedDispatch;
  readonly fence: number;
  readonly holder: string;
  /** Store's time. */
  until: number;
}

/** What was configured when an event was planned for good. */
export interface PlannedUnder {
  readonly tenant: ConfigurationSnapshot;
  readonly hub: ConfigurationSnapshot;
}

/** What an onlooker at the store has seen: the truth, whatever the processes were told. */
export interface LedgerWatch {
  readonly storage: Storage;
  /** Last lease of the dispatch with this idempotency key. */
  lease(key: string): Grant | undefined;
  /** Fence of the last lease of it that this holder was given. */
  fenceOf(key: string, holder: string): number | undefined;
  readonly plans: ReadonlyMap<string, PlannedUnder>;
  /**
   * How often a person said that a held dispatch did not happen, or had it tried again, also after it was cancelled, by idempotency key: each may
   * make a second effect.
   */
  readonly forced: ReadonlyMap<string, number>;
  /** The root of the first order that was stored. */
  readonly firstOrder: string | undefined;
  /** Events that still wait to be routed. */
  readonly marked: ReadonlySet<string>;
  /** Keys of all dispatches seen leased. */
  readonly keys: ReadonlyMap<string, DispatchKey>;
}

/** Watches a storage. Blames the store for a write that it accepts from somebody who no longer holds the lease. */
export function watchLedger(inner: Storage, world: VirtualWorld): LedgerWatch {
  const leases = new Map<string, Grant>();
  const byHandle = new Map<string, Grant>();
  const fences = new Map<string, number>();
  const plans = new Map<string, PlannedUnder>();
  const forced = new Map<string, number>();
  const heldWhenCancelled = new Set<string>();
  const marked = new Set<string>();
  const keys = new Map<string, DispatchKey>();
  const settled = new Set<string>();
  const roots = new Set<string>();
  let firstOrder: string | undefined;

  const granted = (dispatches: readonly ClaimedDispatch[], how: string): void => {
    for (const dispatch of dispatches) {
      const key = idempotencyKeyOf(dispatch.key).value;
      const known = leases.get(key);
      if (known?.fence === dispatch.fence) continue;
      const grant: Grant = { dispatch, fence: dispatch.fence, holder: dispatch.holder, until: dispatch.leaseUntil };
      leases.set(key, grant);
      byHandle.set(dispatch.handle, grant);
      fences.set(`${key} ${dispatch.holder}`, dispatch.fence);
      keys.set(key, dispatch.key);
      world.log(`store: ${how} ${describe(dispatch)} to ${dispatch.holder.slice(-6)}`);
    }
  };
  const accepted = (held: Held, what: string): void => {
    const grant = byHandle.get(held.handle);
    const name = `${held.handle}:${held.fence}`;
    if (grant && grant.fence !== held.fence && !settled.has(name)) world.blame(`a late ${what} of fence ${held.fence} was accepted`);
    settled.add(name);
  };
  // The memory storage reads and writes when it is called, before it answers: what is asked in one go is seen at one moment.
  const configuredNow = async (tenant: string): Promise<PlannedUnder> => {
    const { configuration } = inner;
    const [ofTenant, ofHub] = await Promise.all([
      configuration.snapshot(tenant, ['automation']),
      configuration.snapshot(hubScope, ['subscriber']),
    ]);
    return { tenant: ofTenant, hub: ofHub };
  };
  const amended = async (items: readonly AmendItem[], amend: () => Promise<readonly AmendVerdict[]>): Promise<readonly AmendVerdict[]> => {
    const asked = [Promise.all(items.map((item) => inner.history.dispatch(item.key))), amend()] as const;
    const [before, verdicts] = await Promise.all(asked);
    items.forEach((item, index) => {
      const key = idempotencyKeyOf(item.key).value;
      world.log(`store: amend ${item.key.path} to ${item.settlement.to}: ${verdicts[index]?.status}`);
      const { to } = item.settlement;
      if (verdicts[index]?.status !== 'done') return;
      const status = before[index]?.status;
      // What nobody could tell of when it was cancelled is as open when a person has it tried again.
      const isOpen = status === 'held' || (status === 'cancelled' && heldWhenCancelled.has(key));
      if (status === 'held' && to === 'cancelled') heldWhenCancelled.add(key);
      if (isOpen && (to === 'pending' || to === 'dead')) forced.set(key, (forced.get(key) ?? 0) + 1);
    });
    return verdicts;
  };

  const storage: Storage = {
    ...inner,
    async ingest(items) {
      const asked = [inner.ingest(items), Promise.all(items.map((item) => configuredNow(item.tenant)))] as const;
      const [verdicts, configured] = await Promise.all(asked);
      items.forEach((item, index) => {
        const verdict = verdicts[index];
        if (verdict?.status !== 'created') return;
        granted(verdict.leased, 'bears');
        if (item.event === null || roots.has(item.root)) return;
        roots.add(item.root);
        if (item.event.type === 'order.placed') firstOrder ??= item.root;
        world.log(`store: event ${item.event.type} ${item.root.slice(-6)}${item.plan ? '' : ' unplanned'}`);
        const under = configured[index];
        if (item.plan && under) plans.set(item.root, under);
        else marked.add(item.root);
      });
      return verdicts;
    },
    async recordRouting(pages) {
      const asked = [inner.recordRouting(pages), Promise.all(pages.map((page) => configuredNow(page.tenant)))] as const;
      const [verdicts, configured] = await Promise.all(asked);
      pages.forEach((page, index) => {
        const under = configured[index];
        if (verdicts[index]?.status === 'done' && page.last && marked.delete(page.root) && under) plans.set(page.root, under);
      });
      return verdicts;
    },
    async claim(request) {
      const claimed = await inner.claim(request);
      granted(claimed, request.kind === 'ready' ? 'leases' : 'leases suspect');
      return claimed;
    },
    async settle(items) {
      const verdicts = await inner.settle(items);
      items.forEach((item, index) => {
        const verdict = verdicts[index];
        const { number, outcome } = item.attempt;
        const why = item.attempt.error === null ? '' : ` (${item.attempt.error.code})`;
        world.log(`store: settle ${item.key.path} attempt ${number} ${outcome}${why} -> ${item.settlement.to}: ${verdict?.status}`);
        if (verdict?.status !== 'settled') return;
        accepted(item, 'settle');
        granted(verdict.leased, 'bears');
      });
      return verdicts;
    },
    async defer(items) {
      const verdicts = await inner.defer(items);
      items.forEach((item, index) => {
        const path = byHandle.get(item.handle)?.dispatch.key.path;
        world.log(`store: defer ${path} fence ${item.fence} ${item.reason} ${item.delayMs}: ${verdicts[index]?.status}`);
        if (verdicts[index]?.status === 'done') accepted(item, 'defer');
      });
      return verdicts;
    },
    async extend(request) {
      const held = await inner.extend(request);
      for (const { handle, fence } of held) {
        const grant = byHandle.get(handle);
        if (grant?.fence === fence) grant.until = world.now() + request.ttlMs;
      }
      return held;
    },
    reopen: (items) => amended(items, () => inner.reopen(items)),
    resolve: (items) => amended(items, () => inner.resolve(items)),
    cancel: (items) => amended(items, () => inner.cancel(items)),
  };
  return {
    storage,
    plans,
    get firstOrder() {
      return firstOrder;
    },
    forced,
    marked,
    keys,
    lease: (key) => leases.get(key),
    fenceOf: (key, holder) => fences.get(`${key} ${holder}`),
  };
}

function describe({ key, fence, crashes, unknownSince }: ClaimedDispatch): string {
  const notes = [crashes > 0 ? `${crashes} crashes` : '', unknownSince === null ? '' : 'unknown'].filter((note) => note !== '');
  return `${key.root.slice(-6)}/${key.path}#${key.replay} fence ${fence}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}
