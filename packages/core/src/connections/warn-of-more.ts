import type { Connector } from '../connector/connector-definition.ts';
import { missingScopes } from '../connector/missing-scopes.ts';
import type { Logger } from '../logger/logger.ts';
import type { TokenSet } from '../oauth/token-set.ts';

/** Scopes that came with tokens, beside those that were asked for or held before. */
export interface GrantedScopes {
  readonly tenant: string;
  readonly connector: Connector;
  readonly before: readonly string[];
  readonly granted: TokenSet['scopes'];
}

/** Most scopes that a log line names, and what they are made of: they are a service's own words. */
const mostNamed = 20;
const scopeShape = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** Warns where a service has given more than it was asked for: what is stored can then do more than anybody meant. */
export function warnOfMore(
  { logger }: { readonly logger: Pick<Logger, 'warn'> },
  { tenant, connector, before, granted }: GrantedScopes,
): void {
  // A service that is asked for none gives what it thinks fit.
  if (before.length === 0) return;
  const more = missingScopes(connector.definition, granted === 'unknown' ? [] : (granted ?? []), before);
  if (more.length === 0) return;
  const scopes = more.filter((scope) => scopeShape.test(scope)).slice(0, mostNamed);
  logger.warn('a service has granted more scopes than were asked for', { tenant, connector: connector.id, count: more.length, scopes });
}
