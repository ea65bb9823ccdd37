import type { Clock } from '../clock/clock.ts';
import type { Considered, DispatchKey, EventRecord } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Outcome } from '../contracts/executor.ts';
import type { Planner } from '../contracts/planner.ts';
import type { Storage } from '../contracts/storage.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { Publisher } from '../events/create-publisher.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { encodeAdditions, eventAdditions } from '../events/event-additions.ts';
import type { EventCompleter } from './create-event-completer.ts';
import { mappingHandler } from './mapping-dispatch.ts';

/** What mapping an event again needs. */
export interface MappingExecutorOptions {
  readonly storage: Pick<Storage<unknown>, 'addToEvents' | 'history'>;
  readonly completer: EventCompleter;
  readonly planner: Pick<Planner, 'pages'>;
  readonly publisher: Pick<Publisher, 'ingest'>;
  readonly clock: Pick<Clock, 'nextTurn'>;
  readonly figures: Pick<ExecutionPolicy, 'maximumAttempts' | 'maximumCrashes'>;
  readonly backoffMs: ExecutionPolicy['backoffMs'];
}

/** Milliseconds for one attempt: a mapping is bounded by its fuel, an enrichment by its budget, and planning goes page by page. */
const timeoutMs = 60_000;

/**
 * Maps an event again that did not fit, with the mapping as it is now, and starts what the event starts. What still does not fit has failed for good until somebody
 * retries it. Repeating it is harmless: what has been started is not started again.
 */
export function createMappingExecutor(options: MappingExecutorOptions): Executor {
  const forever = Number.POSITIVE_INFINITY;
  const { figures, backoffMs } = options;
  return {
    handler: mappingHandler,
    policy: () => ({
      idempotency: 'idempotent',
      ...figures,
      timeoutMs,
      retryWithinMs: forever,
      keyLifetimeMs: forever,
      settlesWithinMs: 0,
      onUnknown: 'retry',
      backoffMs,
    }),
    async execute({ dispatch }): Promise<Outcome> {
      try {
        return await mapAgain(options, dispatch.key);
      } catch (error) {
        return { outcome: 'failed', error: toErrorRecord(error), retryable: !isPatchbayError(error) || error.retryable };
      }
    },
  };
}

async function mapAgain(options: MappingExecutorOptions, { tenant, root }: DispatchKey): Promise<Outcome> {
  const stored = await options.storage.history.event(tenant, root);
  if (stored === null)
    throw new PatchbayError({
      code: 'not_found',
      message: 'The event is no longer kept. Keep events longer than their mappings may fail.',
    });
  const { event, error } = await options.completer.complete(stored, { again: true });
  if (error !== null) return { outcome: 'failed', error, retryable: false };
  await keepConsidered(options, event, await startAll(options, event));
  return { outcome: 'succeeded', output: null };
}

/** Starts what an event starts, page by page, each once. Answers the automations that were looked at. */
async function startAll({ planner, publisher, clock }: MappingExecutorOptions, event: EventRecord): Promise<readonly Considered[]> {
  const { tenant, id: root } = event;
  const considered: Considered[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => clock.nextTurn(resolve));
  let number = 0;
  for await (const { plan } of planner.pages({ event, data: decodePayload(event.data) }, { known: new Set(), turn })) {
    const { hub, tenant: own } = plan.revision;
    // With other configuration the pages are cut elsewhere, and are others.
    const dedupe = { key: `mapping:${root}:${hub}.${own}:${number}`, hash: null };
    await publisher.ingest({ tenant, root, dedupe, event: null }, async (fresh) => {
      if (!fresh) return plan;
      throw new PatchbayError({
        code: 'conflict',
        message: 'The configuration has just changed. The event is planned again.',
        retryable: true,
      });
    });
    considered.push(...plan.considered);
    number += 1;
  }
  return considered;
}

/** So that `events.explain` can say what was looked at. */
async function keepConsidered({ storage }: MappingExecutorOptions, event: EventRecord, considered: readonly Considered[]): Promise<void> {
  if (considered.length === 0) return;
  const additions = encodeAdditions({ ...eventAdditions(event), considered });
  await storage.addToEvents([{ tenant: event.tenant, root: event.id, expect: event.additions ?? null, additions }]);
}
