import { createPostgresServer } from '../../src/create-postgres-server.ts';

// Says where its server is, and goes on until it is killed.
const server = await createPostgresServer({ major: 18, settings: { fsync: 'off', shared_buffers: '16MB' } });
await server.start();
console.log(server.url);
setInterval(() => undefined, 60_000);
