import { parseWith } from '../connector/parse-with.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import { jsonText } from '../json/json-text.ts';
import { changedMembers } from './changed-members.ts';
import type { KnownRecordType } from './known-records.ts';
import type { RecordChangeKind } from './record-types.ts';

/** A change of which nobody knows what was before. */
export interface RepeatedChange {
  readonly kind: 'updated' | 'deleted';
  readonly changed: readonly string[];
}

/** What has become of a record, as it is told. */
export interface ToldChange {
  readonly before: unknown;
  readonly after: unknown;
  readonly repeated?: RepeatedChange | undefined;
}

/** The same, checked: what the schema gives, in plain JSON. */
export interface CheckedChange {
  readonly kind: RecordChangeKind;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Sorted. */
  readonly changed: readonly string[];
}

/**
 * Checks a change; `null` where nothing has changed. What a record is now must fit the schema of its type. What it was may be older than the schema: where it does not fit it is
 * taken as it was. Throws `invalid_event`.
 */
export async function changeOf(type: KnownRecordType, { before, after, repeated }: ToldChange): Promise<CheckedChange | null> {
  const [was, is] = [before ?? null, after ?? null];
  if (was === null && is === null && repeated?.kind !== 'deleted')
    throw invalid(`The change of a record of type ${type.name} has neither before nor after. Pass what it was, what it is, or both.`);
  const checked = {
    before: was === null ? null : await earlier(type, was),
    after: is === null ? null : await recordData(type, is),
  };
  const changed = changedMembers(checked.before, checked.after);
  if (changed.length === 0 || was === null) {
    if (repeated) return { kind: repeated.kind, before: null, after: checked.after, changed: [...repeated.changed].sort() };
    if (was !== null && is !== null) return null;
  }
  const kind = checked.before === null ? 'created' : checked.after === null ? 'deleted' : 'updated';
  return { kind, ...checked, changed };
}

/** What a record is, by the schema of its type. Throws `invalid_event`. */
export async function recordData({ name, definition }: KnownRecordType, value: unknown): Promise<JsonObject> {
  const what = `The record of type ${name}`;
  const subject = { code: 'invalid_event', what, advice: 'Nothing was published. Correct it, or the schema.' } as const;
  return plain(await followed(what, () => parseWith(definition.schema, value, subject)), what);
}

async function earlier({ name, definition }: KnownRecordType, value: unknown): Promise<JsonObject> {
  const what = `What the record of type ${name} was before`;
  const result = await followed(what, () => definition.schema['~standard'].validate(value));
  return plain(result.issues ? value : result.value, what);
}

/** A schema that follows the data down runs out of stack. */
async function followed<Result>(what: string, parse: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(`${what} nests too deep. Nothing was published. Correct it.`);
  }
}

/** A copy in plain JSON: dates and the like become what their JSON text says. */
function plain(value: unknown, what: string): JsonObject {
  const text = jsonText(value);
  const copy: unknown = text === undefined ? undefined : JSON.parse(text);
  if (isJsonObject(copy)) return copy;
  throw invalid(`${what} is no object of JSON. Nothing was published. Correct it.`);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_event', message });
}
