/** A request as a web server hands it on. */
export interface DeliveredRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What checks a signature of GitHub's scheme: at once, or with a promise. */
export type SignatureContestant = (request: DeliveredRequest) => boolean | Promise<boolean>;
