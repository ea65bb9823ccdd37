/** Takes the bytes of one connection and reports each complete answer. */
export interface AnswerParser {
  readonly push: (chunk: Buffer) => void;
}

/** The number of characters of the body that follows `head`; null when chunks end it. */
function bodyLength(head: string): number | null {
  if (/^connection: *close\r?$/im.test(head)) throw new Error('The subject closes its connection after an answer. Keep connections alive.');
  if (/^transfer-encoding: *chunked\r?$/im.test(head)) return null;
  const length = /^content-length: *(\d+)\r?$/im.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (/^HTTP\/1\.1 204 /.test(head)) return 0;
  throw new Error(`An answer tells no length:\n${head}`);
}

/**
 * A reader of HTTP/1.1 answers that knows only what a loader needs: status, length, chunks. It serves one answer at a
 * time and throws on anything else. A full client costs the machine more than the handler under test.
 */
export function answerParser(onAnswer: (status: number) => void): AnswerParser {
  let text = '';
  return {
    push: (chunk) => {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = bodyLength(text.slice(0, headEnd));
      const body = text.slice(headEnd + 4);
      const complete = length === null ? body === '0\r\n\r\n' || body.endsWith('\r\n0\r\n\r\n') : body.length >= length;
      if (!complete) return;
      if (length !== null && body.length > length) throw new Error('More came back than one answer.');
      const status = Number(text.slice(9, 12));
      text = '';
      onAnswer(status);
    },
  };
}
