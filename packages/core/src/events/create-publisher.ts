import { createBatcher } from '../batch/create-batcher.ts';
import type { Clock } from '../clock/clock.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { IngestItem, IngestVerdict, Plan, Revision } from '../contracts/hot-store.ts';
import type { LeaseTaker, Reservation } from '../contracts/lease-taker.ts';
import type { Planner } from '../contracts/planner.ts';
import type { Queue } from '../contracts/queue.ts';
import type { Storage } from '../contracts/storage.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import type { Notify } from '../notices/notices.ts';
import type { NewEvent } from './build-event.ts';

/** One event to publish. */
export interface Publication {
  readonly event: NewEvent;
  /** The data, parsed. */
  readonly data: Json;
  readonly dedupe: IngestItem['dedupe'];
  /** Only this automation (manual run). */
  readonly automation?: string;
  /**
   * Looks whether the event may still come in under the revision of the configuration that its plan was made with, and throws where not: a
   * registration or secret that has gone holds no longer for what is committed afterwards. An event with it never goes in unplanned,
   * because only a plan's revision is compared at the commit.
   */
  readonly admit?: (revision: Revision) => Promise<void>;
}

/** What became of a publication. */
export type PublishResult = { readonly status: 'created' | 'duplicate'; readonly eventId: string };

/** Takes events in: plans them in memory and stores event, runs and first dispatches in one statement. */
export interface Publisher {
  /** Resolves after the commit. Rejects with `conflict` where the same key came with other data. */
  publish(publication: Publication): Promise<PublishResult>;
  /** Stores a planned root without an event (a direct call); the same way in. */
  ingest(
    item: Omit<IngestItem, 'lease' | 'plan'>,
    replan: (fresh: boolean) => Promise<Plan>,
  ): Promise<Exclude<IngestVerdict, { status: 'moved' }>>;
}

/** What the publisher needs. */
export interface PublisherOptions {
  readonly storage: Storage<unknown>;
  readonly planner: Planner;
  readonly leases: LeaseTaker;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly notify: Notify;
}

/** Plans of what could go in unplanned as well. */
const plansOfEvents = 2;

/** Plans of what must not. */
const mostPlans = 8;

interface Planned {
  readonly item: Omit<IngestItem, 'lease' | 'plan'>;
  readonly replan: (fresh: boolean) => Promise<Plan>;
  readonly mustPlan: boolean;
}

/** The one way in for everything that happens. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { storage, planner, leases, queue, clock, notify } = options;
  const batcher = createBatcher<IngestItem, IngestVerdict>({
    clock,
    send: (items) => storage.ingest(items),
    sizeOf: sizeOfItem,
    compare: (left, right) => compareText(keyOf(left), keyOf(right)),
  });

  const send = async (item: Omit<IngestItem, 'lease'>): Promise<IngestVerdict> => {
    const dispatches = item.plan?.dispatches.length ?? 0;
    const reservation: Reservation | null = dispatches > 0 ? leases.reserve(dispatches) : null;
    let leased: Parameters<Reservation['take']>[0] = null;
    try {
      const verdict = await batcher.add({ ...item, lease: reservation?.lease ?? null });
      leased = verdict.status === 'created' ? verdict.leased : [];
      if (verdict.status === 'created') {
        const left = item.plan === null || leased.length < dispatches;
        if (left) wake();
      }
      return verdict;
    } finally {
      reservation?.take(leased);
    }
  };

  // A lost wake-up costs a poll interval, so its failure is nobody's business.
  const wake = (): void => {
    queue.wake({}).catch(() => undefined);
  };

  const ingestPlanned = async ({ item, replan, mustPlan }: Planned): Promise<Exclude<IngestVerdict, { status: 'moved' }>> => {
    const tries = mustPlan ? mostPlans : plansOfEvents;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const verdict = await send({ ...item, plan: await replan(attempt > 0) });
      if (verdict.status !== 'moved') return verdict;
    }
    if (mustPlan) throw restless(item.event === null ? 'conflict' : 'overloaded');
    // The configuration moves faster than we read it: the event goes in unplanned, and a router plans it from its mark.
    const verdict = await send({ ...item, plan: null });
    if (verdict.status !== 'moved') return verdict;
    throw new PatchbayError({ code: 'internal', message: 'The store compares a revision where none was given. Report it to the adapter.' });
  };
  // Only an event can go in unplanned; a call or a replay is planned until it holds.
  const ingest: Publisher['ingest'] = (item, replan) => ingestPlanned({ item, replan, mustPlan: item.event === null });

  return {
    ingest,
    async publish({ event, data, dedupe, automation, admit }) {
      let plan: Plan | undefined;
      const request = automation === undefined ? { event, data } : { event, data, automation };
      const replan = async (fresh: boolean): Promise<Plan> => {
        plan = await planner.plan(request, { fresh });
        await admit?.(plan.revision);
        return plan;
      };
      const item = { tenant: event.tenant, root: event.id, dedupe, event };
      const verdict = await ingestPlanned({ item, replan, mustPlan: admit !== undefined });
      if (verdict.status === 'created') {
        const { runs = [], dispatches = [] } = plan ?? {};
        const at = clock.now();
        notify('event.published', {
          tenant: event.tenant,
          eventId: event.id,
          type: event.type,
          runs: runs.length,
          dispatches: dispatches.length,
          at,
        });
        for (const { key, status } of runs) {
          // A run whose first input cannot be rendered has ended before it began.
          if (status !== 'running')
            notify('run.finished', { tenant: key.tenant, runId: formatRunId(key), automation: key.automation, status, at });
        }
        return { status: 'created', eventId: event.id };
      }
      if (verdict.status === 'duplicate') return { status: 'duplicate', eventId: verdict.root };
      throw new PatchbayError({
        code: 'conflict',
        message: `The dedupe key was used before with other data (event ${verdict.root}). Use a new key for a new event.`,
      });
    },
  };
}

function restless(code: 'conflict' | 'overloaded'): PatchbayError {
  return new PatchbayError({ code, message: "The tenant's configuration keeps changing. Try again.", retryable: true });
}

function keyOf(item: IngestItem): string {
  return `${item.tenant}\u0000${item.dedupe?.key ?? item.root}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function sizeOfItem(item: IngestItem): number {
  const dispatches = item.plan?.dispatches ?? [];
  const inputs = dispatches.reduce((total, dispatch) => total + 200 + (dispatch.input?.length ?? 0), 0);
  return 200 + (item.event ? item.event.data.bytes.length + (item.event.original?.bytes.length ?? 0) : 0) + inputs;
}
