import { formatRunId } from '../contracts/dispatch-id.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { versionOf } from '../routing/create-advancer.ts';
import type { ConditionReport } from '../rules/condition-report.ts';
import { reasonOf } from '../rules/reason-of.ts';
import type { TenantScope } from './tenant-services.ts';

/** What became of an event at one automation. */
export interface AutomationVerdict {
  readonly automation: string;
  readonly name: string;
  readonly version: number;
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
  /** Automations that start on this type, as they were when the event came. */
  readonly automations: readonly AutomationVerdict[];
}

/**
 * Explains an event: works the conditions out again, with the versions that were considered when it came. The same inputs give the same
 * verdicts, so nothing but the versions had to be stored.
 */
export async function explainEvent(scope: TenantScope, record: EventRecord): Promise<EventExplanation> {
  const event = toHubEvent(record, decodePayload(record.data));
  const automations: AutomationVerdict[] = [];
  for (const { automation: id, version, matched } of record.considered) {
    const key = { tenant: scope.tenant, root: record.id, automation: id, replay: 0 };
    const automation = await versionOf(scope, key, version);
    const report = automation.condition?.explain({ event }) ?? null;
    const elsewhere = !matched && (report === null || report.verdict);
    const reason = elsewhere
      ? 'The event came through another connection than the trigger names.'
      : report === null
        ? 'It has no condition.'
        : reasonOf(report);
    automations.push({ automation: id, name: automation.name, version, matched, reason, report, runId: matched ? formatRunId(key) : null });
  }
  return { eventId: record.id, type: record.type, automations };
}
