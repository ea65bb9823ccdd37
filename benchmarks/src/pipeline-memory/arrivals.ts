import { connect } from 'node:net';

/** What the sink says: which issue numbers have arrived downstream. */
export interface Arrivals {
  /** Resolves when the call for this issue number arrives. Ask before sending the webhook. */
  readonly expect: (issueNumber: number) => Promise<void>;
  /** Effects so far. */
  readonly count: () => number;
}

/** Listens to the sink. An effect that nobody expects (a repetition, or one that must not happen) calls `onFault`. */
export async function listenForArrivals(port: number, onFault: (error: Error) => void): Promise<Arrivals> {
  const expected = new Map<number, () => void>();
  let arrived = 0;
  let rest = Buffer.alloc(0);
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', onFault);
  socket.on('data', (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 4);
    for (let offset = 0; offset < whole; offset += 4) {
      const issueNumber = bytes.readUInt32LE(offset);
      const resolve = expected.get(issueNumber);
      if (resolve === undefined) return onFault(new Error(`An effect for issue ${issueNumber} arrived that nobody waits for.`));
      expected.delete(issueNumber);
      arrived += 1;
      resolve();
    }
    rest = Buffer.from(bytes.subarray(whole));
  });
  return {
    expect: (issueNumber) => new Promise((resolve) => expected.set(issueNumber, resolve)),
    count: () => arrived,
  };
}
