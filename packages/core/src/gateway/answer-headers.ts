import type { HttpAnswer } from '../connector/connector-http.ts';

type Headers = HttpAnswer['headers'];

/** Of the connection to the service, and of no interest behind it. RFC 9110, section 7.6.1 */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Those that could carry or renew a credential. */
const secret: ReadonlySet<string> = new Set([
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
  'authentication-info',
  'proxy-authentication-info',
  'authorization',
  'cookie',
]);

/** Those that hold a URL, in which a service may have put a token. */
const places: ReadonlySet<string> = new Set(['location', 'content-location', 'refresh']);

/**
 * The headers of an answer as a caller may see them: without those of the connection and those that it lists, without cookies and challenges, and
 * without what looks like a token in the query of a redirect.
 */
export function answerHeaders(headers: Headers): Headers {
  const listed = listedIn(headers['connection']);
  const kept: Record<string, string | readonly string[] | undefined> = {};
  for (const name in headers) {
    if (hopByHop.has(name) || secret.has(name) || listed?.has(name) === true) continue;
    const value = headers[name];
    kept[name] = places.has(name) ? withoutTokens(value) : value;
  }
  return kept;
}

/** The same headers for a body that has been decoded: what described the coded one is gone. */
export function decodedHeaders(headers: Headers): Headers {
  const { 'content-encoding': _coding, 'content-length': _length, ...rest } = headers;
  return rest;
}

// Most answers say keep-alive or close, which name no header.
function listedIn(connection: string | readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(
    String(connection)
      .toLowerCase()
      .split(/[\s,]+/),
  );
}

function withoutTokens(value: string | readonly string[] | undefined): string | readonly string[] | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? withoutToken(value) : value.map(withoutToken);
}

const secretName = /tok|sig|secret|key|auth|pass|pwd|cred|sess|code|jwt|assert|sas|ticket|nonce|otp|state/i;

/** Letters of a value that is taken for a token by its length alone. */
const longestHarmless = 40;

/** A URL with `[withheld]` for user, fragment, and each value of its query that has the name or the length of a token. */
function withoutToken(url: string): string {
  const [, front = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  const place = front.replace(/^([^/]*:)?(\/\/)[^/@]*@/, '$1$2[withheld]@');
  const pairs = query.slice(1).split('&').map(withoutSecretValue).join('&');
  return `${place}${query === '' ? '' : `?${pairs}`}${fragment === '' ? '' : '#[withheld]'}`;
}

function withoutSecretValue(pair: string): string {
  const [name = '', value] = pair.split(/=(.*)/s, 2);
  if (value === undefined) return pair.length > longestHarmless ? '[withheld]' : pair;
  return secretName.test(name) || value.length > longestHarmless ? `${name}=[withheld]` : pair;
}
