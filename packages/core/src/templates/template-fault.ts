import { PatchbayError } from '../errors/patchbay-error.ts';

/** The error for a template that cannot be; `place` says where in it. */
export function invalidTemplate(place: string, fault: string, cause?: unknown): PatchbayError {
  return new PatchbayError({
    code: 'automation_invalid',
    message: `The automation template is not valid: ${place === '' ? '(root)' : place}: ${fault}`,
    cause,
    details: { place },
  });
}
