import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as the provider logged it. */
export interface EffectRequest {
  /** Counts from 1 in order of arrival. */
  readonly order: number;
  /** Milliseconds on the provider's monotonic clock. */
  readonly at: number;
  /** Idempotency key. */
  readonly key: string;
  /** What it is for: the same for the same intended effect, whatever its key is. */
  readonly subject: string;
  /** Process that sent it. */
  readonly worker: string;
  /** The effect that it made, or that an earlier one with its key had made; `null` while it was refused. */
  effect: number | null;
}

/** What becomes of a request: it is served, refused for now, or rejected for good; refused and rejected ones have no effect. */
export type ProviderMood = 'serve' | 'reject' | { readonly refuseForMs: number };

/** A service that logs every request and applies the effect of a key once. */
export interface EffectsProvider {
  readonly origin: string;
  readonly requests: readonly EffectRequest[];
  /** Effects that were applied, by their subject. */
  readonly effects: ReadonlyMap<string, number>;
  /** Called for each request before its effect; what it resolves with decides. */
  decide: (request: EffectRequest) => ProviderMood | Promise<ProviderMood>;
  /** Called after each effect that was applied. */
  applied: () => void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  /** Seconds. */
  readonly retryAfter?: number;
}

interface Sent {
  readonly key: string;
  readonly worker: string;
}

async function bodyOf(request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  // The connector of these tests sent it.
  return JSON.parse(Buffer.concat(chunks).toString()) as Sent;
}

function answer(response: ServerResponse, { status, body, retryAfter }: Answer): void {
  const waits = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  response.writeHead(status, { 'content-type': 'application/json', ...waits }).end(JSON.stringify(body));
}

/** The answer to what has no effect. */
function refusal(mood: Exclude<ProviderMood, 'serve'>): Answer {
  if (mood === 'reject') return { status: 422, body: {} };
  const seconds = Math.ceil(mood.refuseForMs / 1_000);
  return { status: 503, body: {}, ...(seconds === 0 ? {} : { retryAfter: seconds }) };
}

/** Starts the service on a port of the machine's choice. It honours idempotency keys for ever. */
export async function startProvider(): Promise<EffectsProvider> {
  const requests: EffectRequest[] = [];
  const byKey = new Map<string, number>();
  const effects = new Map<string, number>();
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { key, worker } = await bodyOf(incoming);
    const subject = (incoming.url ?? '').replace('/effects/', '');
    const request: EffectRequest = { order: requests.length + 1, at: performance.now(), key, subject, worker, effect: null };
    requests.push(request);
    const mood = await provider.decide(request);
    if (mood !== 'serve') return answer(response, refusal(mood));
    const known = byKey.get(key);
    request.effect = known ?? byKey.size + 1;
    byKey.set(key, request.effect);
    if (known === undefined) effects.set(subject, (effects.get(subject) ?? 0) + 1);
    answer(response, { status: 200, body: { effect: request.effect } });
    if (known === undefined) provider.applied();
  };
  const server = createServer((incoming, response) => {
    // A client that is killed in the middle of a request leaves a broken body behind, and nothing else.
    void serve(incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const provider: EffectsProvider = {
    origin: `http://127.0.0.1:${port}`,
    requests,
    effects,
    decide: () => 'serve',
    applied: () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}
