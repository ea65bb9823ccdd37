import { type OwnEventType, ownEventOf } from '../automation/trigger-event.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import { eventData } from '../events/event-data.ts';
import { hashJson } from '../events/hash-json.ts';
import type { Automation } from './automation-view.ts';
import { checkKey } from './check-text.ts';
import type { TenantScope } from './tenant-services.ts';

/** What asking an automation to run came to. */
export interface StartedRun {
  readonly eventId: string;
  /** `null` where its condition does not hold for the data; `events.explain(eventId)` says why. */
  readonly runId: string | null;
}

/** How one automation is started. */
export interface Starting {
  readonly automation: Automation;
  readonly type: OwnEventType;
  readonly data: unknown;
  /** What the data is, for errors: `The data of the run`. */
  readonly what: string;
  readonly idempotencyKey: string | undefined;
}

/** Throws `invalid_argument` for an automation that is disabled or does not start on this. */
export function requireStarts({ name, enabled, definition }: Automation, type: OwnEventType): void {
  if (ownEventOf(definition.trigger) !== type) {
    const [kind = ''] = type.split('.');
    throw refused(`The automation ${name} does not start on this. Give it a ${kind} trigger, or start it as its trigger says.`);
  }
  if (!enabled) throw refused(`The automation ${name} is disabled. Enable it first.`);
}

/** Publishes the event that starts one automation alone. The same key with the same data is the same event, for 30 days. */
export async function startAutomation(scope: TenantScope, { automation, type, data, what, idempotencyKey }: Starting): Promise<StartedRun> {
  const { tenant, publisher, generateId, clock } = scope;
  const key = checkKey(idempotencyKey, 'idempotency key');
  const { bytes, data: plain } = eventData(data, what);
  const event = buildEvent({
    ...{ tenant, id: generateId(), type, time: Math.floor(clock.now()), subject: automation.name },
    ...{ class: 'custom', severity: 'info', data: bytes },
  });
  const [kind = ''] = type.split('.');
  const dedupe = key === undefined ? null : { key: `${kind}:${automation.id}:${key}`, hash: hashJson(plain) };
  const { eventId } = await publisher.publish({ event, data: plain, dedupe, automation: automation.id });
  const run = { tenant, root: eventId, automation: automation.id, replay: 0 };
  return { eventId, runId: (await scope.storage.history.run(run)) === null ? null : formatRunId(run) };
}

function refused(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
