import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';
import type { ProviderFault } from '../connector/provider-answer.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { faultOfStatus, sentByStatus } from './fault-of-status.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { retryAfterMs } from './retry-after.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The parsed body of a good answer, `undefined` where it is empty. Throws the fault that the answer means, by the connector's word or the status. */
export function checkAnswer(
  gateway: Pick<GatewayOptions, 'clock'>,
  definition: AnyDefinition,
  method: string,
  answer: HttpAnswer,
): Json | undefined {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    throw fault(status, {
      code: 'provider_rejected',
      message: "The service redirects, and redirects are not followed. Correct the connection's settings.",
      retryable: false,
      sent: 'no',
    });
  }
  const body = parseBody(answer);
  if (status < 400 && !definition.errorsInSuccess) return accept(definition, body, answer);
  const mapped = definition.mapError?.({ method, status, headers, body: body === malformed ? undefined : body });
  const found = mapped ?? faultOfStatus(answer);
  if (!found) return accept(definition, body, answer);
  const wait = found.retryAfterMs ?? retryAfterMs(headers['retry-after'], gateway.clock.now());
  throw fault(status, {
    sent: status < 400 ? 'no' : sentByStatus(status),
    ...found,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

const malformed = Symbol('malformed');

function parseBody({ body }: HttpAnswer): Json | undefined | typeof malformed {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(body)) as Json;
  } catch {
    return malformed;
  }
}

function accept(definition: AnyDefinition, body: Json | undefined | typeof malformed, answer: HttpAnswer): Json | undefined {
  if (body !== malformed) return body;
  throw new PatchbayError({
    code: 'response_invalid',
    message: `${definition.name} answered with something that is not JSON (status ${answer.status}). Look whether its address is right.`,
    details: { status: answer.status },
  });
}

function fault(status: number, found: ProviderFault): PatchbayError {
  return new PatchbayError({
    code: found.code,
    message: found.message,
    retryable: found.retryable,
    details: { status, ...(found.providerCode === undefined ? {} : { providerCode: found.providerCode }) },
    ...(found.sent === undefined ? {} : { sent: found.sent }),
    ...(found.retryAfterMs === undefined ? {} : { retryAfterMs: found.retryAfterMs }),
  });
}
