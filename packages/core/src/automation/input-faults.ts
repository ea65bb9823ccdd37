import { issueTexts } from '../connector/issue-texts.ts';
import { jsonSchemaOf } from '../connector/json-schema-of.ts';
import { reworksInput } from '../connector/reworks-input.ts';
import type { Schema, SchemaIssue, SchemaResult } from '../connector/schema.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { isLastingFault } from './is-lasting-fault.ts';
import { isTemplated } from './is-templated.ts';

/** Most faults named of one input. */
const limit = 5;

/** Stands where an expression stands: what no schema takes, so that nothing is worked out with a made-up value. */
const unknownValue = Symbol('template');

/**
 * What keeps a step's input from ever fitting its action's schema, a line for each fault; none where it may fit. An input without templates
 * is held against the whole schema. Where it has some, a fault counts only if no value of theirs can mend it. Answers by promise where
 * the schema does. A schema that throws says nothing.
 */
export function inputFaults(schema: Schema, input: Json): readonly string[] | Promise<readonly string[]> {
  const probe = probeOf(input);
  const judge = ({ issues = [] }: SchemaResult<unknown>): readonly string[] => {
    const faults = probe.isStatic || issues.length === 0 ? issues : lastingFaults(schema, input, issues);
    return issueTexts(faults, { value: probe.value, limit });
  };
  try {
    const result = schema['~standard'].validate(probe.value);
    return 'then' in result ? result.then(judge).catch(() => []) : judge(result);
  } catch {
    return [];
  }
}

function lastingFaults(schema: Schema, input: Json, issues: readonly SchemaIssue[]): readonly SchemaIssue[] {
  const described = describedInput(schema);
  if (described === undefined) return [];
  return issues.filter(({ path = [] }) => {
    const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
    return isLastingFault(described, input, keys);
  });
}

/** What a schema takes, as JSON Schema; nothing where it cannot say, or reworks what it is given. */
export function describedInput(schema: Schema): JsonObject | undefined {
  if (reworksInput(schema)) return undefined;
  try {
    return jsonSchemaOf(schema, 'input', 'the input');
  } catch (error) {
    if (isPatchbayError(error)) return undefined;
    throw error;
  }
}

/** A copy of the input in which what is not known yet is marked. */
function probeOf(input: Json): { readonly value: unknown; readonly isStatic: boolean } {
  let isStatic = true;
  const copy = (value: Json): unknown => {
    if (isTemplated(value)) {
      isStatic = false;
      return unknownValue;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item: Json) => copy(item));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]));
  };
  return { value: copy(input), isStatic };
}
