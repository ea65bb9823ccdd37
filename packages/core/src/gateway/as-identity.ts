import type { NetworkRequest, NetworkTimeouts } from '../net/network-request.ts';

/**
 * The request with its time-outs, asking for an answer that is not coded. A small answer is not worth the unpacking, and a server may code whatever it is not asked to leave
 * alone (RFC 9110, section 12.5.3). It stands behind what is signed: some services change it on the way.
 */
export function asIdentity(request: NetworkRequest, timeouts: NetworkTimeouts): NetworkRequest {
  return { ...request, headers: [...request.headers, 'accept-encoding', 'identity'], timeouts };
}
