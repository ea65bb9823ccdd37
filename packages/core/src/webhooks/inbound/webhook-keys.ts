import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { Row } from '../../contracts/configuration-store.ts';

/** Opened keys are kept for at most this long, milliseconds. design.md: five minutes. */
const openedFor = 300_000;

/** Opened keys held at once. */
const maximumOpened = 5_000;

/** Verification keys of registrations. */
export interface WebhookKeys {
  /** The live secrets of a registration, as keys. */
  of(tenant: string, row: Row<'registration'>): Promise<readonly KeyObject[]>;
}

/** Opens webhook secrets through the vault and keeps them as `KeyObject`s, which node:crypto takes faster than bytes. */
export function createWebhookKeys(options: {
  readonly vault: CredentialVault;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
}): WebhookKeys {
  const { vault, clock } = options;
  const opened = new Map<string, { readonly key: KeyObject; readonly until: number }>();

  const open = async (
    tenant: string,
    registration: string,
    secret: Row<'registration'>['value']['secrets'][number],
  ): Promise<KeyObject> => {
    // The sealed form is part of the name: a secret put anew is never taken for the one before.
    const name = `${tenant}\u0000${registration}\u0000${secret.id}\u0000${secret.sealed}`;
    const known = opened.get(name);
    if (known && known.until > clock.monotonic()) return known.key;
    const plain = await vault.openSecret({ tenant, registration, id: secret.id }, secret.sealed);
    const key = webhookKey(plain.reveal('webhook-verification'));
    opened.delete(name);
    opened.set(name, { key, until: clock.monotonic() + openedFor });
    for (const oldest of opened.keys()) {
      if (opened.size <= maximumOpened) break;
      opened.delete(oldest);
    }
    return key;
  };

  return {
    async of(tenant, row) {
      const live = row.value.secrets.filter((secret) => secret.notAfter === null || secret.notAfter > clock.now());
      return Promise.all(live.map((secret) => open(tenant, row.id, secret)));
    },
  };
}

/** A webhook secret as the key that HMAC takes: its UTF-8 bytes. */
export function webhookKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, 'utf8'));
}
