import { PatchbayError } from '../errors/patchbay-error.ts';

const brand = Symbol.for('patchbay.path');

// What RFC 3986 lets stand in a path as it is, less the percent sign: an encoded dot in a literal would climb like a plain one.
const literalShape = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;

/** A path whose values are encoded segments. Made only by {@link path}; a plain string is not accepted in its place. */
export interface RequestPath {
  readonly [brand]: true;
  /** Encoded, with a leading slash. */
  readonly value: string;
  /** The path with `{}` for each value, for logs and metrics. */
  readonly template: string;
}

/**
 * Builds a request path. Each value stays inside its segment: it is percent-encoded, so it cannot add a segment, a query or
 * another host. Throws `invalid_argument` for an empty value, `.` and `..` (also between slashes), and for a literal part that is not plain path text.
 * @example path`/repos/${owner}/${repository}/issues`
 */
export function path(literals: TemplateStringsArray, ...values: ReadonlyArray<string | number>): RequestPath {
  if (!Array.isArray(literals) || !Array.isArray(literals.raw)) {
    throw invalid('The path is not a template. Write it as path`/items`, with the tag, so that its values can be told from its text.');
  }
  const template = literals.join('{}');
  if (!literals.every((literal) => literalShape.test(literal)) || !isPathOfSegments(template)) {
    throw invalid(`The path ${template} is not a path of segments. Begin it with one slash and pass the query through the query option.`);
  }
  if (template.includes('{}{}')) throw invalid(`The path ${template} has two values in a row. Put a slash or other text between them.`);
  const value = literals.map((literal, index) => (index === 0 ? literal : encodeSegment(values[index - 1]) + literal)).join('');
  return { [brand]: true, value, template };
}

/** True for what {@link path} made, also by another installed copy. */
export function isRequestPath(value: unknown): value is RequestPath {
  return typeof value === 'object' && value !== null && brand in value;
}

function isPathOfSegments(template: string): boolean {
  return (
    template.startsWith('/') && !template.startsWith('//') && !template.split('/').some((segment) => segment === '.' || segment === '..')
  );
}

function encodeSegment(part: string | number | undefined): string {
  const text = typeof part === 'number' && Number.isFinite(part) ? String(part) : part;
  if (typeof text !== 'string' || text === '' || climbs(text) || !text.isWellFormed()) {
    throw invalid(
      'A path value is empty, has a dot segment or is not well-formed text. Pass the value of one segment, a text or a number.',
    );
  }
  return encodeURIComponent(text);
}

/** Has it a dot segment? Some servers decode a slash before they route, and would climb by it. */
function climbs(text: string): boolean {
  return text.split(/[\\/]/).some((segment) => segment === '.' || segment === '..');
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
