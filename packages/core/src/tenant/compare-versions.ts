import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { type FirstSteps, firstSteps } from '../automation/first-steps.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { FuelUse } from '../expression/frame.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { isSpent, sliceEnd } from '../routing/planning-fuel.ts';
import { startsOn } from '../routing/starts-on.ts';
import { reasonFor } from './automation-verdict.ts';
import { automationRow } from './automation-view.ts';
import { callFuel } from './call-fuel.ts';
import { compiledVersion } from './dry-run-subject.ts';
import { eventsForAutomations, typesOf } from './events-for-automation.ts';
import { closedWindow, type EventWindow, type ReadTally } from './recent-events.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which versions, over which events. */
export interface CompareRequest extends EventWindow {
  readonly versions: readonly [number, number];
  /** Most events that are looked at, the newest ones, 1 to 10,000. @default 1,000 */
  readonly limit?: number;
}

/** What one version would have done with an event. */
export interface VersionVerdict {
  readonly starts: boolean;
  /** One sentence. */
  readonly reason: string;
  /** What a run of it would have begun with; `null` where none would have begun. */
  readonly first: FirstSteps | null;
}

/** An event with which the versions do not do the same. */
export interface EventDifference {
  readonly eventId: string;
  readonly type: string;
  /** In the order in which the versions were asked for. */
  readonly verdicts: readonly [VersionVerdict, VersionVerdict];
}

/** Two versions of an automation held against the same events. Nothing has happened. */
export interface VersionComparison {
  readonly automation: string;
  readonly versions: readonly [number, number];
  /** Events by what the versions would have done; `differing` are those of `both` whose first steps are not the same. */
  readonly counts: {
    readonly neither: number;
    readonly both: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
    readonly differing: number;
  };
  /** At most 100 of them; the counts are of all. */
  readonly differences: readonly EventDifference[];
  /** Events that were read for it. */
  readonly read: number;
  /** There is more that was not compared: the limit of events is reached, or what one call may work out. */
  readonly cut: boolean;
}

/** Differences that are told in full. */
const mostTold = 100;

/** Compares two versions of an automation over stored events, with no effect. */
export async function compareVersions(scope: TenantScope, reference: string, request: CompareRequest): Promise<VersionComparison> {
  const row = await automationRow(scope, reference);
  const [one, other] = checkVersions(request.versions);
  const versions = [await compiledVersion(scope, row, one), await compiledVersion(scope, row, other)] as const;
  const window = await closedWindow(scope, request, { limit: 1_000, most: 10_000 });
  const configuration = await scope.cache.read(scope.tenant, { fresh: true });
  const tally: ReadTally = { read: 0, cut: false };
  const counts = { neither: 0, both: 0, onlyFirst: 0, onlySecond: 0, differing: 0 };
  const differences: EventDifference[] = [];
  const use: FuelUse = { steps: 0, bytes: 0 };
  let end = sliceEnd(use);
  for await (const record of eventsForAutomations(scope, versions, window, tally)) {
    if (isSpent(use, callFuel)) {
      tally.cut = true;
      break;
    }
    if (isSpent(use, end)) {
      await new Promise<void>((resolve) => scope.clock.nextTurn(resolve));
      end = sliceEnd(use);
    }
    const event = toHubEvent(record, decodePayload(record.data));
    const looking: Looking = { configuration, record, event, use };
    const verdicts = [verdictOf(looking, versions[0]), verdictOf(looking, versions[1])] as const;
    const kind = kindOf(verdicts);
    counts[kind] += 1;
    const differs = kind === 'both' && canonicalJson(verdicts[0].first) !== canonicalJson(verdicts[1].first);
    if (differs) counts.differing += 1;
    if ((differs || kind === 'onlyFirst' || kind === 'onlySecond') && differences.length < mostTold)
      differences.push({ eventId: record.id, type: record.type, verdicts });
  }
  return { automation: row.id, versions: [one, other], counts, differences, ...tally };
}

interface Looking {
  readonly configuration: TenantConfiguration;
  readonly record: EventRecord;
  readonly event: HubEvent;
  readonly use: FuelUse;
}

function verdictOf({ configuration, record, event, use }: Looking, automation: CompiledAutomation): VersionVerdict {
  const types = typesOf(automation);
  if (!types.includes(record.type))
    return { starts: false, reason: `It does not start on ${record.type}, but on ${types.join(', ')}.`, first: null };
  const starts = startsOn({ configuration, automation, event: record, hubEvent: event, use });
  const { reason } = reasonFor({ configuration, automation, event, matched: starts });
  return { starts, reason, first: starts ? firstSteps(automation, event, use) : null };
}

function kindOf([one, other]: EventDifference['verdicts']): 'neither' | 'both' | 'onlyFirst' | 'onlySecond' {
  if (one.starts) return other.starts ? 'both' : 'onlyFirst';
  return other.starts ? 'onlySecond' : 'neither';
}

function checkVersions(versions: unknown): readonly [number, number] {
  const [one, other] = Array.isArray(versions) && versions.length === 2 ? (versions as readonly unknown[]) : [];
  if (typeof one === 'number' && typeof other === 'number') return [one, other];
  throw new PatchbayError({ code: 'invalid_argument', message: 'A comparison is of two versions. Pass versions: [1, 2].' });
}
