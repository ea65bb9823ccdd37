import type { ConfigurationKind, Row as ConfigurationRow } from '@patchbay/core/adapter';
import type { Statement } from '../database/database.ts';
import { number, type Row, text } from '../row.ts';
import { configurationTables } from '../schema/configuration-tables.ts';

/** Select list of a configured row, for {@link configurationRow}. */
export const rowColumns = (schema: string): string => `id, name, version, value, ${schema}.millis(updated_at) as updated_at`;

/** Reads a configured row. Its value is what was written: this storage does not look into it. */
export const configurationRow = <Kind extends ConfigurationKind>(row: Row): ConfigurationRow<Kind> => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  version: number(row, 'version'),
  value: JSON.parse(text(row, 'value')),
  updatedAt: number(row, 'updated_at'),
});

/** A statement for each kind, as the name of a table cannot be a parameter. */
export type KindStatements = Readonly<Record<ConfigurationKind, Statement>>;

/** Makes the statements of one operation, one for the table of each kind. */
export function kindStatements(name: string, text: (table: string, schema: string) => string): KindStatements {
  const of = (kind: ConfigurationKind): Statement => ({
    name: `${name}_${kind}`,
    text: (schema) => text(`${schema}.${configurationTables[kind]}`, schema),
  });
  return {
    connection: of('connection'),
    credential: of('credential'),
    automation: of('automation'),
    automation_version: of('automation_version'),
    registration: of('registration'),
    subscriber: of('subscriber'),
    tenant_key: of('tenant_key'),
    app: of('app'),
    connector_configuration: of('connector_configuration'),
    connector_change: of('connector_change'),
    endpoint: of('endpoint'),
    receiver: of('receiver'),
    alert_rule: of('alert_rule'),
    mapping: of('mapping'),
    mapping_version: of('mapping_version'),
    enrichment: of('enrichment'),
  };
}
