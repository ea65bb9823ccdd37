import { type ClaimRequest, type DispatchKey, type HotStore, hubScope } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, OpenDatabase } from '../database/database.ts';
import { everyone, tenants, tenantsOf } from '../database/scope.ts';
import { addToEvents } from './add-to-events.ts';
import { amend } from './amend.ts';
import { begin } from './begin.ts';
import { cancelRun } from './cancel-run.ts';
import { createClaimCursor } from './claim-cursor.ts';
import { claimKeys } from './claim-keys.ts';
import { claimMarks } from './claim-marks.ts';
import { claimReady } from './claim-ready.ts';
import { claimSuspect } from './claim-suspect.ts';
import { defer } from './defer.ts';
import { extend } from './extend.ts';
import { ingestItems } from './ingest-items.ts';
import { nextDue } from './next-due.ts';
import { recordRouting } from './record-routing.ts';
import { settle } from './settle.ts';

/** The hot part of the contract on its tables. */
export function hotStore(database: OpenDatabase): HotStore<ClientBase> {
  const cursor = createClaimCursor();
  const all = database.within(everyone);
  const named = (keys: readonly DispatchKey[]): Database => database.within(tenantsOf(keys));
  const claim = ({ keys, ...request }: ClaimRequest): ReturnType<HotStore['claim']> => {
    if (request.kind === 'suspect') return claimSuspect(keys === undefined ? all : named(keys), request, keys);
    return keys === undefined ? claimReady(all, cursor, request) : claimKeys(named(keys), request, keys);
  };
  return {
    ingest: (items, options) => ingestItems(database.within(tenantsOf(items, hubScope)), items, options),
    claimMarks: (request) => claimMarks(all, request),
    recordRouting: (pages) => recordRouting(database.within(tenantsOf(pages, hubScope)), pages),
    addToEvents: (items) => addToEvents(database.within(tenantsOf(items)), items),
    claim,
    begin: (items) => begin(database.within(tenantsOf(items)), items),
    settle: (items) => settle(database.within(tenantsOf(items)), items),
    defer: (items) => defer(database.within(tenantsOf(items)), items),
    extend: (request) => extend(all, request),
    reopen: (items) => amend(named(items.map(({ key }) => key)), 'reopen', items),
    resolve: (items) => amend(named(items.map(({ key }) => key)), 'resolve', items),
    cancel: (items) => amend(named(items.map(({ key }) => key)), 'cancel', items),
    cancelRun: (change) => cancelRun(database.within(tenants(change.key.tenant)), change),
    nextDue: ({ handlers }) => nextDue(all, handlers),
  };
}
