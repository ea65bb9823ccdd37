import { describe, expect, it } from 'vitest';
import { missingScopes, scopeNames } from './missing-scopes.ts';

describe('missingScopes', () => {
  it('lists what is needed and not granted, each once', () => {
    expect(missingScopes({}, ['read', 'write', 'write', 'admin'], ['read'])).toEqual(['write', 'admin']);
    expect(missingScopes({}, ['read'], [])).toEqual(['read']);
    expect(missingScopes({}, [], [])).toEqual([]);
  });

  it('counts in what a granted scope includes, also in steps and in circles', () => {
    const impliedScopes = { admin: ['write'], write: ['read', 'admin'] };
    expect(missingScopes({ impliedScopes }, ['read', 'write', 'delete'], ['admin'])).toEqual(['delete']);
    expect(missingScopes({ impliedScopes }, ['write'], ['read'])).toEqual(['write']);
    expect(missingScopes({ impliedScopes }, ['x'], ['constructor', '__proto__'])).toEqual(['x']);
  });

  it('compares nothing where nobody has said what is granted', () => {
    expect(missingScopes({}, ['read'], undefined)).toEqual([]);
    expect(missingScopes({}, ['read'], null)).toEqual([]);
  });

  it('reads needs with and without a reason', () => {
    expect(scopeNames(['read', { scope: 'write', reason: 'To write.' }])).toEqual(['read', 'write']);
    expect(scopeNames(undefined)).toEqual([]);
  });
});
