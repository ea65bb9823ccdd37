import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Clock } from '../../../clock/clock.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import type { Network } from '../../../net/create-network.ts';
import { createTokenBuckets } from '../door/token-buckets.ts';
import type { SnsMessage } from './sns-message.ts';

/** Public keys of the certificates with which SNS signs. */
export interface SnsCertificates {
  /**
   * The key of a certificate, fetched over https and kept for a day. `undefined` for what is no certificate of SNS that holds now. Rejects with
   * `not_ready` where it cannot be fetched just now.
   */
  keyOf(certificate: SnsMessage['certificate']): Promise<KeyObject | undefined>;
}

/** Milliseconds for which a certificate is kept, and for which one that is none is not asked for again. */
const keptMs = { good: 86_400_000, bad: 60_000 };
const mostKept = 100;
/** New certificates that are asked for: who knows a topic can name as many as he likes, and AWS has one for months. */
const newOnes = { perSecond: 1, burst: 10 };
/** One is about 2 KB. */
const maxResponseBytes = 16_384;
const timeouts = { connectMs: 3_000, headersMs: 3_000, bodyMs: 3_000, totalMs: 5_000 };
const leastModulusBits = 2_048;

interface Kept {
  readonly found: Promise<X509Certificate | undefined>;
  until: number;
  isGood: boolean;
}

/** Fetches certificates through the guarded network; one at a time for each address, however many ask. */
export function createSnsCertificates(options: {
  readonly network: Pick<Network, 'request'>;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
}): SnsCertificates {
  const { network, clock } = options;
  const kept = new Map<string, Kept>();
  const fetches = createTokenBuckets(newOnes, clock);

  const find = (certificate: SnsMessage['certificate']): Promise<X509Certificate | undefined> => {
    const { url } = certificate;
    const known = kept.get(url);
    if (known && known.until > clock.monotonic()) return known.found;
    if (!known?.isGood && fetches.take(certificate.host) > 0) throw unavailable(undefined);
    const entry: Kept = { isGood: false, found: fetchCertificate(network, certificate), until: clock.monotonic() + keptMs.good };
    kept.delete(url);
    makeRoom(kept);
    kept.set(url, entry);
    entry.found.then(
      (found) => {
        entry.isGood = found !== undefined;
        if (!found) entry.until = clock.monotonic() + keptMs.bad;
      },
      () => {
        if (kept.get(url) === entry) kept.delete(url);
      },
    );
    return entry.found;
  };

  return {
    async keyOf(certificate) {
      const found = await find(certificate);
      return found && holds(found, certificate.host, clock.now()) ? found.publicKey : undefined;
    },
  };
}

/** What turned out to be none goes first: names that strangers make up must not push out those that hold. */
function makeRoom(kept: Map<string, Kept>): void {
  const byWorth = [...kept].toSorted(([, one], [, other]) => Number(one.isGood) - Number(other.isGood));
  for (const [url] of byWorth.slice(0, Math.max(0, kept.size + 1 - mostKept))) kept.delete(url);
}

async function fetchCertificate(
  network: Pick<Network, 'request'>,
  { host, url }: SnsMessage['certificate'],
): Promise<X509Certificate | undefined> {
  const origin = `https://${host}`;
  const path = url.slice(origin.length);
  const request = { origin, path, method: 'GET', headers: ['accept', '*/*'], maxResponseBytes, timeouts };
  const { status, body } = await network.request(request).catch((cause: unknown) => Promise.reject(unavailable(cause)));
  if (status >= 500 || status === 429) throw unavailable(undefined);
  if (status !== 200) return undefined;
  try {
    return new X509Certificate(body);
  } catch {
    return undefined;
  }
}

/** Within its time, of SNS, and with a key that is long enough. The chain is TLS's to check: it came from the host that it names. */
function holds(certificate: X509Certificate, host: string, now: number): boolean {
  const { publicKey, validFromDate, validToDate } = certificate;
  const isNow = validFromDate.getTime() <= now && now < validToDate.getTime();
  const isOfSns = [host, 'sns.amazonaws.com'].some((name) => certificate.checkHost(name, { subject: 'always' }) !== undefined);
  const isLong = publicKey.asymmetricKeyType === 'rsa' && (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= leastModulusBits;
  return isNow && isOfSns && isLong;
}

function unavailable(cause: unknown): PatchbayError {
  return new PatchbayError({
    code: 'not_ready',
    message: 'The certificate of an SNS message cannot be fetched at the moment. Let the hub reach sns.*.amazonaws.com.',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}
