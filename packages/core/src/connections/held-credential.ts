import { z } from 'zod';
import type { AuthMethod, Credential } from '../connector/auth-method.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { parseCredential } from './credential-schema.ts';

/** An access token that was asked for with a credential, and is sealed together with it. */
export interface MintedToken {
  readonly accessToken: string;
  /** When it was given, and when it ends, milliseconds since 1970; absent where the service does not say. */
  readonly obtainedAt: number;
  readonly expiresAt?: number;
  /** The service had refused the one before. @default false */
  readonly isReplacement?: boolean;
}

/**
 * A credential as it is held: what a host handed in, with the token that was asked for with it last. `asOwnApp`: it has no secrets of its own and was put
 * while the tenant had an app registration, which alone may ask for its tokens.
 */
export type HeldCredential = Credential & { readonly minted?: MintedToken; readonly asOwnApp?: true };

const mintedSchema = z.strictObject({
  accessToken: z.string(),
  obtainedAt: z.number(),
  expiresAt: z.exactOptional(z.number()),
  isReplacement: z.exactOptional(z.boolean()),
});

const heldSchema = z.object({ minted: z.optional(mintedSchema), asOwnApp: z.optional(z.literal(true)) });

/** Reads a credential as it was sealed. Throws `credential_missing` for what this version did not write. */
export function parseHeldCredential(value: unknown): HeldCredential {
  if (!isJsonObject(value) || (value['minted'] === undefined && value['asOwnApp'] === undefined)) return parseCredential(value);
  const { minted, asOwnApp, ...credential } = value;
  const parsed = heldSchema.safeParse({ minted, asOwnApp });
  if (parsed.success) {
    const { data } = parsed;
    return {
      ...parseCredential(credential),
      ...(data.minted ? { minted: data.minted } : {}),
      ...(data.asOwnApp ? { asOwnApp: true } : {}),
    };
  }
  throw new PatchbayError({
    code: 'credential_missing',
    message: 'The sealed credential is not one that this version wrote. Put the connection again.',
  });
}

/** The access token that a credential has now; `undefined` for one without, and for a kind that has none. */
export function tokenOf(credential: HeldCredential): (Omit<MintedToken, 'obtainedAt'> & { readonly obtainedAt?: number }) | undefined {
  return credential.type === 'oauth2' ? credential : credential.minted;
}

const grants: ReadonlySet<Credential['type']> = new Set(['oauth2', 'service_account', 'client_credentials', 'app_installation']);

/** True for a kind that may be a grant, whose access token is kept good; for any other there is nothing to be renewed. */
export const mayBeGrant = ({ type }: Pick<Credential, 'type'>): boolean => grants.has(type);

/** True where renewals say what has become of a credential, and a look does not: a grant of OAuth, and what tokens are asked for with. */
export function endsByRenewal(methods: readonly AuthMethod[], credential: Pick<Credential, 'type'>): boolean {
  return credential.type === 'oauth2' || asksForTokens(methods, credential);
}

/** True where a token has to be asked for with the credential, before a request can carry it. */
export function asksForTokens(methods: readonly AuthMethod[], { type }: Pick<Credential, 'type'>): boolean {
  if (type !== 'service_account') return type === 'client_credentials' || type === 'app_installation';
  return methods.some((method) => method.type === type && method.tokenUrl !== undefined);
}
