import { connect } from 'node:net';
import { answerParser } from './answer-parser.ts';

/** One kept-alive connection to the subject with at most one request under way. */
export interface WebhookConnection {
  /** Sends a whole request and answers the status that came back. */
  readonly post: (request: Buffer) => Promise<number>;
  readonly close: () => void;
}

/** Opens a connection to the subject on loopback. A connection that ends early calls `onFault`: a benchmark never connects again. */
export async function openWebhookConnection(port: number, onFault: (error: Error) => void): Promise<WebhookConnection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let settle: ((status: number) => void) | null = null;
  const parser = answerParser((status) => {
    const answered = settle;
    settle = null;
    if (answered === null) throw new Error('An answer came without a request.');
    answered(status);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', onFault);
  socket.once('end', () => onFault(new Error('The subject closed a connection.')));
  socket.on('data', (chunk) => {
    try {
      parser.push(chunk);
    } catch (error) {
      onFault(error instanceof Error ? error : new Error(String(error)));
    }
  });
  return {
    post: (request) =>
      new Promise((resolve, reject) => {
        if (settle !== null) return reject(new Error('The connection is busy.'));
        settle = resolve;
        socket.write(request);
      }),
    close: () => {
      socket.removeAllListeners('end');
      socket.destroy();
    },
  };
}
