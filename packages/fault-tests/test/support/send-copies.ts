import { setTimeout as pause } from 'node:timers/promises';
import { signWebhook } from '@patchbay/testing';
import { effectsScheme, effectsSecret } from './effects-connector.ts';

/** What sending copies needs. */
export interface CopiesOptions {
  /** Path of the registration's URL. */
  readonly path: string;
  /** Ports to choose from, as they are now. */
  readonly ports: () => readonly number[];
  readonly pick: (ports: readonly number[]) => number;
  /** Called for each 2xx as soon as it has come, before anything else is sent for that copy. */
  readonly onAcknowledged: (number: number) => Promise<void> | void;
}

/** How often something was sent, and what came of it. */
export interface CopyCounts {
  sent: number;
  acknowledged: number;
  /** Tries that ended without an answer: the receiver was killed, or nobody listened any more. */
  cutOff: number;
  /** Answers that were no 2xx, by their status. */
  readonly refused: Map<number, number>;
}

/** Sends a delivery of one number in many copies at once, each to a receiver of its own choice, each until it is acknowledged. */
export function createCopySender({ path, ports, pick, onAcknowledged }: CopiesOptions): {
  readonly counts: CopyCounts;
  send(number: number, copies: number): Promise<void>;
} {
  const counts: CopyCounts = { sent: 0, acknowledged: 0, cutOff: 0, refused: new Map() };

  const attempt = async (port: number, number: number): Promise<boolean> => {
    const body = JSON.stringify({ number });
    const headers = {
      'content-type': 'application/json',
      'x-effects-delivery': `delivery-${number}`,
      ...signWebhook(effectsScheme, { secret: effectsSecret, body }),
    };
    counts.sent += 1;
    try {
      const signal = AbortSignal.timeout(20_000);
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      if (response.ok) return true;
      counts.refused.set(response.status, (counts.refused.get(response.status) ?? 0) + 1);
    } catch {
      counts.cutOff += 1;
    }
    return false;
  };

  const sendOne = async (number: number): Promise<void> => {
    for (;;) {
      const open = ports();
      if (open.length > 0 && (await attempt(pick(open), number))) break;
      await pause(20);
    }
    counts.acknowledged += 1;
    await onAcknowledged(number);
  };

  return {
    counts,
    async send(number, copies) {
      await Promise.all(Array.from({ length: copies }, () => sendOne(number)));
    },
  };
}
