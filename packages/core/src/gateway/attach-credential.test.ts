import { describe, expect, it } from 'vitest';
import type { AuthMethod } from '../connector/auth-method.ts';
import { attachmentOf } from './attach-credential.ts';

const methods: readonly AuthMethod[] = [
  { type: 'none' },
  { type: 'bearer' },
  { type: 'basic' },
  { type: 'api_key', in: 'header', name: 'X-API-Key' },
];

describe('attachmentOf', () => {
  it('attaches each kind as its service wants it', () => {
    expect(attachmentOf(methods, { type: 'none' })).toEqual({ header: null, query: null });
    expect(attachmentOf(methods, { type: 'bearer', token: 't' })).toEqual({ header: ['authorization', 'Bearer t'], query: null });
    expect(attachmentOf(methods, { type: 'basic', username: 'ü', password: 'p:q' })).toEqual({
      header: ['authorization', `Basic ${Buffer.from('ü:p:q').toString('base64')}`],
      query: null,
    });
    expect(attachmentOf(methods, { type: 'api_key', key: 'k' })).toEqual({ header: ['x-api-key', 'k'], query: null });
    expect(attachmentOf([{ type: 'api_key', in: 'query', name: 'key' }], { type: 'api_key', key: 'k' })).toEqual({
      header: null,
      query: ['key', 'k'],
    });
  });

  it('refuses a kind that the connector does not take, rather than to send without', () => {
    expect(() => attachmentOf([{ type: 'bearer' }], { type: 'api_key', key: 'tok-123456' })).toThrow(
      expect.objectContaining({ code: 'credential_missing', sent: 'no', message: expect.not.stringContaining('tok-123456') }),
    );
    expect(() => attachmentOf([{ type: 'bearer' }], { type: 'none' })).toThrow(expect.objectContaining({ code: 'credential_missing' }));
  });
});
