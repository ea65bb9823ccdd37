import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { RequestSigner, SignerAnswer, SignerInput, SigningMaterial } from './request-signer.ts';

/** Milliseconds for which an assertion is valid. RFC 7523 leaves it open; services take an hour at most. */
const lifetime = 3_600_000;

/** A token is replaced so many milliseconds before it expires. */
const earlier = 300_000;

/** How node signs for each algorithm of RFC 7518, section 3.1, and RFC 8037. */
const algorithms: Readonly<Record<string, (text: string, key: KeyObject) => Buffer>> = {
  RS256: (text, key) => sign('sha256', Buffer.from(text), key),
  ES256: (text, key) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (text, key) => sign(null, Buffer.from(text), key),
};

/** Sends an assertion signed with a service account's key as a bearer token, or the token that it is exchanged for (RFC 7523). */
export const serviceAccount: RequestSigner = {
  id: 'service-account',
  fields: {
    issuer: { secret: false },
    subject: { required: false, secret: false },
    keyId: { required: false, secret: false },
    privateKey: {},
  },
  options: ['algorithm', 'audience'],
  async prepare(input, call) {
    const assertion = assertionOf(input);
    const { tokenUrl } = input.options;
    if (tokenUrl === undefined) return tokenMaterial(assertion, input.at + lifetime - earlier);
    const { origin, pathname } = new URL(tokenUrl);
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString();
    const headers: [string, string][] = [
      ['content-type', 'application/x-www-form-urlencoded'],
      ['accept', 'application/json'],
    ];
    return tokenOf(await call({ origin, path: pathname, headers, body }), input.at);
  },
  sign: (_request, { fields }) => ({ headers: [['authorization', `Bearer ${fields['token'] ?? ''}`]] }),
};

function tokenMaterial(token: string, expiresAt: number): SigningMaterial {
  return { fields: { token }, secrets: [token], expiresAt };
}

function assertionOf({ fields, options, at }: SignerInput): string {
  const { issuer = '', subject = issuer, keyId, privateKey = '' } = fields;
  const { algorithm = '', audience, scope } = options;
  const iat = Math.floor(at / 1_000);
  const header = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const claims = {
    iss: issuer,
    sub: subject,
    aud: audience,
    iat,
    exp: iat + lifetime / 1_000,
    ...(scope === undefined ? {} : { scope }),
  };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part), 'utf8').toString('base64url')).join('.');
  const signed = algorithms[algorithm]?.(text, createPrivateKey(privateKey));
  if (signed !== undefined) return `${text}.${signed.toString('base64url')}`;
  throw new PatchbayError({
    code: 'credential_missing',
    message: `The algorithm ${algorithm} is none of ${Object.keys(algorithms).join(', ')}. Report it to the connector's author.`,
    sent: 'no',
  });
}

function tokenOf({ status, body }: SignerAnswer, at: number): SigningMaterial {
  const answer = parsed(body);
  const token = 'access_token' in answer ? answer.access_token : undefined;
  const seconds = 'expires_in' in answer ? answer.expires_in : undefined;
  if (status === 200 && typeof token === 'string' && /^[\x21-\x7e]{1,16384}$/.test(token)) {
    const lives = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds * 1_000, lifetime) : lifetime;
    return tokenMaterial(token, at + Math.max(0, lives - Math.min(earlier, lives / 2)));
  }
  const isRefusal = status === 200 || status === 400 || status === 401 || status === 403;
  throw new PatchbayError({
    code: isRefusal ? 'authentication_failed' : 'provider_unavailable',
    message: isRefusal
      ? `The token service gave no token for the service account (${status}). Check its key and what it may do, or put the connection again.`
      : `The token service answered ${status}. Try again later.`,
    retryable: !isRefusal,
    sent: 'no',
  });
}

function parsed(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
