import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * An authorization server with an API. Each refresh token is good for once; one that comes again ends the grant for ever. Of the access tokens the
 * last one alone is let in.
 */
export interface StrictServer {
  readonly origin: string;
  /** Refresh tokens in the order in which they came. */
  readonly asked: readonly string[];
  /** Requests to the API that were let in, and that were not. */
  readonly served: () => { readonly good: number; readonly refused: number };
  readonly isRevoked: () => boolean;
  /** Called with each refresh token before it is answered. */
  onAsked(listener: () => Promise<void>): void;
  close(): Promise<void>;
}

/** Refresh token with which a grant begins. */
export const firstRefreshToken = 'refresh-token-0';

/** Starts the server. */
export async function startStrictServer(): Promise<StrictServer> {
  const asked: string[] = [];
  const served = { good: 0, refused: 0 };
  let isRevoked = false;
  let listener = async (): Promise<void> => undefined;

  const giveToken = async (request: IncomingMessage): Promise<[status: number, body: object]> => {
    const sent = new URLSearchParams(await text(request)).get('refresh_token') ?? '';
    isRevoked ||= sent !== `refresh-token-${asked.length}`;
    asked.push(sent);
    const count = asked.length;
    await listener();
    if (isRevoked) return [400, { error: 'invalid_grant' }];
    const tokens = { access_token: `access-token-${count}`, refresh_token: `refresh-token-${count}` };
    return [200, { ...tokens, token_type: 'Bearer', expires_in: 3_600 }];
  };

  const servePaper = ({ headers }: IncomingMessage): [status: number, body: object] => {
    const isGood = !isRevoked && headers.authorization === `Bearer access-token-${asked.length}`;
    served[isGood ? 'good' : 'refused'] += 1;
    return isGood ? [200, { id: 'paper' }] : [401, {}];
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [status, body] = request.url === '/token' ? await giveToken(request) : servePaper(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
    served: () => ({ ...served }),
    isRevoked: () => isRevoked,
    onAsked(next) {
      listener = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
