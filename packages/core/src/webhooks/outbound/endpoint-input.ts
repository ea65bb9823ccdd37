import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isEventPattern } from '../../event/matches-pattern.ts';
import { isPlainObject } from '../../expression/read-member.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { jsonText } from '../../json/json-text.ts';
import { nestsDeeperThan } from '../../json/nests-deeper-than.ts';
import type { Condition } from '../../rules/condition.ts';
import { parseCondition } from '../../rules/parse-condition.ts';
import { compileEndpoint } from './compile-endpoint.ts';
import { customHeaders } from './custom-headers.ts';

/** A URL that is to receive events. */
export interface EndpointInput {
  /** `https`, on port 443, without user name and fragment. */
  readonly url: string;
  /** Patterns of event types, 1 to 50: `github.issue.*`, `order.placed`, `*`. */
  readonly events: readonly string[];
  /** Only events for which this holds, as in automations. @default all of these types */
  readonly when?: Condition;
  /** What is sent as data: JSON whose texts may hold `{{ CEL }}` over `event`, as in automations. @default the event's data */
  readonly transform?: Json;
  /** Headers of the tenant's own; the names are those of an allow list. No secrets: they are stored as they are. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** `hmac` signs `v1` with a shared secret, `ed25519` signs `v1a` with a key whose other half is public. @default 'hmac' */
  readonly signing?: 'hmac' | 'ed25519';
  /** `standard`: `{ type, timestamp, data }`; `cloudevents`: a CloudEvent in structured mode; `data`: the data alone. @default 'standard' */
  readonly payload?: 'standard' | 'cloudevents' | 'data';
  /** Deliveries begun in a second, over all processes, 1 to 1,000. @default as many as come */
  readonly rate?: number;
  /** Deliveries under way at once, over all processes, 1 to 50. @default 10 */
  readonly maximumInFlight?: number;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, Json>>;
  /**
   * `challenge`: it receives nothing but the challenge of `verify` until it has answered that. `dangerouslyWaived`: the host itself knows that the URL
   * wants deliveries; whoever can choose a URL here can have anybody's flooded. @default 'challenge'
   */
  readonly verification?: 'challenge' | 'dangerouslyWaived';
  /** `whsec_…` or `whsk_…`; used when the endpoint is made. @default one is made */
  readonly secret?: string;
}

/** What a parsed input says of an endpoint; the rest of the record is the hub's to keep. */
export type EndpointSettings = Omit<EndpointRecord, 'secrets' | 'createdAt' | 'disabled' | 'verification'> & {
  readonly isWaived: boolean;
};

const known: ReadonlySet<string> = new Set<keyof EndpointInput>([
  'url',
  'events',
  'when',
  'transform',
  'headers',
  'signing',
  'payload',
  'rate',
  'maximumInFlight',
  'description',
  'metadata',
  'verification',
  'secret',
]);

const most = { patterns: 50, inFlight: 50, rate: 1_000, text: 500, metadata: 16_384, url: 2_048, transform: 65_536 };
const usualInFlight = 10;

/**
 * Reads an endpoint that nobody has checked. `checkUrl` throws where no request may go. Throws `invalid_argument`, `condition_invalid` and
 * `template_invalid`, each naming what is wrong.
 */
export function parseEndpoint(given: unknown, checkUrl: (url: string) => void): EndpointSettings {
  if (!isPlainObject(given)) throw invalid('An endpoint is { url, events } and what else it is to have.');
  const extra = Object.keys(given).find((name) => !known.has(name));
  if (extra !== undefined) throw invalid(`An endpoint has no ${extra.slice(0, 100)}. It has: ${[...known].join(', ')}.`);
  const { when, transform, rate, description } = given;
  const settings: EndpointSettings = {
    url: urlOf(given['url'], checkUrl),
    events: patternsOf(given['events']),
    ...(when === undefined ? {} : { when: conditionOf(when) }),
    ...(transform === undefined ? {} : { transform: jsonOf(transform, { what: 'transform', longest: most.transform }) }),
    headers: customHeaders(given['headers']),
    payload: oneOf(given['payload'] ?? 'standard', { what: 'payload', words: ['standard', 'cloudevents', 'data'] }),
    signing: oneOf(given['signing'] ?? 'hmac', { what: 'signing', words: ['hmac', 'ed25519'] }),
    maximumInFlight: figureOf(given['maximumInFlight'] ?? usualInFlight, { what: 'maximumInFlight', largest: most.inFlight }),
    ...(rate === undefined ? {} : { rate: figureOf(rate, { what: 'rate', largest: most.rate }) }),
    ...(description === undefined ? {} : { description: textOf(description) }),
    metadata: metadataOf(given['metadata'] ?? {}),
    isWaived:
      oneOf(given['verification'] ?? 'challenge', { what: 'verification', words: ['challenge', 'dangerouslyWaived'] }) !== 'challenge',
  };
  // What does not compile would be found only when an event comes.
  compileEndpoint(settings);
  return settings;
}

function urlOf(url: unknown, checkUrl: (url: string) => void): string {
  if (typeof url !== 'string' || url.length > most.url) throw invalid(`The url of an endpoint is text of up to ${most.url} characters.`);
  checkUrl(url);
  return new URL(url).href;
}

function patternsOf(events: unknown): readonly string[] {
  if (!Array.isArray(events) || events.length === 0 || events.length > most.patterns)
    throw invalid(`The events of an endpoint are 1 to ${most.patterns} patterns such as github.issue.* or order.placed.`);
  const patterns: readonly unknown[] = events;
  return [...new Set(patterns.map(patternOf))];
}

function patternOf(pattern: unknown): string {
  if (typeof pattern === 'string' && isEventPattern(pattern)) return pattern;
  throw invalid(`The pattern ${String(pattern).slice(0, 200)} is not dotted segments of names and *. Use one such as github.issue.*.`);
}

function conditionOf(when: unknown): Json {
  parseCondition(when);
  return jsonOf(when, { what: 'when', longest: most.transform });
}

function jsonOf(value: unknown, { what, longest }: { readonly what: string; readonly longest: number }): Json {
  const text = jsonText(value);
  if (text === undefined || text.length > longest || nestsDeeperThan(text, 64))
    throw invalid(`The ${what} of an endpoint is JSON of up to ${longest} characters and 64 levels.`);
  return JSON.parse(text) as Json;
}

function metadataOf(metadata: unknown): Readonly<Record<string, Json>> {
  const copy = jsonOf(metadata, { what: 'metadata', longest: most.metadata });
  if (isJsonObject(copy)) return copy;
  throw invalid('The metadata of an endpoint is an object.');
}

function textOf(description: unknown): string {
  if (typeof description === 'string' && description.length <= most.text && /^[^\p{Cc}\p{Cs}]*$/u.test(description)) return description;
  throw invalid(`The description of an endpoint is text of up to ${most.text} characters without control characters.`);
}

function figureOf(figure: unknown, { what, largest }: { readonly what: string; readonly largest: number }): number {
  if (typeof figure === 'number' && Number.isInteger(figure) && figure >= 1 && figure <= largest) return figure;
  throw invalid(`The ${what} of an endpoint is a whole number from 1 to ${largest}.`);
}

function oneOf<Word extends string>(given: unknown, { what, words }: { readonly what: string; readonly words: readonly Word[] }): Word {
  const word = words.find((each) => each === given);
  if (word !== undefined) return word;
  throw invalid(`The ${what} of an endpoint is one of ${words.join(', ')}.`);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
