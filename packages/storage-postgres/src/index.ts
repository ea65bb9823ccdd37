export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.ts';
export { installSchema } from './schema/install-schema.ts';
