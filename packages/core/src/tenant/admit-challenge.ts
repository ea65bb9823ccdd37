import { createHash } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { TenantScope } from './tenant-services.ts';

/** Challenges that one host is sent in a minute, by all tenants together: whoever may choose a URL chooses who is asked. */
const mostChallenges = 10;

const minuteMs = 60_000;

/** Takes one of the challenges that the host of a URL may be sent in a minute, over all tenants and processes. Throws `rate_limited`. */
export async function admitChallenge({ storage, generateId }: Pick<TenantScope, 'storage' | 'generateId'>, url: string): Promise<void> {
  // Hosts share 4,096 counts, so that made-up ones do not fill the store.
  const shelf = createHash('sha256').update(new URL(url).host).digest('hex').slice(0, 3);
  const holder = generateId();
  for (let number = 0; number < mostChallenges; number += 1) {
    // It is not given back: its end is the end of the minute.
    if (await storage.leases.acquire({ name: `endpoint-challenge:${shelf}:${number}`, holder, ttlMs: minuteMs })) return;
  }
  throw new PatchbayError({
    code: 'rate_limited',
    message: `The host of the endpoint was sent ${mostChallenges} challenges within a minute. Verify the endpoint again in a minute.`,
    retryable: true,
    retryAfterMs: minuteMs,
  });
}
