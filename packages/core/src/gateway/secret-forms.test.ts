import { describe, expect, it } from 'vitest';
import { secretForms } from './secret-forms.ts';

const token = 'tok/+=~é"\\ 1234567890';
const bytes = Buffer.from(token);

describe('secretForms', () => {
  it.each([
    ['itself', token],
    ['JSON', JSON.stringify(token)],
    ["PHP's JSON", JSON.stringify(token).replaceAll('/', '\\/')],
    ['percent codes', encodeURIComponent(token)],
    ['percent codes in lower case', encodeURIComponent(token).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['a form', new URLSearchParams({ token }).toString()],
    ['hex', bytes.toString('hex')],
    ['hex in upper case', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['base64 of a header with it', Buffer.from(`Bearer ${token}`).toString('base64')],
    ['base64 of a text around it', Buffer.from(`x${token}yz`).toString('base64')],
    ['base64url of a text around it', Buffer.from(`xy${token}z`).toString('base64url')],
  ])('finds a token as %s', (_what, text) => {
    expect(secretForms({ type: 'bearer', token }).some((form) => text.includes(form))).toBe(true);
    expect(secretForms({ type: 'api_key', key: token }).some((form) => text.includes(form))).toBe(true);
  });

  it('finds a password alone, and the pair as Basic sends it', () => {
    const forms = secretForms({ type: 'basic', username: 'me@example.com', password: 'pass-word' });
    const pair = Buffer.from('me@example.com:pass-word').toString('base64');
    for (const text of ['pass-word', pair, Buffer.from(pair).toString('base64')])
      expect(forms.some((form) => text.includes(form))).toBe(true);
    expect(forms.some((form) => 'me@example.com'.includes(form))).toBe(false);
  });

  it('finds a URL, its path and the token in it, and not its host or the ids before the token', () => {
    const forms = secretForms({ type: 'secret_url', url: 'https://hooks.example.com/services/T00000001/abcdefghijklmnopqrst' });
    const finds = (text: string): boolean => forms.some((form) => text.includes(form));
    expect(finds('at /services/T00000001/abcdefghijklmnopqrst')).toBe(true);
    expect(finds('token abcdefghijklmnopqrst')).toBe(true);
    expect([finds('https://hooks.example.com/'), finds('T00000001')]).toEqual([false, false]);
  });

  it('finds the parts of a URL as a service reads them, and those with a dot', () => {
    const signature = 'abcDEF+ghi/jklMNOpqr STU=';
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxMjM0fQ.s5zX3a-aaaabbbb';
    const url = `https://hooks.example.com/in/${jwt}?v=1.0&sig=${encodeURIComponent(signature)}&also=one+two+three+four`;
    const forms = secretForms({ type: 'secret_url', url });
    const finds = (text: string): boolean => forms.some((form) => text.includes(form));
    for (const text of [signature, encodeURIComponent(signature), jwt, 'one two three four']) expect(finds(`is ${text} wrong`)).toBe(true);
    expect([finds('https://hooks.example.com/'), finds('v=1.0')]).toEqual([false, false]);
    expect(secretForms({ type: 'secret_url', url: 'https://hooks.example.com/in/100%of-all-of-them' })).toContain('100%of-all-of-them');
  });

  it.each([
    'p&amp;ss&lt;w&gt;"ord\'',
    "p&amp;ss&lt;w&gt;&quot;ord'",
    'p&amp;ss&lt;w&gt;&quot;ord&apos;',
    'p&amp;ss&lt;w&gt;&quot;ord&#39;',
    'p&amp;ss&lt;w&gt;&#34;ord&#39;',
    'p&amp;ss&lt;w&gt;&quot;ord&#039;',
    'p&amp;ss&lt;w&gt;&quot;ord&#x27;',
  ])('finds a password as XML and HTML write it: %s', (written) => {
    expect(secretForms({ type: 'basic', username: 'ada', password: 'p&ss<w>"ord\'' })).toContain(written);
  });

  it('does not look for texts too short to be secrets', () => {
    expect(secretForms({ type: 'bearer', token: 'abcde' })).toEqual([]);
    expect(secretForms({ type: 'none' })).toEqual([]);
    expect(secretForms({ type: 'bearer', token: 'abcdef' }).every((form) => form.length >= 6)).toBe(true);
  });

  it('finds nothing in other text', () => {
    const forms = secretForms({ type: 'bearer', token: 'tok-123456' });
    const other = Buffer.from('tok-654321 tok-1234 TOK-123456'.repeat(10));
    for (const text of [other.toString(), other.toString('hex'), other.toString('base64')])
      expect(forms.filter((form) => text.includes(form))).toEqual([]);
  });
});
