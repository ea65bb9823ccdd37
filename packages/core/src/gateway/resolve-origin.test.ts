import { describe, expect, it } from 'vitest';
import { resolveOrigin } from './resolve-origin.ts';

const template = 'https://{site}.atlassian.net';
const refused = (origin: string, settings: Parameters<typeof resolveOrigin>[1]) =>
  expect(() => resolveOrigin(origin, settings)).toThrow(expect.objectContaining({ code: 'egress_refused', sent: 'no' }));

describe('resolveOrigin', () => {
  it('puts a setting in its place', () => {
    expect(resolveOrigin(template, { site: 'acme-1' })).toBe('https://acme-1.atlassian.net');
    expect(resolveOrigin('https://api.example.com', {})).toBe('https://api.example.com');
    expect(resolveOrigin('http://127.0.0.1:8080', {})).toBe('http://127.0.0.1:8080');
  });

  it.each([
    'x.evil.com/',
    'evil.com/x',
    'evil.com#',
    'a@b',
    'a#',
    'a?',
    'a:1',
    'a/',
    '%2e',
    'a%2f',
    '',
    '.',
    '-a',
    'a-',
    'A',
    'a b',
    'a\tb',
    'a\n',
    'ａ',
    'ß',
    'x.y',
    '{site}',
    '$&',
    'a'.repeat(64),
    '[::1]',
  ])('refuses the setting %j', (site) => {
    refused(template, { site });
  });

  it('refuses a setting that is no text, absent, or only inherited', () => {
    for (const settings of [{}, { site: 7 }, { site: null }, { site: ['a'] }, { site: { a: 1 } }]) refused(template, settings);
    refused('https://{constructor}.example.com', {});
    refused(template, Object.create({ site: 'acme' }));
  });

  it('does not name the value, which could be a password put in the wrong field', () => {
    try {
      resolveOrigin(template, { site: 'tok-123456@evil.com' });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('tok-123456');
    }
  });

  it.each([
    'https://api.example.com/',
    'https://api.example.com:443',
    'https://API.example.com',
    'https://user@api.example.com',
    'ftp://api.example.com',
    'https://',
    'https://a/..',
    'javascript:alert(1)',
  ])('refuses the origin %j, which is not one as a URL spells it', (origin) => {
    refused(origin, {});
  });
});

describe('resolveOrigin with the hosts that a connector allows', () => {
  const allowed = ['acme.example.com', '*.eu.example.com', '*.example.org'];
  it.each([
    ['https://{site}.example.com', 'acme', 'https://acme.example.com'],
    ['https://{site}.example.com', 'acme.eu', 'https://acme.eu.example.com'],
    ['https://{site}', 'jira.team-a.example.org', 'https://jira.team-a.example.org'],
    ['https://api.{site}.example.org:8443', 'one.two', 'https://api.one.two.example.org:8443'],
  ])('takes %s with %s', (origin, site, expected) => {
    expect(resolveOrigin(origin, { site }, allowed)).toBe(expected);
  });

  it.each([
    ['https://{site}.example.com', 'other'],
    ['https://{site}.example.com', 'eu'],
    ['https://{site}', 'evil.com'],
    ['https://{site}', 'example.org'],
    ['https://{site}', 'evil-example.org'],
    ['https://{site}', 'x.example.org.evil.com'],
    ['https://{site}', 'x.example.org/'],
    ['https://{site}', 'x.example.org:443'],
    ['https://{site}', 'x.example.org@evil.com'],
    ['https://{site}', 'x.example.org#'],
    ['https://{site}', 'x..example.org'],
    ['https://{site}', '.example.org'],
    ['https://{site}', 'X.example.org'],
    ['https://{site}', 'x.example.org.'],
    ['https://{site}', 'xn--\u00e4.example.org'],
    ['https://{site}', '%2e.example.org'],
    ['https://{site}', ''],
    ['https://{site}', '127.0.0.1'],
  ])('refuses %s with %j', (origin, site) => {
    expect(() => resolveOrigin(origin, { site }, allowed)).toThrow(expect.objectContaining({ code: 'egress_refused', sent: 'no' }));
  });
});
