/** What the service says of its limit: headers of an answer, and whether the request is refused. */
export interface LimitReading {
  readonly headers: Readonly<Record<string, string>>;
  readonly refused: boolean;
}

const requests = 10;
const windowMs = 1_000;

/** Ten requests in a second. A window begins with its first request. */
export function createLimit(now: () => number): () => LimitReading {
  let began = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    if (now() - began >= windowMs) [began, count] = [now(), 0];
    count += 1;
    const refused = count > requests;
    const told = {
      'x-ratelimit-limit': String(requests),
      'x-ratelimit-remaining': String(Math.max(0, requests - count)),
      'x-ratelimit-reset': String(windowMs / 1_000),
    };
    return { headers: refused ? { ...told, 'retry-after': '1' } : told, refused };
  };
}
