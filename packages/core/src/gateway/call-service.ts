import type { HttpAnswer } from '../connector/connector-http.ts';
import { parseWith } from '../connector/parse-with.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import type { Json } from '../json/json.ts';
import type { CallParts } from './call-parts.ts';
import { checkAnswer } from './check-answer.ts';
import type { ReceivedAnswer } from './create-sender.ts';
import { isWriting, type RawRequest } from './raw-request.ts';
import { retrying } from './retrying.ts';

/** An answer and what its schema made of it. */
export interface Parsed<S extends Schema> {
  readonly parsed: SchemaOutput<S>;
  readonly answer: HttpAnswer;
}

/** One call of a connector's code. Throws the error that the answer means, or that came instead of one. */
export async function callService<S extends Schema>(parts: CallParts, request: RawRequest, response: S): Promise<Parsed<S>> {
  const { gateway, session } = parts;
  try {
    return await makeCall(parts, request, response);
  } finally {
    // It goes on with what it has waited for.
    gateway.watch?.mark(session.definition.id, session.operation ?? 'healthCheck');
  }
}

async function makeCall<S extends Schema>(parts: CallParts, request: RawRequest, response: S): Promise<Parsed<S>> {
  const { sender, log } = parts;
  const { definition } = parts.session;
  const first = sender.finish(request);
  const complete = async (answered: () => void): Promise<Parsed<S>> => {
    const { received, body } = await retrying(parts, request, async (isFirst) => {
      const received = await sender.transmit(isFirst ? first : sender.finish(request));
      return { received, body: bodyOf(parts, request, received) };
    });
    answered();
    const parsed = await parseWith(response, body ?? null, {
      code: 'response_invalid',
      what: `The answer of ${definition.id} to ${request.method} ${request.path.template}`,
      advice: 'The service answers otherwise than the connector expects. Report it to its author.',
    });
    return { parsed, answer: received.answer };
  };
  return isWriting(request) ? log.follow(complete) : complete(() => undefined);
}

function bodyOf({ gateway, session }: CallParts, request: RawRequest, { answer, reading }: ReceivedAnswer): Json | undefined {
  if (reading === null) return checkAnswer(gateway, session.definition, request, answer);
  if ('error' in reading) throw reading.error;
  return reading.body;
}
