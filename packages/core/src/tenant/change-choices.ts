import type { Connector } from '../connector/connector-definition.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import type { Change, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { changeId, keptChanges, noChoices, recordOfChange } from './history-of-choices.ts';
import type { TenantScope } from './tenant-services.ts';

/** Under which condition something is set. */
export interface ChangeOptions {
  /** The revision that was looked at: where somebody has made a later one, it is a `conflict`. @default any */
  readonly ifRevision?: number;
}

/** Races that are tried again before they are given up. */
const writeTries = 100;

/** What a tenant has set for a connector, as it is stored now. */
export async function choicesRow(scope: TenantScope, { id }: Pick<Connector, 'id'>): Promise<Row<'connector_configuration'> | null> {
  await scope.ready();
  return scope.storage.configuration.get(scope.tenant, 'connector_configuration', id);
}

/**
 * Changes what a tenant has set for a connector, with the record of the change in the same write; the same content changes nothing. Of racers
 * each changes what the one before it has left. Throws `conflict`.
 */
export async function changeChoices(
  scope: TenantScope,
  connector: Connector,
  { change, ifRevision }: ChangeOptions & { readonly change: (now: ConnectorChoices) => ConnectorChoices },
): Promise<Row<'connector_configuration'> | null> {
  const { tenant, configuration, cache } = scope;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await choicesRow(scope, connector);
    const now = row?.value ?? { ...noChoices, revision: 0 };
    const { values, flags, off } = change(now);
    const next = { revision: now.revision, values, flags, off };
    if (canonicalJson(next) === canonicalJson(now)) return row;
    if (ifRevision !== undefined && ifRevision !== now.revision) throw moved(connector.id, now.revision);
    const verdict = await configuration.write(tenant, changesFor(scope, connector, { row, next: { values, flags, off } }));
    cache.forget(tenant);
    if (verdict.status === 'written') return choicesRow(scope, connector);
  }
  throw busy(connector.id);
}

function changesFor(
  { recorder, clock }: Pick<TenantScope, 'recorder' | 'clock'>,
  { id, definition }: Connector,
  { row, next }: { readonly row: Row<'connector_configuration'> | null; readonly next: ConnectorChoices },
): readonly Change[] {
  const revision = (row?.value.revision ?? 0) + 1;
  const written = changeId(id, revision);
  const outdated = changeId(id, revision - keptChanges);
  const before = row && { values: row.value.values, flags: row.value.flags, off: row.value.off };
  const change = {
    connector: id,
    revision,
    actor: recorder.actor,
    at: clock.now(),
    ...recordOfChange(definition, { before, after: next }),
  };
  return [
    { put: 'connector_configuration', id, name: id, expect: row?.version ?? 'absent', value: { ...next, revision } },
    { put: 'connector_change', id: written, name: written, expect: 'absent', value: change },
    ...(revision > keptChanges ? [{ delete: 'connector_change', id: outdated, expect: 1 } as const] : []),
  ];
}

function moved(connector: string, revision: number): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: `What is set for ${connector} is at revision ${revision}, so it was changed since it was looked at. Look again and repeat the change.`,
    details: { revision },
  });
}

function busy(connector: string): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: `What is set for ${connector} is being changed by others at the same time. Try again.`,
    retryable: true,
  });
}
