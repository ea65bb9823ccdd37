/** Paths that lead elsewhere, or that somebody on the way could read so. `evil` is `host:port` of another origin. */
export function hostilePaths(evil: string): readonly string[] {
  const seeds = [
    `https://${evil}/x`,
    `http://${evil}/x`,
    `//${evil}/x`,
    `///${evil}/x`,
    `\\\\${evil}\\x`,
    `/\\${evil}`,
    `\\/${evil}`,
    `@${evil}/`,
    `user:pass@${evil}/`,
    `.${evil}/`,
    `:443@${evil}/`,
    `:80@${evil}/`,
    ':8080/',
    `//127.0.0.1@${evil}/`,
    `?next=http://${evil}/`,
    `?@${evil}/`,
    `#@${evil}/`,
    '#x',
    '../../admin',
    '..',
    '.',
    '',
    './',
    '../',
    'a/../../admin',
    '%2e%2e/%2e%2e/admin',
    '..%2f..%2fadmin',
    '/v1/..%252f..%252fadmin',
    `/%5c${evil}`,
    `/%2f%2f${evil}`,
    'javascript:1',
    'data:,x',
    `ftp://${evil}/`,
    '/v1/users HTTP/1.1\r\nX: y',
    `/v1/x HTTP/1.1\r\nHost: ${evil}\r\n\r\nGET /stolen`,
    '/v1/\u2025/',
    '/v1/\uff0e\uff0e/admin',
    '\uff0f\uff0f127.0.0.1',
    'a\u0000b',
    'a\u0085b\u2028c',
    '\ud800',
    '*',
    '/v1/x;jsessionid=1?token=1#f',
  ];
  // Each seed in a third of the ways, each way for a third of the seeds: a request for all of them would take seconds.
  return [...new Set(seeds.flatMap((seed, nth) => ways.filter((_, index) => (index + nth) % 3 === 0).map((way) => way(seed))))];
}

const percent = (text: string): string => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Ways to write the same thing so that a filter overlooks it. */
const ways: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `/${path}`,
  (path) => `\t${path}`,
  (path) => `${path}\r\n`,
  (path) => `${path} `,
  percent,
  (path) => percent(percent(path)),
  (path) => path.replaceAll('/', '\\'),
  (path) => path.replaceAll('.', '\u3002').replaceAll('/', '\uff0f'),
  (path) => path.replace('://', ':\n//'),
];

/** Headers that a caller may never set, one for each idea. */
export const forbiddenHeaders: readonly string[] = [
  ...['authorization', 'proxy-authorization', 'cookie', 'host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive'],
  ...['upgrade', 'te', 'trailer', 'expect', 'proxy-connection', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded'],
  ...['x-real-ip', 'x-http-method-override', 'x-original-url', 'x-rewrite-url', '__proto__', 'x-api-key', 'accept-encoding', 'via'],
  ...['constructor', 'http2-settings', 'alt-used', ':authority', ':path', 'base-url-override', 'set-cookie'],
];

/** A header's name in other spellings that a server could still take for it. */
export function spellingsOf(name: string): readonly string[] {
  return [
    name,
    name.toUpperCase(),
    name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
    ` ${name}`,
    `${name} `,
    `${name}\t`,
    `${name}:`,
    `${name}\r\nx`,
    `x\r\n${name}`,
    name.replaceAll('-', '_'),
    name.replace('o', '\u043e'),
    name.replace(/[a-z]/, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
    name.replace('k', '\u212a'),
    `${name}\u0000`,
  ];
}

/** Values that would end a header, or begin another. */
export const smuggledValues: readonly string[] = [
  'a\r\nx: y',
  'a\ny',
  'a\rb',
  'a\u0000b',
  'a\u2028b',
  'a\u0085b',
  'é',
  '\u010d\u010a',
  'a\u000bb',
  'a\u007fb',
];

/** Where answers send a client: 9 places, each to be tried with the 5 redirects. */
export function redirectPlaces(evil: string): readonly string[] {
  return [
    `http://${evil}/x`,
    `//${evil}/x`,
    `/\\${evil}/x`,
    `http://127.0.0.1@${evil}/x`,
    `https:${evil}/x`,
    `\thttp://${evil}/x`,
    `http://${evil.replace('127.0.0.1', '2130706433')}/x`,
    `http://${evil.replace('127.0.0.1', '[::ffff:127.0.0.1]')}/x`,
    '/v1/elsewhere',
  ];
}
