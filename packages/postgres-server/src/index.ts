export { createPostgresServer, type PostgresServer, type PostgresServerOptions } from './create-postgres-server.ts';
export type { PostgresMajor } from './postgres-binaries.ts';
