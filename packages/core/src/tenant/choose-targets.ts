import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { CompiledTenant } from '../routing/compiled-tenant.ts';
import { startsOn } from '../routing/starts-on.ts';
import type { PastTargets } from './past-targets.ts';

/** Which targets of an event a replay is for. */
export interface TargetChoice {
  /** Also those that have succeeded or are under way. */
  readonly all: boolean;
  /** Only this one, `automation:{id}`, `subscriber:{name}` or `endpoint:{id}`. */
  readonly only?: string;
  /** What becomes of {@link only} where the event has never started anything there. @default 'skip' */
  readonly unmatched?: 'skip' | 'plan';
}

/** An event with what it has had so far, and what is configured now. */
export interface Candidate {
  readonly record: EventRecord;
  readonly past: PastTargets;
  readonly configuration: TenantConfiguration;
  readonly known: CompiledTenant;
}

/** Names of the targets that a replay starts now, in their order: of those that are enabled and not retired. */
export function chooseTargets(candidate: Candidate, { all, only, unmatched = 'skip' }: TargetChoice): readonly string[] {
  const { past, known } = candidate;
  const wanted = [...past].filter(([name, target]) => (all || !target.isSettled) && (only === undefined || name === only));
  const names = wanted.map(([name]) => name);
  if (only !== undefined && unmatched === 'plan' && !past.has(only) && wouldStart(candidate, only)) names.push(only);
  return names.filter((name) => canStart(known, name)).sort();
}

/** Its kind, and an automation's or endpoint's id or a subscriber's name. */
export function splitTarget(target: string): readonly [string, string] {
  const colon = target.indexOf(':');
  return [target.slice(0, colon), target.slice(colon + 1)];
}

function canStart(known: CompiledTenant, target: string): boolean {
  const [kind, name] = splitTarget(target);
  if (kind === 'endpoint') return known.endpoint(name) !== undefined;
  return kind === 'automation' ? known.isEnabled(name) : known.hasSubscriber(name);
}

/** Would the event start this target if it came now? */
function wouldStart({ record, configuration, known }: Candidate, target: string): boolean {
  const [kind, name] = splitTarget(target);
  if (kind === 'subscriber') return known.subscribersFor(record.type).some((subscriber) => subscriber.name === name);
  const hubEvent = toHubEvent(record, decodePayload(record.data));
  if (kind === 'endpoint') {
    const endpoint = known.endpointsFor(record.type).find(({ id }) => id === name);
    return endpoint !== undefined && ('error' in endpoint || (endpoint.condition?.test({ event: hubEvent }) ?? true));
  }
  const automation = known.automationsFor(record.type).find(({ id }) => id === name);
  if (!automation) return false;
  return startsOn({ configuration, automation, event: record, hubEvent, use: { steps: 0, bytes: 0 } });
}
