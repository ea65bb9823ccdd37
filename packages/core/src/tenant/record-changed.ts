import { PatchbayError } from '../errors/patchbay-error.ts';
import { recordType, type TellResult, tellChange } from '../records/tell-change.ts';
import { isName } from './check-text.ts';
import { checkJoin, correlationOf } from './publish-event.ts';
import type { TenantScope } from './tenant-services.ts';

/** A change of one of the tenant's records. */
export interface RecordChange<Type extends string = string> {
  readonly type: Type;
  /** The host's own id of it, 1 to 200 characters. */
  readonly id: string;
  /** What it was; `null` for a new one. */
  readonly before: unknown;
  /** What it is, as the schema of its type takes it; `null` for one that is gone. */
  readonly after: unknown;
  /**
   * What it has of its own with every change, at most 100 characters: then the same change told twice is one event, for 30 days. @default none;
   * each call is a change of its own
   */
  readonly version?: string;
  /** When it changed, whole milliseconds since 1970. @default now */
  readonly time?: number;
  /**
   * What a writing method of the adapter was given as its `causation`; it keeps automations from starting one another without end. Throws `not_found`
   * for an event that is not kept any more. @default none; the event begins a chain of its own
   */
  readonly causation?: string | null;
}

/** The same told inside the host's own transaction. */
export interface JoiningChange<Type extends string, Transaction> extends RecordChange<Type> {
  /** The host's open transaction: the change is told when it commits, and not at all when it rolls back. @default none */
  readonly transaction?: Transaction;
}

/** A change as it is told with a storage whose transactions are of this type. */
export type RecordChangeOf<Type extends string, Transaction> = [Transaction] extends [never]
  ? RecordChange<Type>
  : JoiningChange<Type, Transaction>;

/** Longest version, characters. */
const longestVersion = 100;

/** Publishes the change of a record. */
export async function recordChanged(scope: TenantScope, change: JoiningChange<string, unknown>): Promise<TellResult> {
  const { tenant, records } = scope;
  if (records === null) throw invalid('This hub knows no records. Pass createHub({ records }) with their types.');
  const joined = checkJoin(scope, change);
  // In the host's transaction nothing is asked of another connection: the host may hold the last one of its pool.
  if (joined === null) await scope.ready();
  const { type, id, before, after, version, time, causation } = change;
  recordType(records, type);
  if (!isName(id)) throw invalid("A record's id is text of 1 to 200 characters without control characters. Correct it.");
  if (version !== undefined && !(isName(version) && version.length <= longestVersion))
    throw invalid(`A record's version is text of 1 to ${longestVersion} characters without control characters. Pass such a text, or none.`);
  const cause = causation ? { causation, correlation: await correlationOf(scope, causation, joined) } : undefined;
  const signal = new AbortController().signal;
  const told = { place: { tenant, type, id }, before, after, version, time, cause, joined, signal };
  return tellChange({ ...scope, records }, told);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_event', message });
}
