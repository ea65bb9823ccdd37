/**
 * Settings of the server that every contestant shares, beside PostgreSQL's own defaults. What makes commits durable is on, and named here
 * so that a reader sees it. Checkpoints are the benchmark's, one before each sample: one that began within a sample would hit a
 * contestant by chance.
 */
export const postgresSettings: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  max_connections: '100',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};
