import type { Credential } from '@patchbay/core';
import type { ProviderRequest, ProviderRoutes } from '@patchbay/testing';

/** One that the stand-in takes. */
export const credential: Credential = { type: 'basic', username: 'ada@example.com', password: 'password-of-the-test' };

/** One that it refuses. */
export const wrongCredential: Credential = { type: 'basic', username: 'ada@example.com', password: 'another-password' };

/** Who is let in. There is no authorization server, so it has no routes and gives no tokens. */
export function startLogin() {
  const routes: ProviderRoutes = {};
  const isLetIn = ({ headers }: ProviderRequest): boolean =>
    headers['authorization'] === `Basic ${Buffer.from('ada@example.com:password-of-the-test').toString('base64')}`;
  return { isLetIn, routes, tokens: (): readonly string[] => [] };
}
