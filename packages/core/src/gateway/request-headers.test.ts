import { describe, expect, it } from 'vitest';
import { requestHeaders, withAttached } from './request-headers.ts';

const build = (sources: Partial<Parameters<typeof requestHeaders>[0]>) =>
  requestHeaders({ fixed: {}, given: {}, contentType: undefined, credentials: [['authorization', 'Bearer t']], ...sources });
const refused = (sources: Partial<Parameters<typeof requestHeaders>[0]>) =>
  expect(() => build(sources)).toThrow(expect.objectContaining({ code: 'egress_refused', sent: 'no' }));

const forbidden = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-connection',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
  'x-real-ip',
  'x-http-method-override',
  'x-original-url',
  'x-rewrite-url',
  '__proto__',
];

describe('requestHeaders', () => {
  it("sends the connector's headers and the caller's, each once, and the credential last", () => {
    expect(build({ fixed: { Accept: 'application/json', 'X-Api-Version': '1' }, given: { ACCEPT: 'text/plain', prefer: 'wait' } })).toEqual(
      [...['accept', 'text/plain'], ...['x-api-version', '1'], ...['prefer', 'wait'], ...['authorization', 'Bearer t']],
    );
  });

  it('sends one content type, that of the body', () => {
    expect(build({ fixed: { 'content-type': 'text/plain' }, contentType: 'application/json', credentials: [] })).toEqual([
      'content-type',
      'application/json',
    ]);
  });

  it.each(forbidden)('lets nobody set %s, in any spelling, with or without a credential there', (name) => {
    for (const spelled of [name, name.toUpperCase(), name.replace(/^./, (letter) => letter.toUpperCase())]) {
      for (const credentials of [
        [],
        [['authorization', 'Bearer t']] as const,
        [
          ['x-app', 'a'],
          ['x-api-key', 'k'],
        ] as const,
      ]) {
        const header = Object.fromEntries([[spelled, '1']]);
        refused({ given: header, credentials });
        refused({ fixed: header, credentials });
      }
    }
  });

  it.each(['x-api-key', 'X-API-Key', 'X-Api-Key'])('lets nobody name the header of the credential as %s', (name) => {
    const credentials = [
      ['x-app', 'a'],
      ['x-api-key', 'k'],
    ] as const;
    refused({ given: { [name]: 'mine' }, credentials });
    refused({ fixed: { [name]: 'theirs' }, credentials });
    refused({ fixed: { [name]: 'theirs' }, given: { [name]: 'mine' }, credentials });
  });

  it('lets a caller set what is on the list or what the connector itself sets, and nothing else', () => {
    expect(build({ fixed: { 'x-api-version': '1' }, given: { 'X-Api-Version': '2' }, credentials: [] })).toEqual(['x-api-version', '2']);
    for (const name of ['x-api-version', 'content-type', 'accept-encoding', 'user-agent', 'origin', 'referer', 'via', ''])
      refused({ given: { [name]: '1' } });
  });

  it.each([
    ['a line break', 'a\r\nx-evil: 1'],
    ['a lone line feed', 'a\nb'],
    ['a lone carriage return', 'a\rb'],
    ['NUL', 'a\u0000b'],
    ['a control', 'a\u0007'],
    ['latin-1', 'caf\u00e9'],
    ['a line separator', 'a\u2028b'],
    ['a letter whose low byte is a line feed', '\u010a'],
  ])('refuses a value with %s, wherever it comes from', (_what, value) => {
    refused({ given: { accept: value } });
    refused({ fixed: { accept: value } });
    refused({ credentials: [['authorization', value]] });
  });

  it.each(['a b', 'a:b', 'a\r\nb', 'ä', '(a)', 'a_b', ' accept', 'accept '])('refuses the name %j', (name) => {
    refused({ given: { [name]: '1' } });
    refused({ fixed: { [name]: '1' } });
  });

  it('refuses what is no text', () => {
    for (const value of [1, null, undefined, ['a', 'b'], { toString: () => 'a' }])
      refused({ given: { accept: value as unknown as string } });
  });

  it('attaches no credential where it would frame or route the request', () => {
    for (const name of ['host', 'content-length', 'transfer-encoding', 'connection', 'content-type', 'x-forwarded-for', 'a b'])
      refused({ credentials: [[name, 'k']] });
  });

  it.each([
    [{ given: { 'X-Request-Key': '1' } }, 'x-request-key', 'A connector declares a header of its own in `headers`'],
    [
      { given: { 'X-Request-Key': '1' } },
      'x-request-key',
      'Beside those a call may set: accept, accept-language, content-language, idempotency-key,',
    ],
    [{ given: { Authorization: '1' } }, 'authorization', 'The gateway sets credentials and framing itself. Leave it out.'],
    [{ fixed: { host: 'a' } }, 'host', 'The gateway sets credentials and framing itself. Leave it out.'],
    [{ given: { accept: 'a\n' } }, 'accept', 'its value printable ASCII in one line'],
    [{ given: { 'a b': '1' } }, '(malformed)', 'Its name is letters, digits and hyphens'],
    [{ credentials: [['host', 'k']] as const }, 'host', 'The credential cannot be attached to it.'],
  ])('tells what may be set instead: %j', (sources, name, advice) => {
    expect(() => build(sources)).toThrow(`The header ${name} may not be set on a call. `);
    expect(() => build(sources)).toThrow(advice);
  });

  it('names no value in its refusal', () => {
    try {
      build({ given: { 'x-secret': 'tok-123456' }, credentials: [['authorization', 'Bearer tok-123456\n']] });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('tok-123456');
    }
  });

  it('puts a signature behind what it signs, and lets it replace nothing', () => {
    const flat = ['accept', 'a', 'x-amz-date', 'b'];
    expect(
      withAttached(flat, [
        ['authorization', 's'],
        ['x-amz-token', 't'],
      ]),
    ).toEqual([...flat, 'authorization', 's', 'x-amz-token', 't']);
    for (const added of ['accept', 'x-amz-date', 'host', 'content-length', 'content-type', 'transfer-encoding', 'X-Upper', 'a b'])
      expect(() => withAttached(flat, [[added, 's']]), added).toThrow(expect.objectContaining({ code: 'egress_refused', sent: 'no' }));
    expect(() =>
      withAttached(flat, [
        ['x-sign', 's'],
        ['x-sign', 't'],
      ]),
    ).toThrow(expect.objectContaining({ code: 'egress_refused' }));
    expect(() => withAttached(flat, [['x-sign', 's\r\nx-evil: 1']])).toThrow(expect.objectContaining({ code: 'egress_refused' }));
  });
});
