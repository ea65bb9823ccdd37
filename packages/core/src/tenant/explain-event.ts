import { formatRunId } from '../contracts/dispatch-id.ts';
import { type Considered, type EventRecord, everyOther, type RunKey } from '../contracts/dispatch-records.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { eventAdditions } from '../events/event-additions.ts';
import { loopStopped } from '../routing/begin-planned-run.ts';
import { versionOf } from '../routing/version-of.ts';
import { type AutomationVerdict, reasonFor } from './automation-verdict.ts';
import { explainRest } from './explain-rest.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** Why an event did what it did. */
export interface EventExplanation {
  readonly eventId: string;
  readonly type: string;
  /** Automations that start on this type: first those that were looked at when the event came, in the version they had then. */
  readonly automations: readonly AutomationVerdict[];
}

/** What is to be explained. */
export interface ExplainOptions {
  /** Name or id of one automation, whatever it starts on. @default all that start on the event's type */
  readonly automation?: string;
}

/**
 * Explains an event: works the conditions out again, with the versions that were considered when it came. The same inputs give the same
 * verdicts, so nothing but the versions had to be stored.
 */
export async function explainEvent(scope: TenantScope, record: EventRecord, options: ExplainOptions = {}): Promise<EventExplanation> {
  const event = toHubEvent(record, decodePayload(record.data));
  const considered = [...record.considered, ...(eventAdditions(record).considered ?? [])];
  const only = options.automation === undefined ? undefined : await idOf(scope, options.automation);
  const named = considered.filter(({ automation }) => automation !== everyOther && (only ?? automation) === automation);
  const looked = await Promise.all(named.map((each) => verdictOn(scope, event, each)));
  const rest = await explainRest(scope, { record: { ...record, considered }, event, only });
  if (only !== undefined && looked.length + rest.length === 0) throw notFound('automation');
  return { eventId: record.id, type: record.type, automations: [...looked, ...rest] };
}

/** The id of an automation; that of one that was deleted stands for itself. */
async function idOf({ cache, tenant }: TenantScope, reference: string): Promise<string> {
  const { automations } = await cache.read(tenant, { fresh: true });
  return (automations.find(({ id, name }) => name === reference || id === reference) ?? { id: reference }).id;
}

async function verdictOn(scope: TenantScope, event: HubEvent, { automation, version, matched }: Considered): Promise<AutomationVerdict> {
  const key: RunKey = { tenant: scope.tenant, root: event.id, automation, replay: 0 };
  const name = await nameOf(scope, key, matched);
  const common = { automation, name, version, considered: true, matched, runId: matched ? formatRunId(key) : null };
  try {
    const place = { tenant: scope.tenant, automation, version, name };
    const compiled = await versionOf({ store: scope.storage.configuration, compiled: scope.compiled }, place);
    const stopped = matched ? await stoppedLoop(scope, key) : null;
    const configuration = await scope.cache.read(scope.tenant);
    const found = reasonFor({ configuration, automation: compiled, event, matched });
    return { ...common, ...found, ...(stopped === null ? {} : { reason: stopped }) };
  } catch (error) {
    if (!isPatchbayError(error) || error.retryable) throw error;
    return { ...common, reason: error.message, report: null };
  }
}

/** Why a run was not begun although the automation wanted the event. */
async function stoppedLoop({ storage }: TenantScope, key: RunKey): Promise<string | null> {
  const run = await storage.history.run(key);
  return run?.error?.code === loopStopped ? run.error.message : null;
}

/** The name as it is now, or as it was when the run began. */
async function nameOf({ cache, storage, tenant }: TenantScope, key: RunKey, hasRun: boolean): Promise<string> {
  const row = (await cache.read(tenant)).automations.find(({ id }) => id === key.automation);
  return row?.name ?? (hasRun ? (await storage.history.run(key))?.automationName : undefined) ?? key.automation;
}
