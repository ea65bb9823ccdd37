import type { Clock } from '../clock/clock.ts';
import type { IngestItem, Plan, Revision } from '../contracts/hot-store.ts';
import type { Planner } from '../contracts/planner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import type { Notify } from '../notices/notices.ts';
import { inSpan } from '../telemetry/in-span.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { SpanStart } from '../telemetry/tracing.ts';
import type { NewEvent } from './build-event.ts';
import { createIntake, type IntakeOptions, type Intended, type TakenIn } from './create-intake.ts';
import { giveRunFinished } from './give-run-finished.ts';

/** One event to publish. */
export interface Publication {
  readonly event: NewEvent;
  /** The data, parsed. */
  readonly data: Json;
  readonly dedupe: IngestItem['dedupe'];
  /** Only this automation (a manual run, a schedule, a button, a form); the event never goes in unplanned, because a router would not know. */
  readonly automation?: string;
  /**
   * Looks whether the event may still come in under the revision of the configuration that its plan was made with, and throws where not: a
   * registration or secret that has gone holds no longer for what is committed afterwards. An event with it goes in
   * planned, or with this revision to be compared at the commit.
   */
  readonly admit?: (revision: Revision) => Promise<void>;
}

/** What became of a publication. */
export type PublishResult = { readonly status: 'created' | 'duplicate'; readonly eventId: string };

/** Takes events in: plans them in memory and stores event, runs and first dispatches in one statement. */
export interface Publisher {
  /** Resolves after the commit. Rejects with `conflict` where the same key came with other data. */
  publish(publication: Publication): Promise<PublishResult>;
  /**
   * Stores the event and a routing mark through the host's own transaction, and nothing else: no plan, no wake-up and no notice, because
   * only the host learns whether it commits.
   */
  join(publication: Pick<Publication, 'event' | 'dedupe'>, transaction: unknown): Promise<PublishResult>;
  /** Stores a planned root without an event (a direct call, a replay); the same way in. */
  ingest(item: Intended['item'], replan: Intended['replan']): Promise<TakenIn['verdict']>;
}

/** What the publisher needs. */
export interface PublisherOptions extends IntakeOptions {
  readonly planner: Planner;
  readonly clock: Pick<Clock, 'nextTurn' | 'now' | 'setTimer'>;
  readonly notify: Notify;
  /** @default nobody is told */
  readonly telemetry?: Telemetry;
}

/** The one way in for everything that happens. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { storage, planner, clock, notify } = options;
  const tracing = options.telemetry?.tracing ?? null;
  const takeIn = createIntake(options);

  const publishPlanned = ({ event, data, dedupe, automation, admit }: Publication): Promise<TakenIn> => {
    const request = automation === undefined ? { event, data } : { event, data, automation };
    return takeIn({
      item: { tenant: event.tenant, root: event.id, dedupe, event },
      mustPlan: admit !== undefined || automation !== undefined,
      async replan(fresh) {
        return inSpan(tracing, planSpan(event), async (span) => {
          const plan = await planner.plan(request, { fresh });
          if (span && 'runs' in plan) span.set(sizeOf(plan));
          await admit?.(plan.revision);
          return plan;
        });
      },
    });
  };

  /** A run whose first input cannot be rendered has ended before it began. */
  const giveRunNotices = (plan: Plan | null): void => {
    for (const run of plan?.runs ?? []) giveRunFinished({ notify, clock }, run);
  };

  return {
    async ingest(item, replan) {
      const { verdict, plan } = await takeIn({ item, replan, mustPlan: true });
      if (verdict.status === 'created') giveRunNotices(plan);
      return verdict;
    },
    async join({ event, dedupe }, transaction) {
      const { id: root, tenant } = event;
      const [verdict] = await storage.ingest([{ tenant, root, dedupe, event, plan: null, lease: null }], { transaction });
      if (verdict === undefined || verdict.status === 'moved' || verdict.status === 'busy') throw unanswered();
      return resultOf(root, verdict);
    },
    async publish(publication) {
      const { id: eventId, tenant, type } = publication.event;
      const { verdict, plan } = await inSpan(tracing, publishSpan(publication.event), () => publishPlanned(publication));
      const result = resultOf(eventId, verdict);
      if (result.status === 'duplicate') return result;
      const { runs = [], dispatches = [] } = plan ?? {};
      notify('event.published', { tenant, eventId, type, runs: runs.length, dispatches: dispatches.length, at: clock.now() });
      giveRunNotices(plan);
      return result;
    },
  };
}

type Published = Pick<NewEvent, 'id' | 'tenant' | 'type' | 'connection'>;

const publishSpan =
  ({ id, tenant, type, connection }: Published) =>
  (): SpanStart => ({
    name: `publish ${type}`,
    kind: 'producer',
    root: id,
    attributes: {
      'messaging.system': 'patchbay',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': type,
      'messaging.message.id': id,
      'patchbay.tenant': tenant,
      'patchbay.connection': connection ?? undefined,
    },
  });

const planSpan =
  ({ id, tenant }: Published) =>
  (): SpanStart => ({
    name: 'plan',
    kind: 'internal',
    root: id,
    attributes: { 'patchbay.tenant': tenant },
  });

const sizeOf = ({ runs, dispatches }: Plan) => ({ 'patchbay.plan.runs': runs.length, 'patchbay.plan.dispatches': dispatches.length });

/** Throws `conflict`. */
function resultOf(eventId: string, verdict: TakenIn['verdict']): PublishResult {
  if (verdict.status === 'duplicate') return { status: 'duplicate', eventId: verdict.root };
  if (verdict.status === 'conflict') throw conflict(verdict.root);
  return { status: 'created', eventId };
}

function unanswered(): PatchbayError {
  return new PatchbayError({ code: 'internal', message: 'The store did not answer for an event. Report it to the adapter.' });
}

function conflict(root: string): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: `The dedupe key was used before with other data (event ${root}). Use a new key for a new event.`,
  });
}
