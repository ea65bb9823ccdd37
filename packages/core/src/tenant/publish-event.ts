import { parseWith } from '../connector/parse-with.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { EventClass, Severity } from '../event/hub-event.ts';
import { buildEvent } from '../events/build-event.ts';
import type { PublishResult } from '../events/create-publisher.ts';
import { eventData } from '../events/event-data.ts';
import { hashJson } from '../events/hash-json.ts';
import { isUuid } from '../id/is-uuid.ts';
import { checkKey } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** How to publish. */
export interface PublishOptions {
  /** The same key with the same type, subject and data is the same event, for 30 days; with others it is a `conflict`. @default none */
  readonly dedupeKey?: string;
  /** What it is about, 1 to 500 characters. @default none */
  readonly subject?: string;
  /** When it happened, whole milliseconds since 1970. @default now */
  readonly time?: number;
  /**
   * Id of the tenant's event that caused this one, which takes over its correlation. Throws `not_found` for one that is not kept any
   * more. @default none; the event begins a chain of its own
   */
  readonly causation?: string;
  /** @default 'custom' */
  readonly class?: EventClass;
  /** @default 'info' */
  readonly severity?: Severity;
}

/** How to publish inside the host's own transaction. */
export interface JoiningOptions<Transaction> extends PublishOptions {
  /**
   * The host's open transaction: the event comes in when it commits, and not at all when it rolls back. A worker routes it after the commit;
   * `hub.wake()` says so at once. @default none, the event is committed before the call resolves
   */
  readonly transaction?: Transaction;
}

/** How to publish with a storage whose transactions are of this type; `never` where it can join none, and there is no such option. */
export type PublishOptionsOf<Transaction> = [Transaction] extends [never] ? PublishOptions : JoiningOptions<Transaction>;

const classes: readonly EventClass[] = ['delivery', 'system', 'security', 'record', 'content', 'custom'];
const severities: readonly Severity[] = ['debug', 'info', 'warning', 'error', 'critical'];

/** Publishes an event of the host's own types. */
export async function publishEvent(
  scope: TenantScope,
  type: string,
  data: unknown,
  options: JoiningOptions<unknown>,
): Promise<PublishResult> {
  const { tenant, publisher, generateId, clock } = scope;
  const joined = checkJoin(scope, options);
  // In the host's transaction nothing is asked of another connection: the host may hold the last one of its pool.
  if (joined === null) await scope.ready();
  const { subject, time, causation } = options;
  const dedupeKey = checkKey(options.dedupeKey, 'dedupe key');
  const { bytes, data: plain } = eventData(await parseData(scope, type, data), `The data of ${type}`);
  const event = buildEvent({
    tenant,
    id: generateId(),
    type,
    time: time ?? Math.floor(clock.now()),
    subject,
    ...(causation === undefined ? {} : { causation, correlation: await correlationOf(scope, causation, joined) }),
    class: oneOf(classes, options.class ?? 'custom', 'class'),
    severity: oneOf(severities, options.severity ?? 'info', 'severity'),
    data: bytes,
  });
  const dedupe = dedupeKey === undefined ? null : { key: `host:${dedupeKey}`, hash: hashJson([type, subject ?? null, plain]) };
  return joined === null ? publisher.publish({ event, data: plain, dedupe }) : publisher.join({ event, dedupe }, joined.transaction);
}

/** The transaction that the host has opened. */
interface Joined {
  readonly transaction: unknown;
}

/**
 * The host's transaction; `null` where none was asked for. One that is named and missing is refused: published at once, the event would
 * stay where the host rolls back.
 */
export function checkJoin({ storage }: TenantScope, options: { readonly transaction?: unknown }): Joined | null {
  if (!('transaction' in options)) return null;
  const { transaction } = options;
  if (!storage.capabilities.hostTransaction)
    throw new PatchbayError({
      code: 'unsupported',
      message: `The storage ${storage.name} cannot join a transaction of the host. Publish without one, or move to a storage that can, such as postgresStorage.`,
    });
  if (transaction === undefined || transaction === null)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'The option transaction is named and holds none. Pass the open transaction, or leave the option out to publish at once.',
    });
  return { transaction };
}

async function parseData({ hostEvents }: TenantScope, type: string, data: unknown): Promise<unknown> {
  const schema = Object.hasOwn(hostEvents, type) ? hostEvents[type] : undefined;
  if (!schema)
    throw new PatchbayError({
      code: 'invalid_event',
      message: `The event type ${String(type).slice(0, 200)} is not declared. Declare it in createHub({ events }).`,
    });
  const subject = { code: 'invalid_event', what: `The data of ${type}`, advice: 'Nothing was published. Correct the data.' } as const;
  try {
    return await parseWith(schema, data, subject);
  } catch (error) {
    // A schema that follows the data down runs out of stack.
    if (!(error instanceof RangeError)) throw error;
    throw new PatchbayError({ code: subject.code, message: `${subject.what} nests too deep. ${subject.advice}` });
  }
}

/** What an event caused by another belongs to: the chain of its cause. */
export async function correlationOf({ tenant, storage }: TenantScope, causation: string, joined: Joined | null): Promise<string> {
  const cause = isUuid(causation) ? await storage.history.event(tenant, causation, joined ?? {}) : null;
  if (!cause) throw notFound('event');
  return cause.correlation;
}

function oneOf<Value extends string>(values: readonly Value[], value: Value, what: string): Value {
  if (values.includes(value)) return value;
  throw new PatchbayError({ code: 'invalid_event', message: `The ${what} of an event is one of ${values.join(', ')}.` });
}
