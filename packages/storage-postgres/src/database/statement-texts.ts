import { createHash } from 'node:crypto';

/** One SQL operation. `text` is asked for once per schema; the statement is then prepared on every connection that it meets. */
export interface Statement {
  /** Names the operation in the server's statistics and logs, 40 characters at most. */
  readonly name: string;
  text(schema: string): string;
}

/** What is sent of a statement. */
export interface PreparedText {
  readonly text: string;
  readonly name?: string;
}

/** Text of each statement in this schema. The name carries a digest, so that two versions of this package can share a connection. */
export function statementTexts(schema: string, prepare: boolean): (statement: Statement) => PreparedText {
  const known = new Map<Statement, PreparedText>();
  return (statement) => {
    const found = known.get(statement);
    if (found !== undefined) return found;
    const text = statement.text(schema);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const made = prepare ? { text, name: `patchbay_${statement.name}_${digest}` } : { text };
    known.set(statement, made);
    return made;
  };
}
