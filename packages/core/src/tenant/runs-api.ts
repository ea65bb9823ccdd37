import { parseRunId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, RunKey, RunRecord, RunStatus } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { notFound } from './not-found.ts';
import { type Page, type PageOptions, pageRequest } from './read-cursor.ts';
import { replayEvent } from './replay-event.ts';
import { type Run, type RunDetail, toRun, toRunDetail } from './run-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which runs to list. */
export interface RunFilter extends PageOptions {
  /** Automation's name or id. */
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
  /** Ends it: what waits is cancelled, what is under way ends by itself and nothing follows. */
  cancel(id: string): Promise<Run>;
  /** A new run of the same automation under the same event, with new keys and the current version. */
  replay(id: string): Promise<Run>;
}

/** The runs part of a tenant's handle. */
export function runsApi(scope: TenantScope): RunsApi {
  const { tenant, storage } = scope;
  const read = async (id: string): Promise<RunRecord> => {
    await scope.ready();
    const key = parseRunId(tenant, id);
    const record = key ? await storage.history.run(key) : null;
    if (!record) throw notFound('run');
    return record;
  };
  return {
    get: async (id) => detailOf(scope, await read(id)),
    list: (filter = {}) => list(scope, filter),
    async cancel(id) {
      for (let tries = 0; tries < 5; tries += 1) {
        const record = await read(id);
        if (record.status !== 'running') return toRun(record);
        const { status } = await storage.cancelRun({ key: record.key, revision: record.revision });
        if (status === 'done') return toRun(await read(id));
      }
      throw new PatchbayError({ code: 'conflict', message: 'The run keeps moving on. Try again.', retryable: true });
    },
    async replay(id) {
      const { key } = await read(id);
      const event = await storage.history.event(tenant, key.root);
      if (!event) throw notFound('event');
      const { runIds } = await replayEvent(scope, event, { all: true, automation: key.automation });
      const [started] = runIds;
      if (started === undefined)
        throw new PatchbayError({ code: 'not_found', message: 'The automation of this run was deleted. Put it again to run it.' });
      return toRun(await read(started));
    },
  };
}

async function list(scope: TenantScope, filter: RunFilter): Promise<Page<Run>> {
  await scope.ready();
  const { automation, status, eventId, ...page } = filter;
  const id =
    automation === undefined || isUuid(automation)
      ? automation
      : (await scope.storage.configuration.find(scope.tenant, 'automation', automation))?.id;
  if (automation !== undefined && id === undefined) return { items: [], cursor: null };
  const found = await scope.storage.history.runs(
    scope.tenant,
    {
      ...(id === undefined ? {} : { automation: id }),
      ...(status === undefined ? {} : { status }),
      ...(eventId === undefined ? {} : { root: eventId }),
    },
    pageRequest(page),
  );
  return { items: found.items.map(toRun), cursor: found.cursor };
}

async function detailOf(scope: TenantScope, record: RunRecord): Promise<RunDetail> {
  const dispatches = await dispatchesOf(scope, record.key);
  const steps = await Promise.all(
    dispatches.map(async (dispatch) => ({ dispatch, attempts: await scope.storage.history.attempts(dispatch.key) })),
  );
  return toRunDetail(record, steps);
}

async function dispatchesOf(scope: TenantScope, key: RunKey): Promise<readonly DispatchRecord[]> {
  const { history } = scope.storage;
  const filter = { root: key.root, target: `automation:${key.automation}`, replay: key.replay };
  const dispatches: DispatchRecord[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof history.dispatches>> = await history.dispatches(scope.tenant, filter, { cursor, limit: 500 });
    dispatches.push(...page.items);
    cursor = page.cursor;
    if (cursor === null) return dispatches;
  }
}
