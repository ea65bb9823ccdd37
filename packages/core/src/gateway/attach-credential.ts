import { asksForTokens, type HeldCredential, tokenOf } from '../connections/held-credential.ts';
import type { AuthMethod, Credential } from '../connector/auth-method.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** What a credential adds to the finished request as it is; a certificate and a signature are added elsewhere. */
export interface Attachment {
  /** Lower-case names and values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Query parameter, or none. */
  readonly query: readonly [string, string] | null;
}

const nothing: Attachment = { headers: [], query: null };

/** What a cookie's value is made of. RFC 6265, section 4.1.1 */
const cookieShape = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/** The auth method by which a connector takes this credential. Throws `credential_missing` where it takes none of the kind. */
export function methodFor<Type extends Credential['type']>(
  methods: readonly AuthMethod[],
  credential: { readonly type: Type },
): Extract<AuthMethod, { readonly type: Type }> {
  const isOfType = (method: AuthMethod): method is Extract<AuthMethod, { readonly type: Type }> => method.type === credential.type;
  const method = methods.find(isOfType);
  if (method) return method;
  throw unfit(`The connector takes no credential of type ${credential.type}. Put the connection again.`);
}

/**
 * Works out what to attach. Throws `credential_missing` where the connector does not take this kind, or not this credential, and where a token has to
 * be asked for with it and has not been.
 */
export function attachmentOf(methods: readonly AuthMethod[], credential: HeldCredential): Attachment {
  const { type } = credential;
  methodFor(methods, { type });
  if (asksForTokens(methods, credential)) return bearer(tokenOf(credential)?.accessToken);
  switch (credential.type) {
    case 'bearer':
      return bearer(credential.token);
    case 'oauth2':
      return bearer(credential.accessToken);
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return { headers: [['authorization', `Basic ${pair}`]], query: null };
    }
    case 'api_key':
      return attachedKey(methodFor(methods, { type: credential.type }), credential.key);
    case 'headers':
      return { headers: attachedHeaders(methodFor(methods, { type: credential.type }).names, credential.values), query: null };
    default:
      return nothing;
  }
}

function bearer(token: string | undefined): Attachment {
  if (token !== undefined) return { headers: [['authorization', `Bearer ${token}`]], query: null };
  throw unfit('There is no access token for the credential yet. Ask through a connection of a hub, which gets one.');
}

function attachedKey(method: Extract<AuthMethod, { readonly type: 'api_key' }>, key: string): Attachment {
  switch (method.in) {
    case 'header':
      return { headers: [[method.name.toLowerCase(), key]], query: null };
    case 'query':
      return { headers: [], query: [method.name, key] };
    case 'cookie':
      if (!cookieShape.test(key))
        throw unfit('The key has characters that a cookie cannot hold. Put the connection with the key as it was given.');
      return { headers: [['cookie', `${method.name}=${key}`]], query: null };
  }
}

function attachedHeaders(names: readonly string[], values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const given = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  const headers = names.map((name): [string, string] => [name.toLowerCase(), given.get(name.toLowerCase()) ?? '']);
  if (headers.length === given.size && headers.every(([name]) => given.has(name))) return headers;
  throw unfit(`The connector takes the headers ${names.join(', ')}, each of them and none besides. Put the connection with these.`);
}

function unfit(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message, sent: 'no' });
}
