import type { OAuth2Auth } from './oauth2-auth.ts';

/** A scheme, a host that may hold `{setting}`, and a path; a query is the provider's own business, a fragment and a user nobody's. */
const urlShape = /^https?:\/\/[A-Za-z0-9.{}_:[\]-]+(\/[^#\s]*)?$/;

/** Parameters that the hub writes itself. */
const reserved: ReadonlySet<string> = new Set([
  'assertion',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'grant_type',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/** True for a parameter that nobody but the hub may set. */
export const isReservedParameter = (name: string): boolean => reserved.has(name.toLowerCase());

/** What keeps an OAuth declaration from working, or `undefined`. */
export function oauth2Fault(method: OAuth2Auth): string | undefined {
  const { authorizationUrl, tokenUrl, revocationUrl = tokenUrl, allowedParameters = [], parameters = {} } = method;
  for (const url of [authorizationUrl, tokenUrl, revocationUrl]) {
    if (typeof url !== 'string' || !urlShape.test(url)) return 'an address of its OAuth is no http(s) URL with a host';
  }
  if (method.pkce !== undefined && method.pkce !== 'S256' && method.pkce !== 'none')
    return "the pkce of its OAuth is neither 'S256' nor 'none'";
  if (method.clientAuthentication !== undefined && !['basic', 'post', 'none'].includes(method.clientAuthentication))
    return "the clientAuthentication of its OAuth is none of 'basic', 'post' and 'none'";
  if (method.clientAuthentication === 'none' && method.pkce === 'none') return 'its OAuth has neither a client secret nor PKCE';
  if (method.requiresIssuer === true && method.issuer === undefined) return 'its OAuth requires an issuer and names none';
  const taken = [...allowedParameters, ...Object.keys(parameters)].find(isReservedParameter);
  return taken === undefined ? undefined : `its OAuth names the parameter ${taken}, which the hub writes itself`;
}
