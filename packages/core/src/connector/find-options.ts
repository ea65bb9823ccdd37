import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { Connector } from './connector-definition.ts';
import { optionPlace } from './option-place.ts';
import type { OptionSource } from './option-source.ts';

/** The field of an action that choices are asked for. */
export interface OptionField {
  readonly action: string;
  /** The path of the input's field, with dots. */
  readonly field: string;
}

/** What the choices of a field are asked from. */
export interface FoundOptions {
  readonly name: string;
  readonly source: OptionSource;
  readonly given: Readonly<Record<string, Json>>;
}

/** Longest text of a need. */
const longestNeed = 1_000;

/**
 * The source of a field's choices, with what it needs taken out of the input so far. Throws `unknown_action`, and `invalid_argument` for a field without
 * choices and for a need that is not filled in yet, which it names.
 */
export function findOptions({ id, actions, definition }: Connector, { action, field }: OptionField, input: Json): FoundOptions {
  const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!found)
    throw new PatchbayError({
      code: 'unknown_action',
      message: `The connector ${id} has no action ${action.slice(0, 100)}. It has: ${Object.keys(actions).join(', ')}.`,
    });
  const { options: uses = {} } = found;
  const use = Object.hasOwn(uses, field) ? uses[field] : undefined;
  const { options: sources = {} } = definition;
  const place = use === undefined ? undefined : optionPlace(use, sources);
  const source = place && Object.hasOwn(sources, place.source) ? sources[place.source] : undefined;
  if (!place || !source) {
    const having = Object.keys(uses);
    throw invalid(
      `The field ${field.slice(0, 100)} of ${id}.${action} has no options to ask for. ${having.length === 0 ? 'None of its fields has.' : `These have: ${having.join(', ')}.`}`,
    );
  }
  const needs = source.needs ?? [];
  return {
    name: place.source,
    source,
    given: Object.fromEntries(needs.map((need) => [need, needed(input, place.from[need] ?? need, field)])),
  };
}

function needed(input: Json, path: string, field: string): Json {
  let value: Json | undefined = input;
  for (const name of path.split('.')) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string' || value === '') throw invalid(`The options of ${field} depend on ${path}. Fill in ${path} first.`, path);
  if (value.includes('{{'))
    throw invalid(`The options of ${field} depend on ${path}, which is a template here. Give it a value, or enter ${field} by hand.`, path);
  if (value.length > longestNeed) throw invalid(`The field ${path} is longer than ${longestNeed} characters. Correct it.`, path);
  return value;
}

function invalid(message: string, needs?: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message, ...(needs === undefined ? {} : { details: { needs } }) });
}
