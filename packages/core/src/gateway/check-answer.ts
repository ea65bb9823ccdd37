import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';
import type { ProviderFault } from '../connector/provider-answer.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import type { Json } from '../json/json.ts';
import { nestsDeeperThan } from '../json/nests-deeper-than.ts';
import { faultOfStatus, sentByStatus } from './fault-of-status.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { providerFault } from './provider-fault.ts';
import { retryAfterMs } from './retry-after.ts';

/** Levels of nesting that an answer may have; what comes after (schemas, JSON text) recurses. */
const maximumDepth = 500;

/** The parsed body of a good answer, `undefined` where it is empty. Throws the fault that the answer means, by the connector's word or the status. */
export function checkAnswer(
  gateway: Pick<GatewayOptions, 'clock'>,
  definition: AnyDefinition,
  method: string,
  answer: HttpAnswer,
): Json | undefined {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) throw redirected(status);
  const body = parseBody(answer);
  if (status < 400 && !definition.errorsInSuccess) return accept(definition, body, answer);
  const mapped = providerFault(definition, { method, status, headers, body: body === malformed ? undefined : body });
  // Nobody can say whether this answer was an error, so it is neither a success nor a sure failure.
  if (mapped === 'broken' && status < 400) throw unreadable(definition, status, 'maybe');
  const found = mapped === 'broken' ? faultOfStatus(answer) : (mapped ?? faultOfStatus(answer));
  if (!found) return accept(definition, body, answer);
  const wait = found.retryAfterMs ?? retryAfterMs(headers['retry-after'], gateway.clock.now());
  throw fault(status, { ...found, sent: found.sent ?? (status < 400 ? 'no' : sentByStatus(status)) }, wait);
}

const malformed = Symbol('malformed');

function parseBody({ body }: HttpAnswer): Json | undefined | typeof malformed {
  if (body.length === 0) return undefined;
  // A byte order mark is no JSON, and some services send one all the same.
  const text = decodeUtf8(body)?.replace(/^\uFEFF/, '');
  if (text === undefined || nestsDeeperThan(text, maximumDepth)) return malformed;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return malformed;
  }
}

function accept(definition: AnyDefinition, body: Json | undefined | typeof malformed, answer: HttpAnswer): Json | undefined {
  if (body !== malformed) return body;
  throw unreadable(definition, answer.status);
}

/** Without `sent`: the status says that the request was done, only what it gave is lost. */
function unreadable(definition: AnyDefinition, status: number, sent?: 'maybe'): PatchbayError {
  return new PatchbayError({
    code: 'response_invalid',
    message: `${definition.name} answered with something that cannot be understood (status ${status}). Look whether its address is right.`,
    details: { status },
    ...(sent === undefined ? {} : { sent }),
  });
}

function redirected(status: number): PatchbayError {
  return fault(status, {
    code: 'provider_rejected',
    message: "The service redirects, and redirects are not followed. Correct the connection's settings.",
    retryable: false,
    sent: sentByStatus(status),
  });
}

function fault(status: number, found: ProviderFault, wait?: number): PatchbayError {
  const { code, message, retryable, providerCode, sent } = found;
  return new PatchbayError({
    code,
    message,
    retryable,
    details: { status, ...(providerCode === undefined ? {} : { providerCode }) },
    ...(sent === undefined ? {} : { sent }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}
