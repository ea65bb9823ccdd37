import { isLongerThan } from '../../json/is-longer-than.ts';
import type { NetworkHeaders, NetworkResponse } from '../../net/network-request.ts';

/** What went over the wire in one try of a delivery, as it is kept with the attempt. It holds no secret. */
export interface Exchange {
  readonly request: {
    /** Without its query, which may hold what the receiver takes for a secret. */
    readonly url: string;
    /** All but the signature. */
    readonly headers: Readonly<Record<string, string>>;
  };
  /** The beginning of the answer; `null` where none came, or nobody may see it. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** The answer was longer than what is kept. */
    readonly isCut: boolean;
  } | null;
  /** What kept it from succeeding. */
  readonly errorClass: 'unreachable' | 'timeout' | 'connection_lost' | 'invalid_answer' | 'status' | null;
  /** Whether anything was sent. */
  readonly sent: 'no' | 'maybe';
  /** From the first look-up of its name to the end of the answer, milliseconds. */
  readonly durationMs: number;
}

/** Bytes of an answer's body that are kept. */
const keptBytes = 1_024;

/** Headers that are kept, and characters of their names and values. */
const kept = { headers: 30, name: 60, value: 120 };

/** Longest text of an exchange, bytes: what the ledger keeps. */
const longest = 8_192;

/** Never kept: they are the receiver's own secrets. */
const withheld: ReadonlySet<string> = new Set(['set-cookie', 'set-cookie2', 'authorization', 'proxy-authenticate', 'www-authenticate']);

/** The exchange as JSON text of at most 8 KiB; what an answer says goes before what was sent. */
export function exchangeText(exchange: Exchange): string {
  const { request, response } = exchange;
  const url = request.url.split('?', 1)[0]?.slice(0, 1_000) ?? '';
  const whole = { ...exchange, request: { url, headers: keptHeaders(request.headers) } };
  const cut = response && { ...response, headers: {}, isCut: true };
  const shorter = [whole, { ...whole, response: cut }, { ...whole, response: cut && { ...cut, body: cut.body.slice(0, 200) } }];
  const texts = shorter.map((each) => JSON.stringify(each));
  return texts.find((text) => !isLongerThan(text, longest)) ?? JSON.stringify({ ...whole, request: { url, headers: {} }, response: null });
}

/** The beginning of an answer as it may be kept: text, whatever its bytes are, without cookies. */
export function keptAnswer({ status, headers, body, truncated }: NetworkResponse): NonNullable<Exchange['response']> {
  const head = body.subarray(0, keptBytes);
  // What is no UTF-8 becomes a mark of replacement, and NUL no store can hold.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(head).replaceAll('\u0000', '\ufffd');
  return { status, headers: keptHeaders(headers), body: text, isCut: truncated || body.byteLength > keptBytes };
}

function keptHeaders(headers: NetworkHeaders): Readonly<Record<string, string>> {
  const named = Object.entries(headers).filter(([name, value]) => value !== undefined && !withheld.has(name.toLowerCase()));
  const plain = ([name, value]: (typeof named)[number]): [string, string] => [
    cut(name.toLowerCase(), kept.name),
    cut([value].flat().join(', '), kept.value),
  ];
  return Object.fromEntries(named.slice(0, kept.headers).map(plain));
}

function cut(value: string, characters: number): string {
  return value.slice(0, characters).toWellFormed().replaceAll('\u0000', '\ufffd');
}
