/** A parameter of the address that is sent back as the whole answer: Dropbox (GET `challenge`), Microsoft Graph (POST `validationToken`). */
export interface EchoChallenge {
  readonly kind: 'echo';
  readonly method: 'GET' | 'POST';
  readonly parameter: string;
}

/** The question of CloudEvents' HTTP 1.1 Web Hooks (`OPTIONS` with `WebHook-Request-Origin`) whether somebody may send at all. */
export interface CloudEventsChallenge {
  readonly kind: 'cloudevents';
  /** Who may: host names as they introduce themselves, such as `eventgrid.azure.net`. */
  readonly origins: readonly string[];
  /** Requests a minute that it is allowed. @default as many as it likes */
  readonly ratePerMinute?: number;
}

/** What a service asks without a signature while a webhook is being set up there. Data only: core answers, where the URL is one that receives. */
export type ChallengeDeclaration = EchoChallenge | CloudEventsChallenge;
