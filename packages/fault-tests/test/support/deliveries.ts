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

/** What is sent, and how fast. */
export interface DeliveryOrder {
  readonly count: number;
  readonly atOnce: number;
  /** Least milliseconds between the starts of two. @default 0 */
  readonly paceMs?: number;
  /** How many may have been started by now. @default all */
  readonly mayStart?: () => number;
}

/** What a sender has seen. */
export interface Sender {
  /** Sends a delivery until it is acknowledged, as services do, each time to whoever is there. */
  deliver(number: number): Promise<void>;
  /** Sends all numbers below `count`. */
  deliverAll(order: DeliveryOrder): Promise<void>;
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
    async deliverAll({ count, atOnce, paceMs = 0, mayStart = () => count }) {
      const start = performance.now();
      let next = 0;
      const sendOn = async (): Promise<void> => {
        while (next < count && !isStopped) {
          if (next >= mayStart() || performance.now() < start + next * paceMs) {
            await pause(10);
            continue;
          }
          next += 1;
          await deliver(next - 1);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, sendOn));
    },
  };
}
