import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { fitBody } from './fit-body.ts';

/** One delivery: its own issue number, its own id, and the signature over its own body. */
export interface GithubDelivery {
  readonly issueNumber: number;
  readonly id: string;
  /** `sha256=` and 64 hexadecimal digits. */
  readonly signature: string;
}

/** Issue numbers have seven digits, so that every delivery has the same length. */
export const firstIssueNumber = 1_000_001;

const placeholders = { issueNumber: '7777777', id: '00000000-0000-4000-8000-000000000000', signature: `sha256=${'0'.repeat(64)}` };

const definitions = z.array(
  z.looseObject({
    name: z.string(),
    examples: z.array(z.looseObject({ action: z.string().optional(), issue: z.looseObject({}).optional() })),
  }),
);

/** The true `issues.opened` payloads of GitHub's published examples: the first (11,622 bytes) has a text, the second has none. */
export function issueOpenedExamples() {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const issues = definitions.parse(JSON.parse(readFileSync(file, 'utf8'))).find((definition) => definition.name === 'issues');
  return (issues?.examples ?? []).filter((example) => example.action === 'opened');
}

/** The example's text with its issue number replaced by a placeholder of seven digits. */
function bodyWithPlaceholder({ withText, bodyBytes }: Pick<DeliveryTarget, 'withText' | 'bodyBytes'>): string {
  const example = issueOpenedExamples().find(({ issue }) => (typeof issue?.['body'] === 'string') === withText);
  if (example === undefined) throw new Error('The published examples hold no such issues.opened payload. Install version 7.6.1 of them.');
  const body = example.issue?.['body'] ?? null;
  const payload = { ...example, issue: { ...example.issue, body, number: Number(placeholders.issueNumber) } };
  // The one without a text is never timed, so its size does not matter.
  return JSON.stringify(withText && bodyBytes !== null ? fitBody(payload, bodyBytes) : payload);
}

function onlyOffset(whole: Buffer, part: string): number {
  const offset = whole.indexOf(part);
  if (offset < 0 || whole.indexOf(part, offset + 1) >= 0) throw new Error(`${part} does not stand exactly once in the request.`);
  return offset;
}

/** A whole HTTP request of which only number, id and signature change, written into a buffer that its connection keeps. */
export interface DeliveryTemplate {
  readonly prepare: (issueNumber: number, id?: string) => GithubDelivery;
  readonly newBuffer: () => Buffer;
  readonly write: (buffer: Buffer, delivery: GithubDelivery) => void;
}

/** Where deliveries go and what they are like. */
export interface DeliveryTarget {
  readonly port: number;
  readonly path: string;
  readonly secret: string;
  /** False: the example without a text, which the condition refuses. */
  readonly withText: boolean;
  /** Size of the body; null: that of the example, 11.6 KB. */
  readonly bodyBytes: number | null;
}

/**
 * Builds the template for one target. Signatures are made by `prepare`, outside the timed part; `write` only copies
 * about a hundred bytes, so that the loader takes as little of the machine as it can.
 */
export function deliveryTemplate(target: DeliveryTarget): DeliveryTemplate {
  const body = Buffer.from(bodyWithPlaceholder(target));
  const head = [
    `POST ${target.path} HTTP/1.1`,
    `host: 127.0.0.1:${target.port}`,
    'user-agent: GitHub-Hookshot/044aadd',
    'accept: */*',
    'content-type: application/json',
    'x-github-event: issues',
    `x-github-delivery: ${placeholders.id}`,
    'x-github-hook-id: 292430182',
    `x-hub-signature-256: ${placeholders.signature}`,
    `content-length: ${body.length}`,
  ].join('\r\n');
  const request = Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
  const offsets = {
    id: onlyOffset(request, placeholders.id),
    signature: onlyOffset(request, placeholders.signature),
    issueNumber: onlyOffset(request, `"number":${placeholders.issueNumber}`) + '"number":'.length,
    bodyNumber: onlyOffset(body, `"number":${placeholders.issueNumber}`) + '"number":'.length,
  };
  return {
    prepare: (issueNumber, id = randomUUID()) => {
      body.write(String(issueNumber), offsets.bodyNumber, 'latin1');
      return { issueNumber, id, signature: `sha256=${createHmac('sha256', target.secret).update(body).digest('hex')}` };
    },
    newBuffer: () => Buffer.from(request),
    write: (buffer, delivery) => {
      buffer.write(delivery.id, offsets.id, 'latin1');
      buffer.write(delivery.signature, offsets.signature, 'latin1');
      buffer.write(String(delivery.issueNumber), offsets.issueNumber, 'latin1');
    },
  };
}
