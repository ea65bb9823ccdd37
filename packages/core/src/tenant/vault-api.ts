import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import type { Secret } from '../secret/secret.ts';
import type { KeyVersions } from '../vault/tenant-keys.ts';
import { type ImportRequest, type ImportResult, importSecrets } from './import-secrets.ts';
import { recordAct } from './record-act.ts';
import { type RewrapOptions, type RewrapResult, rewrapTenant } from './rewrap-tenant.ts';
import { setMinDecryptVersion } from './set-min-decrypt-version.ts';
import type { TenantScope } from './tenant-services.ts';
import { checkSecret, deleteSecret, listSecrets, putSecrets, useSecret, type VaultSecret, type VaultSecretInput } from './vault-secrets.ts';

/** A tenant's vault: named secrets of its connections, and the data keys that everything of the tenant is sealed under. */
export interface VaultApi {
  /** Keeps a secret; the same value changes nothing, another replaces it at once. */
  put(secret: VaultSecretInput): Promise<VaultSecret>;
  /** Opens a secret for a purpose, which is recorded. What is answered prints `[redacted]`; `reveal(purpose)` gives the text. */
  use(secret: { readonly connection: string; readonly key: string; readonly purpose: string }): Promise<Secret>;
  /** The secrets of a connection, never their values. */
  list(connection: string): Promise<readonly VaultSecret[]>;
  delete(secret: { readonly connection: string; readonly key: string }): Promise<void>;
  /** Takes in what the host already holds, in batches; an interrupted import goes on from its position. */
  import(request: ImportRequest): Promise<ImportResult>;
  /** The versions of the tenant's data key. */
  keys(): Promise<KeyVersions>;
  /** Makes a new version of the data key: new values are sealed under it, here at once and in every process within 10 seconds. */
  rotate(): Promise<KeyVersions>;
  /**
   * Seals every sealed value of the tenant anew under the newest data key, and wraps the data keys under the provider's active key. Callable again;
   * each 50 rows raise the tenant's configuration revision by one.
   */
  rewrap(options?: RewrapOptions): Promise<RewrapResult>;
  /**
   * Sets the least version of the data key whose values open. It can be raised when nothing is sealed under an older one and the version has been
   * there for five minutes, else it rejects with `conflict`; it can be lowered at any time.
   */
  setMinDecryptVersion(version: number): Promise<KeyVersions>;
  /**
   * Destroys all of the tenant's data keys, for good: no secret of the tenant opens again, here at once and in every process within 10 seconds of a
   * reachable store (5 minutes otherwise), and none can be sealed. The tenant's id is repeated to say that this is meant.
   */
  shred(confirmation: { readonly tenant: string }): Promise<void>;
}

/** The vault part of a tenant's handle. */
export function vaultApi(scope: TenantScope): VaultApi {
  const { tenant, tenantKeys, vault } = scope;
  // The rows of the keys are written by the hub; who wants it, and what it is that changes them, stands here.
  const record = (verb: string, details: Readonly<Record<string, Json>> = {}): Promise<void> =>
    recordAct(scope, { action: `tenant_key.${verb}`, object: { type: 'tenant_key', id: 'all' }, details });
  return {
    async put(secret) {
      checkSecret(secret);
      const [stored] = await putSecrets(scope, secret.connection, new Map([[secret.key, secret.value]]));
      if (stored === undefined) throw new TypeError('A stored secret has an answer.');
      const { changed, ...view } = stored;
      return view;
    },
    use: (secret) => useSecret(scope, secret),
    list: (connection) => listSecrets(scope, connection),
    delete: (secret) => deleteSecret(scope, secret),
    import: (request) => importSecrets(scope, request),
    async keys() {
      await scope.ready();
      return tenantKeys.list(tenant);
    },
    async rotate() {
      await scope.ready();
      await record('rotate');
      await tenantKeys.rotate(tenant);
      return tenantKeys.list(tenant);
    },
    async rewrap(options) {
      await scope.ready();
      await record('rewrap');
      return rewrapTenant(scope, options);
    },
    async setMinDecryptVersion(version) {
      await scope.ready();
      await record('set_minimum', { version });
      return setMinDecryptVersion(scope, version);
    },
    async shred(confirmation) {
      await scope.ready();
      if (confirmation?.tenant !== tenant)
        throw new PatchbayError({
          code: 'invalid_argument',
          message: 'Shredding destroys everything that the tenant has sealed. Pass its id, { tenant }, to say that it is meant.',
        });
      await record('shred');
      await tenantKeys.shred(tenant);
      vault.forgetKeys(tenant);
    },
  };
}
