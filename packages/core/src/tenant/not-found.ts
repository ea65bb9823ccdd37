import { PatchbayError } from '../errors/patchbay-error.ts';

/** The one answer for what is absent, deleted, malformed or another tenant's. */
export function notFound(kind: 'connection' | 'automation' | 'run' | 'dispatch' | 'event' | 'registration'): PatchbayError {
  return new PatchbayError({ code: 'not_found', message: `There is no such ${kind}. List the tenant's to see what there is.` });
}
