export { type MaintainOptions, type MaintenanceReport, maintain } from './maintenance/maintain.ts';
export type { Retention } from './maintenance/retention.ts';
export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.ts';
export { type MigrateOptions, type MigrateResult, migrate } from './schema/migrate.ts';
export type { RowLevelSecurity } from './wall/check-wall.ts';
export { disableRowLevelSecurity, enableRowLevelSecurity, type RowLevelSecurityOptions } from './wall/set-wall.ts';
