import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { Considered, EventRecord, RunKey } from '../contracts/dispatch-records.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { eventAdditions } from '../events/event-additions.ts';
import { versionOf } from '../routing/version-of.ts';
import type { ConditionReport } from '../rules/condition-report.ts';
import { reasonOf } from '../rules/reason-of.ts';
import type { TenantScope } from './tenant-services.ts';

/** What became of an event at one automation. */
export interface AutomationVerdict {
  readonly automation: string;
  readonly name: string;
  readonly version: number;
  /** False for one that starts on this type now and was not there, or not enabled, when the event came. */
  readonly considered: boolean;
  readonly matched: boolean;
  /** One sentence. */
  readonly reason: string;
  /** The condition with each leaf's value and verdict; `null` where there is none. */
  readonly report: ConditionReport | null;
  readonly runId: string | null;
}

/** Why an event did what it did. */
export interface EventExplanation {
  readonly eventId: string;
  readonly type: string;
  /** Automations that start on this type: first those that were looked at when the event came, in the version they had then. */
  readonly automations: readonly AutomationVerdict[];
}

/**
 * Explains an event: works the conditions out again, with the versions that were considered when it came. The same inputs give the same
 * verdicts, so nothing but the versions had to be stored.
 */
export async function explainEvent(scope: TenantScope, record: EventRecord): Promise<EventExplanation> {
  const event = toHubEvent(record, decodePayload(record.data));
  const considered = [...record.considered, ...(eventAdditions(record).considered ?? [])];
  const looked = await Promise.all(considered.map((each) => verdictOn(scope, event, each)));
  return { eventId: record.id, type: record.type, automations: [...looked, ...(await others(scope, { ...record, considered }))] };
}

async function verdictOn(scope: TenantScope, event: HubEvent, { automation, version, matched }: Considered): Promise<AutomationVerdict> {
  const key: RunKey = { tenant: scope.tenant, root: event.id, automation, replay: 0 };
  const name = await nameOf(scope, key, matched);
  const common = { automation, name, version, considered: true, matched, runId: matched ? formatRunId(key) : null };
  try {
    const place = { tenant: scope.tenant, automation, version, name };
    const compiled = await versionOf({ store: scope.storage.configuration, compiled: scope.compiled }, place);
    return { ...common, ...reasonFor(compiled, event, matched) };
  } catch (error) {
    if (!isPatchbayError(error) || error.retryable) throw error;
    return { ...common, reason: error.message, report: null };
  }
}

function reasonFor(automation: CompiledAutomation, event: HubEvent, matched: boolean): Pick<AutomationVerdict, 'reason' | 'report'> {
  const report = automation.condition?.explain({ event }) ?? null;
  const isElsewhere = !matched && (report === null || report.verdict);
  if (isElsewhere) return { report, reason: 'The event came through another connection than the trigger names.' };
  return { report, reason: report === null ? 'It has no condition.' : reasonOf(report) };
}

/** The name as it is now, or as it was when the run began. */
async function nameOf({ cache, storage, tenant }: TenantScope, key: RunKey, hasRun: boolean): Promise<string> {
  const row = (await cache.read(tenant)).automations.find(({ id }) => id === key.automation);
  return row?.name ?? (hasRun ? (await storage.history.run(key))?.automationName : undefined) ?? key.automation;
}

/** Automations that start on the type now and were not looked at then. A mark is considered later, so an event with one has none yet. */
async function others({ cache, compiled, tenant }: TenantScope, record: EventRecord): Promise<readonly AutomationVerdict[]> {
  const known = new Set(record.considered.map(({ automation }) => automation));
  const configuration = await cache.read(tenant, { fresh: true });
  const now = compiled.of(configuration);
  return configuration.automations.flatMap((row): AutomationVerdict[] => {
    const trigger = now.automation(row.id)?.definition.trigger;
    if (known.has(row.id) || !trigger || !('event' in trigger) || trigger.event !== record.type) return [];
    const { id: automation, name } = row;
    const reason = row.value.enabled
      ? 'When the event was routed, it was disabled, started on something else, or was not there.'
      : 'It is disabled, and was not looked at when the event was routed.';
    return [{ automation, name, version: row.value.version, considered: false, matched: false, reason, report: null, runId: null }];
  });
}
