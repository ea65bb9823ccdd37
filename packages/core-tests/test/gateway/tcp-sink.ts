import { createServer, type Socket } from 'node:net';

/** A place where nothing may arrive. */
export interface TcpSink {
  readonly port: number;
  /** Connections that were opened to it, whatever was sent. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and counts who comes. */
export async function tcpSink(): Promise<TcpSink> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
