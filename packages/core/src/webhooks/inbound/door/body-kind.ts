/** How a body is read. */
export type BodyKind = 'json' | 'form';

/** What a webhook takes unless its connector says otherwise; `+json` is every `application/…+json`, CloudEvents among them. */
export const usualContentTypes: readonly string[] = ['application/json', '+json'];

const form = 'application/x-www-form-urlencoded';
const structured = /^application\/[a-z0-9][a-z0-9!#$&^_.-]*\+json$/;

/**
 * How a body of this content type is read: by the type alone, and never by looking at it. `undefined` for a type that is not in the list. A body without a
 * type is JSON. Parameters say nothing: JSON is UTF-8 whatever they call it.
 */
export function bodyKindOf(contentType: string | undefined, taken: readonly string[] = usualContentTypes): BodyKind | undefined {
  if (contentType === undefined) return 'json';
  const [named = ''] = contentType.split(';', 1);
  // A list of types is that of a header that came twice.
  const type = contentType.includes(',') ? '' : named.trim().toLowerCase();
  if (!taken.includes(type) && !(taken.includes('+json') && structured.test(type))) return undefined;
  return type === form ? 'form' : 'json';
}
