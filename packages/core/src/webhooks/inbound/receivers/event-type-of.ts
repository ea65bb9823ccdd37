import { PatchbayError } from '../../../errors/patchbay-error.ts';

/** What the types of all receivers' events begin with. No connector and no host event type can. */
export const receiverPrefix = 'hook';

/** Longest type of an event, characters. */
const longestType = 200;

/** What the types of a receiver's events begin with. */
export const receiverTypes = (name: string): string => `${receiverPrefix}.${name}`;

/**
 * A sender's type as it stands behind the receiver's name: what no segment of a type can hold is an underscore. Throws `invalid_event` for what is
 * no text, or leaves none.
 */
export function typeBehind(name: string, type: unknown): string {
  const segments = typeof type === 'string' ? type.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').split('.') : [];
  const behind = segments.filter((segment) => segment !== '').join('.');
  if (/[A-Za-z0-9]/.test(behind) && receiverTypes(name).length + 1 + behind.length <= longestType) return behind;
  throw new PatchbayError({
    code: 'invalid_event',
    message: `The type of the delivery is no text that can stand behind ${receiverTypes(name)}. in at most ${longestType} characters.`,
  });
}
