import type { JsonObject } from '@patchbay/core';
import type { HostRecord, RecordAdapter, RecordAnswer, RecordTypes } from '@patchbay/core/host';

/** How records in memory behave. */
export interface MemoryRecordsOptions<Types extends RecordTypes> {
  readonly types: Types;
  /** @default 'hub' */
  readonly writesToldBy?: 'adapter' | 'hub';
  /** Milliseconds for which a key is said to be known again. @default a day */
  readonly keyLifetimeMs?: number;
}

/** A link between two records of a tenant, as `type/id`. */
export interface MemoryLink {
  readonly tenant: string;
  readonly link: string;
  readonly from: string;
  readonly to: string;
}

/** Records in memory, for a host's tests: with versions, keys and links. */
export interface MemoryRecords<Types extends RecordTypes> {
  readonly adapter: RecordAdapter<Types>;
  /** Puts a record there without telling anybody, and answers it. */
  put(tenant: string, type: keyof Types & string, id: string, data: JsonObject): HostRecord;
  /** All of a type, in the order in which they came. */
  list(tenant: string, type: keyof Types & string): readonly HostRecord[];
  readonly links: readonly MemoryLink[];
  /** Writing calls so far: the method, and what it was given. */
  readonly writes: readonly { readonly method: string; readonly causation: string | null; readonly key: string }[];
}

/** Keeps a host's records in memory. What is given out is a copy. */
export function memoryRecords<const Types extends RecordTypes>(options: MemoryRecordsOptions<Types>): MemoryRecords<Types> {
  const { types, writesToldBy = 'hub', keyLifetimeMs = 86_400_000 } = options;
  const kept = new Map<string, HostRecord>();
  const made = new Map<string, HostRecord>();
  const links: MemoryLink[] = [];
  const writes: { method: string; causation: string | null; key: string }[] = [];
  let count = 0;
  const nameOf = (tenant: string, type: string, id: string): string => JSON.stringify([tenant, type, id]);
  const store = (tenant: string, type: string, { id, data, version }: HostRecord): HostRecord => {
    const record = { id, version: String(Number(version ?? 0) + 1), data: structuredClone(data) };
    kept.set(nameOf(tenant, type, id), record);
    return structuredClone(record);
  };
  const find = (tenant: string, type: string, id: string): HostRecord | null => structuredClone(kept.get(nameOf(tenant, type, id)) ?? null);
  const note = (method: string, { causation, key }: { causation: string | null; key: string }): void => {
    writes.push({ method, causation, key });
  };
  const adapter: RecordAdapter<Types> = {
    types,
    writesToldBy,
    keyLifetimeMs,
    versions: true,
    get: async ({ tenant, type, id }) => find(tenant, type, id),
    async create({ tenant, type, data, ...call }): Promise<RecordAnswer> {
      note('create', call);
      const name = JSON.stringify([tenant, call.key]);
      const record = made.get(name) ?? store(tenant, type, { id: `${type}-${++count}`, version: null, data });
      made.set(name, record);
      return { status: 'written', record: structuredClone(record), before: null };
    },
    async update({ tenant, type, id, data, expectedVersion, ...call }): Promise<RecordAnswer> {
      note('update', call);
      const before = find(tenant, type, id);
      if (before === null) return { status: 'missing' };
      if (expectedVersion !== null && expectedVersion !== before.version)
        return { status: 'conflict', reason: `It is at ${before.version}.` };
      return { status: 'written', record: store(tenant, type, { ...before, data: { ...before.data, ...data } }), before };
    },
    async delete({ tenant, type, id, expectedVersion, ...call }) {
      note('delete', call);
      const before = find(tenant, type, id);
      if (before === null) return { status: 'missing' };
      if (expectedVersion !== null && expectedVersion !== before.version)
        return { status: 'conflict', reason: `It is at ${before.version}.` };
      kept.delete(nameOf(tenant, type, id));
      return { status: 'deleted', before };
    },
    async link({ tenant, type, id, link, to, ...call }) {
      note('link', call);
      if (find(tenant, type, id) === null || find(tenant, to.type, to.id) === null) return { status: 'missing' };
      const [from, end] = [`${type}/${id}`, `${to.type}/${to.id}`];
      const isThere = links.some((each) => each.tenant === tenant && each.link === link && each.from === from && each.to === end);
      if (!isThere) links.push({ tenant, link, from, to: end });
      return { status: 'linked' };
    },
  };
  return {
    adapter,
    put: (tenant, type, id, data) => store(tenant, type, { id, version: find(tenant, type, id)?.version ?? null, data }),
    list: (tenant, type) =>
      [...kept]
        .filter(([name]) => name.startsWith(JSON.stringify([tenant, type]).slice(0, -1)))
        .map(([, record]) => structuredClone(record)),
    links,
    writes,
  };
}
