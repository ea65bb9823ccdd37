import { z } from 'zod';
import type { CredentialVault } from '../../../connections/credential-vault.ts';
import { isPatchbayError } from '../../../errors/patchbay-error.ts';

/** A form of a tenant's: the automation that it starts, by its id. */
export interface FormPlace {
  readonly tenant: string;
  readonly form: string;
}

/** What makes and reads the keys of links. */
export type FormLinkVault = Pick<CredentialVault, 'sealFormKey' | 'openFormKey'>;

const keyShape = z.object({ expiresAt: z.number() });

/** Longest key of a link. */
const longestKey = 1_000;

/** The key of a link that ends at a time, milliseconds since 1970: bound to tenant and form, made with the tenant's data key. */
export async function sealFormLink(vault: FormLinkVault, place: FormPlace, expiresAt: number): Promise<string> {
  const sealed = await vault.sealFormKey(place, JSON.stringify({ expiresAt }));
  return Buffer.from(sealed, 'base64').toString('base64url');
}

/** When a link with this key ends; `null` for a key that was not made for this very form by this hub. Throws where the store or the keys are away. */
export async function openFormLink(vault: FormLinkVault, place: FormPlace, key: string): Promise<number | null> {
  if (key === '' || key.length > longestKey || !/^[\w-]+$/.test(key)) return null;
  try {
    const text = await vault.openFormKey(place, Buffer.from(key, 'base64url').toString('base64'));
    return keyShape.parse(JSON.parse(text.reveal('form-link'))).expiresAt;
  } catch (error) {
    if (isPatchbayError(error) && !refusals.has(error.code)) throw error;
    return null;
  }
}

/** Of a key that is none, one of another place, and one whose data key has been destroyed. */
const refusals: ReadonlySet<string> = new Set(['vault_sealed', 'vault_key_missing', 'vault_key_destroyed', 'invalid_argument']);
