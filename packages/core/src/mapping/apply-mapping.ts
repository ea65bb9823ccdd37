import { defaultLimits, type ExpressionLimits } from '../expression/expression-limits.ts';
import { addUse, createFrame, type Frame, type FuelUse, spendSteps } from '../expression/frame.ts';
import { isPlainObject } from '../expression/read-member.ts';
import { readPath } from '../expression/read-path.ts';
import { toJson } from '../expression/to-json.ts';
import type { Json, JsonObject } from '../json/json.ts';
import type { CompiledField, CompiledMapping } from './compile-mapping.ts';
import { convertValue, isOfType } from './convert-value.ts';
import type { MappingType } from './mapping-definition.ts';
import { type MappingFault, reasonOfThrown, Unfit } from './mapping-fault.ts';
import { spend, spendTime } from './mapping-fuel.ts';
import { plainCopy } from './plain-copy.ts';
import { kindOfValue } from './value-kind.ts';
import { type Target, writeTarget } from './write-target.ts';

/** What a mapping made of a source. With faults the value lacks the fields that have one. */
export interface Mapped {
  readonly value: JsonObject;
  /** At most 50, in the order of the fields. */
  readonly faults: readonly MappingFault[];
}

/** Most faults that are listed. */
const mostFaults = 50;

/** Most items of one list that are mapped. */
const mostItems = 10_000;

interface Mapping {
  /** Its scope is this object, so that `item` can be set. */
  readonly scope: { readonly source: unknown; item?: unknown };
  readonly frame: Frame;
  readonly faults: MappingFault[];
  isOver: boolean;
}

/**
 * Applies a mapping to a source. Never throws for what the source holds: each field that does not fit is a fault. All of it shares the fuel of one evaluation; where
 * that ends, so does the mapping, with a final fault. What it used is added to `use`.
 */
export function applyMapping(
  mapping: CompiledMapping,
  source: unknown,
  { use, limits = defaultLimits }: { readonly use?: FuelUse; readonly limits?: ExpressionLimits } = {},
): Mapped {
  const scope = { source };
  const applying: Mapping = { scope, frame: createFrame(scope, limits), faults: [], isOver: false };
  const value = mapFields(mapping.fields, { source, prefix: '' }, applying);
  if (use !== undefined) addUse(use, applying.frame, limits);
  return { value, faults: applying.faults };
}

interface Place {
  /** What the paths of the fields start from. */
  readonly source: unknown;
  /** Where the result goes. */
  readonly prefix: string;
}

function mapFields(fields: readonly CompiledField[], place: Place, applying: Mapping): Target {
  const target: Target = {};
  for (const field of fields) {
    if (applying.isOver) break;
    const value = mapField(field, place, applying);
    if (value !== undefined) writeTarget(target, field.path, value);
  }
  return target;
}

/** The value of one field; `undefined` where it is left out, because nothing is there or what is there does not fit. */
function mapField(compiled: CompiledField, place: Place, applying: Mapping): Json | undefined {
  const { field } = compiled;
  let found: unknown;
  try {
    found = readSource(compiled, place, applying.frame);
    if (found === undefined || found === null) {
      if (field.default !== undefined) return field.default;
      if (field.required === true) throw new Unfit('it is required');
      return found === null ? null : undefined;
    }
    if (compiled.fields !== null) return mapInside(compiled, { found, to: `${place.prefix}${field.to}` }, applying);
    const copied = plainCopy(found, applying.frame);
    payForTypes(applying.frame, [compiled.sourceType, field.type]);
    if (compiled.sourceType !== undefined && !isOfType(copied, compiled.sourceType)) throw new Unfit(`it is no ${compiled.sourceType}`);
    let value = copied;
    for (const transform of compiled.transforms) {
      // Numbers are read from their text to be rounded.
      spendSteps(applying.frame, 2);
      value = value === null ? null : transform(value, applying.frame);
    }
    if (value !== null && field.type !== undefined) value = convertValue(value, field.type);
    // A transform may have made -0, which JSON has not.
    if (typeof value === 'number') value += 0;
    if (value !== null) compiled.check?.(value, applying.frame);
    return value;
  } catch (thrown) {
    addFault(applying, { compiled, place, found, thrown });
    return undefined;
  }
}

/** A time is read and written again, whatever else is looked at. */
function payForTypes(frame: Frame, types: readonly (MappingType | undefined)[]): void {
  for (const type of types) {
    if (type !== 'timestamp' && type !== 'date') continue;
    spendTime(frame);
    spendTime(frame);
  }
}

function readSource({ source }: CompiledField, place: Place, frame: Frame): unknown {
  spend(frame);
  if ('value' in source) return source.value;
  if ('program' in source) return toJson(frame, source.program.run(frame));
  return readPath(place.source, source.path);
}

/** Maps each item of a list, or the one object. */
function mapInside(
  compiled: CompiledField,
  { found, to }: { readonly found: unknown; readonly to: string },
  applying: Mapping,
): Json | undefined {
  const { fields } = compiled;
  if (fields === null) return undefined;
  const before = applying.scope.item;
  const mapItem = (item: unknown, prefix: string): Target => {
    spend(applying.frame);
    if (!isPlainObject(item)) throw new Unfit('it is no object whose fields could be mapped');
    applying.scope.item = item;
    return mapFields(fields, { source: item, prefix }, applying);
  };
  try {
    if (!Array.isArray(found)) return mapItem(found, `${to}.`);
    if (found.length > mostItems) throw new Unfit(`it has more than ${mostItems} items`);
    const items: Json[] = [];
    for (const [index, item] of found.entries()) {
      if (applying.isOver) break;
      items.push(mapItem(item, `${to}[${index}].`));
    }
    compiled.check?.(items, applying.frame);
    return items;
  } finally {
    applying.scope.item = before;
  }
}

interface Failed {
  readonly compiled: CompiledField;
  readonly place: Place;
  readonly found: unknown;
  readonly thrown: unknown;
}

function addFault(applying: Mapping, { compiled: { field }, place, found, thrown }: Failed): void {
  const { reason, isFinal } = reasonOfThrown(thrown);
  const to = `${place.prefix}${field.to}`;
  // The last place is kept for the end, so that who reads the list sees that it is one.
  if (applying.faults.length < mostFaults || isFinal)
    applying.faults.push({ to, from: field.from ?? null, kind: kindOfValue(found), reason, isFinal });
  if (isFinal || applying.faults.length >= mostFaults) applying.isOver = true;
}
