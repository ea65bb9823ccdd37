import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { eventTypesOf } from '../automation/trigger-event.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type EventRecord, everyOther } from '../contracts/dispatch-records.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { versionOf, versionRowName } from '../routing/version-of.ts';
import { type AutomationVerdict, reasonFor } from './automation-verdict.ts';
import type { TenantScope } from './tenant-services.ts';

interface RestRequest {
  readonly record: EventRecord;
  readonly event: HubEvent;
  /** The one automation that is asked about. */
  readonly only: string | undefined;
}

/**
 * Automations that are not named with the event: those that were looked at among very many and did not match, and those that were not
 * looked at. Their conditions are worked out as well, so that it is seen what they would have said.
 */
export async function explainRest(scope: TenantScope, { record, event, only }: RestRequest): Promise<readonly AutomationVerdict[]> {
  const { cache, compiled, tenant } = scope;
  const named = new Set(record.considered.map(({ automation }) => automation));
  const configuration = await cache.read(tenant, { fresh: true });
  const now = compiled.of(configuration);
  const isLookedAt = await lookedAt(scope, record);
  const verdicts: AutomationVerdict[] = [];
  for (const row of configuration.automations) {
    const automation = now.automation(row.id);
    if (named.has(row.id) || automation === undefined || (only === undefined ? !startsOn(automation, record.type) : row.id !== only))
      continue;
    const then = isLookedAt === null ? undefined : isLookedAt(row) ? automation : await versionThen(scope, record, row);
    verdicts.push(
      then && row.value.enabled && startsOn(then, record.type)
        ? quiet(configuration, { row, then, event })
        : unseen(row, automation, event),
    );
  }
  return verdicts;
}

/** One that was looked at and did not match. */
function quiet(
  configuration: TenantConfiguration,
  { row, then, event }: { readonly row: Row<'automation'>; readonly then: CompiledAutomation; readonly event: HubEvent },
): AutomationVerdict {
  const { report, reason } = reasonFor({ configuration, automation: then, event, matched: false });
  return { automation: row.id, name: row.name, version: then.version, considered: true, matched: false, reason, report, runId: null };
}

/** One that was not looked at, as it is now. A mark is routed later, so an event with one has looked at none yet. */
function unseen({ id, name, value }: Row<'automation'>, automation: CompiledAutomation, event: HubEvent): AutomationVerdict {
  const report = automation.condition?.explain({ event }) ?? null;
  const common = { automation: id, name, version: value.version, considered: false, matched: false, report, runId: null };
  const { trigger } = automation.definition;
  if (!startsOn(automation, event.type))
    return { ...common, reason: `It does not start on ${event.type}${'event' in trigger ? `, but on ${trigger.event}` : ''}.` };
  const reason = value.enabled
    ? 'When the event was routed, it was disabled, started on something else, or was not there.'
    : 'It is disabled, and was not looked at when the event was routed.';
  return { ...common, reason };
}

/** Tells whether a row was looked at as it is now; `null` where the event names all that were. */
async function lookedAt(
  { storage, tenant }: TenantScope,
  { considered, storedAt }: EventRecord,
): Promise<((row: Row<'automation'>) => boolean) | null> {
  const rest = considered.findLast(({ automation }) => automation === everyOther);
  if (rest === undefined) return null;
  const changes = await storage.configuration.changes(tenant, ['automation'], rest.version);
  if (changes === null) return (row) => row.updatedAt <= storedAt;
  const changed = new Set((changes.rows.automation ?? []).map(({ id }) => id));
  return (row) => !changed.has(row.id);
}

/** The version that an automation had when the event came, of one that has been changed since. */
async function versionThen(
  { storage, compiled, tenant }: TenantScope,
  { storedAt }: EventRecord,
  { id, name, value }: Row<'automation'>,
): Promise<CompiledAutomation | undefined> {
  const store = storage.configuration;
  for (let version = value.version; version > 0; version -= 1) {
    const row = await store.find(tenant, 'automation_version', versionRowName(id, version));
    if (row === null) return undefined;
    if (row.value.createdAt <= storedAt) return versionOf({ store, compiled }, { tenant, automation: id, version, name });
  }
  return undefined;
}

function startsOn({ definition: { trigger } }: CompiledAutomation, type: string): boolean {
  return eventTypesOf(trigger).includes(type);
}
