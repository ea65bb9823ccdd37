import { describe, expect, it } from 'vitest';
import { readServerMetadata } from './server-metadata.ts';

const issuer = 'https://as.example.com';
const good = { issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: 'https://tokens.example.com/t?tenant=7' };

describe('metadata of an authorization server', () => {
  it('are read as far as they are used', () => {
    const more = {
      revocation_endpoint: `${issuer}/r`,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256', 7, 'plain'],
      id_token_signing_alg_values_supported: ['ES256'],
      jwks_uri: `${issuer}/jwks`,
    };
    expect(readServerMetadata({ ...good, ...more }, issuer)).toEqual({
      issuer,
      authorizationUrl: `${issuer}/a`,
      tokenUrl: 'https://tokens.example.com/t?tenant=7',
      revocationUrl: `${issuer}/r`,
      jwksUrl: `${issuer}/jwks`,
      saysIssuer: true,
      challengeMethods: ['S256', 'plain'],
      idTokenAlgorithms: ['ES256'],
    });
  });

  it('say nothing of what they leave out, or have as null', () => {
    const silent = { revocationUrl: null, jwksUrl: null, saysIssuer: false, challengeMethods: null, idTokenAlgorithms: null };
    expect(readServerMetadata(good, issuer)).toMatchObject(silent);
    const nothing = {
      revocation_endpoint: null,
      code_challenge_methods_supported: null,
      authorization_response_iss_parameter_supported: 'true',
    };
    expect(readServerMetadata({ ...good, ...nothing }, issuer)).toMatchObject(silent);
  });

  it.each(['authorization_endpoint', 'token_endpoint', 'revocation_endpoint', 'jwks_uri'])(
    'name no %s in the clear for an issuer that is not',
    (name) => {
      const plain = { ...good, [name]: 'http://as.example.com/x' };
      expect(() => readServerMetadata(plain, issuer)).toThrow(expect.objectContaining({ details: { reason: 'endpoint' } }));
      const open = { ...plain, issuer: 'http://as.example.com' };
      expect(readServerMetadata(open, 'http://as.example.com').tokenUrl).toBe(open.token_endpoint);
    },
  );

  it.each([null, 7, 'text', [], [good]])('are no %j', (said) => {
    expect(() => readServerMetadata(said, issuer)).toThrow(expect.objectContaining({ details: { reason: 'issuer' } }));
  });

  it('are not what every object has', () => {
    expect(() => readServerMetadata(Object.create(good), issuer)).toThrow(expect.objectContaining({ code: 'response_invalid' }));
    const said: unknown = JSON.parse(`{"__proto__":${JSON.stringify(good)}}`);
    expect(() => readServerMetadata(said, issuer)).toThrow(expect.objectContaining({ code: 'response_invalid' }));
  });
});
