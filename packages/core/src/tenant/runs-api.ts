import { parseRunId } from '../contracts/dispatch-id.ts';
import type { RunRecord, RunStatus } from '../contracts/dispatch-records.ts';
import { isUuid } from '../id/is-uuid.ts';
import { cancelRun } from './cancel-run.ts';
import { checkStatus } from './check-status.ts';
import { isReference } from './check-text.ts';
import { notFound } from './not-found.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { replayRun } from './replay-run.ts';
import { resumptionFrom } from './resumption-from.ts';
import { readRunDetail } from './run-detail.ts';
import { type Run, type RunDetail, toRun } from './run-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which runs to list. */
export interface RunFilter extends ListOptions {
  /** Automation's name or id; runs of a deleted one are found by its id. */
  readonly automation?: string;
  readonly status?: RunStatus;
  readonly eventId?: string;
}

/** A tenant's runs. */
export interface RunsApi {
  /** A run with each step's input, output, attempts and timing. */
  get(id: string): Promise<RunDetail>;
  /** Newest first. */
  list(filter?: RunFilter): Promise<Page<Run>>;
  /** Ends it: what waits is cancelled, what is under way ends by itself and nothing follows. One that has ended stays as it is. */
  cancel(id: string): Promise<Run>;
  /**
   * A new run of the same automation under the same event, with new keys and the current version. The same `idempotencyKey` on runs of the
   * same event is the same replay: a call that is repeated because its answer was lost starts nothing twice.
   */
  replay(id: string, request?: { readonly idempotencyKey?: string }): Promise<Run>;
  /**
   * A new run like {@link RunsApi.replay} that begins at a step: what the steps before it have given in this run, and what they have set, is kept and not
   * done again. `from` is a step of the automation itself, not one inside of another. Throws `invalid_argument` for a step that is not there, or that a
   * step comes before which has not ended in this run; `conflict` while the run is under way.
   */
  rerun(id: string, request: { readonly from: string; readonly idempotencyKey?: string }): Promise<Run>;
}

const statuses: Readonly<Record<RunStatus, true>> = { running: true, succeeded: true, failed: true, cancelled: true };

/** The runs part of a tenant's handle. */
export function runsApi(scope: TenantScope): RunsApi {
  const read = async (id: string): Promise<RunRecord> => {
    await scope.ready();
    const key = parseRunId(scope.tenant, id);
    const record = key ? await scope.storage.history.run(key) : null;
    if (!record) throw notFound('run');
    return record;
  };
  return {
    get: async (id) => readRunDetail(scope, await read(id)),
    list: (filter = {}) => list(scope, filter),
    cancel: async (id) => toRun(await cancelRun(scope, () => read(id))),
    async replay(id, request = {}) {
      const { key } = await read(id);
      await recordAct(scope, { action: 'run.replay', object: { type: 'run', id }, correlation: key.root });
      return toRun(await read(await replayRun(scope, key, request)));
    },
    async rerun(id, { from, idempotencyKey }) {
      const record = await read(id);
      const resumption = await resumptionFrom(scope, record, from);
      await recordAct(scope, { action: 'run.rerun', object: { type: 'run', id }, correlation: record.key.root, details: { from } });
      const request = { from: resumption, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
      return toRun(await read(await replayRun(scope, record.key, request)));
    },
  };
}

async function list(scope: TenantScope, filter: RunFilter): Promise<Page<Run>> {
  await scope.ready();
  const { automation, status, eventId, ...page } = filter;
  checkStatus({ of: 'run', status, known: statuses });
  const request = pageRequest(page);
  const id = automation === undefined ? undefined : await automationId(scope, automation);
  if (id === null || (eventId !== undefined && !isUuid(eventId))) return { items: [], cursor: null };
  const found = await scope.storage.history.runs(
    scope.tenant,
    {
      ...(id === undefined ? {} : { automation: id }),
      ...(status === undefined ? {} : { status }),
      ...(eventId === undefined ? {} : { root: eventId }),
    },
    request,
  );
  return { items: found.items.map(toRun), cursor: found.cursor };
}

async function automationId({ storage, tenant }: TenantScope, reference: string): Promise<string | null> {
  if (isUuid(reference)) return reference;
  const row = isReference(reference) ? await storage.configuration.find(tenant, 'automation', reference) : null;
  return row?.id ?? null;
}
