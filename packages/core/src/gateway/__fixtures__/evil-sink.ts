import { startTcpService } from '../../net/__fixtures__/loopback-service.ts';

/** A server that no request is for. It answers whatever comes as if it were the service, and keeps every byte. */
export interface EvilSink extends AsyncDisposable {
  readonly port: number;
  readonly connections: () => number;
  /** All that came, one character a byte. */
  readonly bytes: () => string;
}

/** Starts one on 127.0.0.1. */
export async function startEvilSink(): Promise<EvilSink> {
  const received: Buffer[] = [];
  const service = await startTcpService((socket) => {
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  return {
    port: service.port,
    connections: () => service.sockets.length,
    bytes: () => Buffer.concat(received).toString('latin1'),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
