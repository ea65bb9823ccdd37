import { askForToken } from './connections/ask-for-token.ts';
import type { OAuthClientOptions } from './connections/find-oauth-client.ts';
import { asksForTokens, type HeldCredential } from './connections/held-credential.ts';
import type { Credential } from './connector/auth-method.ts';
import type { Connector } from './connector/connector-definition.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Json } from './json/json.ts';
import { createServerDirectory } from './oauth/create-server-directory.ts';
import { createServerTurns } from './oauth/create-server-turns.ts';
import type { DiscoveryNetwork } from './oauth/discover-server.ts';

/** Which connector's credential needs a token. */
export interface HarnessCredential {
  readonly connector: Connector;
  readonly credential: Credential;
  readonly settings: Readonly<Record<string, Json>>;
}

/** No app is registered in a harness. */
const noApps: Omit<OAuthClientOptions, 'servers'> = {
  store: { find: async () => null, get: async () => null },
  vault: {
    openFor: () => Promise.reject(new PatchbayError({ code: 'credential_missing', message: 'A harness keeps no secrets. Use a hub.' })),
  },
  hubApps: new Map(),
  publicUrl: 'https://harness.invalid',
};

/** The credential with a token that was asked for with its own secrets, where a request needs one. Throws as asking does. */
export async function tokenForHarness(given: Omit<DiscoveryNetwork, 'turns'>, asked: HarnessCredential): Promise<HeldCredential> {
  const { connector, credential, settings } = asked;
  if (!asksForTokens(connector.definition.auth, credential)) return credential;
  const through = { ...given, turns: createServerTurns(given.clock) };
  const servers = createServerDirectory(through);
  const tokens = await askForToken({ ...noApps, ...through, servers }, { tenant: 'harness', connector, settings }, credential);
  return { ...credential, minted: { accessToken: tokens.accessToken, obtainedAt: through.clock.now() } };
}
