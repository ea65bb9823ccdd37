import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { evaluationError } from './fault.ts';
import { formatPath, type Path } from './path.ts';

/** Says what is wrong with a template and where in its value. Code `template_invalid`. */
export function invalidTemplate(path: Path, reason: string, cause?: unknown): PatchbayError {
  const details = isPatchbayError(cause) ? cause.details : {};
  return new PatchbayError({
    code: 'template_invalid',
    message: `The template is not valid at ${describe(path)}: ${reason}`,
    cause,
    details: { ...details, path: formatPath(path) },
  });
}

/** Says which expression of a template failed. Code `expression_failed` or `fuel_exhausted`. */
export function failedTemplate(path: Path, source: string, thrown: unknown): PatchbayError {
  const cause = evaluationError(source, thrown);
  return new PatchbayError({
    code: cause.code,
    message: `The template fails at ${describe(path)}: ${cause.message}`,
    cause: cause.cause,
    details: { ...cause.details, path: formatPath(path) },
  });
}

function describe(path: Path): string {
  const text = formatPath(path);
  return path.length === 0 ? 'its root' : `"${text.length <= 80 ? text : `${text.slice(0, 79)}…`}"`;
}
