import { afterEach, describe, expect, it } from 'vitest';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { closedPort } from './__fixtures__/loopback-service.ts';
import { createManualClock, type ManualClock } from './__fixtures__/manual-clock.ts';
import { connectionAborted, connectionFailed } from './connection-failure.ts';
import { createNetwork, type Network, type NetworkOptions } from './create-network.ts';
import { egressRefused } from './egress-refused.ts';
import { hideWhyUnreachable } from './hide-why-unreachable.ts';
import { networkClosed, requestFailed, requestInvalid, requestTimedOut } from './request-failure.ts';

const opened: Network[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((network) => network.close()));
});

/** Everything of an error that somebody could see or count. */
function seen(error: unknown): unknown {
  const told = hideWhyUnreachable(error);
  if (!isPatchbayError(told)) throw told;
  return { ...told.toJSON(), sent: told.sent, cause: told.cause, retryAfterMs: told.retryAfterMs, text: String(told) };
}

async function failure(options: Partial<NetworkOptions>, url: string, meanwhile?: (clock: ManualClock) => void): Promise<unknown> {
  const clock = createManualClock();
  const network = createNetwork({ clock, ...options });
  opened.push(network);
  const { origin } = new URL(url);
  const asked = network.request({ origin, path: '/', method: 'POST', headers: [], maxResponseBytes: 10 });
  const failed = asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  meanwhile?.(clock);
  return await failed;
}

const answering = (...addresses: string[]) => ({ lookup: async () => addresses.map((address) => ({ address })) });

describe('what is told of a service that was not reached', () => {
  it('is the same for a name that is blocked, unknown, unresolved, silent or refused', async () => {
    const url = 'https://hooks.vendor.com/';
    const failing = (code: string) => ({ lookup: () => Promise.reject(Object.assign(new Error(code), { code })) });
    const unanswered = { lookup: () => new Promise<never>(() => {}) };
    const errors = [
      await failure(answering('10.0.0.7'), url),
      await failure(answering('169.254.169.254'), url),
      await failure(answering('93.184.216.34', '127.0.0.1'), url),
      await failure(answering('not an address'), url),
      await failure(answering(), url),
      await failure(failing('ENOTFOUND'), url),
      await failure(failing('ESERVFAIL'), url),
      await failure(unanswered, url, (clock) => clock.advance(10_000)),
      await failure({ loopbackOnly: true }, `http://127.0.0.1:${await closedPort()}`),
      await failure({}, 'https://127.0.0.1/'),
      egressRefused('peer'),
      connectionFailed(Object.assign(new Error('x'), { code: 'EHOSTUNREACH' })),
      requestTimedOut({ phase: 'total', afterMs: 5, sent: 'no' }),
    ];
    const codes = new Set(errors.map((error) => (isPatchbayError(error) ? error.code : 'none')));
    expect([...codes].sort()).toEqual(['egress_refused', 'network', 'timeout']);
    const told = errors.map((error) => JSON.stringify(seen(error)));
    expect(new Set(told).size).toBe(1);
    expect(seen(errors[0])).toMatchObject({ code: 'network', sent: 'no', retryable: true, details: { reason: 'unreachable' } });
  });

  it('leaves what only a service that was reached can cause, and what the caller is to blame for', () => {
    const lost = requestFailed(Object.assign(new Error('lost'), { code: 'ECONNRESET' }), 'maybe');
    for (const error of [
      connectionFailed(Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' })),
      lost,
      requestTimedOut({ phase: 'headers', afterMs: 5, sent: 'maybe' }),
      requestInvalid('its path does not begin with a slash'),
      networkClosed('no'),
      connectionAborted(),
      new PatchbayError({ code: 'rate_limited', message: 'Later.' }),
      new TypeError('not ours'),
    ])
      expect(hideWhyUnreachable(error)).toBe(error);
  });
});
