import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Connector, defineConnector } from '@patchbay/core';

/** A service that counts what it is asked. */
export interface CountingService {
  readonly origin: string;
  readonly asked: () => number;
  close(): Promise<void>;
}

/** Starts one on the loopback. */
export async function startCountingService(): Promise<CountingService> {
  let asked = 0;
  const server = createServer((request, answer) => {
    asked += 1;
    request.resume();
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A connector of such a service, with a token for each connection. */
export const countingConnector = (origin: string): Connector =>
  defineConnector({
    id: 'counting',
    name: 'Counting',
    description: 'Counts what it is asked.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'bearer' }],
    origin,
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });

/** The connections of these tests: so many over so many tenants. */
export const connectionsOver = (connections: number, tenants: number): readonly { readonly tenant: string; readonly name: string }[] =>
  Array.from({ length: connections }, (_, index) => ({ tenant: `tenant-${index % tenants}`, name: `c-${index}` }));
