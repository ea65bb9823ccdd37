import type { Change, ConfigurationKind, ConfigurationStore, Row, RowPage } from '../contracts/configuration-store.ts';
import type { CredentialVault } from './credential-vault.ts';

/** A stored row that holds sealed values. */
export interface SealedRow {
  readonly id: string;
  /** Each sealed value, base64. */
  readonly sealed: readonly string[];
  /** The write that puts the same values under the newest data key, if nobody has written the row since. */
  reseal(): Promise<Change>;
}

/** The rows of one kind that hold sealed values. */
export interface SealedKind {
  readonly kind: 'credential' | 'registration' | 'receiver' | 'app' | 'endpoint';
  page(page: { readonly cursor: string | null; readonly limit: number }): Promise<{
    readonly rows: readonly SealedRow[];
    readonly cursor: string | null;
  }>;
  /** The row as it is now; `null` where it is gone. */
  get(id: string): Promise<SealedRow | null>;
}

/** What reading a tenant's sealed rows needs. */
export interface SealedRowsOptions {
  readonly store: ConfigurationStore;
  readonly vault: CredentialVault;
}

/** Everything that a tenant has sealed, by kind, in the order in which it is gone through. A new sealed field joins here. */
export function sealedKinds({ store, vault }: SealedRowsOptions, tenant: string): readonly SealedKind[] {
  return [
    sealedKind({ store, tenant, kind: 'credential' }, (row) => ({
      id: row.id,
      sealed: row.value.secrets?.map(({ sealed }) => sealed) ?? [
        row.value.sealed,
        ...[row.value.previous ?? []].flat().map(({ sealed }) => sealed),
      ],
      async reseal() {
        const value = await vault.resealCredential(tenant, row);
        return { put: 'credential', id: row.id, name: row.name, expect: row.version, value };
      },
    })),
    sealedKind({ store, tenant, kind: 'registration' }, (row) => ({
      id: row.id,
      sealed: row.value.secrets.map(({ sealed }) => sealed),
      async reseal() {
        const value = await vault.resealRegistration(tenant, row);
        return { put: 'registration', id: row.id, name: row.name, expect: row.version, value };
      },
    })),
    sealedKind({ store, tenant, kind: 'receiver' }, (row) => ({
      id: row.id,
      sealed: row.value.secrets.map(({ sealed }) => sealed),
      async reseal() {
        const value = await vault.resealReceiver(tenant, row);
        return { put: 'receiver', id: row.id, name: row.name, expect: row.version, value };
      },
    })),
    sealedKind({ store, tenant, kind: 'app' }, (row) => ({
      id: row.id,
      sealed: [row.value.sealed, row.value.sealedKey].filter((sealed) => typeof sealed === 'string'),
      async reseal() {
        const value = await vault.resealApp(tenant, row);
        return { put: 'app', id: row.id, name: row.name, expect: row.version, value };
      },
    })),
    sealedKind({ store, tenant, kind: 'endpoint' }, (row) => ({
      id: row.id,
      sealed: row.value.secrets.map(({ sealed }) => sealed),
      async reseal() {
        const value = await vault.resealEndpoint(tenant, row);
        return { put: 'endpoint', id: row.id, name: row.name, expect: row.version, value };
      },
    })),
  ];
}

interface Source<Kind extends ConfigurationKind> {
  readonly store: ConfigurationStore;
  readonly tenant: string;
  readonly kind: Kind;
}

function sealedKind<Kind extends SealedKind['kind']>(
  { store, tenant, kind }: Source<Kind>,
  toSealed: (row: Row<Kind>) => SealedRow,
): SealedKind {
  return {
    kind,
    async page(request) {
      const { rows, cursor }: RowPage<Kind> = await store.list(tenant, kind, request);
      return { rows: rows.map(toSealed), cursor };
    },
    async get(id) {
      const row = await store.get(tenant, kind, id);
      return row && toSealed(row);
    },
  };
}
