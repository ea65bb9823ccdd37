import { createServer } from 'node:http';
import { connect } from 'node:net';
import { startTcpService } from './loopback-service.ts';

/** A proxy on 127.0.0.1 that opens tunnels, all of them to one port. */
export interface ConnectProxy extends AsyncDisposable {
  readonly port: number;
  /** What it was asked for, with the headers that came with it. */
  readonly asked: readonly { readonly line: string; readonly headers: Readonly<Record<string, unknown>> }[];
}

/** Starts one. Its tunnels lead to `port` on 127.0.0.1, whatever was asked for, as a resolver of its own would have them. */
export async function startConnectProxy({ port }: { readonly port: number }): Promise<ConnectProxy> {
  const asked: { line: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((incoming, answer) => {
    asked.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    answer.writeHead(400).end();
  });
  server.on('connect', (incoming, socket) => {
    asked.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    const onward = connect({ host: '127.0.0.1', port }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\nvia: 1.1 proxy\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  });
  const service = await startTcpService((socket) => void server.emit('connection', socket));
  return { port: service.port, asked, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}
