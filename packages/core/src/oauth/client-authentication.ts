import { createPrivateKey } from 'node:crypto';
import type { ClientAuth } from 'oauth4webapi';
import type { Clock } from '../clock/clock.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { ClientKey, OAuthClient } from './oauth-client.ts';
import { type AssertionAlgorithm, algorithmOf } from './sign-assertion.ts';

/** How the client proves itself. Throws `credential_missing` for a key of which nobody says what it is for, or that cannot sign. */
export async function authenticationOf(client: OAuthClient, clock: Pick<Clock, 'now'>): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, None } = await import('oauth4webapi');
  const { secret, key, method } = client;
  if (secret === null) return key === null ? None() : keyAuthentication(client, key, clock);
  const text = secret.reveal('authenticate the app at its authorization server');
  return method.clientAuthentication === 'post' ? ClientSecretPost(text) : ClientSecretBasic(text);
}

/** How WebCrypto names what an algorithm of RFC 7518 and RFC 8037 signs with. */
const imports = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
} as const satisfies Readonly<Record<AssertionAlgorithm, unknown>>;

/** Seconds for which a client's assertion is valid. */
const life = 60;

/**
 * Proves a client by an assertion that it signs (RFC 7523, section 2.2). Its audience is the issuer identifier and nothing besides: a server that
 * names another one's token endpoint as its own gets no assertion that the other would take.
 */
async function keyAuthentication({ issuer }: OAuthClient, { pem, keyId }: ClientKey, clock: Pick<Clock, 'now'>): Promise<ClientAuth> {
  const oauth = await import('oauth4webapi');
  const key = createPrivateKey(pem.reveal('authenticate the app at its authorization server'));
  const algorithm = algorithmOf(key);
  if (issuer === null || algorithm === undefined)
    throw new PatchbayError({
      code: 'credential_missing',
      message: 'The app proves itself with a private key, and its issuer is not known or the key cannot sign. Correct its registration.',
    });
  const imported = key.toCryptoKey(imports[algorithm], false, ['sign']);
  return oauth.PrivateKeyJwt(keyId === null ? imported : { key: imported, kid: keyId }, {
    [oauth.modifyAssertion](header, payload) {
      const iat = Math.floor(clock.now() / 1_000);
      Object.assign(payload, { aud: issuer, iat, nbf: iat, exp: iat + life });
      // RFC 9864 names the algorithm by its curve, and many servers know it by its first name alone (RFC 8037).
      header['alg'] = algorithm;
    },
  });
}
