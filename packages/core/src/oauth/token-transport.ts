import type { Clock } from '../clock/clock.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { Network } from '../net/create-network.ts';
import type { NetworkResponse } from '../net/network-request.ts';
import type { ServerTurns } from './create-server-turns.ts';

/** Milliseconds for one call of an authorization server. */
export const tokenCallMs = 10_000;

/** Largest answer of one that is read, bytes. */
const largestAnswer = 65_536;

/** Milliseconds by which a timer may be late before it is said that the whole process stood still. */
const lateMs = 2_000;

/** Far beyond every deadline here, milliseconds: how long a call takes is looked at by this room. */
const neverMs = 600_000;

/** What a call of an authorization server goes through. */
export interface TokenNetwork {
  readonly network: Pick<Network, 'request'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'setTimer'>;
  readonly turns: ServerTurns;
}

/** For whom an authorization server is called. */
export interface Caller {
  readonly tenant: string;
  /** Calls that may be under way at the server at a time. @default 16 */
  readonly most?: number | undefined;
}

/** One call of an authorization server. */
export interface TokenCall {
  readonly url: string;
  readonly caller: Caller;
  /** @default 'POST' */
  readonly method?: 'POST' | 'DELETE';
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** @default none */
  readonly body?: string;
  /** Called when it is this call's turn, before anything is sent; what it throws ends the call. @default nothing */
  readonly begin?: (() => Promise<void>) | undefined;
}

/**
 * Posts to an authorization server through the guarded network: no redirect is followed, 10 seconds and 64 KiB are the most. Throws what the
 * network throws, and retryable errors for answers that say nothing of the grant: 408, 429 and 5xx.
 */
export async function postToServer(through: TokenNetwork, call: TokenCall): Promise<NetworkResponse> {
  return told(await inTurn(through, { method: 'POST', body: undefined, ...call }));
}

/** Reads from an authorization server what it says of itself, within the same limits. Throws as {@link postToServer} does. */
export async function readFromServer(through: TokenNetwork, { url, caller }: Pick<TokenCall, 'url' | 'caller'>): Promise<NetworkResponse> {
  return told(await inTurn(through, { url, caller, method: 'GET', headers: ['accept', 'application/json'], body: undefined }));
}

function told(answer: NetworkResponse): NetworkResponse {
  const { status } = answer;
  if (status >= 300 && status < 400)
    throw new PatchbayError({
      code: 'provider_rejected',
      message: 'The authorization server redirects, and redirects are not followed. Correct the address at which it is asked.',
      sent: 'no',
      details: { status },
    });
  if (status === 408 || status === 429 || status >= 500)
    throw new PatchbayError({
      code: 'provider_unavailable',
      message: 'The authorization server does not answer as it normally does. Nothing is lost; try again in a while.',
      retryable: true,
      // A gateway may say the others of a request that the server behind it still works on.
      sent: status === 429 || status === 503 ? 'no' : 'maybe',
      details: { status },
    });
  return answer;
}

interface AnyCall extends Omit<TokenCall, 'body' | 'method'> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body: string | undefined;
}

/** Calls when it is this call's turn at the server. Its own time begins then: one that was sent is never cut short by its wait. */
async function inTurn(through: TokenNetwork, call: AnyCall): Promise<NetworkResponse> {
  const { tenant, most } = call.caller;
  const leave = await through.turns.take({ server: new URL(call.url).origin, tenant, most });
  try {
    await call.begin?.();
    return await send(through, call);
  } finally {
    leave();
  }
}

async function send({ network, clock }: TokenNetwork, { method, url, headers, body }: AnyCall): Promise<NetworkResponse> {
  const { origin, pathname, search } = new URL(url);
  const deadline = deadlineOf(clock);
  try {
    return await network.request({
      origin,
      path: `${pathname}${search}`,
      method,
      headers: [...headers],
      body,
      signal: deadline.signal,
      timeouts: { headersMs: neverMs, bodyMs: neverMs, totalMs: neverMs },
      maxResponseBytes: largestAnswer,
    });
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    throw new PatchbayError({
      code: 'timeout',
      message: `The authorization server did not answer within ${tokenCallMs / 1_000} seconds. Try again in a while.`,
      retryable: true,
      sent: isPatchbayError(error) && error.sent === 'no' ? 'no' : 'maybe',
    });
  } finally {
    deadline.clear();
  }
}

/**
 * Aborts after the time of a call. Where the process itself stood still meanwhile, the answer may lie unread in its socket, and in it the only
 * refresh token that is still good: then it gets a moment more.
 */
function deadlineOf(clock: TokenNetwork['clock']): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const end = clock.monotonic() + tokenCallMs;
  let timer = clock.setTimer(() => {
    if (clock.monotonic() < end + lateMs) return controller.abort();
    timer = clock.setTimer(() => controller.abort(), lateMs);
  }, tokenCallMs);
  return { signal: controller.signal, clear: () => timer.cancel() };
}
