import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock, Timer } from '../clock/clock.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { checkHostName } from './check-host-name.ts';
import { connectionAborted, connectionFailed, connectionTimedOut } from './connection-failure.ts';
import { dialAddresses, type OpenSocket } from './dial-addresses.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { egressRefused } from './egress-refused.ts';
import type { ClientIdentity } from './network-request.ts';
import { openTunnel } from './open-tunnel.ts';
import { parseIpAddress } from './parse-ip-address.ts';
import { type Lookup, resolveHost } from './resolve-host.ts';
import { trustedAuthorities } from './trusted-authorities.ts';

/** Where a guarded socket goes. */
export interface GuardedTarget {
  /** A name or a literal address; brackets around IPv6 are allowed. */
  readonly host: string;
  readonly port: number;
  /** TLS over the socket, verified for `host`; its value is what is offered by ALPN, and may be empty. Absent: a plain socket. */
  readonly tls?: { readonly protocols: readonly string[]; readonly identity?: ClientIdentity | undefined };
  /** Stops the attempt. A socket that has been handed over is no longer touched. */
  readonly signal?: AbortSignal;
}

/** What all guarded sockets of one network share. */
export interface GuardedWorld {
  readonly policy: EgressPolicy;
  readonly lookup: Lookup;
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  /** What every connection goes through; it resolves names and keeps to its own rules. @default none */
  readonly proxy?: EgressProxy | undefined;
  /** Milliseconds for resolving, connecting and the TLS handshake together. */
  readonly connectTimeoutMs: number;
  /** PEM certificates of authorities that are trusted beside those Node trusts. */
  readonly extraAuthorities: readonly string[];
}

/**
 * Opens a socket through the guard: the name is resolved once, every answer is checked, only checked addresses are dialled, and the
 * address at the other end is checked again before a byte is written. Through a proxy the host is checked as it is written, and the proxy alone
 * knows where its name leads. Rejects with `egress_refused`, `network`, `timeout` or `aborted`,
 * always with nothing sent.
 */
export function connectGuarded(target: GuardedTarget, world: GuardedWorld): Promise<Socket> {
  const attempt = new GuardedAttempt(target, world);
  attempt.start();
  return attempt.socket;
}

class GuardedAttempt {
  readonly socket: Promise<Socket>;
  readonly #target: GuardedTarget;
  readonly #world: GuardedWorld;
  readonly #deferred: PromiseWithResolvers<Socket>;
  readonly #timer: Timer;
  #settled = false;
  #stop = (): void => {};

  constructor(target: GuardedTarget, world: GuardedWorld) {
    this.#target = target;
    this.#world = world;
    this.#deferred = Promise.withResolvers();
    this.socket = this.#deferred.promise;
    this.#timer = world.clock.setTimer(() => this.#fail(connectionTimedOut(world.connectTimeoutMs)), world.connectTimeoutMs);
  }

  start(): void {
    const { signal, host } = this.#target;
    if (signal?.aborted === true) {
      this.#abandon();
      return;
    }
    signal?.addEventListener('abort', this.#abandon);
    this.#addresses(host).then(this.#dial).catch(this.#fail);
  }

  async #addresses(host: string): Promise<readonly string[]> {
    const { policy, lookup, proxy } = this.#world;
    if (proxy === undefined) return await resolveHost({ host, policy, lookup });
    checkHostName(host, policy);
    const addresses = isIP(proxy.host) === 0 ? (await lookup(proxy.host)).map(({ address }) => address) : [proxy.host];
    if (addresses.length === 0) throw connectionFailed(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }));
    return addresses;
  }

  #dial = (addresses: readonly string[]): void => {
    if (this.#settled) return;
    this.#stop = dialAddresses({
      addresses,
      port: this.#world.proxy?.port ?? this.#target.port,
      clock: this.#world.clock,
      openSocket: this.#world.openSocket,
      onConnect: (socket) => this.#connected(socket, addresses),
      onFailure: this.#fail,
    });
  };

  #connected(socket: Socket, addresses: readonly string[]): void {
    this.#stop = () => socket.destroy();
    const { proxy } = this.#world;
    if (!endsAt(socket, addresses)) this.#fail(egressRefused('peer'));
    else if (proxy === undefined) this.#use(socket);
    else openTunnel({ socket, proxy, target: { ...this.#target, host: bareHost(this.#target.host) } }).then(this.#use, this.#fail);
  }

  #use = (socket: Socket): void => {
    if (this.#settled) return;
    if (this.#target.tls === undefined) this.#deliver(socket);
    else this.#secure(socket, this.#target.tls);
  };

  #secure(socket: Socket, tls: NonNullable<GuardedTarget['tls']>): void {
    const { host } = this.#target;
    try {
      const secured = wrapInTls({ ...tls, socket, host, extraAuthorities: this.#world.extraAuthorities });
      this.#stop = () => secured.destroy();
      secured.on('error', this.#fail);
      secured.once('secureConnect', () => this.#deliver(secured));
    } catch (error) {
      // A certificate that does not fit its key is found out here.
      this.#fail(error);
    }
  }

  #deliver(socket: Socket): void {
    if (this.#settle()) this.#deferred.resolve(socket);
  }

  #abandon = (): void => this.#fail(connectionAborted());

  #fail = (error: unknown): void => {
    if (!this.#settle()) return;
    this.#stop();
    this.#deferred.reject(isPatchbayError(error) ? error : connectionFailed(error));
  };

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#timer.cancel();
    this.#target.signal?.removeEventListener('abort', this.#abandon);
    return true;
  }
}

interface TlsInput extends NonNullable<GuardedTarget['tls']> {
  readonly socket: Socket;
  readonly host: string;
  readonly extraAuthorities: readonly string[];
}

/** The server name is always the host that was asked for, whatever the address or a Host header says. */
function wrapInTls({ socket, host, protocols, identity, extraAuthorities }: TlsInput): TLSSocket {
  const bare = bareHost(host);
  return connectTls({
    socket,
    host: bare,
    // An environment variable of Node's turns the check off for the whole process; a credential must not follow it.
    rejectUnauthorized: true,
    ...(isIP(bare) === 0 ? { servername: bare } : {}),
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey }),
    ...(protocols.length > 0 ? { ALPNProtocols: [...protocols] } : {}),
    ...(extraAuthorities.length > 0 ? { ca: trustedAuthorities(extraAuthorities) } : {}),
  });
}

const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '');

function endsAt(socket: Socket, addresses: readonly string[]): boolean {
  const peer = parseIpAddress(socket.remoteAddress ?? '')?.join();
  return peer !== undefined && addresses.some((address) => parseIpAddress(address)?.join() === peer);
}
