import { once } from 'node:events';
import type { Server } from 'node:http';

/** Has a server listen on 127.0.0.1 and answers its address. Port 0 takes a free one. */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
}
