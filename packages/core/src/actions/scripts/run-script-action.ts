import { z } from 'zod';
import { isTemplated } from '../../automation/is-templated.ts';
import type { Clock } from '../../clock/clock.ts';
import type { BuiltInAction } from '../../connector/built-in-action.ts';
import type { Outcome } from '../../contracts/executor.ts';
import type { ScriptPosition, ScriptResult, ScriptRunner } from '../../contracts/script-runner.ts';
import type { ErrorCode } from '../../errors/error-code.ts';
import { isForbiddenName } from '../../expression/forbidden-name.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { nestsDeeperThan } from '../../json/nests-deeper-than.ts';

/** Longest source, characters. */
const longestSource = 32_768;

/** Longest result, bytes of its JSON text: it is stored, and each later step of its run carries it along. */
const longestOutput = 262_144;

/** Deepest result. */
const deepest = 100;

const scriptInput = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(longestSource)
    .describe('Body of an asynchronous JavaScript function of input; what it returns is the output. No expressions: data comes as input.'),
  input: z.json().optional().describe('What the script reads as input. Absent: null.'),
});

/** Input of `script.run`. */
export interface ScriptInput {
  /** Body of an asynchronous JavaScript function of `input`; what it returns is the output. It holds no expressions. */
  readonly source: string;
  /** What the script reads as `input`. @default null */
  readonly input?: Json;
}

/** `script.run`: a script over JSON, in a runner that lets it reach nothing. It changes nothing outside, so its class is `read`. */
export function runScriptAction({ scripts, clock }: { readonly scripts: ScriptRunner; readonly clock: Clock }): BuiltInAction {
  return {
    name: 'script.run',
    title: 'Run script',
    description: 'Runs a script over data, away from everything else.',
    idempotency: 'read',
    timeoutMs: 60_000,
    input: scriptInput,
    output: z.json(),
    async check(input) {
      const source = isJsonObject(input) ? input['source'] : undefined;
      if (typeof source !== 'string' || source.length > longestSource) return [];
      if (isTemplated(source)) return ['source: it holds {{, which begins an expression; data is never code, so give it as input'];
      const fault = await scripts.check({ source, clock });
      return fault === null ? [] : [`source: ${placed(fault.message, fault.at)}`];
    },
    async run({ input, key, signal, dispatch }) {
      // Parsed by the schema of this very action.
      const { source, input: given = null } = input as z.infer<typeof scriptInput>;
      return outcomeOf(
        await scripts.run({ source, input: JSON.stringify(given), time: dispatch.createdAt, seed: key.value, clock, signal }),
      );
    },
  };
}

const codes: Readonly<Record<Extract<ScriptResult, { ok: false }>['fault'], ErrorCode>> = {
  threw: 'script_failed',
  syntax: 'script_failed',
  output: 'invalid_output',
  fuel: 'fuel_exhausted',
  memory: 'fuel_exhausted',
  stack: 'fuel_exhausted',
  deadline: 'fuel_exhausted',
  crashed: 'internal',
};

/** What a script does it does again, so only a runner that broke is tried again. */
function outcomeOf(result: ScriptResult): Outcome {
  if (result.ok) return outcomeOfOutput(result.output);
  const { fault, message, at } = result;
  return failed(codes[fault], placed(message, at), fault === 'crashed');
}

function outcomeOfOutput(text: string): Outcome {
  if (Buffer.byteLength(text) > longestOutput)
    return failed('invalid_output', `The result is larger than ${longestOutput} bytes. Return less.`);
  if (nestsDeeperThan(text, deepest)) return failed('invalid_output', `The result is nested more than ${deepest} deep. Make it flatter.`);
  const output = parsed(text);
  if (output === undefined) return failed('invalid_output', 'The result is not JSON. Return data.');
  if (namesPrototype(output)) return failed('invalid_output', 'The result has a member __proto__, constructor or prototype. Rename it.');
  return { outcome: 'succeeded', output: JSON.stringify(output) };
}

function failed(code: ErrorCode, message: string, retryable = false): Outcome {
  return { outcome: 'failed', error: { code, message: message.slice(0, 500) }, retryable };
}

/** Whatever runs the script is not believed. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function namesPrototype(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item: Json) => namesPrototype(item));
  return Object.entries(value).some(([name, member]) => isForbiddenName(name) || namesPrototype(member));
}

function placed(message: string, at: ScriptPosition | undefined): string {
  return at === undefined ? message : `line ${at.line}, column ${at.column}: ${message}`;
}
