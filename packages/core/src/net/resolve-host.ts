import { promises as dns } from 'node:dns';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkAddress, checkHostName } from './check-host-name.ts';
import { foreignCode } from './connection-failure.ts';
import type { EgressPolicy } from './egress-policy.ts';

/** Resolves a name to all its addresses, in the order in which they are to be tried. Rejects when there is no answer. */
export type Lookup = (hostname: string) => Promise<readonly { readonly address: string }[]>;

/** The machine's resolver: the same answers, hosts file included, as any other program gets. */
export const systemLookup: Lookup = (hostname) => dns.lookup(hostname, { all: true, order: 'verbatim' });

/** What {@link resolveHost} is given. */
export interface ResolveHostInput {
  readonly host: string;
  readonly policy: EgressPolicy;
  readonly lookup: Lookup;
}

/**
 * Answers the addresses that a connection to `host` may use, each one checked, without repeats. A literal is not looked up; a name is
 * looked up exactly once. One forbidden answer refuses the whole name: throws `egress_refused`. No answer: throws `network`.
 */
export async function resolveHost({ host, policy, lookup }: ResolveHostInput): Promise<readonly string[]> {
  if (checkHostName(host, policy) !== undefined) return [host.replace(/^\[|\]$/g, '')];
  const answers = await lookup(host).catch((error: unknown) => {
    throw unresolved(error);
  });
  for (const { address } of answers) checkAddress(address, policy);
  const addresses = [...new Set(answers.map(({ address }) => address))];
  if (addresses.length === 0) throw unresolved(undefined);
  return addresses;
}

function unresolved(error: unknown): PatchbayError {
  return new PatchbayError({
    code: 'network',
    message: 'The host name could not be resolved, so nothing was sent. Check the name, or try again when the resolver works.',
    retryable: true,
    sent: 'no',
    details: { reason: foreignCode(error) ?? 'no_answer' },
  });
}
