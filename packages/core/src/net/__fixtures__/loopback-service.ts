import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A server on 127.0.0.1 that counts what reaches it. */
export interface LoopbackService extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Every connection it has taken. */
  readonly sockets: readonly Socket[];
}

async function listen(server: Server): Promise<LoopbackService> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The service has no port.');
  const { port } = address;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Starts an HTTP server. */
export const startHttpService = (handle: RequestListener): Promise<LoopbackService> => listen(createServer(handle));

/** Starts a server that speaks bytes. */
export const startTcpService = (handle: (socket: Socket) => void): Promise<LoopbackService> => listen(createTcpServer(handle));

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  await using service = await startTcpService(() => {});
  return service.port;
}
