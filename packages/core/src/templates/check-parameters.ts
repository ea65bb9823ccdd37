import { isWellFormedJson } from '../json/is-well-formed-json.ts';
import type { Json } from '../json/json.ts';
import type { TemplateParameter } from './automation-template.ts';
import type { ParameterValues } from './fill-expression.ts';

/** What is wrong with one parameter. */
export interface ParameterFault {
  readonly name: string;
  readonly reason: string;
}

/** Values of all parameters, or what is wrong with those that were given. */
export interface CheckedParameters {
  readonly values: ParameterValues;
  readonly faults: readonly ParameterFault[];
}

/** Longest text and list where a parameter says nothing. */
const usualLength = 1_000;

/** Checks what was given against what is declared, and takes the defaults for the rest. */
export function checkParameters(
  declared: Readonly<Record<string, TemplateParameter>>,
  given: Readonly<Record<string, unknown>>,
): CheckedParameters {
  const values = new Map<string, Json>();
  const faults: ParameterFault[] = [];
  for (const name of Object.keys(given))
    if (!Object.hasOwn(declared, name)) faults.push({ name: name.slice(0, 64), reason: 'the template has no such parameter' });
  for (const [name, parameter] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) && given[name] !== undefined ? given[name] : parameter.default;
    const reason = value === undefined ? 'it has no default and was not given' : faultOfValue(parameter, value);
    if (reason === undefined) values.set(name, value as Json);
    else faults.push({ name, reason });
  }
  return { values, faults };
}

/** What keeps a value from being a parameter's, in words; `undefined` where nothing does. */
export function faultOfValue(parameter: TemplateParameter, value: unknown): string | undefined {
  if (!isOfType(parameter, value)) return `it must be ${typeWords[parameter.type]}`;
  if (!isWellFormedJson(value)) return 'it holds a half of a character';
  const { oneOf, minimum, maximum, maxLength = usualLength } = parameter;
  if (oneOf && !oneOf.some((one) => one === value)) return 'it is none of the values that may be';
  if (typeof value === 'number' && minimum !== undefined && value < minimum) return `it is less than ${minimum}`;
  if (typeof value === 'number' && maximum !== undefined && value > maximum) return `it is more than ${maximum}`;
  if ((typeof value === 'string' || Array.isArray(value)) && value.length > maxLength) return `it is longer than ${maxLength}`;
  return undefined;
}

const typeWords: Readonly<Record<TemplateParameter['type'], string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  list: 'a list of text and numbers',
};

function isOfType({ type }: TemplateParameter, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' || (typeof item === 'number' && Number.isFinite(item)));
  }
}

/** A value that a parameter could have, to try a template with. */
export function sampleOf({ type, default: standIn, oneOf, minimum = 1 }: TemplateParameter): Json {
  if (standIn !== undefined) return standIn;
  const [first] = oneOf ?? [];
  if (first !== undefined) return first;
  const samples: Readonly<Record<TemplateParameter['type'], Json>> = {
    string: 'sample',
    number: minimum,
    integer: Math.ceil(minimum),
    boolean: true,
    list: ['sample'],
  };
  return samples[type];
}
