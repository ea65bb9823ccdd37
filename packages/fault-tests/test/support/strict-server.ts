import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * An authorization server with an API, and grants by name. Each refresh token is good for once; one that comes again ends its grant for ever,
 * unless the grant is a forgiving one: then the last token that was used up is answered once more as it was. Of a grant's access tokens the last
 * one alone is let in.
 */
export interface StrictServer {
  readonly origin: string;
  /** Refresh tokens in the order in which they came. */
  readonly asked: readonly string[];
  /** Requests to the API that were let in, and that were not. */
  readonly served: () => { readonly good: number; readonly refused: number };
  /** Grants that have ended. */
  readonly revoked: () => readonly string[];
  /** Called with each refresh token before it is answered. */
  onAsked(listener: () => Promise<void>): void;
  close(): Promise<void>;
}

interface ServedGrant {
  /** Refresh tokens that it has used up. */
  used: number;
  isRevoked: boolean;
}

/** The refresh token of a grant after so many others. */
export const refreshTokenOf = (grant: string, used = 0): string => `refresh-token-${grant}-${used}`;

/** The access token that came with it. */
export const accessTokenOf = (grant: string, used = 0): string => `access-token-${grant}-${used}`;

/** What the names of forgiving grants begin with. */
export const forgiving = 'forgiving';

/** Starts the server. */
export async function startStrictServer(): Promise<StrictServer> {
  const asked: string[] = [];
  const grants = new Map<string, ServedGrant>();
  const served = { good: 0, refused: 0 };
  let listener = async (): Promise<void> => undefined;

  const grantOf = (name: string): ServedGrant => {
    const grant = grants.get(name) ?? { used: 0, isRevoked: false };
    grants.set(name, grant);
    return grant;
  };

  const giveToken = async (request: IncomingMessage): Promise<[status: number, body: object]> => {
    const sent = new URLSearchParams(await text(request)).get('refresh_token') ?? '';
    const name = /^refresh-token-(.+)-\d+$/.exec(sent)?.[1] ?? '';
    const grant = grantOf(name);
    const isRepeated = name.startsWith(forgiving) && sent === refreshTokenOf(name, grant.used - 1);
    grant.isRevoked ||= !isRepeated && sent !== refreshTokenOf(name, grant.used);
    if (!isRepeated) grant.used += 1;
    const { used } = grant;
    asked.push(sent);
    await listener();
    if (grant.isRevoked) return [400, { error: 'invalid_grant' }];
    const tokens = { access_token: accessTokenOf(name, used), refresh_token: refreshTokenOf(name, used) };
    return [200, { ...tokens, token_type: 'Bearer', expires_in: 3_600 }];
  };

  const servePaper = ({ headers }: IncomingMessage): [status: number, body: object] => {
    const name = /^Bearer access-token-(.+)-\d+$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const { used, isRevoked } = grantOf(name);
    const isGood = !isRevoked && headers.authorization === `Bearer ${accessTokenOf(name, used)}`;
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
    revoked: () => [...grants].flatMap(([name, { isRevoked }]) => (isRevoked ? [name] : [])),
    onAsked(next) {
      listener = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
