import { describe, expect, it } from 'vitest';
import { scrubAnswer } from './scrub-answer.ts';
import { secretForms } from './secret-forms.ts';

const answer = (body: string, headers: Record<string, string | readonly string[]> = {}) => ({
  status: 200,
  headers,
  body: Buffer.from(body),
});
const bodyOf = ({ body }: { body: Uint8Array }): string => Buffer.from(body).toString('utf8');

describe('scrubAnswer', () => {
  it('withholds a bearer token wherever the body repeats it', () => {
    const secrets = secretForms({ type: 'bearer', token: 'tok-123456' });
    expect(bodyOf(scrubAnswer(answer('{"a":"tok-123456","b":"Bearer tok-123456"}'), secrets))).toBe(
      '{"a":"[withheld]","b":"Bearer [withheld]"}',
    );
  });

  it('withholds a password also in the form in which Basic sends it', () => {
    const secrets = secretForms({ type: 'basic', username: 'me@example.com', password: 'pass-word' });
    const pair = Buffer.from('me@example.com:pass-word').toString('base64');
    expect(bodyOf(scrubAnswer(answer(`pass-word ${pair}`), secrets))).toBe('[withheld] [withheld]');
  });

  it('knows a secret that JSON or a URL has escaped', () => {
    const secrets = secretForms({ type: 'api_key', key: 'a"b/c+dé' });
    expect(bodyOf(scrubAnswer(answer(`${JSON.stringify('a"b/c+dé')} ?key=${encodeURIComponent('a"b/c+dé')}`), secrets))).toBe(
      '"[withheld]" ?key=[withheld]',
    );
  });

  it('withholds it in headers, single and repeated', () => {
    const secrets = secretForms({ type: 'bearer', token: 'tok-123456' });
    const scrubbed = scrubAnswer(answer('', { 'x-echo': 'tok-123456', 'set-cookie': ['a=1', 'b=tok-123456'] }), secrets);
    expect(scrubbed.headers).toEqual({ 'x-echo': '[withheld]', 'set-cookie': ['a=1', 'b=[withheld]'] });
  });

  it("withholds it in a header's name, which comes in lower case", () => {
    const secrets = secretForms({ type: 'bearer', token: 'Tok-123456' });
    expect(scrubAnswer(answer('', { 'x-tok-123456': 'a', b: 'c' }), secrets).headers).toEqual({ 'x-[withheld]': 'a', b: 'c' });
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
    expect(scrubAnswer(clean, secretForms({ type: 'bearer', token: 'tok-123456' }))).toBe(clean);
  });

  it('knows it spelled by numbers, as some servers write JSON', () => {
    const secrets = secretForms({ type: 'bearer', token: 'tok-123456' });
    const text = '{"a":"tok\\u002d123456","b":"x \\u0074ok-123456"}';
    expect(JSON.parse(bodyOf(scrubAnswer(answer(text), secrets)))).toEqual({ a: '[withheld]', b: 'x [withheld]' });
    expect(JSON.parse(bodyOf(scrubAnswer(answer(`["tok-123456",${text}]`), secrets)))).toEqual([
      '[withheld]',
      { a: '[withheld]', b: 'x [withheld]' },
    ]);
  });

  it('knows it so spelled also in what is no whole JSON, or nests without end', () => {
    const secrets = secretForms({ type: 'bearer', token: 'tok-123456' });
    for (const text of ['{"a":"tok\\u002d123456', `${'['.repeat(100_000)}"tok\\u002D123456"`])
      expect(bodyOf(scrubAnswer(answer(text), secrets))).toBe(text.replace(/tok.*123456/, '[withheld]'));
  });

  it('changes no other escape of a body that it scrubs', () => {
    const secrets = secretForms({ type: 'bearer', token: 'tok-123456' });
    const value = { text: 'a"b\\c\\u0041\n\u0001é', more: 'tok-123456' };
    const text = JSON.stringify(value).replace('a\\"b', 'a\\u0022b\\u005c').replace('tok-', 'tok\\u002d');
    expect(JSON.parse(bodyOf(scrubAnswer(answer(text), secrets)))).toEqual({ text: 'a"b\\\\c\\u0041\n\u0001é', more: '[withheld]' });
  });

  it('leaves a body alone that only looks like it', () => {
    const secrets = secretForms({ type: 'bearer', token: 'tok-123456' });
    for (const text of ['{"a":"caf\\u00e9"}', '{"a":"x\\u0041"}', 'no JSON \\u0041']) {
      const clean = answer(text);
      expect(scrubAnswer(clean, secrets)).toBe(clean);
    }
  });

  it('scrubs every form', () => {
    const token = 'tok/+1234567890';
    const secrets = secretForms({ type: 'bearer', token });
    const bytes = Buffer.from(token);
    const forms = [token, encodeURIComponent(token), bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')];
    const scrubbed = bodyOf(scrubAnswer(answer(forms.join(' | ')), secrets));
    for (const form of forms) expect(scrubbed).not.toContain(form.replace(/=+$/, ''));
  });
});
