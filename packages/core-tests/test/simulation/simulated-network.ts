import { PatchbayError } from '@patchbay/core';
import type { NetworkRequest, NetworkResponse } from '../../../core/src/net/network-request.ts';
import { requestAborted, requestTimedOut } from '../../../core/src/net/request-failure.ts';
import { figures } from './figures.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import type { HubNetwork } from './network-of-clock.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { EffectKind, ProviderReply, SimulatedProvider } from './simulated-provider.ts';

/** What a simulated network needs. */
export interface SimulatedNetworkOptions {
  readonly process: SimulatedProcess;
  readonly provider: SimulatedProvider;
  readonly ledger: LedgerWatch;
}

/** One request as the service's paths say it. */
interface Asked {
  readonly kind: EffectKind;
  readonly key: string;
  readonly fence: number;
  /** Of a look: from when on. */
  readonly since: number;
}

/**
 * The network of one process: its requests reach the provider at once, its answers take their time and reach only the living. Blames the
 * hub for a writing request under a lease that is over.
 */
export function simulatedNetwork(options: SimulatedNetworkOptions): HubNetwork {
  const { process, provider } = options;
  const { world, weather } = process;
  return {
    prepare: async () => undefined,
    request(request) {
      const asked = parsePath(request.path);
      if (world.random.chance(weather.death)) process.kill('before a request');
      if (isPoison(options, asked)) process.kill('of poison');
      if (!process.alive) return new Promise(() => undefined);
      const isRead = request.method === 'GET';
      if (!isRead) checkLease(options, asked);
      const { kind, key, fence } = asked;
      const reply = provider.take({ kind, key, fence, process: process.name, writes: !isRead });
      if (world.random.chance(weather.death)) process.kill('during a request');
      return answer(options, { request, asked, reply, isRead });
    },
    close: async () => undefined,
  };
}

/** What kills its process does so at every try, also where somebody only looks for it. */
function isPoison({ process, ledger }: SimulatedNetworkOptions, { kind, key }: Asked): boolean {
  return process.weather.poison && kind === 'findable' && ledger.lease(key)?.dispatch.key.root === ledger.firstOrder;
}

function checkLease({ process, ledger }: SimulatedNetworkOptions, { key, fence, kind }: Asked): void {
  const { world } = process;
  const lease = ledger.lease(key);
  if (lease && lease.dispatch.crashes >= figures.maximumCrashes)
    world.blame(`${process.name} sent ${kind} ${key.slice(0, 6)} beyond the cap of crashes`);
  if (lease?.fence === fence && lease.until > world.now()) return;
  const whose = lease?.fence === fence ? 'that had run out' : `although fence ${lease?.fence} is the newest`;
  world.blame(`${process.name} sent ${kind} ${key.slice(0, 6)} under the lease of fence ${fence}, ${whose}`);
}

interface Exchange {
  readonly request: NetworkRequest;
  readonly asked: Asked;
  readonly reply: ProviderReply;
  readonly isRead: boolean;
}

function answer({ process, provider }: SimulatedNetworkOptions, { request, asked, reply, isRead }: Exchange): Promise<NetworkResponse> {
  const { world, clock } = process;
  const { status, afterMs } = reply;
  return new Promise((resolve, reject) => {
    const sent = status === 'unreachable' ? 'no' : 'maybe';
    const end = (finish: () => void) => () => {
      limit.cancel();
      request.signal?.removeEventListener('abort', aborted);
      finish();
    };
    const aborted = end(() => reject(requestAborted(sent)));
    const totalMs = request.timeouts?.totalMs ?? 60_000;
    const limit = clock.setTimer(
      end(() => reject(requestTimedOut({ phase: 'total', afterMs: totalMs, sent }))),
      totalMs,
    );
    request.signal?.addEventListener('abort', aborted, { once: true });
    if (status === 'never' || status === 'unreachable') return;
    const finish = end(() => {
      if (status === 'lost') return reject(broken('maybe'));
      if (status === 'refused') return reject(broken('no'));
      resolve(response(status, reply.retryAfterSeconds, isRead ? { found: provider.shows(asked.key, asked.since) } : { id: asked.key }));
    });
    world.after(afterMs, finish, process);
  });
}

function response(status: number, retryAfterSeconds: number | undefined, body: object): NetworkResponse {
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: new TextEncoder().encode(JSON.stringify(body)),
    truncated: false,
  };
}

function broken(sent: 'no' | 'maybe'): PatchbayError {
  return new PatchbayError({ code: 'network', message: 'The connection was lost.', retryable: true, sent });
}

function parsePath(path: string): Asked {
  const [, kind = '', key = '', fence = '', since = '0'] = path.split('/');
  // The simulated service builds its paths from these very names.
  return { kind: kind as EffectKind, key: decodeURIComponent(key), fence: Number(fence), since: Number(since) };
}
