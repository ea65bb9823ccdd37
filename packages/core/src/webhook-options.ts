import { PatchbayError } from './errors/patchbay-error.ts';
import type { TrustedProxies } from './http/client-address.ts';
import { type AddressRange, parseAddressRange } from './net/address-range.ts';
import { type DoorRates, usualRates } from './webhooks/inbound/door/door-limits.ts';
import type { RequestRate } from './webhooks/inbound/door/token-buckets.ts';
import { usualKeys } from './webhooks/inbound/parse-body.ts';

/** Whom the door of webhooks lets come near. */
export interface WebhookOptions {
  /**
   * Addresses from which a connector's webhooks are taken, by connector id: `{ github: ['192.30.252.0/22', '2a0a:a440::/29'] }`. Others are refused as a wrong
   * signature is. @default everywhere
   */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /**
   * Keys that a body may have in all its objects together, at receivers too; connectors say more where a service sends more, and a batch of CloudEvents
   * may have ten times as many. @default 10,000
   */
  readonly maximumKeys?: number;
  /**
   * Requests without a good signature that are looked at for each process; beyond them 429 is answered before the body is read. What is signed is
   * not counted. @default for a URL 1,000 a second and 5,000 at once, for an address (of IPv6 a network of 64 bits) 100 a second and 1,000 at once
   */
  readonly rates?: Partial<DoorRates>;
}

/** The same with what is left out filled in. */
export interface ResolvedWebhookOptions {
  readonly addresses: ReadonlyMap<string, readonly AddressRange[]>;
  readonly maximumKeys: number;
  readonly rates: DoorRates;
}

const mostKeys = 1_000_000;
const mostRequests = 1_000_000;
const mostProxies = 16;

/** Fills in the defaults. Throws `invalid_argument` for a list that holds no addresses and a figure that is none. */
export function resolveWebhooks({ addresses = {}, maximumKeys = usualKeys, rates = {} }: WebhookOptions = {}): ResolvedWebhookOptions {
  if (!isWhole(maximumKeys, mostKeys))
    throw invalid(`The option webhooks.maximumKeys is a whole number from 1 to ${mostKeys}. Correct it.`);
  return {
    addresses: new Map(
      Object.entries(addresses).map(([connector, list]) => [connector, rangesOf(`webhooks.addresses.${connector}`, list)]),
    ),
    maximumKeys,
    rates: { url: rateOf('url', rates.url ?? usualRates.url), address: rateOf('address', rates.address ?? usualRates.address) },
  };
}

/** What is trusted to say where a request came from. Throws `invalid_argument`. */
export function resolveProxies(
  trusted: number | readonly string[] = 0,
  header: TrustedProxies['header'] = 'x-forwarded-for',
): TrustedProxies {
  if (header !== 'x-forwarded-for' && header !== 'forwarded')
    throw invalid("The option forwardedHeader is 'x-forwarded-for' or 'forwarded'. Name the one that your proxies write.");
  if (typeof trusted !== 'number') return { trusted: rangesOf('trustedProxies', trusted), header };
  if (trusted === 0 || isWhole(trusted, mostProxies)) return { trusted, header };
  throw invalid(`The option trustedProxies is how many proxies stand before the hub, 0 to ${mostProxies}, or a list of their addresses.`);
}

function rangesOf(name: string, list: readonly string[]): readonly AddressRange[] {
  const ranges = Array.isArray(list) ? list.map((text) => (typeof text === 'string' ? parseAddressRange(text) : undefined)) : [];
  const sound = ranges.filter((range) => range !== undefined);
  if (sound.length > 0 && sound.length === ranges.length) return sound;
  throw invalid(`The option ${name} is not a list of addresses or ranges, such as ['192.0.2.0/24', '2001:db8::/32']. Correct it.`);
}

function rateOf(name: string, rate: RequestRate): RequestRate {
  const { perSecond, burst } = rate;
  if (isWhole(perSecond, mostRequests) && isWhole(burst, mostRequests)) return { perSecond, burst };
  throw invalid(`The option webhooks.rates.${name} is { perSecond, burst }, both whole numbers from 1 to ${mostRequests}. Correct it.`);
}

const isWhole = (figure: unknown, most: number): boolean =>
  typeof figure === 'number' && Number.isInteger(figure) && figure >= 1 && figure <= most;

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
