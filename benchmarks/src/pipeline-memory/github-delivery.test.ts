import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { deliveryTemplate } from './github-delivery.ts';

const target = { port: 8080, path: '/webhooks/github', secret: 'secret', withText: true, bodyBytes: null };

function written(issueNumber: number, bodyBytes: number | null = null): { head: string; body: Buffer } {
  const template = deliveryTemplate({ ...target, bodyBytes });
  const buffer = template.newBuffer();
  template.write(buffer, template.prepare(issueNumber));
  const end = buffer.indexOf('\r\n\r\n');
  return { head: buffer.subarray(0, end).toString(), body: buffer.subarray(end + 4) };
}

it('sends the published example with its own number and a signature over just these bytes', () => {
  const { head, body } = written(1_234_567);
  const event: unknown = JSON.parse(body.toString());
  expect(event).toMatchObject({ action: 'opened', issue: { number: 1_234_567, labels: [{ name: 'bug' }] } });
  expect(body.length).toBe(11_622 + '1234567'.length - '1'.length);
  expect(head).toContain(`x-hub-signature-256: sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`);
  expect(head).toContain(`content-length: ${body.length}`);
});

it.each([2_048, 8_192])('sends a body of %i bytes where it is asked to', (bytes) => {
  const { body } = written(1_234_567, bytes);
  expect(body.length).toBe(bytes);
  const event: unknown = JSON.parse(body.toString());
  expect(event).toMatchObject({ action: 'opened', issue: { number: 1_234_567, labels: [{ name: 'bug' }] } });
});

it('gives every delivery an id of its own', () => {
  const template = deliveryTemplate(target);
  expect(template.prepare(1_000_001).id).not.toBe(template.prepare(1_000_002).id);
});
