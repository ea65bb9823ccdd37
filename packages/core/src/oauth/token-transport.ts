import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Network } from '../net/create-network.ts';
import type { NetworkResponse } from '../net/network-request.ts';

/** Milliseconds for one call of an authorization server. */
export const tokenCallMs = 10_000;

/** Largest answer of one that is read, bytes. */
const largestAnswer = 65_536;

/** One call of an authorization server. */
export interface TokenCall {
  readonly url: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly signal?: AbortSignal;
}

/**
 * Posts to an authorization server through the guarded network: no redirect is followed, 10 seconds and 64 KiB are the most. Throws what the
 * network throws, and retryable errors for answers that say nothing of the grant: 408, 429 and 5xx.
 */
export async function postToServer(network: Pick<Network, 'request'>, { url, headers, body, signal }: TokenCall): Promise<NetworkResponse> {
  const { origin, pathname, search } = new URL(url);
  const answer = await network.request({
    origin,
    path: `${pathname}${search}`,
    method: 'POST',
    headers: [...headers],
    body,
    signal,
    timeouts: { headersMs: tokenCallMs, bodyMs: tokenCallMs, totalMs: tokenCallMs },
    maxResponseBytes: largestAnswer,
  });
  const { status } = answer;
  if (status >= 300 && status < 400)
    throw new PatchbayError({
      code: 'provider_rejected',
      message: 'The authorization server redirects, and redirects are not followed. Correct the address of its token endpoint.',
      details: { status },
    });
  if (status === 408 || status === 429 || status >= 500)
    throw new PatchbayError({
      code: 'provider_unavailable',
      message: 'The authorization server does not answer as it normally does. Nothing is lost; try again in a while.',
      retryable: true,
      details: { status },
    });
  return answer;
}
