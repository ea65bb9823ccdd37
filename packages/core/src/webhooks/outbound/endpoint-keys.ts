import type { Clock } from '../../clock/clock.ts';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import { createOpenedSecrets } from '../../connections/opened-secrets.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { type DeliveryKey, deliveryKey } from './endpoint-secret.ts';

/** Opened keys held at once. */
const maximumOpened = 5_000;

/** Signing keys of endpoints. */
export interface EndpointKeys {
  /** Those that live now, the newest first. Throws what the vault throws, and `credential_missing` where there is none: nothing goes out unsigned. */
  of(tenant: string, row: Row<'endpoint'>): Promise<readonly DeliveryKey[]>;
}

/** Opens the secrets of endpoints through the vault and keeps them as `KeyObject`s for at most five minutes. */
export function createEndpointKeys(options: {
  readonly vault: Pick<CredentialVault, 'openSecret' | 'isDestroyed'>;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
}): EndpointKeys {
  const { vault, clock } = options;
  const opened = createOpenedSecrets<DeliveryKey>({ clock, maximum: maximumOpened });
  return {
    async of(tenant, { id: endpoint, value: { secrets } }) {
      // What was opened before the tenant was shredded signs nothing any more.
      if (await vault.isDestroyed(tenant)) throw noSecret();
      const live = secrets.filter(({ notAfter }) => notAfter === null || notAfter > clock.now());
      if (live.length === 0) throw noSecret();
      return Promise.all(
        live.map(({ id, sealed, publicKey }) =>
          // The ids hold no NUL, so the last two end the tenant.
          opened.get(`${tenant}\u0000${endpoint}\u0000${id}`, sealed, async () => {
            const plain = await vault.openSecret({ tenant, endpoint, id }, sealed);
            return deliveryKey(publicKey === undefined ? 'hmac' : 'ed25519', plain.reveal('webhook-signing'));
          }),
        ),
      );
    },
  };
}

function noSecret(): PatchbayError {
  return new PatchbayError({
    code: 'credential_missing',
    message: 'The endpoint has no secret to sign with, so nothing was sent. Rotate its secret.',
    sent: 'no',
  });
}
