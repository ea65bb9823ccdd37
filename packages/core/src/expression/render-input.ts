import { PatchbayError } from '../errors/patchbay-error.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import type { CompiledTemplate } from './compile-template.ts';
import type { FuelUse } from './frame.ts';

/** Longest text of a step's input, in bytes: what an event may bring itself, and far more than a service takes. */
const longestInput = 1_048_576;

/**
 * A step's input as JSON text. Throws `expression_failed` or `fuel_exhausted`, also where the text is longer than 1 MiB: an input is stored
 * with its dispatch and sent at each attempt. What it used is added to `use`, the text among it.
 */
export function renderInput(template: CompiledTemplate, scope: Readonly<Record<string, unknown>>, use?: FuelUse): string {
  const text = JSON.stringify(template.render(scope, use));
  if (use !== undefined) use.bytes += text.length * 2;
  if (!isLongerThan(text, longestInput)) return text;
  throw new PatchbayError({
    code: 'fuel_exhausted',
    message: 'The text of the input is longer than 1 MiB. Send less of the data, or send a link to it.',
    details: { longest: longestInput },
  });
}
