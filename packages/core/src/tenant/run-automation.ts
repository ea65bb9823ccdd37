import { formatRunId } from '../contracts/dispatch-id.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import { eventData } from '../events/event-data.ts';
import { hashJson } from '../events/hash-json.ts';
import type { Json } from '../json/json.ts';
import { automationRow, toAutomation } from './automation-view.ts';
import { checkKey } from './check-text.ts';
import type { TenantScope } from './tenant-services.ts';

/** What asking an automation to run came to. */
export interface StartedRun {
  readonly eventId: string;
  /** `null` where its condition does not hold for the data; `events.explain(eventId)` says why. */
  readonly runId: string | null;
}

/** Runs an automation with a manual trigger, with the given data as its event's. */
export async function runAutomation(
  scope: TenantScope,
  reference: string,
  data: Json,
  options: { readonly idempotencyKey?: string },
): Promise<StartedRun> {
  const { tenant, publisher, generateId, clock } = scope;
  const automation = toAutomation(await automationRow(scope, reference));
  const key = checkKey(options.idempotencyKey, 'idempotency key');
  if (!('manual' in automation.definition.trigger))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The automation ${automation.name} starts on an event. Publish one, or give it a manual trigger.`,
    });
  if (!automation.enabled)
    throw new PatchbayError({ code: 'invalid_argument', message: `The automation ${automation.name} is disabled. Enable it first.` });
  const { bytes, data: plain } = eventData(data, 'The data of the run');
  const event = buildEvent({
    tenant,
    id: generateId(),
    type: 'manual.requested',
    time: Math.floor(clock.now()),
    subject: automation.name,
    class: 'custom',
    severity: 'info',
    data: bytes,
  });
  const dedupe = key === undefined ? null : { key: `manual:${automation.id}:${key}`, hash: hashJson(plain) };
  const { eventId } = await publisher.publish({ event, data: plain, dedupe, automation: automation.id });
  const run = { tenant, root: eventId, automation: automation.id, replay: 0 };
  return { eventId, runId: (await scope.storage.history.run(run)) === null ? null : formatRunId(run) };
}
