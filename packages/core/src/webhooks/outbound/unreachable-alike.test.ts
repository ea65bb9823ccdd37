import { afterEach, describe, expect, it } from 'vitest';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { closedPort } from '../../net/__fixtures__/loopback-service.ts';
import { createManualClock, type ManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { connectionFailed } from '../../net/connection-failure.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../net/create-network.ts';
import { egressRefused } from '../../net/egress-refused.ts';
import { requestFailed, requestTimedOut } from '../../net/request-failure.ts';
import { outcomeOfFailure } from './outcome-of-answer.ts';

const opened: Network[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((network) => network.close()));
});

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

describe('what is told of an endpoint that was not reached', () => {
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
      connectionFailed(Object.assign(new Error('x'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' })),
      requestTimedOut({ phase: 'total', afterMs: 5, sent: 'no' }),
    ];
    const codes = new Set(errors.map((error) => (isPatchbayError(error) ? error.code : 'none')));
    expect([...codes].sort()).toEqual(['egress_refused', 'network', 'timeout']);
    expect(new Set(errors.map((error) => JSON.stringify(outcomeOfFailure(error)))).size).toBe(1);
    expect(outcomeOfFailure(errors[0])).toMatchObject({ outcome: { retryable: true }, errorClass: 'unreachable', sent: 'no' });
  });

  it('is not what is told of a certificate, which only an address that is let through can show', () => {
    for (const code of [
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ]) {
      const told = outcomeOfFailure(connectionFailed(Object.assign(new Error('x'), { code })));
      expect(told).toMatchObject({ outcome: { retryable: true, error: { code: 'network' } }, errorClass: 'tls', sent: 'no' });
    }
  });

  it('is told apart from what only a service that was reached can cause', () => {
    const lost = requestFailed(Object.assign(new Error('lost'), { code: 'ECONNRESET' }), 'maybe');
    expect(outcomeOfFailure(lost)).toMatchObject({ errorClass: 'connection_lost', sent: 'maybe' });
    const late = requestTimedOut({ phase: 'headers', afterMs: 5, sent: 'maybe' });
    expect(outcomeOfFailure(late)).toMatchObject({ errorClass: 'timeout', sent: 'maybe' });
  });
});
