import type { IncomingMessage } from 'node:http';

/** Largest form that is read, bytes. */
const largest = 10_000;

/** The fields of a form. What is longer than a form of these pages ends the request. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
    size += chunks.at(-1)?.byteLength ?? 0;
    if (size > largest) throw new Error('The form is longer than any of ours.');
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
