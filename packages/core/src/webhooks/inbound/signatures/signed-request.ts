/** What is known of a request before its body is read. */
export interface RequestHead {
  /** Upper case, as it came. */
  readonly method: string;
  /** The hub's public address with the path and query as they came; never by what the request says of its host. */
  readonly url: string;
  /** Lower-case names. A header that came twice is joined by a comma, and fails. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request whose signature is to be checked. */
export interface SignedRequest extends RequestHead {
  /** Exactly the bytes that came. */
  readonly body: Uint8Array;
}

/** The value of a header, `undefined` for one that is not there. */
export function headerOf({ headers }: Pick<RequestHead, 'headers'>, name: string): string | undefined {
  const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
