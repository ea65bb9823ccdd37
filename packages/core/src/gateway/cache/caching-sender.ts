import type { HttpAnswer } from '../../connector/connector-http.ts';
import { isGivenUrl } from '../../connector/given-url.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { ReceivedAnswer, Sender } from '../create-sender.ts';
import { encodeQuery } from '../encode-query.ts';
import type { FinishedRequest } from '../finished-request.ts';
import type { GatewayOptions, SessionOptions } from '../gateway-options.ts';
import { isConditional, type RawRequest } from '../raw-request.ts';
import { readAnswer } from '../read-answer.ts';
import { freshnessOf } from './freshness.ts';
import type { KeptAnswer, ResponseCache } from './response-cache.ts';

/** A request whose answer may be kept, and what is kept of the last one. */
interface CachedRequest {
  readonly name: string;
  readonly known: KeptAnswer | undefined;
  /** Nobody need be asked. */
  readonly isFresh: boolean;
}

/** Names the connection whose answers are dropped together. */
export const cacheOwner = (tenant: string, connectionId: string): string => JSON.stringify([tenant, connectionId]);

/**
 * A sender that keeps good answers to reads whose caller lets it, and asks whether they have changed (`If-None-Match`, `If-Modified-Since`). An answer is
 * found again by the same connection with the same credential, confinement, address and headers alone. A request of which nobody need be asked is checked
 * as every other, and passes no guard.
 */
export function cachingSender(
  gateway: GatewayOptions,
  session: SessionOptions,
  { sender, cache }: { readonly sender: Sender; readonly cache: ResponseCache },
): Sender {
  // Most sessions keep nothing, so nothing is made for them.
  let requests: WeakMap<FinishedRequest, CachedRequest> | undefined;

  const finish = (raw: RawRequest): FinishedRequest => {
    const isKept = raw.cache !== undefined && raw.method === 'GET' && !isConditional(raw) && !isGivenUrl(raw.path);
    if (!isKept) return sender.finish(raw);
    const name = nameOf(session, sender.origin, raw);
    const known = cache.find(name);
    const finished = sender.finish(known === undefined ? raw : { ...raw, headers: { ...raw.headers, ...validators(known) } });
    const isFresh = known !== undefined && raw.cache === true && gateway.clock.monotonic() < known.freshUntil;
    requests ??= new WeakMap();
    requests.set(finished, { name, known, isFresh });
    return finished;
  };

  const transmit = (finished: FinishedRequest): Promise<ReceivedAnswer> => {
    const cached = requests?.get(finished);
    return cached === undefined ? sender.transmit(finished) : ask(finished, cached);
  };

  const ask = async (finished: FinishedRequest, cached: CachedRequest): Promise<ReceivedAnswer> => {
    if (cached.isFresh && cached.known) return again(finished, cached.known);
    const received = await sender.transmit(finished);
    const { answer } = received;
    if (answer.status === 304 && cached.known) {
      const kept = { ...cached.known.answer, headers: { ...cached.known.answer.headers, ...updated(answer.headers) } };
      keep(cached.name, { answer: kept, reading: null });
      return again(finished, { ...cached.known, answer: kept });
    }
    keep(cached.name, received);
    return received;
  };

  const keep = (name: string, { answer, reading }: ReceivedAnswer): void => {
    const { mayBeKept, freshForMs } = freshnessOf(answer.headers);
    const isGood = answer.status === 200 && (reading === null || 'body' in reading);
    const isFound = freshForMs > 0 || Object.keys(validatorsOf(answer.headers)).length > 0;
    // What stood there was an answer to the same question, and is none any more.
    const freshUntil = gateway.clock.monotonic() + freshForMs;
    if (isGood && mayBeKept && isFound)
      cache.keep(name, cacheOwner(session.tenant, session.connection.id), { answer: copied(answer), freshUntil });
    else if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) cache.drop(name);
  };

  const again = ({ raw }: FinishedRequest, { answer: kept }: KeptAnswer): ReceivedAnswer => {
    const answer = { ...copied(kept), fromCache: true };
    return { answer, reading: readAnswer(gateway, session.definition, raw, answer) };
  };

  return { ...sender, finish, transmit };
}

/** The question that an answer belongs to. The credential is named by its version, never by what it is. */
function nameOf(
  { tenant, connection, definition }: SessionOptions,
  origin: string,
  { path, query, host, headers = {} }: RawRequest,
): string {
  const { confinedTo, secretVersion, settings } = connection.value;
  const asked = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return canonicalJson([
    [tenant, connection.id, secretVersion, definition.id, definition.version],
    [origin, host ?? null, path.value, encodeQuery(query), Object.fromEntries(asked)],
    [settings, confinedTo ?? null],
  ]);
}

const validators = ({ answer }: KeptAnswer): Readonly<Record<string, string>> => validatorsOf(answer.headers);

/** Visible ASCII in one line: anything else would not be let into a request. */
const plain = /^[\x20-\x7e]{1,1000}$/;

function validatorsOf(headers: HttpAnswer['headers']): Readonly<Record<string, string>> {
  const { etag, 'last-modified': modified } = headers;
  return {
    ...(typeof etag === 'string' && plain.test(etag) ? { 'if-none-match': etag } : {}),
    ...(typeof modified === 'string' && plain.test(modified) ? { 'if-modified-since': modified } : {}),
  };
}

/** Whoever is given the bytes may write into them. */
const copied = (answer: HttpAnswer): HttpAnswer => ({ ...answer, body: Buffer.from(answer.body) });

/** What a 304 brings up to date; what describes the body stays that of the body. */
function updated(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-|^transfer-encoding$/.test(name)));
}
