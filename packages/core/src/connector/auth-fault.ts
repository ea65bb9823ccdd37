import type { AuthMethod } from './auth-method.ts';
import { clientCredentialsFault, installationFault } from './token-auth-fault.ts';

const authTypes: Readonly<Record<AuthMethod['type'], true>> = {
  none: true,
  bearer: true,
  basic: true,
  api_key: true,
  oauth2: true,
  client_credentials: true,
  app_installation: true,
  headers: true,
  service_account: true,
  mutual_tls: true,
  signature: true,
  secret_url: true,
};

const places: readonly string[] = ['header', 'query', 'cookie'];
const algorithms: readonly string[] = ['RS256', 'ES256', 'EdDSA'];
// RFC 9110, section 5.6.2: what a header's and a cookie's name is made of.
const nameShape = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What keeps a way in from working, or `undefined`. */
export function authFault(method: AuthMethod): string | undefined {
  if (!Object.hasOwn(authTypes, method.type)) return `its auth type ${method.type} is none of ${Object.keys(authTypes).join(', ')}`;
  switch (method.type) {
    case 'api_key':
      if (!places.includes(method.in)) return `its api_key goes into none of ${places.join(', ')}`;
      return method.in === 'query' || nameShape.test(method.name) ? undefined : `its api_key has no name that a ${method.in} can have`;
    case 'headers':
      return headersFault(method.names);
    case 'service_account': {
      if (!algorithms.includes(method.algorithm)) return `the algorithm of its service_account is none of ${algorithms.join(', ')}`;
      if (typeof method.audience !== 'string' || method.audience === '') return 'its service_account names no audience';
      return method.tokenUrl === undefined || isTokenUrl(method.tokenUrl) ? undefined : tokenUrlFault;
    }
    case 'client_credentials':
      return clientCredentialsFault(method);
    case 'app_installation':
      return installationFault(method);
    case 'secret_url':
      return isPattern(method.pattern) ? undefined : 'the pattern of its secret_url is no regular expression';
    case 'signature':
      return typeof method.signer === 'string' && method.signer !== '' ? undefined : 'its signature names no signer';
    default:
      return undefined;
  }
}

const tokenUrlFault = 'the tokenUrl of its service_account must be an http(s) address without user, query and fragment';

function isPattern(pattern: unknown): boolean {
  try {
    return typeof pattern === 'string' && pattern.startsWith('/') && new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function headersFault(names: readonly string[]): string | undefined {
  if (!Array.isArray(names) || names.length === 0) return 'its headers name none';
  const lower = names.map((name) => String(name).toLowerCase());
  return lower.every((name) => nameShape.test(name)) && new Set(lower).size === lower.length
    ? undefined
    : 'its headers have a name that a header cannot have, or one twice';
}

function isTokenUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '';
}
