/** The kind of a thrown thing and the place of the code that threw it; neither its message nor anything else of it, which could hold a secret. */
export function whereThrown(error: unknown): { readonly error: string; readonly at?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const kind = /^[\w$]{1,100}$/.test(error.name) ? error.name : 'Error';
  const at = placeIn(error);
  return at === undefined ? { error: kind } : { error: kind, at };
}

/** File, line and column of the first frame that is no part of Node. The stack begins with the message, which may look like a frame. */
function placeIn({ stack, message }: Error): string | undefined {
  if (typeof stack !== 'string' || typeof message !== 'string') return undefined;
  const start = stack.indexOf(message);
  if (start === -1 || stack.slice(0, start).includes('\n')) return undefined;
  const [, place] =
    /\n\s+at (?:[^\n(]* \()?((?:file:\/\/)?\/[^\n():]{1,300}:\d{1,7}:\d{1,7})\)?(?=\n|$)/.exec(stack.slice(start + message.length)) ?? [];
  return place;
}
