import { PatchbayError } from '../errors/patchbay-error.ts';

/** Headers that a connector's code may set on a call, lower-case. Whatever decides about routing, framing or identity is not among them. */
const allowed: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-language',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
  'range',
  'soapaction',
]);

/** Framing, routing and hop-by-hop headers: nobody sets them, a connector's definition and its credential included. */
const never: ReadonlySet<string> = new Set([
  'accept-encoding',
  'alt-used',
  'connection',
  'content-length',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
]);

/** Headers that carry a credential: only the gateway sets them. */
const carryCredentials: ReadonlySet<string> = new Set(['authorization', 'cookie']);

const nameShape = /^[a-z0-9][a-z0-9-]*$/;
const valueShape = /^[\t\x20-\x7e]*$/;

/** Where a request's headers come from. */
export interface HeaderSources {
  /** The connector's own, sent with every request. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The caller's: of the gateway's list, or ones that the connector itself fixes. */
  readonly given: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  /** Attached last. Neither the connector nor the caller can name one of them, in any spelling. */
  readonly credentials: readonly (readonly [string, string])[];
  /** False: to a host that takes no credential, which is not attached then. @default true */
  readonly isTrusted?: boolean;
}

/** The headers of a request as flat pairs, each name once. Throws `egress_refused` for one that may not be set. */
export function requestHeaders({ fixed, given, contentType, credentials, isTrusted = true }: HeaderSources): string[] {
  const secret = new Set(credentials.map(([name]) => name));
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(fixed)) headers.set(checked(name, value, secret), value);
  for (const [name, value] of Object.entries(given)) {
    const lower = checked(name, value, secret);
    if (!allowed.has(lower) && !headers.has(lower)) throw refused(lower, notOnTheList);
    headers.set(lower, value);
  }
  if (contentType !== undefined) headers.set('content-type', contentType);
  if (!isTrusted) return [...headers].flat();
  return [...headers, ...credentials.map(checkedCredential)].flat();
}

/** The headers with those of a signature behind them. Throws `egress_refused` for one that is there already, or that frames the request. */
export function withAttached(flat: readonly string[], added: readonly (readonly [string, string])[]): string[] {
  const names = new Set(flat.filter((_text, index) => index % 2 === 0));
  for (const [name] of added) {
    if (names.has(name)) throw refused(name, 'The signature sets it itself. Take it out of the connector or the call.');
    names.add(name);
  }
  return [...flat, ...added.flatMap(checkedCredential)];
}

function checked(name: string, value: string, secret: ReadonlySet<string>): string {
  const lower = name.toLowerCase();
  const fit = nameShape.test(lower) && typeof value === 'string' && valueShape.test(value);
  if (!fit) throw refused(lower, malformed);
  if (never.has(lower) || carryCredentials.has(lower) || secret.has(lower)) throw refused(lower, ofTheGateway);
  return lower;
}

function checkedCredential([name, value]: readonly [string, string]): readonly [string, string] {
  if (nameShape.test(name) && valueShape.test(value) && !never.has(name) && name !== 'content-type') return [name, value];
  throw refused(name, 'The credential cannot be attached to it. Correct the connector or put the connection again.');
}

const ofTheGateway = 'The gateway sets credentials and framing itself. Leave it out.';
const malformed = 'Its name is letters, digits and hyphens, its value printable ASCII in one line. Correct it.';
const notOnTheList = `A connector declares a header of its own in \`headers\`; then a call may set it too. Beside those a call may set: ${[...allowed].join(', ')}.`;

function refused(name: string, why: string): PatchbayError {
  return new PatchbayError({
    code: 'egress_refused',
    message: `The header ${nameShape.test(name) ? name.slice(0, 100) : '(malformed)'} may not be set on a call. ${why}`,
    sent: 'no',
  });
}
