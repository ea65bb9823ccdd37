import type { ChallengeDeclaration, CloudEventsChallenge, EchoChallenge } from '../../../connector/challenge-declaration.ts';
import type { InboundRequest } from '../inbound-request.ts';
import { type DoorAnswer, inertHeaders } from './door-answer.ts';

/** A request that is a challenge: its answer, or none where it asks for what is not given. */
export interface FoundChallenge {
  readonly answer: DoorAnswer | undefined;
}

/** What is sent back: the letters of tokens and of Graph's sentence, and nothing that any reader could take for markup. */
const echoable = /^[A-Za-z0-9 !#$%()*+,./:;=?@[\]^_{|}~-]{1,1024}$/;

/** What a request asks by its method, address and headers alone; `undefined` for one that is no challenge of the list. */
export function findChallenge(
  challenges: readonly ChallengeDeclaration[],
  request: Pick<InboundRequest, 'method' | 'query' | 'headers'>,
): FoundChallenge | undefined {
  for (const challenge of challenges) {
    const found = challenge.kind === 'echo' ? askedEcho(challenge, request) : askedOrigin(challenge, request);
    if (found) return found;
  }
  return undefined;
}

function askedEcho({ method, parameter }: EchoChallenge, request: Pick<InboundRequest, 'method' | 'query'>): FoundChallenge | undefined {
  if (request.method !== method || request.query === '') return undefined;
  const values = new URLSearchParams(request.query).getAll(parameter);
  if (values.length === 0) return undefined;
  const [body = ''] = values;
  const isSound = values.length === 1 && echoable.test(body);
  return { answer: isSound ? { status: 200, contentType: 'text/plain; charset=utf-8', body, headers: inertHeaders } : undefined };
}

function askedOrigin(
  { origins, ratePerMinute }: CloudEventsChallenge,
  { method, headers }: Pick<InboundRequest, 'method' | 'headers'>,
): FoundChallenge | undefined {
  if (method !== 'OPTIONS' || !Object.hasOwn(headers, 'webhook-request-origin')) return undefined;
  const asking = headers['webhook-request-origin']?.toLowerCase();
  const origin = origins.find((allowed) => allowed.toLowerCase() === asking);
  if (origin === undefined) return { answer: undefined };
  const rate = ratePerMinute === undefined ? '*' : `${ratePerMinute}`;
  const allowing = { allow: 'POST', 'webhook-allowed-origin': origin, 'webhook-allowed-rate': rate };
  return { answer: { status: 200, contentType: 'text/plain; charset=utf-8', body: '', headers: { ...inertHeaders, ...allowing } } };
}
