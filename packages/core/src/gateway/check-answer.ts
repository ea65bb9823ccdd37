import type { Clock } from '../clock/clock.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';
import type { ProviderFault } from '../connector/provider-answer.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { faultOfStatus, sentByStatus } from './fault-of-status.ts';
import { toldLimit } from './limits/told-limit.ts';
import { type AnswerProtocol, malformed } from './protocols/answer-protocol.ts';
import { parseJsonAnswer } from './protocols/parse-json-answer.ts';
import { providerFault } from './provider-fault.ts';
import type { RawRequest } from './raw-request.ts';
import { requestIdOf } from './request-id-of.ts';
import { retryAfterOfAnswer } from './retry-after.ts';

/** How JSON over HTTP is read: the status alone says whether it is an error. */
const plain: AnswerProtocol = { parse: parseJsonAnswer, faultOf: () => undefined };

/** The parsed body of a good answer, `undefined` where it is empty. Throws the fault that the answer means, by the connector's word or the status. */
export function checkAnswer(
  gateway: { readonly clock: Pick<Clock, 'now'> },
  definition: AnyDefinition,
  { method, protocol = plain }: Pick<RawRequest, 'method' | 'protocol'>,
  answer: HttpAnswer,
): Json | undefined {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) throw redirected(status);
  const parsed = protocol.parse(answer);
  const body = parsed === malformed ? undefined : parsed;
  const ofProtocol = protocol.faultOf(body, status);
  if (status < 400 && !definition.errorsInSuccess && ofProtocol === undefined) return accept(definition, parsed, answer);
  const mapped = providerFault(definition, { method, status, headers, body });
  // Nobody can say whether this answer was an error, so it is neither a success nor a sure failure.
  if (mapped === 'broken' && status < 400 && ofProtocol === undefined) throw unreadable(definition, status, 'maybe');
  const found = (mapped === 'broken' ? undefined : mapped) ?? ofProtocol ?? toldBy(method, answer, body) ?? faultOfStatus(answer);
  if (!found) return accept(definition, parsed, answer);
  const wait = found.retryAfterMs ?? retryAfterOfAnswer(headers, gateway.clock.now());
  const sent = found.sent ?? ofProtocol?.sent ?? (status < 400 ? 'no' : sentByStatus(status));
  throw fault({ status, found: { ...found, sent }, wait, requestId: requestIdOf(definition, headers) });
}

/** A limit that an answer tells by its body, where the connector says nothing. */
function toldBy(method: string, { status, headers }: HttpAnswer, body: Json | undefined): ProviderFault | undefined {
  return status < 400 ? undefined : toldLimit({ method, status, headers, body });
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
  const found: ProviderFault = {
    code: 'provider_rejected',
    message: "The service redirects, and redirects are not followed. Correct the connection's settings.",
    retryable: false,
    sent: sentByStatus(status),
  };
  return fault({ status, found });
}

interface FaultParts {
  readonly status: number;
  readonly found: ProviderFault;
  readonly wait?: number | undefined;
  readonly requestId?: string | undefined;
}

function fault({ status, found, wait, requestId }: FaultParts): PatchbayError {
  const { code, message, retryable, providerCode, sent } = found;
  const ofProvider = {
    ...(providerCode === undefined ? {} : { providerCode }),
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
  };
  return new PatchbayError({
    code,
    message,
    retryable,
    details: { status, ...ofProvider },
    ...(sent === undefined ? {} : { sent }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}
