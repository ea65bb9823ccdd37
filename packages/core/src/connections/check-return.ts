import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * The address to which a person is sent back, whole. Throws `invalid_argument` for another origin than the hub's own and those that the host
 * has named: whoever could choose one would be handed the flow.
 */
export function checkReturn(returnTo: string, options: { readonly publicUrl: string; readonly returnOrigins: readonly string[] }): string {
  const { origin } = new URL(options.publicUrl);
  const url = typeof returnTo === 'string' && returnTo.length <= 2_048 ? URL.parse(returnTo, `${origin}/`) : null;
  const isKnown = url !== null && (url.origin === origin || options.returnOrigins.includes(url.origin));
  if (url && isKnown && url.username === '' && url.password === '' && !/[\p{Cc}\s\\]/u.test(returnTo)) return url.href;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `returnTo is not an address of ${origin} nor of one in returnOrigins. Pass a path such as /settings/integrations.`,
  });
}
