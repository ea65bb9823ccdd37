import { PatchbayError } from './errors/patchbay-error.ts';
import type { PoolOptions } from './net/connection-agents.ts';
import type { EgressProxy } from './net/egress-proxy.ts';
import { createSecret } from './secret/create-secret.ts';

/** How the hub's own requests leave. Variables such as `HTTPS_PROXY` are never read. */
export interface EgressOptions {
  /**
   * An HTTP proxy, such as `http://proxy.internal:3128`, that everything goes through by CONNECT. Hosts are still checked as they are written; the
   * addresses behind their names are the proxy's to resolve and to refuse. @default none
   */
  readonly proxy?: string;
  /** What the proxy is told about who asks. @default nothing */
  readonly proxyCredentials?: { readonly username: string; readonly password: string };
  /** Connections open at once to one origin, those of all tenants together; more requests wait for a free one. @default 128 */
  readonly connections?: number;
  /** Milliseconds that an idle connection is kept where the service names no time. @default 4,000 */
  readonly keepAliveMs?: number;
  /** Milliseconds after which an open connection takes no further request, so that its name is looked up anew. @default 300,000 */
  readonly connectionLifetimeMs?: number;
  /** False: HTTP/2 is spoken to nobody, also where a connector says that its service does. @default true */
  readonly http2?: boolean;
}

/** Reads how connections are kept. Throws `invalid_argument` for a figure that is no whole number above zero. */
export function resolveConnections({ connections, keepAliveMs, connectionLifetimeMs, http2 = true }: EgressOptions = {}): PoolOptions {
  for (const [name, figure] of Object.entries({ connections, keepAliveMs, connectionLifetimeMs }))
    if (figure !== undefined && !(Number.isSafeInteger(figure) && figure > 0))
      throw invalid(`The option egress.${name} is not a whole number above zero. Correct it.`);
  if (typeof http2 !== 'boolean') throw invalid('The option egress.http2 is true or false. Correct it.');
  return { connections, keepAliveMs, connectionLifetimeMs, http2 };
}

/** Reads how requests leave. Throws `invalid_argument`, which repeats no address and no password. */
export function resolveEgress({ proxy, proxyCredentials }: EgressOptions = {}, loopbackOnly = false): EgressProxy | undefined {
  if (proxy === undefined) {
    if (proxyCredentials === undefined) return undefined;
    throw invalid('The option egress.proxyCredentials stands without egress.proxy. Name the proxy, or leave them out.');
  }
  if (loopbackOnly) throw invalid('The options egress.proxy and loopbackOnly exclude each other. Leave one of them out.');
  const url = typeof proxy === 'string' ? URL.parse(proxy) : null;
  if (url?.protocol !== 'http:' || url.hostname === '' || `${url.pathname}${url.search}${url.hash}` !== '/')
    throw invalid('The option egress.proxy is not a scheme, a host and a port, such as http://proxy.internal:3128. Correct it.');
  if (url.username !== '' || url.password !== '')
    throw invalid('The option egress.proxy holds a user or a password. Pass them as egress.proxyCredentials.');
  const port = url.port === '' ? 80 : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, credentials: proxyCredentials && asSecret(proxyCredentials) };
}

// RFC 7617: a colon ends the user, and neither part holds a control character.
function asSecret({ username, password }: NonNullable<EgressOptions['proxyCredentials']>): EgressProxy['credentials'] {
  const isText = (value: unknown): boolean => typeof value === 'string' && !/\p{Cc}/u.test(value);
  if (!isText(username) || !isText(password) || username.includes(':'))
    throw invalid('The option egress.proxyCredentials is a username without a colon and a password. Correct it.');
  return createSecret(`${username}:${password}`);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
