import { describe, expect, it } from 'vitest';
import { scrubAnswer, secretTexts } from './scrub-answer.ts';

const answer = (body: string, headers: Record<string, string | readonly string[]> = {}) => ({
  status: 200,
  headers,
  body: Buffer.from(body),
});
const bodyOf = ({ body }: { body: Uint8Array }): string => Buffer.from(body).toString('utf8');

describe('scrubAnswer', () => {
  it('withholds a bearer token wherever the body repeats it', () => {
    const secrets = secretTexts({ type: 'bearer', token: 'tok-123456' });
    expect(bodyOf(scrubAnswer(answer('{"a":"tok-123456","b":"Bearer tok-123456"}'), secrets))).toBe(
      '{"a":"[withheld]","b":"Bearer [withheld]"}',
    );
  });

  it('withholds a password also in the form in which Basic sends it', () => {
    const secrets = secretTexts({ type: 'basic', username: 'me@example.com', password: 'pass-word' });
    const pair = Buffer.from('me@example.com:pass-word').toString('base64');
    expect(bodyOf(scrubAnswer(answer(`pass-word ${pair}`), secrets))).toBe('[withheld] [withheld]');
  });

  it('knows a secret that JSON or a URL has escaped', () => {
    const secrets = secretTexts({ type: 'api_key', key: 'a"b/c+dé' });
    expect(bodyOf(scrubAnswer(answer(`${JSON.stringify('a"b/c+dé')} ?key=${encodeURIComponent('a"b/c+dé')}`), secrets))).toBe(
      '"[withheld]" ?key=[withheld]',
    );
  });

  it('withholds it in headers, single and repeated', () => {
    const secrets = secretTexts({ type: 'bearer', token: 'tok-123456' });
    const scrubbed = scrubAnswer(answer('', { 'x-echo': 'tok-123456', 'set-cookie': ['a=1', 'b=tok-123456'] }), secrets);
    expect(scrubbed.headers).toEqual({ 'x-echo': '[withheld]', 'set-cookie': ['a=1', 'b=[withheld]'] });
  });

  it('leaves every other byte as it is, also what is not UTF-8', () => {
    const body = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('tok-123456 grüße'), Buffer.from([0xc3])]);
    const scrubbed = scrubAnswer({ status: 200, headers: {}, body }, ['tok-123456']);
    expect(Buffer.from(scrubbed.body)).toEqual(
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('[withheld] grüße'), Buffer.from([0xc3])]),
    );
  });

  it('gives an answer without the secret back uncopied', () => {
    const clean = answer('{"ok":true}', { 'x-id': '1' });
    expect(scrubAnswer(clean, secretTexts({ type: 'bearer', token: 'tok-123456' }))).toBe(clean);
  });

  it('does not look for texts too short to be secrets', () => {
    expect(secretTexts({ type: 'bearer', token: 'a' })).toEqual([]);
  });
});
