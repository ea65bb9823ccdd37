import { isLongerThan } from '../../json/is-longer-than.ts';
import type { NetworkHeaders, NetworkResponse } from '../../net/network-request.ts';

/** What went over the wire in one try of a delivery, as it is kept with the attempt. It holds no secret. */
export interface Exchange {
  readonly request: {
    readonly method: 'POST';
    /** Without its query, which may hold what the receiver takes for a secret. */
    readonly url: string;
    /** All but the signature, and those of the tenant's own whose name is that of a credential. */
    readonly headers: Readonly<Record<string, string>>;
    /** The body is the event's and is kept with it: its bytes here, and their SHA-256 in hex. */
    readonly bodyBytes: number;
    readonly bodySha256: string;
  };
  /** The beginning of the answer; `null` where none came, or nobody may see it. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** The first KiB as text. */
    readonly body: string;
    /** The answer was longer than what is kept. */
    readonly isCut: boolean;
  } | null;
  /** What kept it from succeeding: `unreachable` is a name that is not found, nothing that listens and an address that is refused, all alike. */
  readonly errorClass: 'unreachable' | 'tls' | 'timeout' | 'connection_lost' | 'invalid_answer' | 'status' | null;
  /** Whether anything was sent. */
  readonly sent: 'no' | 'maybe';
  /** Milliseconds from the beginning; `null`: it did not come to that. Of what is unreachable nothing is told: it would say why. */
  readonly timing: { readonly connectMs: number | null; readonly firstByteMs: number | null; readonly totalMs: number } | null;
}

/** Bytes of an answer's body that are kept. */
const keptBytes = 1_024;

/** Headers that are kept, and characters of their names and values. */
const kept = { headers: 30, name: 60, value: 120 };

/** Longest text of an exchange, bytes: what the ledger keeps. */
const longest = 8_192;

/** A name of which a part is that of a credential: whatever such a header holds is the secret of one side or the other. */
const credentialName =
  /(?:^|[-_])(?:auth|authentication|authorization|authenticate|cookie2?|credentials?|(?:api|access)?keys?|jwt|passw(?:or)?d|secrets?|session(?:id)?|signature|(?:api|access)?tokens?)(?:$|[-_])/;

/** The exchange as JSON text of at most 8 KiB; what an answer says goes before what was sent. */
export function exchangeText(exchange: Exchange): string {
  const { request, response } = exchange;
  const url = request.url.split('?', 1)[0]?.slice(0, 1_000) ?? '';
  const whole = { ...exchange, request: { ...request, url, headers: keptHeaders(request.headers) } };
  const cut = response && { ...response, headers: {}, isCut: true };
  const shorter = [whole, { ...whole, response: cut }, { ...whole, response: cut && { ...cut, body: cut.body.slice(0, 200) } }];
  const texts = shorter.map((each) => JSON.stringify(each));
  return (
    texts.find((text) => !isLongerThan(text, longest)) ??
    JSON.stringify({ ...whole, request: { ...whole.request, headers: {} }, response: null })
  );
}

/** What {@link exchangeText} wrote; `null` for nothing, and for what is no exchange. */
export function readExchange(text: string | null): Exchange | null {
  if (text === null) return null;
  const parsed: unknown = JSON.parse(text);
  // The ledger holds what this package itself has written there, for deliveries nothing else.
  return typeof parsed === 'object' && parsed !== null && 'request' in parsed ? (parsed as Exchange) : null;
}

/** The beginning of an answer as it may be kept: text, whatever its bytes are, without cookies and credentials. */
export function keptAnswer({ status, headers, body, truncated }: NetworkResponse): NonNullable<Exchange['response']> {
  const head = body.subarray(0, keptBytes);
  // What is no UTF-8 becomes a mark of replacement, and NUL no store can hold.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(head).replaceAll('\u0000', '\ufffd');
  return { status, headers: keptHeaders(headers), body: text, isCut: truncated || body.byteLength > keptBytes };
}

function keptHeaders(headers: NetworkHeaders): Readonly<Record<string, string>> {
  const named = Object.entries(headers).filter(([name, value]) => value !== undefined && !credentialName.test(name.toLowerCase()));
  const plain = ([name, value]: (typeof named)[number]): [string, string] => [
    cut(name.toLowerCase(), kept.name),
    cut([value].flat().join(', '), kept.value),
  ];
  return Object.fromEntries(named.slice(0, kept.headers).map(plain));
}

function cut(value: string, characters: number): string {
  return value.slice(0, characters).toWellFormed().replaceAll('\u0000', '\ufffd');
}
