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
]);

const never: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-http-method-override',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
]);

const nameShape = /^[a-z0-9][a-z0-9-]*$/;
const valueShape = /^[\t\x20-\x7e]*$/;

/**
 * The headers of a request as flat pairs: the connector's fixed ones, then the caller's. A caller's header must be on the gateway's
 * list or be one that the connector itself fixes. Throws `egress_refused` otherwise.
 */
export function requestHeaders(fixed: Readonly<Record<string, string>>, given: Readonly<Record<string, string>>): string[] {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(fixed)) headers.set(checked(name, value, true), value);
  for (const [name, value] of Object.entries(given)) headers.set(checked(name, value, headers.has(name.toLowerCase())), value);
  return [...headers].flat();
}

function checked(name: string, value: string, known: boolean): string {
  const lower = name.toLowerCase();
  if (nameShape.test(lower) && valueShape.test(value) && !never.has(lower) && (known || allowed.has(lower))) return lower;
  throw new PatchbayError({
    code: 'egress_refused',
    message: `The header ${nameShape.test(lower) ? lower : '(malformed)'} may not be set on a call. The gateway sets credentials and framing itself.`,
    sent: 'no',
  });
}
