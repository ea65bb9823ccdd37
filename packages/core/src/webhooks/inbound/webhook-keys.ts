import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import { createOpenedSecrets } from '../../connections/opened-secrets.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';

/** Opened keys held at once. */
const maximumOpened = 5_000;

/** The live secrets of a registration. */
export interface LiveKeys {
  readonly keys: readonly KeyObject[];
  /** Why one of them could not be opened just now, where that may pass. One that can never be opened again is left out: it verifies nothing. */
  readonly failure: PatchbayError | null;
}

/** Verification keys of registrations. */
export interface WebhookKeys {
  of(tenant: string, row: Row<'registration'>): Promise<LiveKeys>;
}

/** What opening webhook secrets needs. */
export interface WebhookKeysOptions {
  readonly vault: Pick<CredentialVault, 'openSecret' | 'isDestroyed'>;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
}

/** Opens webhook secrets through the vault and keeps them as `KeyObject`s, which node:crypto takes faster than bytes. */
export function createWebhookKeys(options: WebhookKeysOptions): WebhookKeys {
  const { vault, clock } = options;
  const opened = createOpenedSecrets<KeyObject>({ clock, maximum: maximumOpened });
  return {
    async of(tenant, row) {
      const registration = row.id;
      // What was opened before the tenant was shredded verifies nothing any more.
      if (await vault.isDestroyed(tenant)) return { keys: [], failure: null };
      const live = row.value.secrets.filter(({ notAfter }) => notAfter === null || notAfter > clock.now());
      const results = await Promise.allSettled(
        live.map(({ id, sealed }) =>
          // The ids hold no NUL, so the last two end the tenant.
          opened.get(`${tenant}\u0000${registration}\u0000${id}`, sealed, async () => {
            const plain = await vault.openSecret({ tenant, registration, id }, sealed);
            return webhookKey(plain.reveal('webhook-verification'));
          }),
        ),
      );
      return {
        keys: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
        failure: results.some((result) => result.status === 'rejected' && mayPass(result.reason)) ? cannotOpen() : null,
      };
    },
  };
}

/** A webhook secret as the key that HMAC takes: its UTF-8 bytes. Throws `credential_missing` for an empty one, under which anybody could sign. */
export function webhookKey(secret: string): KeyObject {
  if (secret === '') throw new PatchbayError({ code: 'credential_missing', message: 'A webhook secret is empty. Set one.' });
  return createSecretKey(Buffer.from(secret, 'utf8'));
}

/** The vault's own refusals stand; a store or a key provider that is away comes back. */
function mayPass(reason: unknown): boolean {
  return !isPatchbayError(reason) || reason.retryable;
}

function cannotOpen(): PatchbayError {
  return new PatchbayError({
    code: 'not_ready',
    message: 'A webhook secret cannot be opened at the moment, so nothing is accepted or refused for good. Look at the key provider.',
    retryable: true,
  });
}
