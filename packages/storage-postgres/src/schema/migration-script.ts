import { migrationLock } from './migrate.ts';
import { logStatements, recordStatement } from './migration-log.ts';
import { migrations } from './migrations.ts';

/** The migrations behind a version as one SQL script, all or nothing, with their records. `schema` is quoted. */
export function migrationScript(schema: string, from: number): string {
  const statements = migrations
    .filter(({ version }) => version > from)
    .flatMap((migration) => [
      `-- ${migration.version}: ${migration.name}\n${migration.statements(schema)[0] ?? 'select'}`,
      ...migration.statements(schema).slice(1),
      recordStatement(schema, migration),
    ]);
  const log = from === 0 ? logStatements(schema) : [];
  return ['begin', migrationLock(schema), ...log, ...statements, 'commit'].map((statement) => `${statement};\n`).join('\n');
}
