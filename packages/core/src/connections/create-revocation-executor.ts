import type { Executor, Outcome, Work } from '../contracts/executor.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { revokeToken } from '../oauth/revoke-token.ts';
import type { TokenNetwork } from '../oauth/token-transport.ts';
import { findOAuthClient, type OAuthClientOptions } from './find-oauth-client.ts';
import type { RefreshOptions } from './refresh-options.ts';
import { parseRevocation, revocationHandler, revocationPlace } from './revocation.ts';
import { untilAnswered } from './until-answered.ts';

/** What taking grants back needs. */
export interface RevocationOptions extends OAuthClientOptions, TokenNetwork, Pick<RefreshOptions, 'registry'> {
  readonly figures: { readonly maximumAttempts: number; readonly maximumCrashes: number };
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Milliseconds for one try: a token call and what comes before it. */
const timeoutMs = 30_000;

/** Takes grants back at their services. Taking back twice does no harm, so it is tried until the service has answered. */
export function createRevocationExecutor(options: RevocationOptions): Executor {
  const { figures, backoffMs } = options;
  return {
    handler: revocationHandler,
    policy: () => untilAnswered({ figures, timeoutMs, backoffMs }),
    execute: (work) => execute(options, work),
  };
}

async function execute(options: RevocationOptions, { dispatch }: Work): Promise<Outcome> {
  const { tenant, root } = dispatch.key;
  try {
    const { app, settings, kind, sealed, ...pinned } = parseRevocation(dispatch.input);
    const client = await findOAuthClient(options, { tenant, connector: options.registry.getFor(pinned), settings, app });
    // The server of an issuer may have no way of taking grants back.
    if (client.revocationUrl === null) return { outcome: 'succeeded', output: null };
    const token = await options.vault.openFor(revocationPlace(tenant, root), sealed);
    await revokeToken(options, { client, token: token.reveal('take it back at its service'), kind });
    return { outcome: 'succeeded', output: null };
  } catch (error) {
    return { outcome: 'failed', error: toErrorRecord(error), retryable: isPatchbayError(error) && error.retryable };
  }
}
