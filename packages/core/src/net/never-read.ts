/** REFUSED_STREAM. RFC 9113, section 7 */
const refusedStream = 7;

/**
 * True where a service has said over HTTP/2 that it has not looked at a request: it refused the stream, or it went away and named an earlier one as its
 * last. RFC 9113, section 8.7: such a request can be sent again. undici tells the second by its text alone.
 */
export function wasNeverRead(error: Error): boolean {
  if ('http2ErrorCode' in error && error.http2ErrorCode === refusedStream) return true;
  return error.message.startsWith('HTTP/2: "GOAWAY" frame received');
}
