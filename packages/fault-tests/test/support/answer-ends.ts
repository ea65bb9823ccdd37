const headerBytes = 5;
const readyForQuery = 'Z'.charCodeAt(0);

/**
 * Makes a reader of what a PostgreSQL server sends on one connection, chunk by chunk. It says whether a chunk holds the end of an answer,
 * ReadyForQuery, by which everything of a statement is committed. Source: PostgreSQL manual, "Message Formats".
 */
export function answerEnds(): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let bytes = Buffer.concat([rest, chunk]);
    let found = false;
    while (bytes.length >= headerBytes) {
      const length = 1 + bytes.readUInt32BE(1);
      if (bytes.length < length) break;
      found ||= bytes[0] === readyForQuery;
      bytes = bytes.subarray(length);
    }
    rest = bytes;
    return found;
  };
}
