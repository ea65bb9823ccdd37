import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { isName } from './check-text.ts';

/** Longest name of a connection, in UTF-16 units. */
const longestName = 100;

/** Throws `invalid_argument` for a name that a connection cannot have. */
export function checkConnectionName(name: string): void {
  if (isName(name) && name.length <= longestName && !name.includes('/') && !isUuid(name)) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: "A connection's name is text of 1 to 100 characters without slashes or control characters, and not a uuid.",
  });
}
