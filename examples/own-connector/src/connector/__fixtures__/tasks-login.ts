import type { Credential } from '@patchbay/core';
import type { ProviderRequest, ProviderRoutes } from '@patchbay/testing';

/** One that the stand-in takes. */
export const credential: Credential = { type: 'bearer', token: 'token-of-the-test' };

/** One that it refuses. */
export const wrongCredential: Credential = { type: 'bearer', token: 'another-token' };

/** Who is let in. There is no authorization server, so it has no routes and gives no tokens. */
export function startLogin() {
  const routes: ProviderRoutes = {};
  const isLetIn = ({ headers }: ProviderRequest): boolean => headers['authorization'] === 'Bearer token-of-the-test';
  return { isLetIn, routes, tokens: (): readonly string[] => [] };
}
