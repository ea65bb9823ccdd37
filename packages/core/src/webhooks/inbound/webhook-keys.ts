import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import { createOpenedSecrets } from '../../connections/opened-secrets.ts';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { isLive } from './app-keys.ts';
import { verificationKey } from './signatures/verification-key.ts';

/** Opened keys held at once. */
const maximumOpened = 5_000;

/** The live secrets of a registration. */
export interface LiveKeys {
  readonly keys: readonly KeyObject[];
  /** Why one of them could not be opened just now, where that may pass. One that can never be opened again is left out: it verifies nothing. */
  readonly failure: PatchbayError | null;
}

/** Whose keys are asked for, and how their secrets are read. */
export interface KeyedRegistration {
  readonly tenant: string;
  /** A registration, or a receiver. */
  readonly row: Row<'registration'> | Row<'receiver'>;
  readonly scheme: SignatureScheme;
}

/** Verification keys of registrations. */
export interface WebhookKeys {
  of(registration: KeyedRegistration): Promise<LiveKeys>;
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
    async of({ tenant, row, scheme }) {
      const registration = row.id;
      // What was opened before the tenant was shredded verifies nothing any more.
      if (await vault.isDestroyed(tenant)) return { keys: [], failure: null };
      const now = clock.now();
      const live = row.value.secrets.filter((secret) => isLive(secret, now));
      const results = await Promise.allSettled(
        live.map(({ id, sealed }) =>
          // The ids hold no NUL, so the last two end the tenant.
          opened.get(`${tenant}\u0000${registration}\u0000${id}`, sealed, async () => {
            const plain = await vault.openSecret({ tenant, registration, id }, sealed);
            return verificationKey(plain.reveal('webhook-verification'), scheme);
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
