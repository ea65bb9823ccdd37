import { PatchbayError } from '../errors/patchbay-error.ts';

/** Why the guard refused: the stable part of the error, for metrics and tests. */
export type EgressReason = 'url' | 'scheme' | 'userinfo' | 'fragment' | 'port' | 'name' | 'address' | 'loopback' | 'peer' | 'proxy';

const explanations: Readonly<Record<EgressReason, string>> = {
  url: 'The URL cannot be read. Give an absolute https URL without blanks, backslashes or control characters.',
  scheme:
    'Only https is open. Use https. For tests and services inside your own network, dangerouslyAllowPrivateNetworks in the options of the hub opens plain http.',
  userinfo: 'The URL holds a user name or password. Take it out and store it as a credential.',
  fragment: 'The URL holds a fragment, which is never sent. Take it out.',
  port: 'The port is not open. Use 443 or a port that a connector names in its origin; dangerouslyAllowPrivateNetworks in the options of the hub opens all.',
  name: 'The host is not a public name. Use a full public name; dangerouslyAllowPrivateNetworks opens the private ones.',
  address:
    'The host leads to an address that is not public. dangerouslyAllowPrivateNetworks opens private networks, nothing opens the rest.',
  loopback:
    'Only this machine is open (loopbackOnly, as in a test hub). Point the origin of the connector at a stand-in on 127.0.0.1, such as fakeGithub or startFakeProvider of @patchbay/testing, and the URL of an endpoint at a server on 127.0.0.1.',
  proxy:
    'The egress proxy does not let the request through. Look at its rules, and at the credentials in egress.proxy of the options of the hub.',
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
