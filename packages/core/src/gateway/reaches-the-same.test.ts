import { describe, expect, it } from 'vitest';
import type { AuthMethod } from '../connector/auth-method.ts';
import { reachesTheSame } from './reaches-the-same.ts';

const grant = (places: object): AuthMethod => ({
  type: 'oauth2',
  authorizationUrl: 'https://login.example.com/authorize',
  tokenUrl: 'https://login.example.com/token',
  ...places,
});
const same = (places: object, other: readonly AuthMethod[] = []) =>
  reachesTheSame({ origin: 'https://api.example.com', auth: [grant(places), ...other] });

describe('settings under which the tokens of a grant would be renewed or taken back elsewhere', () => {
  it.each([
    { tokenUrl: 'https://{shop}.example.com/token' },
    { revocationUrl: 'https://{shop}.example.com/revoke' },
    { authorizationUrl: undefined, tokenUrl: undefined, issuer: 'https://{shop}.example.com' },
  ])('reach another place: %j', (places) => {
    expect([same(places)({ shop: 'a' }, { shop: 'b' }), same(places)({ shop: 'a' }, { shop: 'a', note: 'x' })]).toEqual([false, true]);
    // One that is connected in another way need not have the setting.
    expect(same(places, [{ type: 'bearer' }])({}, { note: 'x' })).toBe(true);
  });
});

describe('settings that lead a declared host elsewhere', () => {
  const reaches = (credential: boolean) =>
    reachesTheSame({
      origin: 'https://api.example.com',
      auth: [{ type: 'bearer' }],
      hosts: { files: { origin: 'https://{shop}.example.com', credential } },
    });

  it('reach another place where the credential goes there, and the same where it does not', () => {
    expect([true, false].map((credential) => reaches(credential)({ shop: 'a' }, { shop: 'b' }))).toEqual([false, true]);
    expect(reaches(true)({ shop: 'a' }, { shop: 'a', note: 'x' })).toBe(true);
  });
});
