import { describe, expect, it } from 'vitest';
import { classifyError, classOfCode, errorClass } from './error-class.ts';
import { PatchbayError } from './patchbay-error.ts';

const error = (input: Partial<ConstructorParameters<typeof PatchbayError>[0]>) =>
  new PatchbayError({ code: 'internal', message: 'x', ...input });

describe('classifyError', () => {
  it.each([
    ['authentication_failed', 'auth', false],
    ['scope_missing', 'permission', false],
    ['provider_not_found', 'not_found', false],
    ['provider_conflict', 'conflict', false],
    ['provider_rejected', 'invalid', false],
    ['rate_limited', 'rate', true],
    ['provider_unavailable', 'provider_down', true],
    ['network', 'network', true],
    ['timeout', 'timeout', true],
    ['internal', 'unknown', false],
  ] as const)('says of %s that it is %s', (code, kind, retryable) => {
    expect(classifyError(code)).toEqual({ class: kind, retryable });
    expect(errorClass(error({ code }))).toBe(kind);
    expect(errorClass({ code, message: 'as it is stored' })).toBe(kind);
  });

  it('goes by what the error itself says of whether it may pass', () => {
    expect(classifyError(error({ code: 'provider_error' })).retryable).toBe(false);
    expect(classifyError(error({ code: 'not_found', retryable: true })).retryable).toBe(true);
    expect(classifyError({ code: 'provider_error' }).retryable).toBe(true);
  });

  it('tells a service that waited too long from one that failed, in an error and as it is stored', () => {
    expect(errorClass(error({ code: 'provider_error', details: { status: 504 } }))).toBe('timeout');
    expect(errorClass({ code: 'provider_error', status: 408 })).toBe('timeout');
    expect(errorClass({ code: 'provider_error', status: 502 })).toBe('provider_down');
    expect(errorClass({ code: 'rate_limited', status: 504 })).toBe('rate');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a text that is no code', 'ECONNRESET'],
    ['a name that objects have', 'toString'],
    ['an error of Node', Object.assign(new Error('x'), { code: 'ECONNRESET' })],
    ['an object whose code throws', Object.defineProperty({}, 'code', { get: () => thrown() })],
    ['a proxy that throws at every look', new Proxy({}, { get: thrown, has: thrown, getOwnPropertyDescriptor: thrown })],
    ['a code that is no text', { code: { toString: thrown } }],
  ])('takes %s for unknown, and throws nothing', (_what, value) => {
    expect(classifyError(value)).toEqual({ class: 'unknown', retryable: false });
  });

  it('has a class for every code, and every class has a code', () => {
    expect(new Set(Object.values(classOfCode).map(([kind]) => kind))).toEqual(
      new Set(['auth', 'permission', 'not_found', 'conflict', 'invalid', 'rate', 'provider_down', 'network', 'timeout', 'unknown']),
    );
  });
});

function thrown(): never {
  throw new Error('looked at');
}
