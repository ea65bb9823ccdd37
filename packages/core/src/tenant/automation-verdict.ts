import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { isFrom } from '../routing/starts-on.ts';
import type { ConditionReport } from '../rules/condition-report.ts';
import { reasonOf } from '../rules/reason-of.ts';

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
  /** The condition with each leaf's value and verdict, of that version; `null` where there is none. */
  readonly report: ConditionReport | null;
  readonly runId: string | null;
}

/** One version of an automation, an event, and whether the one has started on the other. */
interface Judged {
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly matched: boolean;
}

/** The condition of one version held against an event, and why it did what it did. What kept it from coming to its condition goes first. */
export function reasonFor({ configuration, automation, event, matched }: Judged): Pick<AutomationVerdict, 'reason' | 'report'> {
  const report = automation.condition?.explain({ event }) ?? null;
  if (!matched && automation.record?.starts(event) === false) return { report, reason: automation.record.reason(event) };
  const isOfAnother = !isFrom(configuration, automation, { connection: event.connection ?? null });
  const isElsewhere = !matched && (isOfAnother || report === null || report.verdict);
  if (isElsewhere) return { report, reason: 'The event came through another connection than the trigger names.' };
  return { report, reason: report === null ? 'It has no condition.' : reasonOf(report) };
}
