import { PatchbayError } from '../errors/patchbay-error.ts';

/** Why the guard refused: the stable part of the error, for metrics and tests. */
export type EgressReason = 'url' | 'scheme' | 'userinfo' | 'fragment' | 'port' | 'name' | 'address' | 'peer';

const explanations: Readonly<Record<EgressReason, string>> = {
  url: 'The URL cannot be read. Give an absolute https URL without blanks, backslashes or control characters.',
  scheme: 'Only https is open. Use https, or allow plain http in the options of the hub.',
  userinfo: 'The URL holds a user name or password. Take it out and store it as a credential.',
  fragment: 'The URL holds a fragment, which is never sent. Take it out.',
  port: 'The port is not open. Use 443, or add the port in the options of the hub.',
  name: 'The host is not a public name. Use a full public name; dangerouslyAllowPrivateNetworks opens the private ones.',
  address:
    'The host leads to an address that is not public. dangerouslyAllowPrivateNetworks opens private networks, nothing opens the rest.',
  peer: 'The connection ended at another address than the one that was checked. Look for a proxy or a redirecting firewall.',
};

/** The error of a refused way out. Nothing was sent. It never holds the URL, whose path or query can carry a token. */
export function egressRefused(reason: EgressReason): PatchbayError {
  return new PatchbayError({
    code: 'egress_refused',
    message: `The request was refused before it left. ${explanations[reason]}`,
    sent: 'no',
    details: { reason },
  });
}
