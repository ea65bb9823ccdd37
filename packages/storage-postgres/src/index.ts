export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.ts';
export { type MigrateOptions, type MigrateResult, migrate } from './schema/migrate.ts';
