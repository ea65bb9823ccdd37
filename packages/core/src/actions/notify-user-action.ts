import { z } from 'zod';
import type { BuiltInAction } from '../connector/built-in-action.ts';

/** What a person is told. */
export interface UserMessage {
  readonly title?: string;
  readonly text: string;
  /** Where to look: a path of the host's app, or an https URL. */
  readonly link?: string;
}

/** One message for one host user. */
export interface UserNotification {
  readonly tenant: string;
  /** The host's own id of the person. */
  readonly user: string;
  readonly message: UserMessage;
  /** What it is about, for the person's preferences, which are the host's to keep: `approvals`. */
  readonly topic: string | null;
  /** The same on every attempt. Use it to tell once. */
  readonly key: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborts when the time is over, the lease is lost, the hub stops or the call has ended. */
  readonly signal: AbortSignal;
}

/** A function of the host that tells one of its users. What it throws is tried again; throw a `PatchbayError` with `retryable: false` to end it. */
export type NotifyUser = (notification: UserNotification) => unknown;

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must be one line without control characters');

const notifyInput = z.strictObject({
  user: line(200).describe("The host's own id of the person."),
  message: z.strictObject({
    title: line(200).optional(),
    text: z.string().min(1).max(10_000),
    link: line(2_000)
      .refine((link) => /^(https:\/\/|\/(?!\/))/.test(link), 'must be a path that begins with / or an https URL')
      .optional(),
  }),
  topic: line(100).optional().describe('What it is about, for the preferences of the person.'),
});

/** Input of `notify.user`. */
export interface NotifyInput {
  /** The host's own id of the person. */
  readonly user: string;
  readonly message: UserMessage;
  /** What it is about, for the preferences of the person. */
  readonly topic?: string;
}

/** `notify.user`: tells a host user through the host's own function, at least once, with a key. */
export function notifyUserAction(notifyUser: NotifyUser): BuiltInAction {
  return {
    name: 'notify.user',
    title: 'Notify user',
    description: "Tells a person of the host's app.",
    idempotency: 'keyed',
    timeoutMs: 60_000,
    input: notifyInput,
    output: z.null(),
    async run({ tenant, input, key, attempt, signal }) {
      // Parsed by the schema of this very action.
      const { user, message, topic = null } = input as z.infer<typeof notifyInput>;
      const { title, text, link } = message;
      const told: UserMessage = { text, ...(title === undefined ? {} : { title }), ...(link === undefined ? {} : { link }) };
      await notifyUser({ tenant, user, message: told, topic, key: key.value, attempt, signal });
      return { outcome: 'succeeded', output: null };
    },
  };
}
