import { PatchbayError } from '../../../errors/patchbay-error.ts';

// What a document is read by: comments, texts of both kinds, names, brackets. Anything else says nothing about its operations.
const token = /#[^\n\r]*|"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|[A-Za-z_][A-Za-z0-9_]*|[{}()[\]]|"/g;
const opening: ReadonlySet<string> = new Set(['{', '(', '[']);
const closing: ReadonlySet<string> = new Set(['}', ')', ']']);
const definitions: ReadonlySet<string> = new Set(['query', 'fragment', 'mutation', 'subscription']);

/** Longest document, characters. */
const longestDocument = 100_000;

/**
 * Does a document change anything? Only one that has nothing but queries and fragments is a `read`, whatever operation is named: it may be repeated.
 * Throws `invalid_argument` for a subscription, which HTTP does not carry, and for what is no document.
 */
export function operationEffect(document: string): 'read' | 'write' {
  const found = typeof document === 'string' && document.length <= longestDocument ? definitionsOf(document) : null;
  if (found === null || !found.some((each) => each !== 'fragment'))
    throw invalid('The query is not a GraphQL document with an operation. Correct its text.');
  if (found.includes('subscription')) throw invalid('A subscription cannot be asked for by one request. Use a query or a mutation.');
  return found.includes('mutation') ? 'write' : 'read';
}

/** The kinds of the definitions at the top, in their order; `null` where the text is not one of balanced brackets. */
function definitionsOf(document: string): readonly string[] | null {
  const found: string[] = [];
  let depth = 0;
  // True from a definition's keyword to the end of its selection: what comes between is its own.
  let isNamed = false;
  for (const [text] of document.matchAll(token)) {
    if (text === '"') return null;
    if (text.startsWith('#') || text.startsWith('"')) continue;
    if (opening.has(text)) {
      if (depth === 0 && text === '{' && !isNamed) found.push('query');
      depth += 1;
    } else if (closing.has(text)) {
      depth -= 1;
      if (depth < 0) return null;
      if (depth === 0 && text === '}') isNamed = false;
    } else if (depth === 0 && !isNamed) {
      if (!definitions.has(text)) return null;
      found.push(text);
      isNamed = true;
    }
  }
  return depth === 0 && !isNamed ? found : null;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message, sent: 'no' });
}
