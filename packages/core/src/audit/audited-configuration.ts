import type { ConfigurationStore } from '../contracts/configuration-store.ts';
import { entriesOfChanges } from './entries-of-changes.ts';
import type { Recorder } from './recorder.ts';

/** The configuration as one actor changes it: nothing is written through it without its record, in the same transaction. */
export function auditedConfiguration(store: ConfigurationStore, recorder: Recorder): ConfigurationStore {
  return {
    revision: (tenant) => store.revision(tenant),
    write: (tenant, changes, { audit = [], ...options } = {}) =>
      store.write(tenant, changes, { ...options, audit: [...entriesOfChanges(changes, recorder), ...audit] }),
    get: (tenant, kind, id) => store.get(tenant, kind, id),
    find: (tenant, kind, name) => store.find(tenant, kind, name),
    list: (tenant, kind, page) => store.list(tenant, kind, page),
    snapshot: (tenant, kinds) => store.snapshot(tenant, kinds),
    changes: (tenant, kinds, since) => store.changes(tenant, kinds, since),
    locateRegistration: (id) => store.locateRegistration(id),
    locateReceiver: (id) => store.locateReceiver(id),
    locateAccount: (connector, externalAccountId) => store.locateAccount(connector, externalAccountId),
    dueConnections: (request) => store.dueConnections(request),
  };
}
