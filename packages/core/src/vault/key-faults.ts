import { PatchbayError } from '../errors/patchbay-error.ts';

/** No such data key: what names it was sealed for another tenant or store. */
export const keyMissing = (): PatchbayError =>
  new PatchbayError({
    code: 'vault_key_missing',
    message: 'The tenant has no such data key: the value was sealed for another tenant or store. Store the secret again.',
  });

/** The tenant's data keys are gone for good. */
export const keyDestroyed = (): PatchbayError =>
  new PatchbayError({
    code: 'vault_key_destroyed',
    message: "The tenant's data key has been destroyed, and with it everything sealed under it. Nothing can bring it back.",
  });

/** Sealed under a version that the tenant opens no longer. */
export const belowMinimum = (): PatchbayError =>
  new PatchbayError({
    code: 'vault_sealed',
    message:
      "The value was sealed under an older data key than the tenant's minDecryptVersion lets open. Set that lower, rewrap and raise it again, or store the secret again.",
    details: { reason: 'below_minimum' },
  });

/** Others kept changing the tenant's keys while this change was tried. */
export const keysContended = (): PatchbayError =>
  new PatchbayError({
    code: 'conflict',
    message: "The tenant's data keys are being changed by others at the same time. Try again.",
    retryable: true,
  });
