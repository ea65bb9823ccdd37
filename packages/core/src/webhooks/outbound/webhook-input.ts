import { z } from 'zod';
import type { Json } from '../../json/json.ts';

/** Longest URL, characters. */
const longestUrl = 2_048;

/** What `webhook.send` is given. */
export const webhookInput = z
  .strictObject({
    endpoint: z.string().min(1).max(200).optional().describe('Name or id of an endpoint of the tenant; its secret signs, its limits hold.'),
    url: z
      .string()
      .max(longestUrl)
      .optional()
      .describe('Where to, on the origin of the endpoint; without an endpoint, on the origin of any verified one of the tenant.'),
    type: z
      .string()
      .max(200)
      .regex(/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/, 'must be segments of letters, digits, hyphens and underscores, joined by dots')
      .optional()
      .describe('What it is about, as the receiver reads it. Absent: webhook.sent.'),
    data: z.json().describe('What it says.'),
  })
  .refine(({ endpoint, url }) => endpoint !== undefined || url !== undefined, 'must name an endpoint or a url');

/** Input of `webhook.send`; it has an endpoint or a URL. */
export interface WebhookInput {
  /** Name or id of an endpoint of the tenant. */
  readonly endpoint?: string;
  /** Where to, on the origin of the endpoint; without one, on the origin of any endpoint of the tenant. */
  readonly url?: string;
  /** What it is about, as the receiver reads it. @default 'webhook.sent' */
  readonly type?: string;
  readonly data: Json;
}

/** The answer of the receiver. */
export const webhookOutput = z.object({ status: z.number().describe('The status of the answer, 200 to 299.') });
