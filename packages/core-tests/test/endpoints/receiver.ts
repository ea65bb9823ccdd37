import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers; it may leave the answer open. */
export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

/** A receiver of webhooks on this machine, over real HTTP. */
export interface Receiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  answer: Answer;
  close(): Promise<void>;
}

/** Answers with a status. */
export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end('ok');

/** Says the challenge where it is asked for it, and 200 to everything else. */
export const echoing: Answer = ({ body }, response) => {
  const { type, data } = JSON.parse(body);
  response.writeHead(200).end(type === 'endpoint.verification' ? JSON.stringify({ challenge: data.challenge }) : 'ok');
};

/** Starts a receiver. */
export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = { path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(request);
      receiver.answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: answering(200),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
