import { setTimeout as pause } from 'node:timers/promises';
import { signWebhook } from '@patchbay/testing';
import { effectsScheme, effectsSecret } from './effects-connector.ts';

/** What a sender of webhooks needs. */
export interface SenderOptions {
  /** Path of the registration's URL. */
  readonly path: string;
  /** Ports to choose from, as they are now. */
  readonly ports: () => readonly number[];
  readonly pick: (ports: readonly number[]) => number;
  /** Milliseconds after which a try without an answer is given up. */
  readonly patienceMs?: number;
}

/** What a sender has seen. */
export interface Sender {
  /** Sends a delivery until it is acknowledged, as services do, each time to whoever is there. */
  deliver(number: number): Promise<void>;
  /** Sends all numbers up to `count`, so many at once. `paceMs`: least time between the starts of two. */
  deliverAll(options: { readonly from?: number; readonly count: number; readonly atOnce: number; readonly paceMs?: number }): Promise<void>;
  readonly acknowledged: ReadonlySet<number>;
  /** Tries that got no answer in time. */
  readonly unanswered: () => number;
  /** Gives up what is not acknowledged yet. */
  stop(): void;
}

/** Makes a sender of signed deliveries. */
export function createSender({ path, ports, pick, patienceMs = 20_000 }: SenderOptions): Sender {
  const acknowledged = new Set<number>();
  let unanswered = 0;
  let isStopped = false;

  const attempt = async (number: number): Promise<boolean> => {
    const open = ports();
    if (open.length === 0) return false;
    const body = JSON.stringify({ number });
    const headers = {
      'content-type': 'application/json',
      'x-effects-delivery': `delivery-${number}`,
      ...signWebhook(effectsScheme, { secret: effectsSecret, body }),
    };
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const response = await fetch(`http://127.0.0.1:${pick(open)}${path}`, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      return response.status === 202;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') unanswered += 1;
      return false;
    }
  };

  const deliver = async (number: number): Promise<void> => {
    while (!isStopped) {
      if (await attempt(number)) {
        acknowledged.add(number);
        return;
      }
      await pause(50);
    }
  };

  return {
    acknowledged,
    deliver,
    unanswered: () => unanswered,
    stop() {
      isStopped = true;
    },
    async deliverAll({ from = 0, count, atOnce, paceMs = 0 }) {
      const start = performance.now();
      let next = from;
      const sendOn = async (): Promise<void> => {
        while (next < count && !isStopped) {
          const number = next;
          next += 1;
          const early = start + (number - from) * paceMs - performance.now();
          if (early > 0) await pause(early);
          await deliver(number);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, sendOn));
    },
  };
}
