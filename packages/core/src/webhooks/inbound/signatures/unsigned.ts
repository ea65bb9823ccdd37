import type { PresentedSignature } from './presented-signature.ts';

/** Stands for the signature of a delivery that needs none, because its connector is `dangerouslyUnverified`. */
export const unsigned: PresentedSignature = { madeBy: 'secret', isBy: () => true };
