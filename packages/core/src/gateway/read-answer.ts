import type { Clock } from '../clock/clock.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';
import { isPatchbayError, type PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { checkAnswer } from './check-answer.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { isConditional, type RawRequest } from './raw-request.ts';

/** What an answer came to: its parsed body, or the error that it is. */
export type AnswerReading =
  | { readonly body: Json | undefined; readonly fault: null }
  | { readonly error: PatchbayError; readonly fault: PatchbayError | null };

/**
 * Reads an answer that is or may be an error, once for everybody who wants to know. `null` for a good status of a service that tells of no errors in
 * one: then the body is the caller's to read.
 */
export function readAnswer(
  gateway: { readonly clock: Pick<Clock, 'now'>; readonly watch?: GatewayOptions['watch'] | undefined },
  definition: AnyDefinition,
  request: RawRequest,
  answer: HttpAnswer,
): AnswerReading | null {
  const { status } = answer;
  if (status < 300 && !definition.errorsInSuccess && request.protocol === undefined) return null;
  // What was asked for is as the asker has it (RFC 9110, section 15.4.5).
  if (status === 304 && isConditional(request)) return null;
  gateway.watch?.mark(definition.id, 'mapError');
  try {
    return { body: checkAnswer(gateway, definition, request, answer), fault: null };
  } catch (error) {
    if (!isPatchbayError(error)) throw error;
    // A good answer in another form than JSON is the service's way to be well.
    return { error, fault: error.code === 'response_invalid' ? null : error };
  }
}
