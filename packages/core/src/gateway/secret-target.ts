import type { AuthMethod, Credential } from '../connector/auth-method.ts';
import type { RequestPath } from '../connector/path.ts';
import { isSecretUrl } from '../connector/secret-url.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { methodFor } from './attach-credential.ts';

/**
 * Path and query of a credential that is a URL, `null` for one of another kind. Throws `credential_missing` where the URL does not lead to the origin, or
 * is not as the connector says that such URLs are.
 */
export function secretTarget(methods: readonly AuthMethod[], credential: Credential, origin: string): string | null {
  if (credential.type !== 'secret_url') return null;
  const { pattern } = methodFor(methods, { type: credential.type });
  const url = URL.parse(credential.url);
  const target = `${url?.pathname}${url?.search}`;
  // A fragment, a user or another spelling of the same URL would be read otherwise by somebody.
  if (`${origin}${target}` === credential.url && new RegExp(`^(?:${pattern})$`, 'u').test(target)) return target;
  throw new PatchbayError({
    code: 'credential_missing',
    message: 'The URL is not one that the connector takes. Put the connection with the URL as the service shows it.',
    sent: 'no',
  });
}

/**
 * Path and query of a request to the URL that is the credential, `undefined` where neither is one. Throws `unsupported` where only one of the two is: such a
 * credential is good for nothing else, and no other one stands in for it.
 */
export function secretTargetOf(path: RequestPath, host: string | undefined, target: string | null): string | undefined {
  const isAsked = isSecretUrl(path) && host === undefined;
  if (isAsked && target !== null) return target;
  if (!isSecretUrl(path) && target === null) return undefined;
  throw new PatchbayError({
    code: 'unsupported',
    message:
      target === null
        ? "The connection's credential is no URL, and this is sent to one. Put a connection with a credential of type secret_url."
        : "The connection's credential is a URL that takes nothing else. Use a connection with another kind of credential.",
    sent: 'no',
  });
}
