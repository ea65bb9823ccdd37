import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AuditOptions, resolveAudit } from './audit-options.ts';

const bytes = Buffer.alloc(32, 7);
const key = createSecretKey(bytes);
const pair = generateKeyPairSync('ed25519');
const sink = (): void => undefined;

describe('the options of the audit', () => {
  it('may be left out', () => {
    expect(resolveAudit()).toEqual({ chainKeys: null, checkpoints: null, retentionDays: null });
  });

  it.each<[string, AuditOptions]>([
    ['a chain key', { chainKeys: { active: 'a1', keys: { a1: key, a0: key } } }],
    ['a sink', { checkpoints: { sink } }],
    ['a sink with a private key', { checkpoints: { sink, key: pair.privateKey, everyRecords: 1, everyMs: 86_400_000 } }],
    ['a sink with a secret key', { checkpoints: { sink, key } }],
    ['an age', { retentionDays: 36_500 }],
  ])('take %s', (_what, options) => {
    expect(resolveAudit(options)).toMatchObject(options);
  });

  it.each<[string, unknown, string]>([
    ['no age at all', { retentionDays: 0 }, 'audit.retentionDays'],
    ['half an age', { retentionDays: 1.5 }, 'audit.retentionDays'],
    ['an age as text', { retentionDays: '30' }, 'audit.retentionDays'],
    ['no keys', { chainKeys: { active: 'a1', keys: {} } }, 'audit.chainKeys'],
    ['bytes for a key', { chainKeys: { active: 'a1', keys: { a1: bytes } } }, 'audit.chainKeys'],
    ['a short key', { chainKeys: { active: 'a1', keys: { a1: createSecretKey(Buffer.alloc(31)) } } }, 'at least 32 bytes'],
    ['a private key for a chain', { chainKeys: { active: 'a1', keys: { a1: pair.privateKey } } }, 'audit.chainKeys'],
    ['a name that means no key', { chainKeys: { active: 'sha256', keys: { sha256: key } } }, 'not sha256'],
    ['a name with a colon', { chainKeys: { active: 'a:1', keys: { 'a:1': key } } }, 'a-z, 0-9'],
    ['an active key that is not there', { chainKeys: { active: 'a2', keys: { a1: key } } }, 'does not hold'],
    ['an inherited name for the active key', { chainKeys: { active: 'constructor', keys: { a1: key } } }, 'does not hold'],
    ['no sink', { checkpoints: {} }, 'function sink'],
    ['a public key to sign with', { checkpoints: { sink, key: pair.publicKey } }, 'checkpoints.key'],
    [
      'a key of another kind',
      { checkpoints: { sink, key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey } },
      'checkpoints.key',
    ],
    ['no records', { checkpoints: { sink, everyRecords: 0 } }, 'everyRecords'],
    ['no end of time', { checkpoints: { sink, everyMs: Number.POSITIVE_INFINITY } }, 'everyMs'],
  ])('refuse %s and repeat no key', (_what, options, message) => {
    // What the types forbid, as a host in JavaScript may hand it in.
    const make = () => resolveAudit(options as AuditOptions);
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
    expect(make).not.toThrow(bytes.toString('base64'));
  });
});
