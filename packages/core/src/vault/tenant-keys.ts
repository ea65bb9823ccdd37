import type { TenantKeyRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { bindDataKey } from './bind-data-key.ts';
import { keyDestroyed, keysContended } from './key-faults.ts';
import type { KeyProvider } from './key-provider.ts';
import { createRandomPool, type RandomBytes } from './random-bytes.ts';
import type { TenantKeyChange, TenantKeyRows } from './tenant-key-store.ts';
import { wrapNewKey } from './wrap-new-key.ts';
import { frameWrappedKey, readWrappedKey } from './wrapped-key-frame.ts';

/** A version of a tenant's data key, as an operator sees it: no key material. */
export interface KeyVersion {
  readonly version: number;
  /** Id of the key-encryption key that it is wrapped under; `null` once it has been destroyed. */
  readonly keyEncryptionKey: string | null;
}

/** A tenant's data keys. */
export interface KeyVersions {
  /** Oldest first; none for a tenant that has never sealed anything. */
  readonly versions: readonly KeyVersion[];
  /** The version that seals; `null` where there is none. */
  readonly active: number | null;
  /** The least version whose envelopes open. */
  readonly minDecryptVersion: number;
  /** All versions have been destroyed, for good. */
  readonly destroyed: boolean;
}

/** What {@link createTenantKeys} is given. */
export interface TenantKeysOptions {
  readonly keys: KeyProvider;
  readonly store: TenantKeyRows;
  /** Drops a tenant's keys from the memory of this process. */
  readonly forget: (tenant: string) => void;
  /** @default the system's generator */
  readonly random?: RandomBytes;
}

/** Changes the data keys of tenants. Every change goes through the row of the first version, so that of two at once one starts anew. */
export interface TenantKeys {
  list(tenant: string): Promise<KeyVersions>;
  /** Makes a version that seals from now on, the first one included. Rejects with `vault_key_destroyed`. Answers its number. */
  rotate(tenant: string): Promise<number>;
  /** Destroys all versions for good, also of a tenant that has none yet. Callable again. */
  shred(tenant: string): Promise<void>;
  /** Sets the least version whose envelopes open. Rejects with `invalid_argument` for a version that there is not. Answers the one before. */
  setMinimum(tenant: string, version: number): Promise<number>;
  /** Wraps every version under the provider's active key-encryption key, where it is under another. Answers how many were wrapped anew. */
  rewrapKeys(tenant: string): Promise<number>;
  /** Milliseconds since a version was last written, on the store's clock. */
  ageOf(tenant: string, version: number): Promise<number>;
}

type KeyRow = Row<'tenant_key'>;

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Makes what changes the data keys of tenants. */
export function createTenantKeys({ keys, store, forget, random = createRandomPool() }: TenantKeysOptions): TenantKeys {
  /** Reads, decides, writes; again from the start where another has written meanwhile. What is decided on stays undone where it throws. */
  const change = async <Answer>(
    tenant: string,
    decide: (rows: readonly KeyRow[]) => Promise<{ readonly answer: Answer; readonly changes: readonly TenantKeyChange[] }>,
  ): Promise<Answer> => {
    for (let tries = 0; tries < writeTries; tries += 1) {
      const { answer, changes } = await decide(await store.rows(tenant));
      const isDone = changes.length === 0 || (await store.write(tenant, changes));
      if (isDone) forget(tenant);
      if (isDone) return answer;
    }
    throw keysContended();
  };

  return {
    list: async (tenant) => viewOf((await store.rows(tenant)).map(({ value }) => value)),
    rotate: (tenant) =>
      change(tenant, async (rows) => {
        const [head] = rows;
        if (head !== undefined && rows.every(isGone)) throw keyDestroyed();
        const version = (rows.at(-1)?.value.version ?? 0) + 1;
        const record = await wrapNewKey({ keys, random }, { tenant, version });
        const added: TenantKeyChange = { id: record.keyId, expect: 'absent', record };
        return { answer: version, changes: head === undefined ? [added] : [put(head), added] };
      }),
    shred: (tenant) =>
      change(tenant, async (rows) => {
        const tombstone: TenantKeyChange = { id: 'destroyed', expect: 'absent', record: { keyId: 'destroyed', version: 1, wrapped: '' } };
        const live = rows.filter((row) => !isGone(row));
        const changes = live.map((row) => put(row, { wrapped: '' }));
        const [head] = rows;
        const isHeadLive = head !== undefined && live.includes(head);
        if (head === undefined) return { answer: undefined, changes: [tombstone] };
        return { answer: undefined, changes: live.length === 0 || isHeadLive ? changes : [put(head), ...changes] };
      }),
    setMinimum: (tenant, version) =>
      change(tenant, async (rows) => {
        const [head] = rows;
        if (head === undefined || !rows.some((row) => row.value.version === version)) throw noSuchVersion();
        if (rows.every(isGone)) throw keyDestroyed();
        const answer = viewOf(rows.map(({ value }) => value)).minDecryptVersion;
        return { answer, changes: answer === version ? [] : [put(head, { minimum: version })] };
      }),
    rewrapKeys: (tenant) =>
      change(tenant, async (rows) => {
        const changes: TenantKeyChange[] = [];
        for (const row of rows) {
          const { wrapped } = row.value;
          if (wrapped === '' || readWrappedKey(wrapped).kekId === keys.activeKekId) continue;
          changes.push(put(row, { wrapped: await wrapAnew(keys, tenant, row.value) }));
        }
        return { answer: changes.length, changes };
      }),
    async ageOf(tenant, version) {
      const row = (await store.rows(tenant)).find(({ value }) => value.version === version);
      if (row === undefined) throw noSuchVersion();
      return (await store.now()) - row.updatedAt;
    },
  };
}

/** The data key in the form of the active key-encryption key; it is in the open only in between. */
async function wrapAnew(keys: KeyProvider, tenant: string, record: TenantKeyRecord): Promise<string> {
  const associatedData = bindDataKey(tenant, record);
  const dataKey = await keys.unwrap({ ...readWrappedKey(record.wrapped), associatedData });
  try {
    return frameWrappedKey(await keys.wrap({ dataKey, associatedData }));
  } finally {
    dataKey.fill(0);
  }
}

const isGone = ({ value }: KeyRow): boolean => value.wrapped === '';

/** A row as it was read, changed in some fields: a write that fails where another has written the row. */
function put({ id, version, value }: KeyRow, changed: Partial<TenantKeyRecord> = {}): TenantKeyChange {
  return { id, expect: version, record: { ...value, ...changed } };
}

function viewOf(records: readonly TenantKeyRecord[]): KeyVersions {
  const live = records.filter(({ wrapped }) => wrapped !== '');
  return {
    versions: records.map(({ version, wrapped }) => ({
      version,
      keyEncryptionKey: wrapped === '' ? null : readWrappedKey(wrapped).kekId,
    })),
    active: live.at(-1)?.version ?? null,
    minDecryptVersion: Math.max(1, ...records.map(({ minimum = 1 }) => minimum)),
    destroyed: records.length > 0 && live.length === 0,
  };
}

const noSuchVersion = (): PatchbayError =>
  new PatchbayError({
    code: 'invalid_argument',
    message: "The tenant has no data key of this version. List the tenant's keys to see the versions.",
  });
