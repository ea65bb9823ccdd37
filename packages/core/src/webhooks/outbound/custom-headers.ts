import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isPlainObject } from '../../expression/read-member.ts';

/** Headers of the tenant's own that one endpoint may have. */
const mostHeaders = 20;

/** Longest value, characters. */
const longestValue = 1_000;

/** Beside the names that begin with `x-`. */
const allowed: ReadonlySet<string> = new Set(['accept', 'accept-language', 'from', 'prefer', 'referer']);

/** Names beginning with `x-` by which proxies and servers take a request for another than it is. */
const misleading =
  /^x-(?:forwarded|real|original|rewrite|http-method|method-override|client|remote|cluster|amz|aws|goog|google|ms|azure|envoy|middleware|host|accel|sendfile|internal|authenticated|auth|user|csrf|xsrf|webhook|patchbay)/;

const nameShape = /^x-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Visible characters with blanks between them, as RFC 9110 has field values, without those beyond ASCII. */
const valueShape = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * The headers that a tenant wants with every delivery, by lower-case name. Only names of the allow list pass: `x-…` but for those by which proxies
 * are told who asks and for what, and a few of RFC 9110 that change nothing but the answer. Throws `invalid_argument` naming the first that may not
 * be sent; values are not repeated.
 */
export function customHeaders(given: unknown): Readonly<Record<string, string>> {
  if (given === undefined) return {};
  if (!isPlainObject(given)) throw invalid('The headers of an endpoint are names and texts, such as { "x-environment": "test" }.');
  const entries = Object.entries(given);
  if (entries.length > mostHeaders) throw invalid(`An endpoint has at most ${mostHeaders} headers of its own.`);
  const headers = new Map<string, string>();
  for (const [written, value] of entries) {
    const name = written.toLowerCase();
    if (headers.has(name)) throw invalid(`The header ${name.slice(0, 100)} is named twice. Name it once.`);
    headers.set(name, checkHeader(name, value));
  }
  return Object.fromEntries(headers);
}

function checkHeader(name: string, value: unknown): string {
  const isAllowed = name.length <= 100 && (allowed.has(name) || (nameShape.test(name) && !misleading.test(name)));
  if (!isAllowed)
    throw invalid(
      `The header ${name.slice(0, 100)} cannot be set. Use a name that begins with x- and that no proxy or server gives a meaning to.`,
    );
  if (typeof value === 'string' && value.length <= longestValue && valueShape.test(value)) return value;
  throw invalid(`The value of the header ${name} is not 1 to ${longestValue} visible ASCII characters. Correct it.`);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
