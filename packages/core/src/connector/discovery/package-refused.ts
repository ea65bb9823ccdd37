import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';

/** Why a package gives no connector. */
export interface PackageFault {
  /** Name of the package, or its folder. */
  readonly name: string;
  readonly fault: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/**
 * The error for a package that gives no connector: `connector_invalid`, or the code of a hub's error that caused it. The message
 * of foreign code stays in the cause alone: it may repeat options, which may hold a secret.
 */
export function packageRefused({ name, fault, remedy, cause }: PackageFault): PatchbayError {
  const told = isPatchbayError(cause) ? ` (${cause.message})` : cause instanceof Error ? ` (${cause.name})` : '';
  return new PatchbayError({
    code: isPatchbayError(cause) ? cause.code : 'connector_invalid',
    message: `The package ${name} cannot be used: ${fault}${told}. ${remedy}`,
    cause,
  });
}
