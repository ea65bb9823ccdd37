import { PatchbayError } from '../errors/patchbay-error.ts';

/** Most scopes of one connection. */
const mostScopes = 500;

/** Throws `invalid_argument` for what is no list of scopes. */
export function checkScopes(grantedScopes: readonly string[] | undefined): void {
  if (grantedScopes === undefined) return;
  const isList = Array.isArray(grantedScopes) && grantedScopes.length <= mostScopes;
  if (isList && grantedScopes.every((scope) => typeof scope === 'string' && accountShape.test(scope))) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The granted scopes are not a list of at most ${mostScopes} texts. Pass them as the service tells them, or leave them out.`,
  });
}

const accountShape = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Throws `invalid_argument` for an account whose id is no plain text. */
export function checkAccount(externalAccount: { readonly id: string } | undefined): void {
  if (externalAccount === undefined || accountShape.test(externalAccount.id)) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message:
      'The id of the external account is not text of 1 to 200 characters. Pass it as the service tells it, or leave the account out.',
  });
}
