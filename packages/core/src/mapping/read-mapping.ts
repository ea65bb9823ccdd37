import type { z } from 'zod';
import { plainWords } from '../errors/plain-words.ts';
import { defaultLimits } from '../expression/expression-limits.ts';
import { createFrame } from '../expression/frame.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { MappingDefinition, MappingField } from './mapping-definition.ts';
import { invalidMapping } from './mapping-error.ts';
import { reasonOfThrown } from './mapping-fault.ts';
import { fieldShape, mappingShape } from './mapping-shape.ts';
import { plainCopy } from './plain-copy.ts';

/** Most fields, those of lists counted. */
const mostFields = 500;
/** Deepest nesting of fields. */
const deepest = 8;
/** Longest mapping as JSON text, characters. */
const longestText = 131_072;

interface Reading {
  left: number;
}

/**
 * Reads a mapping that nobody has checked and answers a copy. Strict: an unknown member is refused. Throws `mapping_invalid` naming the place; paths,
 * formulas and patterns are checked by `compileMapping`.
 */
export function readMapping(value: unknown): MappingDefinition {
  const { description, event, connection, fields } = shaped(mappingShape, value, '');
  if (connection !== undefined && event === undefined)
    throw invalidMapping('connection', 'it says whose events are mapped, and no event is named. Name one, or leave it out.');
  const reading: Reading = { left: mostFields };
  const definition: MappingDefinition = {
    ...(description === undefined ? {} : { description }),
    ...(event === undefined ? {} : { event }),
    ...(connection === undefined ? {} : { connection }),
    fields: fields.map((field, index) => readField(field, { place: `fields[${index}]`, depth: 0 }, reading)),
  };
  if (JSON.stringify(definition).length > longestText) throw invalidMapping('', `as JSON it is longer than ${longestText} characters.`);
  return definition;
}

interface FieldPlace {
  readonly place: string;
  readonly depth: number;
}

function readField(value: unknown, { place, depth }: FieldPlace, reading: Reading): MappingField {
  if (reading.left-- === 0) throw invalidMapping(place, `it has more than ${mostFields} fields; split it.`);
  const { value: constant, default: standIn, fields, ...rest } = shaped(fieldShape, value, place);
  if (fields && depth === deepest) throw invalidMapping(place, `fields are nested more than ${deepest} deep; make it flatter.`);
  const field = {
    ...withoutUndefined(rest),
    ...(constant === undefined ? {} : { value: json(constant, `${place}.value`) }),
    ...(standIn === undefined ? {} : { default: json(standIn, `${place}.default`) }),
    ...(fields === undefined
      ? {}
      : { fields: fields.map((inner, index) => readField(inner, { place: `${place}.fields[${index}]`, depth: depth + 1 }, reading)) }),
  };
  checkSources(field, place);
  // The shape is what the type says, but for members that are undefined, and those are gone.
  return field as unknown as MappingField;
}

function checkSources(field: Readonly<Record<string, unknown>>, place: string): void {
  const given = ['from', 'cel', 'value'].filter((name) => Object.hasOwn(field, name));
  if (given.length !== 1) throw invalidMapping(place, 'a field has exactly one of from, cel and value.');
  const [source] = given;
  if (source === 'value') {
    const extra = ['sourceType', 'transforms', 'type', 'default', 'required', 'check', 'fields', 'reverse'].find((name) =>
      Object.hasOwn(field, name),
    );
    if (extra !== undefined) throw invalidMapping(`${place}.${extra}`, 'a value that is the same for every source stands alone.');
  }
  if (source !== 'from' && typeof field['reverse'] === 'string')
    throw invalidMapping(`${place}.reverse`, 'it says what `from` reads, and the field has none.');
  if (Object.hasOwn(field, 'fields') && (Object.hasOwn(field, 'type') || Object.hasOwn(field, 'transforms')))
    throw invalidMapping(place, 'a field with fields of its own has neither type nor transforms.');
}

function json(value: unknown, place: string): Json {
  try {
    return plainCopy(value, createFrame({}, defaultLimits));
  } catch (thrown) {
    throw invalidMapping(place, `${reasonOfThrown(thrown).reason}.`);
  }
}

function withoutUndefined(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.infer<Schema> {
  if (!isJsonObject(value)) throw invalidMapping(place, 'it must be an object.');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map(({ path, message }) => {
    const inside = path.map(String).join('.');
    const fault = plainWords(message);
    return inside === '' ? fault : `${inside} ${fault}`;
  });
  throw invalidMapping(place, `${faults.join('; ')}.`);
}
