import type { BuiltInAction, BuiltInCall } from '../../connector/built-in-action.ts';
import type { FunctionCall, HostFunction } from '../../connector/host-function.ts';
import { isSchema } from '../../connector/is-schema.ts';
import { parseWith } from '../../connector/parse-with.ts';
import type { Schema } from '../../connector/schema.ts';
import type { IdempotencyClass } from '../../contracts/idempotency.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';
import { jsonText } from '../../json/json-text.ts';
import { outcomeOfResult, soundFinding } from '../outcome-of-result.ts';

const defaultTimeoutMs = 300_000;

/** 24 hours. */
const longestMs = 86_400_000;

const nameShape = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

const classes: Readonly<Record<IdempotencyClass, true>> = { read: true, idempotent: true, keyed: true, reconcilable: true, unsafe: true };

/** The action `host.{name}`. Throws `invalid_argument` for a function that cannot be one, whatever plain JavaScript got past the types. */
export function hostFunctionAction(name: string, definition: HostFunction): BuiltInAction {
  const fault = faultOf(name, definition);
  if (fault !== undefined) throw new PatchbayError({ code: 'invalid_argument', message: `The option functions: ${fault}.` });
  const { title = name, description = '', idempotency, input, output, timeoutMs = defaultTimeoutMs } = definition;
  const action = `host.${name}`;
  return {
    name: action,
    title,
    description,
    idempotency,
    input,
    output,
    timeoutMs,
    ...(definition.idempotency === 'idempotent' && definition.retryWithin !== undefined ? { retryWithinMs: definition.retryWithin } : {}),
    ...(definition.idempotency === 'keyed' && definition.keyLifetime !== undefined ? { keyLifetimeMs: definition.keyLifetime } : {}),
    async run(call) {
      const given = await definition.run(functionCall(call));
      return outcomeOfResult({ output: await readOutput(action, output, given), warnings: [] }, { requestId: () => undefined });
    },
    ...(definition.idempotency === 'reconcilable'
      ? {
          settlesWithinMs: definition.settlesWithin,
          async reconcile(call: BuiltInCall, since: number) {
            const finding = await definition.reconcile({ ...functionCall(call), since });
            if (finding?.answer !== 'found') return soundFinding(finding as { readonly answer: 'absent' });
            return soundFinding({ answer: 'found', output: await readOutput(action, output, finding.output) });
          },
        }
      : {}),
  };
}

function functionCall({ tenant, input, key, attempt, signal }: BuiltInCall): FunctionCall<unknown> {
  return { tenant, input, key, attempt, signal };
}

/** It has happened by now, so an answer that cannot be kept is a fault of its own and no reason to do it again. */
async function readOutput(action: string, schema: Schema, given: unknown): Promise<Json> {
  const advice = 'It has happened all the same, so it is not repeated. Correct the function or its schema.';
  const parsed = await parseWith(schema, given ?? null, { code: 'invalid_output', what: `The output of ${action}`, advice });
  const text = jsonText(parsed ?? null);
  if (text === undefined) throw new PatchbayError({ code: 'invalid_output', message: `The output of ${action} is not JSON. ${advice}` });
  return JSON.parse(text) as Json;
}

function faultOf(name: string, definition: HostFunction): string | undefined {
  if (!nameShape.test(name) || name.length > 100) return `the name ${name.slice(0, 100)} is not lower_snake_case of 1 to 100 characters`;
  if (typeof definition?.run !== 'function') return `the function ${name} has no run; build it with defineFunction`;
  if (!isSchema(definition.input) || !isSchema(definition.output))
    return `the input and the output of the function ${name} must be Standard Schemas`;
  if (!Object.hasOwn(classes, definition.idempotency))
    return `the function ${name} must declare its idempotency: ${Object.keys(classes).join(', ')}`;
  const { timeoutMs } = definition;
  if (timeoutMs !== undefined && !(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= longestMs))
    return `the timeoutMs of the function ${name} is a whole number of milliseconds from 1 to ${longestMs}`;
  return promiseFault(name, definition);
}

function promiseFault(name: string, definition: HostFunction): string | undefined {
  const isTime = (value: unknown, least: number): boolean => typeof value === 'number' && Number.isFinite(value) && value >= least;
  if (definition.idempotency === 'reconcilable') {
    if (typeof definition.reconcile !== 'function') return `the function ${name} is reconcilable, so it needs a reconcile function`;
    return isTime(definition.settlesWithin, 0)
      ? undefined
      : `the function ${name} is reconcilable, so it needs settlesWithin in milliseconds`;
  }
  const given =
    definition.idempotency === 'idempotent' ? definition.retryWithin : definition.idempotency === 'keyed' ? definition.keyLifetime : 1;
  return given === undefined || isTime(given, 1)
    ? undefined
    : `the function ${name} needs milliseconds above zero for how long it may be repeated`;
}
