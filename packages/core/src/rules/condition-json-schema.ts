import type { JsonObject } from '../json/json.ts';
import { type OperandKind, type OperatorDescription, operators } from './operators.ts';

/** Most conditions in a list of `in`, as the parser has it. */
const mostScalars = 1_000;

/** Which paths a field may have. */
interface FieldRule {
  readonly field: JsonObject;
  /** For operators that compare with what was before: of the event's data. Absent where they have no place. */
  readonly dataField?: JsonObject;
  readonly isRequired: boolean;
  /** Name of the definition that `where` and groups refer to. */
  readonly condition: string;
}

const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });

const strict = (properties: Readonly<Record<string, JsonObject>>, required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const forbiddenNames = ['__proto__', 'constructor', 'prototype'];

// A choice rather than a list of types, which validators refuse where they are strict.
const oneOfTypes = (...types: readonly string[]): JsonObject => ({ anyOf: types.map((type) => ({ type })) });

const scalar = oneOfTypes('string', 'number', 'boolean', 'null');

/** What an operator compares to. */
const operands: Readonly<Record<Exclude<OperandKind, 'none' | 'where'>, JsonObject>> = {
  json: ref('json'),
  scalars: { type: 'array', items: scalar, minItems: 1, maxItems: mostScalars },
  scalar,
  text: { type: 'string' },
  orderable: oneOfTypes('number', 'string'),
  span: {
    type: 'string',
    description: 'A length of time, such as 90m, 36h, 7d or 2w.',
    pattern: '^(?=.*[1-9])(\\d{1,4}w)?(\\d{1,5}d)?(\\d{1,15}(\\.\\d{1,18})?(ms|us|µs|ns|h|m|s))*$',
    maxLength: 64,
  },
  timestamp: {
    type: 'string',
    description: 'RFC 3339, such as 2026-01-31T08:00:00Z.',
    pattern: '^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)$',
  },
};

/** One alternative for each kind of operand, so that a form can offer the operators together that take the same. */
function fieldConditions(rule: FieldRule): readonly JsonObject[] {
  const offered = Object.entries(operators).filter(([, { ofEvent = false }]) => rule.dataField !== undefined || !ofEvent);
  const kinds = Map.groupBy(offered, ([, { operand, text, ofEvent = false }]) => `${operand} ${text} ${ofEvent}`);
  return [...kinds.values()].flatMap((entries) => {
    const [, first] = entries[0] ?? [];
    return first
      ? [
          fieldCondition(
            entries.map(([name]) => name),
            first,
            rule,
          ),
        ]
      : [];
  });
}

function fieldCondition(names: readonly string[], { operand, text, ofEvent = false }: OperatorDescription, rule: FieldRule): JsonObject {
  const { isRequired, condition } = rule;
  const field = ofEvent && rule.dataField ? rule.dataField : rule.field;
  const own: Readonly<Record<string, JsonObject>> =
    operand === 'none' ? {} : operand === 'where' ? { where: ref('itemCondition') } : { value: operands[operand] };
  const ignoreCase = { type: 'boolean', description: 'Compares text without regard to case.', default: false };
  return {
    ...strict({ field, op: { enum: names }, ...own, ...(text ? { ignoreCase } : {}) }, [
      ...(isRequired ? ['field'] : []),
      'op',
      ...Object.keys(own),
    ]),
    title: condition === 'condition' ? 'Field' : 'Field of an item',
  };
}

function conditionOf(rule: FieldRule, description: string): JsonObject {
  const inner = ref(rule.condition);
  return {
    description,
    anyOf: [
      { ...strict({ all: { type: 'array', items: inner } }, ['all']), title: 'All' },
      { ...strict({ any: { type: 'array', items: inner, minItems: 1 } }, ['any']), title: 'Any' },
      { ...strict({ not: inner }, ['not']), title: 'Not' },
      {
        ...strict({ cel: { type: 'string', pattern: '\\S', description: 'A formula in CEL that answers a bool.' } }, ['cel']),
        title: 'Formula',
      },
      ...fieldConditions(rule),
    ],
  };
}

/** A JSON value whose members have names that may be read. */
const json: JsonObject = {
  description: 'Any JSON value.',
  anyOf: [
    scalar,
    { type: 'array', items: ref('json') },
    { type: 'object', propertyNames: { not: { enum: forbiddenNames } }, additionalProperties: ref('json') },
  ],
};

// The grammar of `parsePath`: names, places in lists, other names quoted in brackets.
const segment = String.raw`(\.([A-Za-z_]\w*|\d+)|\[\d{1,9}\]|\['([^'\\]|\\['\\])*'\]|\["([^"\\]|\\["\\])*"\])`;

const firstOfItem = String.raw`([A-Za-z_]\w*|\d+|\[\d{1,9}\]|\['([^'\\]|\\['\\])*'\]|\["([^"\\]|\\["\\])*"\])`;

function pathSchema(first: string, description: string): JsonObject {
  return { type: 'string', maxLength: 512, pattern: `^${first}${segment}*$`, description };
}

/**
 * JSON Schema (draft 2020-12) of a condition, made from the operator table; `roots` are the variables that exist, such as `event`. It says
 * the shape: that patterns, formulas and dates are valid, and how deep and long a condition may be, only the parser says.
 */
export function conditionJsonSchema({ roots }: { readonly roots: readonly [string, ...string[]] }): JsonObject {
  const field = pathSchema(`(${roots.join('|')})`, `A path such as ${roots[0]}.data.id.`);
  const dataField = pathSchema(String.raw`event(\.data|\['data'\]|\["data"\])`, "A path into the event's data.");
  const itemField = pathSchema(firstOfItem, 'A path from the item. Without it the item itself is looked at.');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $ref: '#/$defs/condition',
    $defs: {
      condition: conditionOf({ field, dataField, isRequired: true, condition: 'condition' }, 'What must hold.'),
      itemCondition: conditionOf(
        { field: itemField, isRequired: false, condition: 'itemCondition' },
        'What must hold for an item of a list; formulas know it as `item`.',
      ),
      json,
    },
  };
}
