import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** A customer's server with an endpoint, and what has come to it. */
export interface Customer {
  readonly server: Server;
  /** Enters the secret of the endpoint. Before, everything is refused. */
  enter(secret: string): void;
  /** Deliveries whose signature was good, by the id of their event; the challenge is none. */
  readonly deliveries: readonly { readonly id: string; readonly body: string }[];
}

/** Checks what comes with the published library, as any customer would, and remembers the ids to do each thing once. */
export function openCustomer(): Customer {
  const deliveries: { id: string; body: string }[] = [];
  let webhook: Webhook | null = null;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    try {
      if (webhook === null) throw new Error('No secret was entered.');
      webhook.verify(body, headers);
    } catch {
      response.writeHead(401).end();
      return;
    }
    const { type, data } = JSON.parse(body);
    if (type === 'endpoint.verification') {
      response.end(data.challenge);
      return;
    }
    deliveries.push({ id: headers['webhook-id'] ?? '', body });
    response.writeHead(204).end();
  });
  const enter = (secret: string): void => {
    webhook = new Webhook(secret);
  };
  return { server, enter, deliveries };
}
