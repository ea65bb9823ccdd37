import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** A request as it came to the hostile server. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly fields: URLSearchParams;
}

/** What is done with a request: anything that a socket lets one do. */
export type HostileAnswer = (response: ServerResponse, request: HostileRequest) => void | Promise<void>;

/** An authorization server on this machine that does what a test says, and is as it ought to be where a test says nothing. */
export interface HostileServer {
  readonly origin: string;
  readonly requests: readonly HostileRequest[];
  /** How often a path was asked. */
  asked(path: string): number;
  /** What a path answers from now on. */
  on(path: string, answer: HostileAnswer): void;
  /** What its metadata say from now on, beside what they ought to; `undefined` takes a field away. */
  say(changes: Readonly<Record<string, unknown>>): void;
  /** Resolves when a path is asked the next time. */
  next(path: string): Promise<void>;
  close(): Promise<void>;
}

export const oauthMetadata = '/.well-known/oauth-authorization-server';
export const openidMetadata = '/.well-known/openid-configuration';

/** Answers JSON. */
export const json =
  (value: unknown, status = 200): HostileAnswer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** Answers any text, as any type. */
export const text =
  (body: string, type = 'text/html', status = 200): HostileAnswer =>
  (response) =>
    void response.writeHead(status, { 'content-type': type }).end(body);

/** Sends elsewhere. */
export const redirect =
  (location: string, status = 302): HostileAnswer =>
  (response) =>
    void response.writeHead(status, { location }).end();

/** Answers without an end: good JSON at first, and then blanks, as fast as they are read. */
export const endless: HostileAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"access_token":"access-token-abcdefghij","token_type":"Bearer"');
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(16_384)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

/** Begins to answer and does not go on. */
export const stalled: HostileAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"access_token":');
};

/** Hangs up. */
export const reset: HostileAnswer = (response) => void response.socket?.resetAndDestroy();

/** Starts the server. */
export async function startHostileServer(): Promise<HostileServer> {
  const requests: HostileRequest[] = [];
  const waiting = new Map<string, (() => void)[]>();
  const answers = new Map<string, HostileAnswer>();
  let said: Readonly<Record<string, unknown>> = {};
  const server = createServer(async (message, response) => {
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(Buffer.from(chunk));
    const { pathname: path } = new URL(message.url ?? '/', 'http://127.0.0.1');
    const request = {
      method: message.method ?? '',
      path,
      headers: message.headers,
      fields: new URLSearchParams(Buffer.concat(chunks).toString()),
    };
    requests.push(request);
    const answer = answers.get(path) ?? json({}, 404);
    await answer(response, request);
    for (const tell of waiting.get(path)?.splice(0) ?? []) tell();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  answers.set(oauthMetadata, (response, request) => json({ ...goodMetadata(origin), ...said })(response, request));
  answers.set('/token', json({ access_token: 'access-of-hostile-server', token_type: 'Bearer', expires_in: 3_600 }));
  return {
    origin,
    requests,
    asked: (path) => requests.filter((request) => request.path === path).length,
    on: (path, answer) => void answers.set(path, answer),
    say(changes) {
      said = changes;
    },
    next: (path) => new Promise((resolve) => void waiting.set(path, [...(waiting.get(path) ?? []), resolve])),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The metadata of a server as it ought to be. */
const goodMetadata = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  revocation_endpoint: `${origin}/revoke`,
  jwks_uri: `${origin}/jwks`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
});
