import { z } from 'zod';
import { describedInput, inputFaults } from '../../automation/input-faults.ts';
import { isTemplated } from '../../automation/is-templated.ts';
import { parseWith } from '../../connector/parse-with.ts';
import type { Schema } from '../../connector/schema.ts';
import { suggestion } from '../../errors/closest-name.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import type { KnownRecords, KnownRecordType } from '../../records/known-records.ts';

/** What may be done to a record. */
export type RecordVerb = 'create' | 'update' | 'delete' | 'link';

/** A record's id; a number is taken as its text. */
export const idInput = z
  .union([z.string().min(1).max(200), z.int()])
  .transform(String)
  .describe("The record's id.");

/** Name of a type. */
export const typeInput = z.string().min(1).max(64).describe("A type of the host's records.");

/** A record's data. */
export const dataInput = z.record(z.string(), z.json()).describe('Members of the record.');

/** The version that a record is to have; `null` for any. */
export const versionInput = z
  .union([z.string().min(1).max(100), z.null()])
  .optional()
  .describe('Its version; another one is a conflict.');

/** What an action on a record answers. */
export const recordOutput = z.object({ type: z.string(), id: z.string(), version: z.string().nullable(), data: z.json() });

/** Why automations may not do this to records of a type; `null` where they may. */
function faultOfVerb({ name, definition, links }: KnownRecordType, verb: RecordVerb): string | null {
  const allowed = { create: definition.create !== undefined, update: definition.update !== undefined, delete: definition.delete === true };
  const may = verb === 'link' ? links.size > 0 : allowed[verb];
  return may ? null : `records of type ${name} cannot be used with record.${verb}; the host has not allowed it`;
}

/** The type that a definition's input names, or what is wrong with it. It stands there as it is: what may be done depends on it. */
export function namedType(records: KnownRecords, verb: RecordVerb, input: Json): KnownRecordType | string {
  const name = isJsonObject(input) ? input['type'] : undefined;
  if (typeof name !== 'string' || isTemplated(name)) return 'type: name a type of records, without an expression';
  const type = records.types.get(name);
  if (type === undefined) return `type: there is no record type ${name.slice(0, 64)}${suggestion(name, [...records.types.keys()])}`;
  return faultOfVerb(type, verb) ?? type;
}

/** The type of a call. Throws `invalid_input` for one that is not there, or that is not for this. */
export function typeOf(records: KnownRecords, verb: RecordVerb, input: { readonly type: string }): KnownRecordType {
  const type = namedType(records, verb, { type: input.type });
  if (typeof type !== 'string') return type;
  throw new PatchbayError({ code: 'invalid_input', message: `${type}. Nothing was done. Correct the automation.` });
}

/** What is wrong with the data of a definition's input, each fault with its place. */
export async function dataFaults(schema: Schema | undefined, input: Json): Promise<readonly string[]> {
  const data = isJsonObject(input) ? (input['data'] ?? {}) : {};
  if (schema === undefined || isTemplated(data)) return [];
  const faults = await inputFaults(schema, data);
  return [...faults, ...unknownMembers(schema, data)].map((fault) => `data.${fault}`);
}

/** Members that a schema leaves out: what nobody would ever see written. */
function unknownMembers(schema: Schema, data: Json): readonly string[] {
  const { properties, additionalProperties } = describedInput(schema) ?? {};
  if (!isJsonObject(properties) || !isJsonObject(data) || additionalProperties !== undefined) return [];
  const names = Object.keys(properties);
  const unknown = Object.keys(data).filter((name) => !Object.hasOwn(properties, name));
  return unknown.slice(0, 5).map((name) => `${name.slice(0, 64)}: is nothing that may be given${suggestion(name, names)}`);
}

/** The data of a call, as its schema gives it and JSON says it. Throws `invalid_input`. */
export async function readInputData(schema: Schema, data: unknown, what: string): Promise<JsonObject> {
  const parsed: unknown = JSON.parse(
    JSON.stringify(await parseWith(schema, data, { code: 'invalid_input', what, advice: 'Nothing was done. Correct the automation.' })),
  );
  if (isJsonObject(parsed)) return parsed;
  throw new PatchbayError({ code: 'invalid_input', message: `${what} is no object. Nothing was done. Correct the automation.` });
}

/** What is wrong with a version in a definition's input. */
export function versionFault({ adapter }: KnownRecords, input: Json): readonly string[] {
  const version = isJsonObject(input) ? input['expectedVersion'] : undefined;
  if (version === undefined || version === null || adapter.versions === true) return [];
  return ["expectedVersion: the host's records have no versions; leave it out"];
}
