import { oauth2Fault } from './oauth2-fault.ts';
import type { AppInstallationAuth, ClientCredentialsAuth } from './token-auth.ts';

/** What keeps a declaration of client credentials from working, or `undefined`. */
export function clientCredentialsFault(method: ClientCredentialsAuth): string | undefined {
  const { clientAuthentication = 'basic', tokenUrl, ...rest } = method;
  if (!['basic', 'post'].includes(clientAuthentication))
    return "the clientAuthentication of its client_credentials is neither 'basic' nor 'post'";
  const addresses = tokenUrl === undefined ? {} : { authorizationUrl: tokenUrl, tokenUrl };
  return oauth2Fault({ ...rest, ...addresses, clientAuthentication, type: 'oauth2' });
}

const algorithms: readonly string[] = ['RS256', 'ES256', 'EdDSA'];
// The id stands for one segment of the path, so that it cannot name another host.
const tokenUrlShape = /^https?:\/\/[A-Za-z0-9.{}_:[\]-]+(\/[A-Za-z0-9._~-]+)*\/\{installation\}(\/[A-Za-z0-9._~-]+)*$/;
const headerShape = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Headers of a token request that the hub writes itself. */
const ownHeaders: ReadonlySet<string> = new Set(['authorization', 'content-length', 'content-type', 'host', 'transfer-encoding']);

/** Longest life of an assertion, milliseconds. */
const longestLife = 3_600_000;

/** What keeps a declaration of app installations from working, or `undefined`. */
export function installationFault(method: AppInstallationAuth): string | undefined {
  const { algorithm, tokenUrl, backdatedMs = 0, lifetimeMs = longestLife, headers = {} } = method;
  if (!algorithms.includes(algorithm)) return `the algorithm of its app_installation is none of ${algorithms.join(', ')}`;
  if (typeof tokenUrl !== 'string' || !tokenUrlShape.test(tokenUrl))
    return 'the tokenUrl of its app_installation must be an http(s) address with {installation} as one segment of its path';
  const isLife = (time: number): boolean => Number.isInteger(time) && time >= 0 && time <= longestLife;
  if (!isLife(backdatedMs) || !isLife(lifetimeMs) || lifetimeMs <= backdatedMs)
    return 'the lifetimeMs of its app_installation must be longer than its backdatedMs, and an hour at most';
  const isHeader = ([name, value]: readonly [string, string]): boolean =>
    headerShape.test(name) && !ownHeaders.has(name.toLowerCase()) && /^[\x20-\x7e]+$/.test(value);
  return Object.entries(headers).every(isHeader) ? undefined : 'its app_installation has a header that a connector cannot set';
}
