/** The wait that an error or an outcome asks for, milliseconds. What is no such number, as another's code may put there, asks for none. */
export function retryAfterOf({ retryAfterMs }: { readonly retryAfterMs?: unknown }): number | undefined {
  return typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs) && retryAfterMs >= 0 ? retryAfterMs : undefined;
}
